/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/flows.h"

void flows_init(struct flows *flows, size_t max_flows, uint64_t seed)
{
    pool_init(&flows->pool, sizeof(struct flow), max_flows);
    hash_init(&flows->table);
    flows->seed = seed;
}

void flows_free(struct flows *flows)
{
    hash_free(&flows->table);
    pool_free(&flows->pool);
}

struct flow *flows_add(struct flows *flows, struct addr source, struct addr destination)
{
    uint64_t hash = addr_hash(destination, addr_hash(source, flows->seed));
    for (struct hash_link *link = hash_first(&flows->table, hash); link; link = hash_next(link)) {
        struct flow *known = (struct flow *)link;
        if (addr_equal(known->source, source) && addr_equal(known->destination, destination))
            return NULL;
    }
    struct flow *flow = pool_take(&flows->pool);
    if (!flow)
        return NULL;
    flow->source = source;
    flow->destination = destination;
    hash_insert(&flows->table, &flow->link, hash);
    return flow;
}

void flows_remove(struct flows *flows, struct flow *flow)
{
    hash_remove(&flows->table, &flow->link);
    pool_give(&flows->pool, flow);
}
