/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_node: the nodes of a scenario, as configurations that the engine takes, one by one or counted off
 * from a template, and the hosts behind them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/scenario_load.h"
#include "files/yaml.h"

#define TTL_DEFAULT        255
#define MTU_OCTETS_DEFAULT 1400
#define NODES_MOST_IN_ALL  1000000u

/* One node while it is loaded. */
struct node_load {
    struct load *load;
    const char *place; /* its mapping in the file */
    const struct file_node *file;
    uint32_t step;  /* in a template: how many came before it */
    bool templated; /* its name and addresses count up */
    struct scenario_node *node;
    struct node_config *config;
};

#define AT(n, format, ...) load_place((n)->load, "%s." format, (n)->place, __VA_ARGS__)
#define AT_KEY(n, key)     load_place((n)->load, "%s.%s", (n)->place, key)

static bool refuse_step(struct node_load *n, const char *key)
{
    return yaml_error(n->load->error, n->load->path, n->load->place,
                      "%s: number %u of the template has none left", key, n->step + 1);
}

static bool take_name(struct load *load, const char *name, size_t value)
{
    /* The name goes into comments and traces as it is, and must stay one word there. */
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    struct addr address;
    if (name[strspn(name, allowed)] != '\0')
        return yaml_error(load->error, load->path, load->place,
                          "name: '%s' has other characters than letters, digits, '-', '_' and '.'", name);
    if (addr_parse(name, &address))
        return yaml_error(load->error, load->path, load->place, "name: '%s' is an address", name);
    switch (names_add(&load->scenario->names, name, value)) {
    case NAMES_ADDED:
        return true;
    case NAMES_TAKEN:
        return yaml_error(load->error, load->path, load->place, "name: '%s' is taken already", name);
    case NAMES_NO_MEMORY:
        break;
    }
    snprintf(load->error, SCENARIO_ERROR_MAX, "%s: out of memory", load->path);
    return false;
}

static bool load_address_stepped(struct node_load *n, const char *text, const char *key, unsigned unit_bits,
                                 struct addr *out)
{
    if (!load_address(n->load, text, key, out))
        return false;
    return load_step_address(out, n->step, unit_bits) || refuse_step(n, key);
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
    AT_KEY(n, "tunnel.address");
    if (ok) {
        snprintf(host, sizeof host, "%.*s", (int)(slash - text), text);
        ok = addr_parse(host, &n->config->protocol) && len >= 1 && len <= addr_bits(n->config->protocol);
    }
    if (!ok)
        return yaml_error(n->load->error, n->load->path, n->load->place,
                          "address: '%s' is not an address with a prefix length, as in 10.255.0.1/24", text);
    struct prefix subnet = prefix_of(n->config->protocol, (unsigned)len);
    if (!load_step_address(&n->config->protocol, n->step, 0) || !prefix_contains(subnet, n->config->protocol))
        return refuse_step(n, "address");
    n->config->protocol_len = (uint8_t)len;
    return true;
}

static bool take_nbma(struct load *load, size_t node, const char *text)
{
    struct scenario *s = load->scenario;
    const struct scenario_node *taken = &s->nodes[node];
    char address[ADDR_TEXT_MAX], word[ADDR_TEXT_MAX + 32];
    size_t other;
    snprintf(word, sizeof word, "%zu %s", taken->realm, addr_format(taken->config.tunnel.nbma, address));
    switch (names_add(&load->nbmas, word, node)) {
    case NAMES_ADDED:
        return true;
    case NAMES_TAKEN:
        names_find(&load->nbmas, word, &other);
        return yaml_error(load->error, load->path, load->place, "nbma: %s is the address of '%s'", text,
                          s->nodes[other].name);
    case NAMES_NO_MEMORY:
        break;
    }
    snprintf(load->error, SCENARIO_ERROR_MAX, "%s: out of memory", load->path);
    return false;
}

/* The NBMA address and the realm that it is in; both at load->place. */
static bool load_whereabouts(struct load *load, size_t node, const char *nbma, const char *behind)
{
    struct scenario *s = load->scenario;
    struct scenario_node *n = &s->nodes[node];
    n->realm = 0;
    for (size_t i = 0; behind && i < s->nat_count; i++)
        if (strcmp(s->nats[i].name, behind) == 0)
            n->realm = i + 1;
    if (behind && n->realm == 0)
        return yaml_error(load->error, load->path, load->place, "behind: there is no NAT '%s'", behind);
    return take_nbma(load, node, nbma);
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
    AT_KEY(n, "nbma");
    if (!load_address_stepped(n, n->file->nbma, "nbma", 0, &tunnel->nbma) ||
        !load_whereabouts(n->load, (size_t)(n->node - n->load->scenario->nodes), n->file->nbma,
                          n->file->behind) ||
        !load_tunnel_address(n))
        return false;
    if (point_to_point != (file->destination != NULL))
        return yaml_error(n->load->error, n->load->path, AT_KEY(n, "tunnel"),
                          point_to_point ? "tunnel: a point-to-point tunnel needs a 'destination'"
                                         : "tunnel: a multipoint tunnel has no 'destination'");
    if (!point_to_point)
        return true;
    AT_KEY(n, "tunnel.destination");
    return load_address(n->load, file->destination, "destination", &tunnel->destination) &&
           load_same_family(n->load, "destination", tunnel->destination, tunnel->nbma);
}

/* A LAN's prefix; in a template each next one has the next prefix of that length. */
static bool load_lan(struct node_load *n, unsigned lan, struct prefix *out)
{
    AT(n, "lans[%u].prefix", lan);
    if (!load_prefix(n->load, n->file->lans[lan].prefix, "prefix", out) ||
        !load_same_family(n->load, "prefix", out->addr, n->config->protocol))
        return false;
    return load_step_address(&out->addr, n->step, addr_bits(out->addr) - out->len) ||
           refuse_step(n, "prefix");
}

static bool load_route(struct node_load *n, unsigned index, struct route_config *out)
{
    const struct file_route *file = &n->file->routes[index];
    uint32_t count = file->count ? *file->count : 1;
    for (uint32_t i = 0; i < count; i++) {
        AT(n, "routes[%u].to", index);
        if (!load_prefix(n->load, file->to, "to", &out[i].prefix) ||
            !load_same_family(n->load, "to", out[i].prefix.addr, n->config->protocol))
            return false;
        if (!load_step_address(&out[i].prefix.addr, i, addr_bits(out[i].prefix.addr) - out[i].prefix.len))
            return refuse_step(n, "to");
        AT(n, "routes[%u].via", index);
        if (strcmp(file->via, "server") == 0) { /* whichever is in use: the engine's unspecified next hop */
            out[i].via.family = n->config->protocol.family;
            continue;
        }
        if (!load_address(n->load, file->via, "via", &out[i].via) ||
            !load_same_family(n->load, "via", out[i].via, n->config->protocol))
            return false;
        if (!load_step_address(&out[i].via, i, 0))
            return refuse_step(n, "via");
    }
    return true;
}

static bool load_routes(struct node_load *n)
{
    const struct file_node *file = n->file;
    size_t count = file->lans_count, next = file->lans_count;
    for (unsigned i = 0; i < file->routes_count; i++) {
        uint32_t more = file->routes[i].count ? *file->routes[i].count : 1;
        AT(n, "routes[%u].count", i);
        if (more == 0 || more > NODES_MOST_IN_ALL)
            return yaml_error(n->load->error, n->load->path, n->load->place, "count: %u is not from 1 to %u",
                              more, NODES_MOST_IN_ALL);
        count += more;
    }
    struct route_config *routes = load_array(n->load, count, sizeof *routes);
    n->config->routes = routes;
    if (!routes)
        return false;
    for (unsigned i = 0; i < file->lans_count; i++)
        if (!load_lan(n, i, &routes[i].prefix))
            return false;
    for (unsigned i = 0; i < file->routes_count; i++) {
        if (!load_route(n, i, &routes[next]))
            return false;
        next += file->routes[i].count ? *file->routes[i].count : 1;
    }
    n->config->route_count = count;
    return true;
}

static bool load_node(struct node_load *n)
{
    struct scenario *s = n->load->scenario;
    size_t index = s->node_count;
    char name[NODE_NAME_MAX + 16];
    n->node = &s->nodes[index];
    n->config = &n->node->config;
    n->node->role = n->file->role;
    n->node->start = (struct instant){
        .us = ((int64_t)n->file->start_ms + (int64_t)n->file->start_step_ms * n->step) * US_PER_MS};
    if (n->templated)
        snprintf(name, sizeof name, "%s%u", n->file->name, n->step + 1);
    else
        snprintf(name, sizeof name, "%s", n->file->name);
    AT_KEY(n, "name");
    if (strlen(name) >= sizeof n->config->name)
        return yaml_error(n->load->error, n->load->path, n->load->place,
                          "name: '%s' is longer than %d characters", name, NODE_NAME_MAX - 1);
    memcpy(n->config->name, name, strlen(name) + 1);
    n->node->name = n->config->name;
    s->node_count++; /* from here on scenario_free() looks after it */
    if (!take_name(n->load, n->node->name, index) || !load_tunnel(n) ||
        !load_policy(n->load, n->place, n->file, n->config) || !load_routes(n))
        return false;
    s->hosts[s->host_count++] =
        (struct scenario_host){.name = n->node->name, .address = n->config->protocol, .node = index};
    return true;
}

/* ---- all of them, in the order of the file: hubs, spokes, then those described one by one ---- */

typedef bool load_fn(struct node_load *n);

static bool for_template(struct load *load, const char *place, const struct file_node *file, uint32_t count,
                         load_fn *fn)
{
    struct node_load n = {.load = load, .place = place, .file = file, .templated = true};
    for (n.step = 0; file && n.step < count; n.step++)
        if (!fn(&n))
            return false;
    return true;
}

static bool for_all(struct load *load, load_fn *fn)
{
    const struct scenario_file *file = load->file;
    if (!for_template(load, "hub", file->hub, file->hubs, fn) ||
        !for_template(load, "spoke", file->spoke, file->spokes, fn))
        return false;
    for (unsigned i = 0; i < file->nodes_count; i++) {
        char place[32];
        snprintf(place, sizeof place, "nodes[%u]", i);
        struct node_load n = {.load = load, .place = place, .file = &file->nodes[i]};
        if (!fn(&n))
            return false;
    }
    return true;
}

static size_t hosts_of(const struct file_node *file)
{
    size_t hosts = 1; /* itself */
    for (unsigned k = 0; file && k < file->lans_count; k++)
        hosts += file->lans[k].hosts_count;
    return hosts;
}

static bool check_counts(struct load *load)
{
    const struct scenario_file *file = load->file;
    const struct {
        const char *count_key;
        const char *node_key;
        uint32_t count;
        const struct file_node *node;
    } templates[] = {{"hubs", "hub", file->hubs, file->hub}, {"spokes", "spoke", file->spokes, file->spoke}};
    for (size_t i = 0; i < 2; i++) {
        if ((templates[i].count > 0) != (templates[i].node != NULL))
            return yaml_error(load->error, load->path, templates[i].count_key,
                              "%s: '%s' describes them, and '%s' says how many; one needs the other",
                              templates[i].count_key, templates[i].node_key, templates[i].count_key);
        if (templates[i].count > NODES_MOST_IN_ALL)
            return yaml_error(load->error, load->path, templates[i].count_key, "%s: more than %u",
                              templates[i].count_key, NODES_MOST_IN_ALL);
    }
    if (file->nodes_count == 0 && file->hubs == 0 && file->spokes == 0)
        return yaml_error(load->error, load->path, "", "nodes: there are none");
    return true;
}

bool load_nodes(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    if (!check_counts(load))
        return false;
    size_t nodes = (size_t)file->nodes_count + file->peers_count + file->hubs + file->spokes;
    size_t hosts =
        file->hubs * hosts_of(file->hub) + file->spokes * hosts_of(file->spoke) + file->peers_count;
    for (unsigned i = 0; i < file->nodes_count; i++)
        hosts += hosts_of(&file->nodes[i]);
    s->nodes = load_array(load, nodes, sizeof *s->nodes);
    s->hosts = load_array(load, hosts, sizeof *s->hosts);
    return s->nodes && s->hosts && for_all(load, load_node);
}

bool load_peers(struct load *load)
{
    struct scenario *s = load->scenario;
    for (unsigned i = 0; i < load->file->peers_count; i++) {
        const struct file_peer *file = &load->file->peers[i];
        size_t index = s->node_count;
        struct scenario_node *node = &s->nodes[index];
        *node = (struct scenario_node){.name = file->name, .role = ROLE_PEER};
        node->config.tunnel.has_key = file->key != NULL;
        node->config.tunnel.key = file->key ? *file->key : 0;
        s->node_count++;
        load_place(load, "peers[%u].name", i);
        if (!take_name(load, node->name, index))
            return false;
        load_place(load, "peers[%u].nbma", i);
        if (!load_address(load, file->nbma, "nbma", &node->config.tunnel.nbma) ||
            !load_whereabouts(load, index, file->nbma, file->behind))
            return false;
        s->hosts[s->host_count++] = (struct scenario_host){.name = node->name, .node = index};
    }
    return true;
}

/* ---- hosts; they come after all nodes, so that the first hosts are the nodes ---- */

static bool load_host(struct node_load *n, unsigned lan, unsigned h)
{
    struct scenario *s = n->load->scenario;
    const struct file_lan *file = &n->file->lans[lan];
    size_t node;
    struct prefix prefix;
    struct scenario_host host = {.name = file->hosts[h].name};
    char name[NODE_NAME_MAX + 16];
    if (n->templated) {
        snprintf(name, sizeof name, "%s%u", n->file->name, n->step + 1);
        names_find(&s->names, name, &node);
        snprintf(name, sizeof name, "%s%u", file->hosts[h].name, n->step + 1);
        host.name = host.owned_name = strdup(name);
        if (!host.name)
            return snprintf(n->load->error, SCENARIO_ERROR_MAX, "%s: out of memory", n->load->path) < 0;
    } else {
        names_find(&s->names, n->file->name, &node);
    }
    host.node = node;
    n->config = &s->nodes[node].config;
    prefix = n->config->routes[lan].prefix; /* the LANs come first among the node's routes */
    s->hosts[s->host_count] = host;
    AT(n, "lans[%u].hosts[%u].name", lan, h);
    if (!take_name(n->load, host.name, s->host_count++))
        return false;
    struct addr *address = &s->hosts[s->host_count - 1].address;
    AT(n, "lans[%u].hosts[%u].address", lan, h);
    if (!load_address_stepped(n, file->hosts[h].address, "address", addr_bits(prefix.addr) - prefix.len,
                              address))
        return false;
    if (!prefix_contains(prefix, *address))
        return yaml_error(n->load->error, n->load->path, n->load->place, "address: %s is not in %s",
                          file->hosts[h].address, file->prefix);
    return true;
}

static bool load_hosts_of(struct node_load *n)
{
    for (unsigned k = 0; k < n->file->lans_count; k++)
        for (unsigned h = 0; h < n->file->lans[k].hosts_count; h++)
            if (!load_host(n, k, h))
                return false;
    return true;
}

bool load_hosts(struct load *load)
{
    return for_all(load, load_hosts_of);
}
