/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flows: data between inner addresses, what requesters were told about destinations, and pairs of underlay
 * addresses.
 */
#include "audit/state.h"

struct flow_key {
    const struct cloud *cloud;
    struct addr source, destination;
};

static uint64_t flow_hash(const struct flow_key *key)
{
    return addr_pair_hash(key->source, key->destination, (uint64_t)(uintptr_t)key->cloud);
}

static bool same_flow(const struct table_node *node, const void *key)
{
    const struct flow *flow = TABLE_OWNER(node, struct flow, node);
    const struct flow_key *wanted = key;
    return flow->cloud == wanted->cloud && addr_equal(flow->source, wanted->source) &&
           addr_equal(flow->destination, wanted->destination);
}

struct flow *flow_find(struct audit *a, const struct cloud *cloud, struct addr source,
                       struct addr destination)
{
    struct flow_key key = {cloud, source, destination};
    struct table_node *node = table_find(&a->flows, flow_hash(&key), same_flow, &key);
    return node != NULL ? TABLE_OWNER(node, struct flow, node) : NULL;
}

static void drop_oldest_flow(struct audit *a)
{
    struct flow *flow = TABLE_OWNER(a->flows.oldest, struct flow, node);
    table_remove(&a->flows, &flow->node);
    slab_give_back(&a->flow_slab, flow);
}

struct flow *flow_meet(struct audit *a, struct cloud *cloud, struct addr source, struct addr destination)
{
    struct flow *flow = flow_find(a, cloud, source, destination);
    if (flow != NULL) {
        table_touch(&a->flows, &flow->node);
        return flow;
    }
    if (a->flows.count == FLOWS_MAX)
        drop_oldest_flow(a);
    flow = slab_take(&a->flow_slab);
    flow->cloud = cloud;
    flow->source = source;
    flow->destination = destination;
    struct flow_key key = {cloud, source, destination};
    table_add(&a->flows, &flow->node, flow_hash(&key));
    return flow;
}

static bool same_mapping(const struct table_node *node, const void *key)
{
    const struct mapping *mapping = TABLE_OWNER(node, struct mapping, node);
    const struct flow_key *wanted = key;
    return mapping->cloud == wanted->cloud && addr_equal(mapping->requester, wanted->source) &&
           addr_equal(mapping->destination, wanted->destination);
}

struct mapping *mapping_find(struct audit *a, const struct cloud *cloud, struct addr requester,
                             struct addr destination)
{
    struct flow_key key = {cloud, requester, destination};
    struct table_node *node = table_find(&a->mappings, flow_hash(&key), same_mapping, &key);
    return node != NULL ? TABLE_OWNER(node, struct mapping, node) : NULL;
}

struct mapping *mapping_meet(struct audit *a, struct cloud *cloud, struct addr requester,
                             struct addr destination)
{
    struct mapping *mapping = mapping_find(a, cloud, requester, destination);
    if (mapping != NULL) {
        table_touch(&a->mappings, &mapping->node);
        return mapping;
    }
    if (a->mappings.count == MAPPINGS_MAX) {
        struct mapping *oldest = TABLE_OWNER(a->mappings.oldest, struct mapping, node);
        table_remove(&a->mappings, &oldest->node);
        slab_give_back(&a->mapping_slab, oldest);
    }
    mapping = slab_take(&a->mapping_slab);
    mapping->cloud = cloud;
    mapping->requester = requester;
    mapping->destination = destination;
    struct flow_key key = {cloud, requester, destination};
    table_add(&a->mappings, &mapping->node, flow_hash(&key));
    return mapping;
}

static bool same_pair(const struct table_node *node, const void *key)
{
    const struct pair *pair = TABLE_OWNER(node, struct pair, node);
    const struct flow_key *wanted = key;
    return addr_equal(pair->low, wanted->source) && addr_equal(pair->high, wanted->destination);
}

static struct pair *pair_find(struct audit *a, const struct flow_key *key, uint64_t hash)
{
    struct table_node *node = table_find(&a->pairs, hash, same_pair, key);
    return node != NULL ? TABLE_OWNER(node, struct pair, node) : NULL;
}

static struct flow_key pair_key(struct addr from, struct addr to)
{
    bool ordered = addr_compare(from, to) < 0;
    return (struct flow_key){NULL, ordered ? from : to, ordered ? to : from};
}

void pair_forget(struct audit *a, struct addr from, struct addr to)
{
    struct flow_key key = pair_key(from, to);
    struct pair *pair = pair_find(a, &key, flow_hash(&key));
    if (pair == NULL)
        return;
    table_remove(&a->pairs, &pair->node);
    slab_give_back(&a->pair_slab, pair);
}

struct pair *pair_meet(struct audit *a, struct addr from, struct addr to)
{
    struct flow_key key = pair_key(from, to);
    uint64_t hash = flow_hash(&key);
    struct pair *pair = pair_find(a, &key, hash);
    if (pair != NULL && instant_diff_us(pair->touched_at, a->now) >= TOUCH_AFTER_S * US_PER_S) {
        table_touch(&a->pairs, &pair->node);
        pair->touched_at = a->now;
    } else if (pair == NULL) {
        pair = slab_take(&a->pair_slab);
        pair->low = key.source;
        pair->high = key.destination;
        pair->touched_at = a->now;
        table_add(&a->pairs, &pair->node, hash);
    }
    pair->at = a->now;
    return pair;
}

struct side *pair_side(struct pair *pair, struct addr from)
{
    return &pair->side[addr_equal(pair->low, from) ? 0 : 1];
}

void flows_forget(struct audit *a, bool all)
{
    while (a->flows.oldest != NULL) {
        struct flow *flow = TABLE_OWNER(a->flows.oldest, struct flow, node);
        if (!all && instant_diff_us(flow->at, a->now) <= FLOW_IDLE_S * US_PER_S)
            break;
        drop_oldest_flow(a);
    }
    while (a->mappings.oldest != NULL) {
        struct mapping *mapping = TABLE_OWNER(a->mappings.oldest, struct mapping, node);
        struct instant gone = instant_after_s(mapping->expires_at, FLOW_IDLE_S);
        if (!all && !instant_reached(a->now, gone))
            break;
        table_remove(&a->mappings, &mapping->node);
        slab_give_back(&a->mapping_slab, mapping);
    }
    while (a->pairs.oldest != NULL) {
        struct pair *pair = TABLE_OWNER(a->pairs.oldest, struct pair, node);
        if (!all && instant_diff_us(pair->at, a->now) <= STATION_IDLE_S * US_PER_S)
            break;
        table_remove(&a->pairs, &pair->node);
        slab_give_back(&a->pair_slab, pair);
    }
}

#define SIGNED_MAX 64 /* octets of payload */

uint64_t packet_signature(const struct ip *inner)
{
    uint64_t hash = 0xcbf29ce484222325u;
    size_t len = inner->payload.len < SIGNED_MAX ? inner->payload.len : SIGNED_MAX;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ inner->payload.data[i]) * 0x100000001b3u;
    hash = (hash ^ inner->id) * 0x100000001b3u;
    hash = (hash ^ inner->payload.len) * 0x100000001b3u;
    return (hash ^ inner->protocol ^ (uint64_t)inner->fragment_offset << 8) | 1;
}
