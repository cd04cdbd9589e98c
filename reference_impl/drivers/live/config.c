/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config: the file as a whole, its memory and its tunnels. What the engine refuses by itself
 * (node_create()) is not checked here a second time.
 */
#include "drivers/live/config.h"

#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/live/config_load.h"
#include "files/yaml.h"

#define CONTROL_DEFAULT       "/run/dmvpnd/dmvpnd.sock"
#define STATE_DEFAULT         "/var/lib/dmvpnd"
#define USER_DEFAULT          "nobody"
#define INSTALL_TABLE_DEFAULT 2332 /* RFC 2332; any table that nobody else uses */

_Static_assert(LIVE_ERROR_MAX >= YAML_ERROR_MAX, "a YAML error fits");

const char *config_where(struct loading *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = snprintf(l->where, sizeof l->where, "tunnels[%u].", l->index);
    vsnprintf(l->where + len, sizeof l->where - (size_t)len, format, args);
    va_end(args);
    return l->where;
}

bool config_load_address(struct loading *l, const char *place, const char *key, const char *text,
                         struct addr like, struct addr *out)
{
    if (!addr_parse(text, out) || addr_is_unspecified(*out) || addr_is_multicast(*out))
        return yaml_error(l->error, l->path, place, "%s: '%s' is no address of one machine", key, text);
    if (!addr_is_none(like) && out->family != like.family)
        return yaml_error(l->error, l->path, place, "%s: must be an IPv%d address here", key, like.family);
    return true;
}

static bool load_prefix(struct loading *l, const char *place, const char *key, const char *text,
                        struct prefix *out)
{
    if (!prefix_parse(text, out))
        return yaml_error(l->error, l->path, place,
                          "%s: '%s' is no prefix, as in 10.1.0.0/16, with all bits after its length zero",
                          key, text);
    if (out->addr.family != l->out->node.protocol.family)
        return yaml_error(l->error, l->path, place, "%s: must be an IPv%d prefix here", key,
                          l->out->node.protocol.family);
    return true;
}

static bool load_name(struct loading *l)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const char *name = l->file->name;
    if (name[strspn(name, allowed)] != '\0' || name[0] == '.')
        return yaml_error(l->error, l->path, config_where(l, "name"),
                          "name: '%s' must be of letters, digits, '-', '_' and '.', and not begin with one",
                          name);
    for (unsigned i = 1; i <= l->index; i++)
        if (strcmp(l->out[-(int)i].name, name) == 0)
            return yaml_error(l->error, l->path, config_where(l, "name"), "name: '%s' is taken already",
                              name);
    snprintf(l->out->name, sizeof l->out->name, "%s", name);
    snprintf(l->out->node.name, sizeof l->out->node.name, "%s", name);
    return true;
}

/* "10.255.0.1/24": an address with the length of its subnet's prefix. */
static bool load_protocol_address(struct loading *l)
{
    const char *text = l->file->tunnel.address;
    struct node_config *node = &l->out->node;
    char host[ADDR_TEXT_MAX];
    unsigned len = 0;
    int end = 0;
    if (sscanf(text, "%47[^/]/%3u%n", host, &len, &end) != 2 || text[end] != '\0' ||
        !addr_parse(host, &node->protocol) || addr_is_unspecified(node->protocol) || len < 1 ||
        len > addr_bits(node->protocol))
        return yaml_error(l->error, l->path, config_where(l, "tunnel.address"),
                          "address: '%s' is not an address with a prefix length, as in 10.255.0.1/24", text);
    node->protocol_len = (uint8_t)len;
    return true;
}

static bool load_nbma(struct loading *l)
{
    const struct file_tunnel *file = l->file;
    if ((file->nbma != NULL) == (file->nbma_device != NULL))
        return yaml_error(l->error, l->path, config_where(l, "name"),
                          "%s: either 'nbma' or 'nbma_device' says where the tunnel's source address is from",
                          file->name);
    if (file->nbma_device)
        snprintf(l->out->nbma_device, sizeof l->out->nbma_device, "%s", file->nbma_device);
    return !file->nbma || config_load_address(l, config_where(l, "nbma"), "nbma", file->nbma,
                                              (struct addr){0}, &l->out->node.tunnel.nbma);
}

static bool load_encapsulation(struct loading *l)
{
    const struct file_encapsulation *file = &l->file->tunnel;
    struct tunnel_config *tunnel = &l->out->node.tunnel;
    bool point_to_point = file->mode == TUNNEL_POINT_TO_POINT;
    tunnel->mode = file->mode;
    tunnel->has_key = file->key != NULL;
    tunnel->key = file->key ? *file->key : 0;
    tunnel->checksum = file->checksum;
    tunnel->sequence = file->sequence;
    tunnel->mtu = file->mtu_octets ? *file->mtu_octets : 0;
    tunnel->ttl = file->ttl ? *file->ttl : 0;
    tunnel->host_counts_hops = true;
    if (point_to_point != (file->destination != NULL))
        return yaml_error(l->error, l->path, config_where(l, "tunnel"),
                          point_to_point ? "tunnel: a point-to-point tunnel needs a 'destination'"
                                         : "tunnel: a multipoint tunnel has no 'destination'");
    return !point_to_point || config_load_address(l, config_where(l, "tunnel.destination"), "destination",
                                                  file->destination, tunnel->nbma, &tunnel->destination);
}

static bool load_nhrp(struct loading *l)
{
    const struct file_nhrp *file = &l->file->nhrp;
    struct node_config *node = &l->out->node;
    struct nhs_config *nhs = calloc(file->nhs_count + 1, sizeof *nhs);
    node->nhs = nhs;
    if (!nhs)
        return yaml_error(l->error, l->path, config_where(l, "nhrp"), "nhrp: out of memory");
    node->hold_s = file->hold_s ? *file->hold_s : 0;
    node->hop_count = file->hop_count ? *file->hop_count : 0;
    node->unique = file->unique;
    node->redirect = file->redirect;
    node->shortcut = file->shortcut;
    node->resolution = file->resolution;
    node->discovery = file->discovery;
    node->max_bindings = file->max_bindings;
    node->max_requests = file->max_requests;
    node->max_routes = file->max_routes;
    node->limits.errors_per_s = file->error_limit_per_s;
    node->limits.requests_per_s = file->request_limit_per_s;
    snprintf(node->password, sizeof node->password, "%s", file->authentication ? file->authentication : "");
    for (unsigned i = 0; i < file->nhs_count; i++) {
        if ((file->nhs[i].protocol &&
             !config_load_address(l, config_where(l, "nhrp.nhs[%u].protocol", i), "protocol",
                                  file->nhs[i].protocol, node->protocol, &nhs[i].protocol)) ||
            !config_load_address(l, config_where(l, "nhrp.nhs[%u].nbma", i), "nbma", file->nhs[i].nbma,
                                 node->tunnel.nbma, &nhs[i].nbma))
            return false;
    }
    for (unsigned i = 0; i < file->nhs_count; i++)
        nhs[i].priority = file->nhs[i].priority;
    node->nhs_count = file->nhs_count;
    node->nhs_max = file->nhs_max;
    return true;
}

static bool load_routes(struct loading *l)
{
    const struct file_tunnel *file = l->file;
    struct node_config *node = &l->out->node;
    struct route_config *routes =
        calloc((size_t)file->routes_count + file->prefixes_count + 1, sizeof *routes);
    node->routes = routes;
    if (!routes)
        return yaml_error(l->error, l->path, config_where(l, "routes"), "routes: out of memory");
    for (unsigned i = 0; i < file->prefixes_count; i++)
        if (!load_prefix(l, config_where(l, "prefixes[%u]", i), "prefixes", file->prefixes[i],
                         &routes[node->route_count++].prefix))
            return false;
    for (unsigned i = 0; i < file->routes_count; i++) {
        struct route_config *route = &routes[node->route_count++];
        if (!load_prefix(l, config_where(l, "routes[%u].to", i), "to", file->routes[i].to, &route->prefix) ||
            !config_load_address(l, config_where(l, "routes[%u].via", i), "via", file->routes[i].via,
                                 node->protocol, &route->via))
            return false;
    }
    return true;
}

/* Everything that the file says of the tunnel, written in one way. */
static char *fingerprint_of(const struct file_tunnel *file)
{
    char *saved = NULL, *text = NULL;
    size_t len = 0;
    cyaml_config_t config = {.mem_fn = cyaml_mem};
    struct config_file whole = {.tunnels = (struct file_tunnel *)file, .tunnels_count = 1};
    if (cyaml_save_data(&saved, &len, &config, &config_schema, &whole, 0) == CYAML_OK) {
        text = strndup(saved, len);
        cyaml_mem(NULL, saved, 0);
    }
    return text;
}

static bool same_source(const struct live_tunnel_config *a, const struct live_tunnel_config *b)
{
    if (a->nbma_device[0] || b->nbma_device[0])
        return strcmp(a->nbma_device, b->nbma_device) == 0;
    return addr_equal(a->node.tunnel.nbma, b->node.tunnel.nbma);
}

/* Of two tunnels at one address, nothing in a packet would tell whose it is: what would have to differ? */
static const char *collision_of(const struct live_tunnel_config *a, const struct live_tunnel_config *b)
{
    const struct tunnel_config *x = &a->node.tunnel, *y = &b->node.tunnel;
    if (!same_source(a, b) || a->node.ipsec.mode != b->node.ipsec.mode)
        return NULL;
    if (a->node.ipsec.mode == IPSEC_REQUIRED) {
        for (size_t i = 0; i < a->spi_count; i++)
            if (live_tunnel_config_has_spi(b, a->spis[i]))
                return "inbound SPI";
        return NULL;
    }
    bool same_cloud = x->has_key == y->has_key && x->key == y->key && x->mode == y->mode;
    if (!same_cloud || (x->mode == TUNNEL_POINT_TO_POINT && !addr_equal(x->destination, y->destination)))
        return NULL;
    return x->mode == TUNNEL_POINT_TO_POINT ? "GRE key or destination" : "GRE key";
}

static bool check_collisions(struct loading *l)
{
    for (unsigned i = 1; i <= l->index; i++) {
        const struct live_tunnel_config *other = &l->out[-(int)i];
        const char *what = collision_of(other, l->out);
        if (what)
            return yaml_error(l->error, l->path, config_where(l, "name"),
                              "%s: needs an NBMA address or %s other than that of '%s'", l->out->name, what,
                              other->name);
    }
    return true;
}

static bool load_tunnel(struct loading *l)
{
    if (!load_name(l) || !load_protocol_address(l) || !load_nbma(l) || !load_encapsulation(l) ||
        !load_nhrp(l) || !config_load_ipsec(l) || !load_routes(l) || !check_collisions(l))
        return false;
    l->out->fingerprint = fingerprint_of(l->file);
    return l->out->fingerprint ||
           yaml_error(l->error, l->path, config_where(l, "name"), "name: out of memory");
}

static void load_globals(const struct config_file *file, struct live_config *out)
{
    const struct file_kernel_routes *kernel = &file->kernel_routes;
    out->log_form = file->log.format;
    out->log_level = file->log.level ? *file->log.level : LOG_INFO;
    out->trace = file->log.trace;
    snprintf(out->user, sizeof out->user, "%s", file->user ? file->user : USER_DEFAULT);
    snprintf(out->control, sizeof out->control, "%s", file->control ? file->control : CONTROL_DEFAULT);
    snprintf(out->state, sizeof out->state, "%s", file->state ? file->state : STATE_DEFAULT);
    out->mirror_routes = kernel->mirror ? *kernel->mirror : true;
    out->mirror_table = kernel->mirror_table ? *kernel->mirror_table : RT_TABLE_MAIN;
    out->mirror_underlay = kernel->mirror_underlay;
    out->install_routes = kernel->install ? *kernel->install : true;
    out->install_table = kernel->install_table ? *kernel->install_table : INSTALL_TABLE_DEFAULT;
}

static bool load_all(const char *path, const struct config_file *file, struct live_config *out, char *error)
{
    load_globals(file, out);
    if (out->install_routes && out->install_table == out->mirror_table)
        return yaml_error(error, path, "kernel_routes.install_table",
                          "install_table: %u is the table that routes are mirrored from", out->install_table);
    out->tunnels = calloc(file->tunnels_count + 1, sizeof *out->tunnels);
    if (!out->tunnels)
        return yaml_error(error, path, "tunnels", "tunnels: out of memory");
    for (unsigned i = 0; i < file->tunnels_count; i++) {
        struct loading l = {
            .path = path, .error = error, .index = i, .file = &file->tunnels[i], .out = &out->tunnels[i]};
        out->tunnel_count++; /* from here on it is live_config_free()'s */
        if (!load_tunnel(&l))
            return false;
    }
    return true;
}

struct live_config *live_config_load(const char *path, char error[LIVE_ERROR_MAX])
{
    void *data;
    unsigned count = 0;
    if (!yaml_load(path, &config_schema, &data, &count, error))
        return NULL;
    struct live_config *config = calloc(1, sizeof *config);
    if (!config)
        snprintf(error, LIVE_ERROR_MAX, "%s: out of memory", path);
    else if (!load_all(path, data, config, error)) {
        live_config_free(config);
        config = NULL;
    }
    yaml_unload(&config_schema, data, count);
    return config;
}

/* Keys are not left behind in memory that others get. */
static void wipe_text(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void live_tunnel_config_clear(struct live_tunnel_config *config)
{
    if (config->keys)
        explicit_bzero(config->keys, config->keys_len);
    free(config->keys);
    free(config->spis);
    wipe_text(config->fingerprint);
    free((void *)config->node.ipsec.associations);
    free((void *)config->node.nhs);
    free((void *)config->node.routes);
}

void live_config_free(struct live_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->tunnel_count; i++)
        live_tunnel_config_clear(&config->tunnels[i]);
    free(config->tunnels);
    free(config);
}
