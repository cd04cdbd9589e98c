/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/hash.h"

#include <stdbool.h>
#include <stdlib.h>

static unsigned segment_of(size_t bucket)
{
    size_t blocks = bucket / HASH_FIRST_BUCKETS;
    return blocks == 0 ? 0 : 64 - (unsigned)__builtin_clzll(blocks);
}

static size_t segment_start(unsigned segment)
{
    return segment == 0 ? 0 : (size_t)HASH_FIRST_BUCKETS << (segment - 1);
}

static struct hash_link **bucket_at(const struct hash_table *table, size_t bucket)
{
    unsigned segment = segment_of(bucket);
    if (segment == 0)
        return (struct hash_link **)&table->first[bucket];
    return &table->segment[segment][bucket - segment_start(segment)];
}

/* The number of buckets of the round that is being split up to: a power of two. */
static size_t round_buckets(const struct hash_table *table)
{
    return (size_t)1 << (64 - __builtin_clzll(table->buckets - 1));
}

static size_t bucket_of(const struct hash_table *table, uint64_t hash)
{
    size_t round = round_buckets(table);
    size_t bucket = hash & (round - 1);
    return bucket < table->buckets ? bucket : bucket - round / 2;
}

void hash_init(struct hash_table *table)
{
    *table = (struct hash_table){.buckets = HASH_FIRST_BUCKETS};
}

/* Add one bucket and move into it what belongs there. Without memory the chains just get longer. */
static void split_one(struct hash_table *table)
{
    size_t added = table->buckets;
    unsigned segment = segment_of(added);
    if (segment >= HASH_SEGMENTS)
        return;
    if (!table->segment[segment]) {
        table->segment[segment] = calloc(segment_start(segment), sizeof *table->segment[segment]);
        if (!table->segment[segment])
            return;
    }
    table->buckets++;
    struct hash_link **from = bucket_at(table, added - round_buckets(table) / 2);
    struct hash_link **to = bucket_at(table, added);
    while (*from) {
        struct hash_link *link = *from;
        if (bucket_of(table, link->hash) != added) {
            from = &link->next;
            continue;
        }
        *from = link->next;
        *to = link;
        to = &link->next;
    }
    *to = NULL;
}

void hash_insert(struct hash_table *table, struct hash_link *link, uint64_t hash)
{
    if (table->count >= table->buckets)
        split_one(table);
    struct hash_link **bucket = bucket_at(table, bucket_of(table, hash));
    link->hash = hash;
    link->next = *bucket;
    *bucket = link;
    table->count++;
}

void hash_remove(struct hash_table *table, struct hash_link *link)
{
    struct hash_link **at = bucket_at(table, bucket_of(table, link->hash));
    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    table->count--;
}

static struct hash_link *with_hash(struct hash_link *link, uint64_t hash)
{
    while (link && link->hash != hash)
        link = link->next;
    return link;
}

struct hash_link *hash_first(const struct hash_table *table, uint64_t hash)
{
    return with_hash(*bucket_at(table, bucket_of(table, hash)), hash);
}

struct hash_link *hash_next(const struct hash_link *link)
{
    return with_hash(link->next, link->hash);
}

struct hash_link *hash_walk(const struct hash_table *table, size_t *bucket, const struct hash_link *last)
{
    if (last && last->next)
        return last->next;
    if (last)
        ++*bucket;
    for (; *bucket < table->buckets; ++*bucket) {
        struct hash_link *link = *bucket_at(table, *bucket);
        if (link)
            return link;
    }
    return NULL;
}

void hash_free(struct hash_table *table)
{
    for (unsigned i = 0; i < HASH_SEGMENTS; i++)
        free(table->segment[i]);
    hash_init(table);
}
