/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_node: the nodes of a scenario, as configurations that the engine takes, and the hosts behind them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/scenario_load.h"
#include "files/yaml.h"

#define HOLD_S_DEFAULT     600 /* seconds, as newer Cisco routers register with (DEFACTO) */
#define HOP_COUNT_DEFAULT  255
#define TTL_DEFAULT        255
#define MTU_OCTETS_DEFAULT 1400

/* One node while it is loaded; where() names a key of it for error lines. */
struct node_load {
    struct load *load;
    unsigned index;
    const struct file_node *file;
    struct node_config *config;
    char where[128];
};

__attribute__((format(printf, 2, 3))) static const char *where(struct node_load *n, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int prefix = snprintf(n->where, sizeof n->where, "nodes[%u].", n->index);
    vsnprintf(n->where + prefix, sizeof n->where - (size_t)prefix, format, args);
    va_end(args);
    return n->where;
}

/* The name goes into comments and traces as it is, and must stay one word there. */
static bool check_name(struct load *load, const char *name, const char *place)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    struct addr address;
    if (name[strspn(name, allowed)] != '\0')
        return yaml_error(load->error, load->path, place,
                          "name: '%s' has other characters than letters, digits, '-', '_' and '.'", name);
    if (addr_parse(name, &address))
        return yaml_error(load->error, load->path, place, "name: '%s' is an address", name);
    for (size_t i = 0; i < load->scenario->host_count; i++) {
        if (strcmp(load->scenario->hosts[i].name, name) == 0)
            return yaml_error(load->error, load->path, place, "name: '%s' is taken already", name);
    }
    return true;
}

static bool parse_address(struct node_load *n, const char *text, const char *place, const char *key,
                          struct addr *out)
{
    if (!addr_parse(text, out) || addr_is_unspecified(*out) || addr_is_multicast(*out))
        return yaml_error(n->load->error, n->load->path, place, "%s: '%s' is no address of one machine", key,
                          text);
    return true;
}

static bool same_family(struct node_load *n, const char *place, const char *key, struct addr a, struct addr b)
{
    if (a.family != b.family)
        return yaml_error(n->load->error, n->load->path, place, "%s: must be an %s address here", key,
                          b.family == ADDR_IPV4 ? "IPv4" : "IPv6");
    return true;
}

/* "10.255.0.1/24": an address with the length of its subnet's prefix. */
static bool load_tunnel_address(struct node_load *n)
{
    const char *text = n->file->tunnel.address;
    const char *slash = strchr(text, '/');
    char host[ADDR_TEXT_MAX];
    char *end = NULL;
    unsigned long len = slash ? strtoul(slash + 1, &end, 10) : 0;
    bool ok =
        slash && slash[1] >= '0' && slash[1] <= '9' && *end == '\0' && (size_t)(slash - text) < sizeof host;
    if (ok) {
        snprintf(host, sizeof host, "%.*s", (int)(slash - text), text);
        ok = addr_parse(host, &n->config->protocol) && len >= 1 && len <= addr_bits(n->config->protocol);
    }
    if (!ok)
        return yaml_error(n->load->error, n->load->path, where(n, "tunnel.address"),
                          "address: '%s' is not an address with a prefix length, as in 10.255.0.1/24", text);
    n->config->protocol_len = (uint8_t)len;
    return true;
}

static bool load_tunnel(struct node_load *n)
{
    const struct file_tunnel *file = &n->file->tunnel;
    struct tunnel_config *tunnel = &n->config->tunnel;
    bool point_to_point = file->mode == TUNNEL_POINT_TO_POINT;
    tunnel->mode = file->mode;
    tunnel->has_key = file->key != NULL;
    tunnel->key = file->key ? *file->key : 0;
    tunnel->checksum = file->checksum;
    tunnel->sequence = file->sequence;
    tunnel->mtu = file->mtu_octets ? *file->mtu_octets : MTU_OCTETS_DEFAULT;
    tunnel->ttl = file->ttl ? *file->ttl : TTL_DEFAULT;
    if (!parse_address(n, n->file->nbma, where(n, "nbma"), "nbma", &tunnel->nbma) || !load_tunnel_address(n))
        return false;
    for (size_t i = 0; i < n->load->scenario->node_count; i++) {
        if (addr_equal(n->load->scenario->nodes[i].config.tunnel.nbma, tunnel->nbma))
            return yaml_error(n->load->error, n->load->path, where(n, "nbma"),
                              "nbma: %s is the address of '%s'", n->file->nbma,
                              n->load->scenario->nodes[i].name);
    }
    if (point_to_point != (file->destination != NULL))
        return yaml_error(n->load->error, n->load->path, where(n, "tunnel"),
                          point_to_point ? "tunnel: a point-to-point tunnel needs a 'destination'"
                                         : "tunnel: a multipoint tunnel has no 'destination'");
    if (!point_to_point)
        return true;
    return parse_address(n, file->destination, where(n, "tunnel.destination"), "destination",
                         &tunnel->destination) &&
           same_family(n, n->where, "destination", tunnel->destination, tunnel->nbma);
}

static bool load_nhs(struct node_load *n)
{
    const struct file_nhrp *file = &n->file->nhrp;
    struct nhs_config *nhs = load_array(n->load, file->nhs_count, sizeof *nhs);
    n->config->nhs = nhs;
    if (!nhs)
        return false;
    for (unsigned i = 0; i < file->nhs_count; i++) {
        if (!parse_address(n, file->nhs[i].protocol, where(n, "nhrp.nhs[%u].protocol", i), "protocol",
                           &nhs[i].protocol) ||
            !same_family(n, n->where, "protocol", nhs[i].protocol, n->config->protocol) ||
            !parse_address(n, file->nhs[i].nbma, where(n, "nhrp.nhs[%u].nbma", i), "nbma", &nhs[i].nbma) ||
            !same_family(n, n->where, "nbma", nhs[i].nbma, n->config->tunnel.nbma))
            return false;
    }
    n->config->nhs_count = file->nhs_count;
    if (n->file->role == ROLE_SPOKE && file->nhs_count == 0)
        return yaml_error(n->load->error, n->load->path, where(n, "nhrp"),
                          "nhrp: a spoke needs at least one 'nhs' to register with");
    return true;
}

static bool load_nhrp(struct node_load *n)
{
    const struct file_nhrp *file = &n->file->nhrp;
    struct node_config *config = n->config;
    config->hold_s = file->hold_s ? *file->hold_s : HOLD_S_DEFAULT;
    config->hop_count = file->hop_count ? *file->hop_count : HOP_COUNT_DEFAULT;
    config->unique = file->unique;
    config->redirect = file->redirect;
    config->shortcut = file->shortcut;
    config->resolution = file->resolution;
    config->first_request_id = file->first_request_id;
    snprintf(config->password, sizeof config->password, "%s",
             file->authentication ? file->authentication : "");
    if (config->hold_s == 0)
        return yaml_error(n->load->error, n->load->path, where(n, "nhrp.hold_s"),
                          "hold_s: a holding time of 0 s registers nothing");
    return load_nhs(n);
}

static bool load_prefix(struct node_load *n, const char *text, const char *place, const char *key,
                        struct prefix *out)
{
    if (!prefix_parse(text, out))
        return yaml_error(n->load->error, n->load->path, place,
                          "%s: '%s' is no prefix, as in 10.1.0.0/16, with all bits after its length zero",
                          key, text);
    return same_family(n, place, key, out->addr, n->config->protocol);
}

static bool load_routes(struct node_load *n)
{
    const struct file_node *file = n->file;
    size_t count = (size_t)file->routes_count + file->lans_count;
    struct route_config *routes = load_array(n->load, count, sizeof *routes);
    n->config->routes = routes;
    if (!routes)
        return false;
    for (unsigned i = 0; i < file->lans_count; i++) {
        if (!load_prefix(n, file->lans[i].prefix, where(n, "lans[%u].prefix", i), "prefix",
                         &routes[i].prefix))
            return false;
    }
    for (unsigned i = 0; i < file->routes_count; i++) {
        struct route_config *route = &routes[file->lans_count + i];
        if (!load_prefix(n, file->routes[i].to, where(n, "routes[%u].to", i), "to", &route->prefix) ||
            !parse_address(n, file->routes[i].via, where(n, "routes[%u].via", i), "via", &route->via) ||
            !same_family(n, n->where, "via", route->via, n->config->protocol))
            return false;
    }
    n->config->route_count = count;
    return true;
}

bool load_nodes(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    size_t hosts = file->nodes_count;
    for (unsigned i = 0; i < file->nodes_count; i++)
        for (unsigned k = 0; k < file->nodes[i].lans_count; k++)
            hosts += file->nodes[i].lans[k].hosts_count;
    s->nodes = load_array(load, file->nodes_count, sizeof *s->nodes);
    s->hosts = load_array(load, hosts, sizeof *s->hosts);
    if (!s->nodes || !s->hosts)
        return false;
    for (unsigned i = 0; i < file->nodes_count; i++) {
        struct scenario_node *node = &s->nodes[i];
        struct node_load n = {.load = load, .index = i, .file = &file->nodes[i], .config = &node->config};
        node->name = n.file->name;
        node->role = n.file->role;
        node->start = (struct instant){.us = (int64_t)n.file->start_ms * US_PER_MS};
        snprintf(node->config.name, sizeof node->config.name, "%s", node->name);
        if (!check_name(load, node->name, where(&n, "name")) || !load_tunnel(&n) || !load_nhrp(&n) ||
            !load_routes(&n))
            return false;
        s->node_count++;
        s->hosts[s->host_count++] =
            (struct scenario_host){.name = node->name, .address = node->config.protocol, .node = i};
    }
    return true;
}

bool load_hosts(struct load *load)
{
    struct scenario *s = load->scenario;
    for (unsigned i = 0; i < load->file->nodes_count; i++) {
        struct node_load n = {
            .load = load, .index = i, .file = &load->file->nodes[i], .config = &s->nodes[i].config};
        for (unsigned k = 0; k < n.file->lans_count; k++) {
            const struct file_lan *lan = &n.file->lans[k];
            for (unsigned h = 0; h < lan->hosts_count; h++) {
                struct scenario_host host = {.name = lan->hosts[h].name, .node = i};
                if (!check_name(load, host.name, where(&n, "lans[%u].hosts[%u].name", k, h)) ||
                    !parse_address(&n, lan->hosts[h].address, where(&n, "lans[%u].hosts[%u].address", k, h),
                                   "address", &host.address))
                    return false;
                /* The LANs come first among the node's routes. */
                if (!prefix_contains(n.config->routes[k].prefix, host.address))
                    return yaml_error(load->error, load->path, n.where, "address: %s is not in %s",
                                      lan->hosts[h].address, lan->prefix);
                s->hosts[s->host_count++] = host;
            }
        }
    }
    return true;
}
