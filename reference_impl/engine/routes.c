/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/routes.h"

void routes_init(struct routes *routes, size_t max_routes, uint64_t seed)
{
    pool_init(&routes->pool, sizeof(struct route), max_routes);
    prefix_table_init(&routes->table, seed);
}

void routes_free(struct routes *routes)
{
    prefix_table_free(&routes->table);
    pool_free(&routes->pool);
}

static struct route *next_same(const struct route *route)
{
    return (struct route *)prefix_table_same(&route->entry);
}

static bool is_same_class(enum route_kind a, enum route_kind b)
{
    return (a == ROUTE_SHORTCUT) == (b == ROUTE_SHORTCUT) && (a == ROUTE_RIP) == (b == ROUTE_RIP);
}

struct route *routes_find(const struct routes *routes, struct prefix prefix, enum route_kind kind)
{
    struct route *route = (struct route *)prefix_table_find(&routes->table, prefix);
    while (route && !is_same_class((enum route_kind)route->kind, kind))
        route = next_same(route);
    return route;
}

struct route *routes_add(struct routes *routes, struct prefix prefix, enum route_kind kind, struct addr via)
{
    struct route *route = routes_find(routes, prefix, kind);
    if (!route) {
        route = pool_take(&routes->pool);
        if (!route)
            return NULL;
        prefix_table_insert(&routes->table, &route->entry, prefix);
    }
    route->kind = (uint8_t)kind;
    route->via = via;
    return route;
}

bool routes_remove(struct routes *routes, struct prefix prefix, enum route_kind kind)
{
    struct route *route = routes_find(routes, prefix, kind);
    if (!route)
        return false;
    prefix_table_remove(&routes->table, &route->entry);
    pool_give(&routes->pool, route);
    return true;
}

static struct route *best_route(const struct routes *routes, struct addr destination, bool shortcuts)
{
    unsigned max_len = addr_bits(destination);
    for (;;) {
        struct route *at = (struct route *)prefix_table_match(&routes->table, destination, max_len);
        if (!at)
            return NULL;
        unsigned len = at->entry.prefix.len;
        struct route *best = NULL;
        for (; at; at = next_same(at))
            if ((shortcuts || at->kind != ROUTE_SHORTCUT) && (!best || at->kind > best->kind))
                best = at;
        if (best || len == 0)
            return best;
        max_len = len - 1;
    }
}

struct route *routes_for_data(const struct routes *routes, struct addr destination)
{
    return best_route(routes, destination, true);
}

struct route *routes_for_requests(const struct routes *routes, struct addr destination)
{
    return best_route(routes, destination, false);
}

unsigned routes_answer_len(const struct routes *routes, const struct route *route, struct addr destination)
{
    unsigned len = route->entry.prefix.len;
    size_t bucket = 0;
    const struct prefix_entry *entry = NULL;
    while ((entry = prefix_table_walk(&routes->table, &bucket, entry))) {
        const struct route *other = (const struct route *)entry;
        if (other->kind == ROUTE_SHORTCUT)
            continue;
        /* Longer prefixes around destination are no routes, or they would have been the best one. */
        while (len < entry->prefix.len && prefix_contains(prefix_of(destination, len), entry->prefix.addr))
            len++;
    }
    return len;
}

unsigned routes_egress_len(const struct routes *routes, struct addr destination)
{
    const struct route *route = routes_for_requests(routes, destination);
    if (!route || route->kind != ROUTE_HOST_SIDE)
        return 0;
    unsigned len = routes_answer_len(routes, route, destination);
    return len == 0 ? addr_bits(destination) : len;
}

const struct route *routes_walk(const struct routes *routes, size_t *bucket, const struct route *last)
{
    return (const struct route *)prefix_table_walk(&routes->table, bucket, last ? &last->entry : NULL);
}
