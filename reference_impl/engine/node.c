/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/node.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "engine/bindings.h"
#include "engine/forwarding.h"
#include "engine/node_state.h"
#include "engine/purge.h"
#include "engine/receive.h"
#include "engine/timers.h"

/* What a 0 in the configuration stands for. */
#define DEFAULT_HOP_COUNT    255 /* as Cisco sends (DEFACTO) */
#define DEFAULT_TTL          255
#define DEFAULT_HOLD_S       600
#define DEFAULT_MTU          1400 /* octets; leaves room for GRE and ESP on a 1500-octet path */
#define DEFAULT_MAX_BINDINGS 65536
#define DEFAULT_MAX_REQUESTS 1024
#define DEFAULT_MAX_ROUTES   65536
#define MAX_FLOWS            4096 /* that are redirected within one interval */
#define MTU_MIN              256  /* octets: the largest request or reply of our own fits */

/* ---- creating ---- */

static const char *config_fault(const struct node_config *c)
{
    const struct tunnel_config *t = &c->tunnel;
    bool p2p = t->mode == TUNNEL_POINT_TO_POINT;
    if (addr_is_unspecified(c->protocol) || addr_is_multicast(c->protocol))
        return "the tunnel needs a protocol address";
    if (addr_is_unspecified(t->nbma) || addr_is_multicast(t->nbma))
        return "the tunnel needs an NBMA address";
    if (c->protocol_len > addr_bits(c->protocol))
        return "the tunnel subnet's prefix is longer than its address";
    if (p2p && (t->destination.family != t->nbma.family || addr_is_unspecified(t->destination)))
        return "a point-to-point tunnel needs a destination of the same family as its source";
    if (t->mtu != 0 && t->mtu < MTU_MIN)
        return "the tunnel's MTU is below 256 octets";
    if (!memchr(c->password, 0, sizeof c->password))
        return "the password is longer than 8 octets";
    for (size_t i = 0; i < c->nhs_count; i++) {
        if (c->nhs[i].protocol.family != c->protocol.family || c->nhs[i].nbma.family != t->nbma.family)
            return "a next hop server's addresses are of other families than the tunnel's";
        if (p2p && !addr_equal(c->nhs[i].nbma, t->destination))
            return "the next hop server of a point-to-point tunnel is not its other end";
    }
    for (size_t i = 0; i < c->route_count; i++)
        if (!addr_is_none(c->routes[i].via) && c->routes[i].via.family != c->routes[i].prefix.addr.family)
            return "a route's next hop is of another family than its prefix";
    return NULL;
}

static void fill_defaults(struct node_config *c)
{
    if (c->hop_count == 0)
        c->hop_count = DEFAULT_HOP_COUNT;
    if (c->tunnel.ttl == 0)
        c->tunnel.ttl = DEFAULT_TTL;
    if (c->hold_s == 0)
        c->hold_s = DEFAULT_HOLD_S;
    if (c->tunnel.mtu == 0)
        c->tunnel.mtu = DEFAULT_MTU;
    if (c->max_bindings == 0)
        c->max_bindings = DEFAULT_MAX_BINDINGS;
    if (c->max_requests == 0)
        c->max_requests = DEFAULT_MAX_REQUESTS;
    if (c->max_routes == 0)
        c->max_routes = DEFAULT_MAX_ROUTES;
}

static bool change_route(struct node *node, struct prefix prefix, struct addr via)
{
    enum route_kind kind = addr_is_none(via) ? ROUTE_HOST_SIDE : ROUTE_VIA;
    if (routes_add(&node->routes, prefix, kind, via))
        return true;
    node_drop(node, DROP_TABLE_FULL, (struct about){.protocol = prefix.addr, .number = prefix.len});
    return false;
}

static bool fill_tables(struct node *node, const struct node_config *config)
{
    struct prefix subnet = prefix_of(config->protocol, config->protocol_len);
    if (!routes_add(&node->routes, subnet, ROUTE_TUNNEL, (struct addr){0}))
        return false;
    for (size_t i = 0; i < config->route_count; i++)
        if (!change_route(node, config->routes[i].prefix, config->routes[i].via))
            return false;
    return true;
}

/* The servers' addresses are configured, so their bindings never expire. */
static bool bind_servers(struct node *node)
{
    for (size_t i = 0; i < node->config.nhs_count; i++) {
        const struct nhs_config *nhs = &node->nhs[i].config;
        struct binding_facts facts = {
            .origin = BINDING_STATIC,
            .prefix = prefix_of(nhs->protocol, addr_bits(nhs->protocol)),
            .protocol = nhs->protocol,
            .nbma = nhs->nbma,
            .claimed_nbma = nhs->nbma,
        };
        if (!bindings_put(node, &facts))
            return false;
    }
    return true;
}

static struct node *allocate(const struct node_config *config, uint64_t seed)
{
    struct node *node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->config = *config;
    fill_defaults(&node->config);
    node->config.routes = NULL; /* they live in the table */
    node->config.route_count = 0;
    node->config.nhs = NULL; /* they live in node->nhs */
    node->nhs = calloc(config->nhs_count + 1, sizeof *node->nhs);
    if (!node->nhs) {
        free(node);
        return NULL;
    }
    for (size_t i = 0; i < config->nhs_count; i++)
        node->nhs[i].config = config->nhs[i];
    struct random_state random = random_seeded(seed);
    output_queue_init(&node->outputs);
    wheel_init(&node->wheel, node->now);
    cache_init(&node->cache, node->config.max_bindings, random_u64(&random));
    routes_init(&node->routes, node->config.max_routes, random_u64(&random));
    resolutions_init(&node->resolutions, node->config.max_requests, random_u64(&random));
    flows_init(&node->redirected, MAX_FLOWS, random_u64(&random));
    node->link_up = true;
    node->next_request_id = config->first_request_id ? config->first_request_id : 1;
    node->ip_id = 1;
    return node;
}

struct node *node_create(const struct node_config *config, uint64_t seed, const char **why)
{
    const char *fault = config_fault(config);
    struct node *node = fault ? NULL : allocate(config, seed);
    if (node && !fill_tables(node, config)) {
        fault = "there are more routes than max_routes";
        node_free(node);
        node = NULL;
    }
    if (node && node->config.nhs_count > node->config.max_bindings) {
        fault = "there are more next hop servers than max_bindings";
        node_free(node);
        node = NULL;
    }
    if (why)
        *why = node ? NULL : fault ? fault : "memory has run out";
    return node;
}

void node_free(struct node *node)
{
    if (!node)
        return;
    flows_free(&node->redirected);
    resolutions_free(&node->resolutions);
    routes_free(&node->routes);
    cache_free(&node->cache);
    output_queue_free(&node->outputs);
    free(node->nhs);
    free(node);
}

/* ---- what all rooms use ---- */

void node_trace(struct node *node, enum trace_event event, struct about about)
{
    struct node_output output = {
        .kind = OUTPUT_TRACE,
        .trace = {.event = event, .protocol = about.protocol, .nbma = about.nbma, .number = about.number},
    };
    output_queue_push(&node->outputs, &output);
}

void node_drop(struct node *node, enum drop_reason reason, struct about about)
{
    struct node_output output = {
        .kind = OUTPUT_TRACE,
        .trace = {TRACE_DROPPED, reason, about.protocol, about.nbma, about.number},
    };
    node->drops[reason]++;
    output_queue_push(&node->outputs, &output);
}

bool node_owns(const struct node *node, struct addr a)
{
    return addr_equal(a, node->config.protocol);
}

/* ---- inputs ---- */

static void input_underlay(struct node *node, struct span packet)
{
    struct tunnel_payload payload = {0};
    enum drop_reason drop = node->link_up ? tunnel_receive(node, packet, &payload) : DROP_LINK_DOWN;
    if (drop == DROP_NONE) {
        switch (payload.protocol) {
        case GRE_PROTOCOL_NHRP:
            receive_message(node, payload.from, payload.bytes);
            return;
        case GRE_PROTOCOL_IPV4:
        case GRE_PROTOCOL_IPV6:
            forwarding_from_tunnel(node, payload.from, payload.protocol, payload.bytes);
            return;
        default:
            drop = DROP_GRE_PROTOCOL;
        }
    }
    node_drop(node, drop, (struct about){.nbma = payload.from});
}

/* A new address, or the end of an outage: the servers must hear of it at once. */
static void input_link(struct node *node, bool up, struct addr nbma)
{
    bool moved = !addr_is_none(nbma) && nbma.family == node->config.tunnel.nbma.family &&
                 !addr_equal(nbma, node->config.tunnel.nbma);
    if (moved)
        node->config.tunnel.nbma = nbma;
    bool again = up && (!node->link_up || moved);
    node->link_up = up;
    if (!up)
        registration_client_stop(node);
    else if (again)
        registration_client_start(node);
}

static void input_route(struct node *node, const struct node_input *input)
{
    if (input->route.add)
        change_route(node, input->route.prefix, input->route.via);
    else
        routes_remove(&node->routes, input->route.prefix, false);
}

static void input_admin(struct node *node, enum admin_request request)
{
    resolution_client_clear(node);
    switch (request) {
    case ADMIN_STOP:
        purge_own_registrations(node);
        registration_client_stop(node);
        bindings_clear(node);
        node->stopped = true;
        break;
    case ADMIN_CLEAR_BINDINGS:
        bindings_clear(node);
        break;
    }
}

static void dispatch(struct node *node, const struct node_input *input)
{
    switch (input->kind) {
    case INPUT_TIME:
        break;
    case INPUT_UNDERLAY:
        input_underlay(node, input->packet);
        break;
    case INPUT_OVERLAY:
        forwarding_from_host(node, input->packet);
        break;
    case INPUT_LINK:
        input_link(node, input->link.up, input->link.nbma);
        break;
    case INPUT_ROUTE:
        input_route(node, input);
        break;
    case INPUT_ADMIN:
        input_admin(node, input->admin);
        break;
    }
}

static void start(struct node *node)
{
    node->started = true;
    bind_servers(node);
    registration_client_start(node);
}

void node_input(struct node *node, struct instant now, const struct node_input *input)
{
    output_queue_reset(&node->outputs);
    if (instant_before(node->now, now))
        node->now = now;
    if (node->stopped) {
        if (input->kind != INPUT_TIME)
            node_drop(node, DROP_STOPPED, (struct about){0});
        return;
    }
    timers_run(node); /* before anything can meet what has expired */
    if (!node->started)
        start(node);
    dispatch(node, input);
}

bool node_output(struct node *node, struct node_output *out)
{
    return output_queue_take(&node->outputs, out);
}

struct instant node_deadline(const struct node *node)
{
    return wheel_deadline(&node->wheel);
}

uint64_t node_drop_count(const struct node *node, enum drop_reason reason)
{
    return node->drops[reason];
}

uint32_t node_next_request_id(const struct node *node)
{
    return node->next_request_id;
}
