/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peers: the endpoints that bindings lead to, one entry for each however many bindings share it, for as long
 * as there is one: what must be remembered about the far end of a tunnel and not about a protocol address.
 *
 * A pure table; bindings.h holds and releases.
 */
#ifndef DMVPNKIT_ENGINE_PEERS_H
#define DMVPNKIT_ENGINE_PEERS_H

#include "base/instant.h"
#include "engine/endpoint.h"
#include "engine/hash.h"
#include "engine/pool.h"

/* The last GRE sequence number received (RFC 2890 section 2.2). */
struct gre_window {
    bool seen;
    uint32_t last;
    struct instant at;
};

struct peer {
    struct hash_link link; /* first member */
    struct endpoint at;
    uint32_t bindings;      /* that lead here */
    uint32_t registrations; /* those of them that were registered */
    struct addr claimed;    /* what the registered client here calls its NBMA address */
    struct addr registrant; /* and its protocol address */
    struct gre_window window;
    bool sa_wanted; /* a security association was asked for; no answer yet */
    struct instant sa_wanted_at;
};

struct peers {
    struct pool pool;
    struct hash_table table;
    uint64_t seed;
};

void peers_init(struct peers *peers, size_t max_peers, uint64_t seed);
void peers_free(struct peers *peers);

/* NULL if no binding leads there. */
struct peer *peers_find(const struct peers *peers, struct endpoint at);
/* The entry for an endpoint, new if need be, held once more. NULL when the table is full. */
struct peer *peers_hold(struct peers *peers, struct endpoint at);
/* The opposite; true if that was the last one, and the entry is gone. */
bool peers_release(struct peers *peers, struct peer *peer);

#endif
