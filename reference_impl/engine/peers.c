/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/peers.h"

void peers_init(struct peers *peers, size_t max_peers, uint64_t seed)
{
    pool_init(&peers->pool, sizeof(struct peer), max_peers);
    hash_init(&peers->table);
    peers->seed = seed;
}

void peers_free(struct peers *peers)
{
    hash_free(&peers->table);
    pool_free(&peers->pool);
}

static uint64_t hash_of(const struct peers *peers, struct endpoint at)
{
    return addr_hash(at.nbma, peers->seed + at.port);
}

struct peer *peers_find(const struct peers *peers, struct endpoint at)
{
    struct hash_link *link = hash_first(&peers->table, hash_of(peers, at));
    while (link && !endpoint_equal(((struct peer *)link)->at, at))
        link = hash_next(link);
    return (struct peer *)link;
}

struct peer *peers_hold(struct peers *peers, struct endpoint at)
{
    struct peer *peer = peers_find(peers, at);
    if (!peer) {
        peer = pool_take(&peers->pool);
        if (!peer)
            return NULL;
        peer->at = at;
        hash_insert(&peers->table, &peer->link, hash_of(peers, at));
    }
    peer->bindings++;
    return peer;
}

bool peers_release(struct peers *peers, struct peer *peer)
{
    if (--peer->bindings > 0)
        return false;
    hash_remove(&peers->table, &peer->link);
    pool_give(&peers->pool, peer);
    return true;
}
