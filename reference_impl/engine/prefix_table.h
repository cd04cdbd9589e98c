/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prefix_table: objects found by prefix, exactly or by longest match.
 *
 * A longest match looks once for each prefix length in use, so its cost grows with the number of different
 * lengths, never with the number of entries. Several entries may share a prefix.
 */
#ifndef DMVPNKIT_ENGINE_PREFIX_TABLE_H
#define DMVPNKIT_ENGINE_PREFIX_TABLE_H

#include "base/addr.h"
#include "engine/hash.h"

/* Must be the first member of the object that the table holds. */
struct prefix_entry {
    struct hash_link link;
    struct prefix prefix;
};

#define PREFIX_LENGTHS 130 /* 0 to 128 bits, and one to round up */

struct prefix_table {
    struct hash_table hash;
    uint64_t seed;
    uint32_t length_count[PREFIX_LENGTHS]; /* entries of each length, both families together */
    uint64_t lengths[3];                   /* bit i of word w: length 64 w + i is in use */
};

void prefix_table_init(struct prefix_table *table, uint64_t seed);
void prefix_table_insert(struct prefix_table *table, struct prefix_entry *entry, struct prefix prefix);
void prefix_table_remove(struct prefix_table *table, struct prefix_entry *entry);

/* An entry with exactly this prefix, and the others that share it. */
struct prefix_entry *prefix_table_find(const struct prefix_table *table, struct prefix prefix);
struct prefix_entry *prefix_table_same(const struct prefix_entry *entry);

/* An entry with the longest prefix of at most max_len bits that covers a; NULL when none does. */
struct prefix_entry *prefix_table_match(const struct prefix_table *table, struct addr a, unsigned max_len);

/* Walk all entries: start with *bucket 0 and NULL. Nothing may be inserted or removed meanwhile. */
struct prefix_entry *prefix_table_walk(const struct prefix_table *table, size_t *bucket,
                                       const struct prefix_entry *last);

void prefix_table_free(struct prefix_table *table);

#endif
