/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flows: which pairs of source and destination were told about lately, so that each is told at most once in
 * an interval (DRAFT section 4.3: Traffic Indications are rate limited).
 */
#ifndef DMVPNKIT_ENGINE_FLOWS_H
#define DMVPNKIT_ENGINE_FLOWS_H

#include "base/addr.h"
#include "engine/hash.h"
#include "engine/pool.h"
#include "engine/wheel.h"

struct flow {
    struct hash_link link;
    struct timer timer; /* when it may be told again */
    struct addr source;
    struct addr destination;
};

struct flows {
    struct pool pool;
    struct hash_table table;
    uint64_t seed;
};

void flows_init(struct flows *flows, size_t max_flows, uint64_t seed);
void flows_free(struct flows *flows);

/* A new flow, whose timer the caller arms; NULL if it is known already or if the table is full: stay silent.
 */
struct flow *flows_add(struct flows *flows, struct addr source, struct addr destination);
void flows_remove(struct flows *flows, struct flow *flow);

#endif
