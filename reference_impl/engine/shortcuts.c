/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/shortcuts.h"

#include "engine/bindings.h"

static void announce(struct node *node, struct prefix prefix, struct addr via, bool install)
{
    const struct binding *next_hop = cache_match(&node->cache, via);
    struct node_output output = {
        .kind = OUTPUT_ROUTE,
        .route = {.install = install, .prefix = prefix, .via = via},
    };
    output_queue_push(&node->outputs, &output);
    node_trace(node, install ? TRACE_SHORTCUT_INSTALLED : TRACE_SHORTCUT_REMOVED,
               (struct about){prefix.addr, next_hop ? next_hop->nbma : (struct addr){0}, prefix.len});
}

/* A prefix so wide that it holds our own tunnel address would swallow the path to the servers. */
static struct prefix answered_prefix(const struct node *node, struct addr target, uint8_t prefix_len)
{
    unsigned bits = addr_bits(target);
    struct prefix host = prefix_of(target, bits);
    if (prefix_len == 0 || prefix_len >= bits)
        return host;
    struct prefix prefix = prefix_of(target, prefix_len);
    return prefix_contains(prefix, node->config.protocol) ? host : prefix;
}

/* Two destinations in one prefix may have been asked about at once: the later answer owns the route. */
static bool install_route(struct node *node, struct resolution *resolution, struct prefix prefix,
                          struct addr via)
{
    struct route *route = routes_find(&node->routes, prefix, ROUTE_SHORTCUT);
    bool same = route && addr_equal(route->via, via);
    if (!same && route)
        announce(node, prefix, route->via, false);
    struct resolution *owner = route ? route->owner : NULL;
    route = routes_add(&node->routes, prefix, ROUTE_SHORTCUT, via);
    if (!route) {
        node_drop(node, DROP_TABLE_FULL, (struct about){.protocol = prefix.addr, .number = prefix.len});
        return false;
    }
    if (owner && owner != resolution)
        owner->has_shortcut = false;
    route->owner = resolution;
    route->used = false;
    resolution->has_shortcut = true;
    resolution->shortcut = prefix;
    if (!same)
        announce(node, prefix, via, true);
    return true;
}

bool shortcuts_install(struct node *node, struct resolution *resolution, const struct shortcut_answer *answer)
{
    struct binding *binding = bindings_learn(node, answer->via, answer->at, answer->mtu, answer->hold_s);
    if (!binding)
        return false;
    binding->used = false;
    struct prefix prefix = answered_prefix(node, resolution->target, answer->prefix_len);
    bool next_hop_only =
        addr_equal(resolution->target, answer->via) && prefix_equal(prefix, binding->entry.prefix);
    if (resolution->has_shortcut && (next_hop_only || !prefix_equal(prefix, resolution->shortcut)))
        shortcuts_withdraw(node, resolution);
    if (!next_hop_only && !install_route(node, resolution, prefix, answer->via))
        return false;
    resolution->via = answer->via;
    resolution->until = instant_after_s(node->now, answer->hold_s);
    node_trace(node, TRACE_RESOLVED, (struct about){answer->via, answer->at.nbma, answer->hold_s});
    return true;
}

void shortcuts_withdraw(struct node *node, struct resolution *resolution)
{
    if (!resolution->has_shortcut)
        return;
    resolution->has_shortcut = false;
    routes_remove(&node->routes, resolution->shortcut, ROUTE_SHORTCUT);
    announce(node, resolution->shortcut, resolution->via, false);
}

bool shortcuts_has_mapping(const struct node *node, const struct resolution *resolution)
{
    return cache_match(&node->cache, resolution->via);
}

bool shortcuts_take_used(struct node *node, const struct resolution *resolution)
{
    bool *used = NULL;
    if (resolution->has_shortcut) {
        struct route *route = routes_find(&node->routes, resolution->shortcut, ROUTE_SHORTCUT);
        used = route ? &route->used : NULL;
    } else if (addr_equal(resolution->target,
                          resolution->via)) { /* else another one has taken the route over */
        struct binding *binding = cache_match(&node->cache, resolution->via);
        used = binding && binding->origin == BINDING_RESOLVED ? &binding->used : NULL;
    }
    bool was_used = used && *used;
    if (used)
        *used = false;
    return was_used;
}

static bool prefixes_overlap(struct prefix a, struct prefix b)
{
    return a.len <= b.len ? prefix_contains(a, b.addr) : prefix_contains(b, a.addr);
}

bool shortcuts_overlaps(const struct node *node, const struct resolution *resolution, struct prefix prefix,
                        struct addr nbma)
{
    const struct binding *binding = cache_match(&node->cache, resolution->via);
    if (!addr_is_none(nbma) && binding && !addr_equal(binding->nbma, nbma))
        return false;
    if (resolution->has_shortcut && prefixes_overlap(prefix, resolution->shortcut))
        return true;
    return prefix_contains(prefix, resolution->target) || prefix_contains(prefix, resolution->via);
}
