/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/bindings.h"

#include "engine/timers.h"

static void announce(struct node *node, const struct binding *binding, bool bind)
{
    struct node_output output = {
        .kind = OUTPUT_NEIGHBOUR,
        .neighbour = {.bind = bind, .protocol = binding->protocol, .nbma = binding->nbma},
    };
    output_queue_push(&node->outputs, &output);
}

static struct binding *find_same(const struct node *node, const struct binding_facts *facts)
{
    struct binding *binding = cache_find(&node->cache, facts->prefix);
    while (binding && (binding->origin != facts->origin || !addr_equal(binding->nbma, facts->nbma) ||
                       !addr_equal(binding->registrant, facts->registrant)))
        binding = cache_same(binding);
    return binding;
}

struct binding *bindings_put(struct node *node, const struct binding_facts *facts)
{
    struct about about = {facts->protocol, facts->nbma, facts->hold_s};
    struct binding *binding = find_same(node, facts);
    bool known = binding;
    if (!known && !(binding = cache_add(&node->cache, facts->prefix))) {
        node_drop(node, DROP_TABLE_FULL, about);
        return NULL;
    }
    binding->protocol = facts->protocol;
    binding->nbma = facts->nbma;
    binding->claimed_nbma = facts->claimed_nbma;
    binding->registrant = facts->registrant;
    binding->request_id = facts->request_id;
    binding->mtu = facts->mtu;
    binding->preference = facts->preference;
    binding->origin = (uint8_t)facts->origin;
    binding->unique = facts->unique;
    if (facts->origin != BINDING_STATIC)
        timers_arm(node, &binding->expiry, TIMER_BINDING, instant_after_s(node->now, facts->hold_s));
    node_trace(node, known ? TRACE_BINDING_REFRESHED : TRACE_BINDING_ADDED, about);
    if (!known)
        announce(node, binding, true);
    return binding;
}

void bindings_remove(struct node *node, struct binding *binding, enum trace_event event)
{
    node_trace(node, event, (struct about){binding->protocol, binding->nbma, 0});
    announce(node, binding, false);
    wheel_disarm(&node->wheel, &binding->expiry);
    cache_remove(&node->cache, binding);
}

void bindings_supersede(struct node *node, const struct binding *kept)
{
    for (struct binding *next, *b = cache_find(&node->cache, kept->entry.prefix); b; b = next) {
        next = cache_same(b);
        bool outdated = b->origin == BINDING_REGISTERED && b->request_id != kept->request_id &&
                        addr_equal(b->registrant, kept->registrant);
        if (b != kept && (outdated || b->origin == BINDING_RESOLVED))
            bindings_remove(node, b, TRACE_BINDING_PURGED);
    }
}

struct binding *bindings_learn(struct node *node, struct addr protocol, struct addr nbma, uint16_t mtu,
                               uint16_t hold_s)
{
    struct binding_facts facts = {
        .origin = BINDING_RESOLVED,
        .prefix = prefix_of(protocol, addr_bits(protocol)),
        .protocol = protocol,
        .nbma = nbma,
        .claimed_nbma = nbma,
        .mtu = mtu,
        .hold_s = hold_s,
    };
    for (struct binding *next, *b = cache_find(&node->cache, facts.prefix); b; b = next) {
        next = cache_same(b);
        if (b->origin != BINDING_RESOLVED)
            return b; /* known better than by hearsay */
        if (!addr_equal(b->nbma, nbma))
            bindings_remove(node, b, TRACE_BINDING_PURGED);
    }
    return bindings_put(node, &facts);
}

void bindings_expire(struct node *node, struct binding *binding)
{
    bindings_remove(node, binding, TRACE_BINDING_EXPIRED);
}

void bindings_clear(struct node *node)
{
    size_t bucket = 0;
    struct binding *binding = NULL;
    while ((binding = cache_walk(&node->cache, &bucket, binding))) {
        if (binding->origin == BINDING_STATIC)
            continue;
        bindings_remove(node, binding, TRACE_BINDING_PURGED);
        binding = NULL; /* the bucket is looked at again from its start */
    }
}
