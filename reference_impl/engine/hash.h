/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hash: a hash table of links that live inside their objects. It grows by linear hashing, one bucket split
 * per insertion, so that no insertion ever pays for the size of the table, and inserting cannot fail.
 */
#ifndef DMVPNKIT_ENGINE_HASH_H
#define DMVPNKIT_ENGINE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_link {
    struct hash_link *next;
    uint64_t hash;
};

#define HASH_FIRST_BUCKETS 8
#define HASH_SEGMENTS      40

struct hash_table {
    struct hash_link *first[HASH_FIRST_BUCKETS];
    struct hash_link **segment[HASH_SEGMENTS]; /* segment k holds as many buckets as all before it together */
    size_t buckets;
    size_t count;
};

void hash_init(struct hash_table *table);
void hash_insert(struct hash_table *table, struct hash_link *link, uint64_t hash);
/* link must be in the table. */
void hash_remove(struct hash_table *table, struct hash_link *link);
/* The first link with this hash, and the ones after it: the caller compares keys. NULL when there is none. */
struct hash_link *hash_first(const struct hash_table *table, uint64_t hash);
struct hash_link *hash_next(const struct hash_link *link);

/* Walk the whole table: start with *bucket 0 and NULL. Nothing may be inserted or removed meanwhile. */
struct hash_link *hash_walk(const struct hash_table *table, size_t *bucket, const struct hash_link *last);

/* Frees the buckets; the objects are their owner's. */
void hash_free(struct hash_table *table);

#endif
