/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/bindings.h"

#include "engine/ipsec.h"
#include "engine/timers.h"
#include "engine/told.h"

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
                       binding->port != facts->port || !addr_equal(binding->registrant, facts->registrant)))
        binding = cache_same(binding);
    return binding;
}

/* The far end's entry is shared by all bindings that lead there. */
static bool hold_peer(struct node *node, struct binding *binding, const struct binding_facts *facts)
{
    binding->peer = peers_hold(&node->peers, (struct endpoint){facts->nbma, facts->port});
    if (!binding->peer)
        return false;
    if (facts->origin == BINDING_REGISTERED) {
        binding->peer->registrations++;
        node->registrations++;
    }
    return true;
}

static void release_peer(struct node *node, struct binding *binding)
{
    struct endpoint at = binding_endpoint(binding);
    if (binding->origin == BINDING_REGISTERED) {
        binding->peer->registrations--;
        node->registrations--;
    }
    if (peers_release(&node->peers, binding->peer))
        ipsec_release(node, at);
}

/*
 * Refreshing is what a server does most: a later end is only noted, and the timer, when it fires at the old
 * one, looks again. Moving it each time would cost more than all the rest.
 */
static void expire_after(struct node *node, struct binding *binding, unsigned hold_s)
{
    binding->until = instant_after_s(node->now, hold_s);
    if (!binding->expiry.armed || instant_before(binding->until, binding->expiry.at))
        timers_arm(node, &binding->expiry, TIMER_BINDING, binding->until);
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
    if (!known && !hold_peer(node, binding, facts)) {
        cache_remove(&node->cache, binding);
        node_drop(node, DROP_TABLE_FULL, about);
        return NULL;
    }
    if (facts->origin == BINDING_REGISTERED && !addr_equal(binding->claimed_nbma, facts->claimed_nbma)) {
        binding->peer->claimed = facts->claimed_nbma;
        binding->peer->registrant = facts->registrant;
    }
    binding->protocol = facts->protocol;
    binding->nbma = facts->nbma;
    binding->port = facts->port;
    binding->claimed_nbma = facts->claimed_nbma;
    binding->registrant = facts->registrant;
    binding->request_id = facts->request_id;
    binding->mtu = facts->mtu;
    binding->preference = facts->preference;
    binding->origin = (uint8_t)facts->origin;
    binding->unique = facts->unique;
    if (facts->origin != BINDING_STATIC)
        expire_after(node, binding, facts->hold_s);
    node_trace(node, known ? TRACE_BINDING_REFRESHED : TRACE_BINDING_ADDED, about);
    if (!known)
        announce(node, binding, true);
    return binding;
}

void bindings_remove(struct node *node, struct binding *binding, enum trace_event event)
{
    node_trace(node, event, (struct about){binding->protocol, binding->nbma, 0});
    announce(node, binding, false);
    if (binding->origin == BINDING_REGISTERED && event != TRACE_BINDING_EXPIRED && !node->stopping)
        told_binding_gone(node, binding); /* at its expiry what was told ends as well */
    release_peer(node, binding);
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

struct binding *bindings_learn(struct node *node, struct addr protocol, struct endpoint at, uint16_t mtu,
                               uint16_t hold_s)
{
    struct binding_facts facts = {
        .origin = BINDING_RESOLVED,
        .prefix = prefix_of(protocol, addr_bits(protocol)),
        .protocol = protocol,
        .nbma = at.nbma,
        .port = at.port,
        .claimed_nbma = at.nbma,
        .mtu = mtu,
        .hold_s = hold_s,
    };
    for (struct binding *next, *b = cache_find(&node->cache, facts.prefix); b; b = next) {
        next = cache_same(b);
        if (b->origin != BINDING_RESOLVED)
            return b; /* known better than by hearsay */
        if (!endpoint_equal(binding_endpoint(b), at))
            bindings_remove(node, b, TRACE_BINDING_PURGED);
    }
    return bindings_put(node, &facts);
}

void bindings_expire(struct node *node, struct binding *binding)
{
    if (instant_reached(node->now, binding->until))
        bindings_remove(node, binding, TRACE_BINDING_EXPIRED);
    else
        timers_arm(node, &binding->expiry, TIMER_BINDING, binding->until);
}

/* Forget all up to that origin. */
static void clear_up_to(struct node *node, enum binding_origin last)
{
    size_t bucket = 0;
    struct binding *binding = NULL;
    while ((binding = cache_walk(&node->cache, &bucket, binding))) {
        if (binding->origin > last)
            continue;
        bindings_remove(node, binding, TRACE_BINDING_PURGED);
        binding = NULL; /* the bucket is looked at again from its start */
    }
}

void bindings_clear(struct node *node)
{
    clear_up_to(node, BINDING_REGISTERED);
}

void bindings_forget_learned(struct node *node)
{
    clear_up_to(node, BINDING_RESOLVED);
}
