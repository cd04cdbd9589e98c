/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/cache.h"

void cache_init(struct cache *cache, size_t max_bindings, uint64_t seed)
{
    pool_init(&cache->pool, sizeof(struct binding), max_bindings);
    prefix_table_init(&cache->table, seed);
}

void cache_free(struct cache *cache)
{
    prefix_table_free(&cache->table);
    pool_free(&cache->pool);
}

static bool is_better(const struct binding *a, const struct binding *b)
{
    if (a->origin != b->origin)
        return a->origin > b->origin;
    if (a->preference != b->preference)
        return a->preference > b->preference;
    return addr_compare(a->nbma, b->nbma) < 0; /* any fixed choice will do */
}

struct binding *cache_match(const struct cache *cache, struct addr a)
{
    struct binding *best = (struct binding *)prefix_table_match(&cache->table, a, addr_bits(a));
    for (struct binding *other = best; other; other = cache_same(other))
        if (other != best && is_better(other, best))
            best = other;
    return best;
}

struct binding *cache_find(const struct cache *cache, struct prefix prefix)
{
    return (struct binding *)prefix_table_find(&cache->table, prefix);
}

struct binding *cache_same(const struct binding *binding)
{
    return (struct binding *)prefix_table_same(&binding->entry);
}

struct binding *cache_walk(const struct cache *cache, size_t *bucket, const struct binding *last)
{
    return (struct binding *)prefix_table_walk(&cache->table, bucket, last ? &last->entry : NULL);
}

struct binding *cache_add(struct cache *cache, struct prefix prefix)
{
    struct binding *binding = pool_take(&cache->pool);
    if (binding)
        prefix_table_insert(&cache->table, &binding->entry, prefix);
    return binding;
}

void cache_remove(struct cache *cache, struct binding *binding)
{
    prefix_table_remove(&cache->table, &binding->entry);
    pool_give(&cache->pool, binding);
}
