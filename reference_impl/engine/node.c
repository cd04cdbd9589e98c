/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/node.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "engine/bindings.h"
#include "engine/authentication.h"
#include "engine/forwarding.h"
#include "engine/esp_sa_table.h"
#include "engine/ipsec.h"
#include "engine/keyed_hash.h"
#include "engine/node_config.h"
#include "engine/node_state.h"
#include "engine/purge.h"
#include "engine/receive.h"
#include "engine/rip.h"
#include "engine/routing.h"
#include "engine/timers.h"

#define MAX_FLOWS         4096 /* that are redirected within one interval */
#define ICMP_ERRORS_PER_S 10   /* RFC 1812 section 4.3.2.8: a limit, of the router's choice */

/* ---- creating ---- */

static bool add_route(struct node *node, struct prefix prefix, struct addr via)
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
        if (!add_route(node, config->routes[i].prefix, config->routes[i].via))
            return false;
    return true;
}

/* By priority; of equals the first in the list stays first. */
static void sort_servers(struct node *node, const struct nhs_config *servers)
{
    for (size_t i = 0; i < node->config.nhs_count; i++) {
        size_t at = i;
        for (; at > 0 && node->nhs[at - 1].config.priority > servers[i].priority; at--)
            node->nhs[at].config = node->nhs[at - 1].config;
        node->nhs[at].config = servers[i];
    }
}

static struct node *allocate(const struct node_config *config, uint64_t seed)
{
    struct node *node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->lists = node_config_copy(&node->config, config);
    node->nhs = calloc(config->nhs_count + 1, sizeof *node->nhs);
    if (!node->nhs || !node->lists) {
        free(node->lists);
        free(node->nhs);
        free(node);
        return NULL;
    }
    sort_servers(node, config->nhs);
    node->seed = seed;
    struct random_state random = random_seeded(seed);
    output_queue_init(&node->outputs);
    wheel_init(&node->wheel, node->now);
    cache_init(&node->cache, node->config.max_bindings, random_u64(&random));
    routes_init(&node->routes, node->config.max_routes, random_u64(&random));
    resolutions_init(&node->resolutions, node->config.max_requests, random_u64(&random));
    flows_init(&node->redirected, MAX_FLOWS, random_u64(&random));
    peers_init(&node->peers, node->config.max_bindings, random_u64(&random));
    told_init(&node->told, node->config.max_told, random_u64(&random));
    node->icmp_limit = limiter_of(ICMP_ERRORS_PER_S);
    node->error_limit = limiter_of(node->config.limits.errors_per_s);
    node->link_up = true;
    node->next_request_id = config->first_request_id ? config->first_request_id : 1;
    node->ip_id = 1;
    return node;
}

static const char *create_limits(struct node *node)
{
    if (node->config.limits.requests_per_s == 0)
        return NULL;
    node->request_limits = limiter_table_create(node->config.limits.requests_per_s, node->seed);
    return node->request_limits ? NULL : "memory has run out";
}

static const char *fill(struct node *node, const struct node_config *config, uint64_t seed)
{
    if (!fill_tables(node, config))
        return "there are more routes than max_routes";
    if (config->nhs_count > node->config.max_bindings)
        return "there are more next hop servers than max_bindings";
    static const char *(*const makers[])(struct node *) = {authentication_create, routing_create,
                                                           create_limits};
    const char *fault = ipsec_create(node, &config->ipsec, seed);
    for (size_t i = 0; i < sizeof makers / sizeof *makers && !fault; i++)
        fault = makers[i](node);
    return fault;
}

struct node *node_create(const struct node_config *config, uint64_t seed, const char **why)
{
    const char *fault = node_config_fault(config);
    struct node *node = fault ? NULL : allocate(config, seed);
    if (!fault && !node)
        fault = "memory has run out";
    if (node && (fault = fill(node, config, seed))) {
        node_free(node);
        node = NULL;
    }
    if (why)
        *why = fault;
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
    told_free(&node->told);
    peers_free(&node->peers);
    esp_sa_table_free(node->associations);
    keyed_hash_table_free(node->hash_keys);
    rip_free(node->rip);
    free(node->request_limits);
    free(node->nhs);
    free(node->lists);
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
    node_drop(node, drop, (struct about){.nbma = payload.from.nbma, .number = payload.detail});
}

/* A new address, or the end of an outage: the servers must hear of it at once, and who was told the old one.
 */
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
    if (up && moved)
        told_purge_own(node, false);
    routing_link_changed(node);
}

static void input_route(struct node *node, const struct node_input *input)
{
    if (input->route.add)
        add_route(node, input->route.prefix, input->route.via);
    else
        routes_remove(&node->routes, input->route.prefix, ROUTE_VIA);
    told_route_changed(node, input->route.prefix);
    routing_local_changed(node, input->route.prefix, input->route.add && addr_is_none(input->route.via));
}

static void stop(struct node *node)
{
    told_purge_own(node, true);
    purge_own_registrations(node);
    registration_client_stop(node);
    resolution_client_clear(node);
    node->stopping = true; /* what others were told about our clients they find out by themselves */
    bindings_clear(node);
    node->stopped = true;
}

static void input_admin(struct node *node, enum admin_request request)
{
    switch (request) {
    case ADMIN_STOP:
        stop(node);
        break;
    case ADMIN_CLEAR_BINDINGS:
        resolution_client_clear(node);
        bindings_clear(node);
        break;
    case ADMIN_CLEAR_SHORTCUTS:
        resolution_client_clear(node);
        bindings_forget_learned(node);
        break;
    case ADMIN_REGISTER:
        registration_client_start(node);
        break;
    case ADMIN_PURGE:
        told_purge_own(node, false);
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
    case INPUT_SA:
        ipsec_input(node, input);
        break;
    }
}

static void start(struct node *node)
{
    node->started = true;
    node->started_at = node->now;
    registration_client_bind(node); /* node_create() has seen to the room */
    registration_client_start(node);
    routing_start(node);
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
    return node->stopped ? INSTANT_NEVER : wheel_deadline(&node->wheel);
}

const struct node_counters *node_counters(const struct node *node)
{
    return &node->counters;
}

uint64_t node_drop_count(const struct node *node, enum drop_reason reason)
{
    return node->drops[reason];
}

uint32_t node_next_request_id(const struct node *node)
{
    return node->next_request_id;
}
