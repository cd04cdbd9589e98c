/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/show.h"

#include "engine/node_state.h"

bool node_show_binding(const struct node *node, struct node_cursor *cursor, struct shown_binding *out)
{
    static const char *const origins[] = {
        [BINDING_RESOLVED] = "resolved",
        [BINDING_REGISTERED] = "registered",
        [BINDING_STATIC] = "static",
    };
    const struct binding *b = cache_walk(&node->cache, &cursor->bucket, cursor->last);
    cursor->last = b;
    if (!b)
        return false;
    *out = (struct shown_binding){
        .prefix = b->entry.prefix,
        .protocol = b->protocol,
        .at = binding_endpoint(b),
        .claimed_nbma = b->claimed_nbma,
        .origin = origins[b->origin],
        .until = b->origin == BINDING_STATIC ? INSTANT_NEVER : b->until,
        .request_id = b->request_id,
        .mtu = b->mtu,
        .preference = b->preference,
        .unique = b->unique,
        .used = b->used,
    };
    return true;
}

bool node_show_server(const struct node *node, struct node_cursor *cursor, struct shown_server *out)
{
    if (cursor->bucket >= node->config.nhs_count)
        return false;
    const struct next_hop_server *nhs = &node->nhs[cursor->bucket++];
    bool registered = nhs->state == REGISTRATION_REGISTERED || nhs->state == REGISTRATION_REFRESHING;
    *out = (struct shown_server){
        .protocol = nhs->protocol,
        .nbma = nhs->config.nbma,
        .priority = nhs->config.priority,
        .state = registration_state_words(nhs->state),
        .in_use = nhs == registration_client_in_use(node),
        .hold_s = nhs->hold_s,
        .until = registered ? nhs->registered_until : INSTANT_NEVER,
        .attempts = nhs->attempts,
        .request_id = nhs->request_id,
        .refused_code = nhs->refused_code,
        .seen_nbma = nhs->seen_nbma,
    };
    return true;
}

bool node_show_request(const struct node *node, struct node_cursor *cursor, struct shown_request *out)
{
    const struct resolution *r = resolution_client_walk(&node->resolutions, &cursor->bucket, cursor->last);
    cursor->last = r;
    if (!r)
        return false;
    bool known = r->state == RESOLUTION_KNOWN || r->state == RESOLUTION_RENEWING;
    *out = (struct shown_request){
        .target = r->target,
        .state = resolution_state_words(r->state),
        .request_id = r->request_id,
        .attempts = r->attempts,
        .refused_code = r->state == RESOLUTION_REFUSED ? r->refused_code : 0,
        .via = known ? r->via : (struct addr){0},
        .has_shortcut = r->has_shortcut,
        .shortcut = r->shortcut,
        .until = known ? r->until : INSTANT_NEVER,
    };
    return true;
}

bool node_show_route(const struct node *node, struct node_cursor *cursor, struct shown_route *out)
{
    static const char *const kinds[] = {
        [ROUTE_TUNNEL] = "tunnel",
        [ROUTE_RIP] = "rip",
        [ROUTE_VIA] = "via",
        [ROUTE_SHORTCUT] = "shortcut",
        [ROUTE_HOST_SIDE] = "host-side",
    };
    const struct route *r = routes_walk(&node->routes, &cursor->bucket, cursor->last);
    cursor->last = r;
    if (!r)
        return false;
    *out = (struct shown_route){r->entry.prefix, kinds[r->kind], r->via};
    return true;
}

bool node_show_told(const struct node *node, struct node_cursor *cursor, struct shown_told *out)
{
    const struct told *t = told_walk(&node->told, &cursor->bucket, cursor->last);
    cursor->last = t;
    if (!t)
        return false;
    *out = (struct shown_told){
        .prefix = t->entry.prefix,
        .nbma = t->nbma,
        .requester = t->requester,
        .purging = t->purging,
        .until = t->until,
    };
    return true;
}

struct shown_sizes node_show_sizes(const struct node *node)
{
    return (struct shown_sizes){
        .bindings = node->cache.pool.used,
        .registrations = node->registrations,
        .peers = node->peers.pool.used,
        .requests = node->resolutions.pool.used,
        .routes = node->routes.pool.used,
        .told = node->told.pool.used,
    };
}

struct addr node_show_nbma(const struct node *node)
{
    return node->config.tunnel.nbma;
}

struct addr node_show_protocol(const struct node *node)
{
    return node->config.protocol;
}
