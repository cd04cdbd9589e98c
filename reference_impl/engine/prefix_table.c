/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/prefix_table.h"

#include <string.h>

void prefix_table_init(struct prefix_table *table, uint64_t seed)
{
    memset(table, 0, sizeof *table);
    hash_init(&table->hash);
    table->seed = seed;
}

static uint64_t prefix_hash(const struct prefix_table *table, struct prefix prefix)
{
    return addr_hash(prefix.addr, table->seed + prefix.len);
}

void prefix_table_insert(struct prefix_table *table, struct prefix_entry *entry, struct prefix prefix)
{
    entry->prefix = prefix;
    hash_insert(&table->hash, &entry->link, prefix_hash(table, prefix));
    table->length_count[prefix.len]++;
    table->lengths[prefix.len / 64] |= UINT64_C(1) << prefix.len % 64;
}

void prefix_table_remove(struct prefix_table *table, struct prefix_entry *entry)
{
    unsigned len = entry->prefix.len;
    hash_remove(&table->hash, &entry->link);
    if (--table->length_count[len] == 0)
        table->lengths[len / 64] &= ~(UINT64_C(1) << len % 64);
}

static struct prefix_entry *with_prefix(struct hash_link *link, struct prefix prefix)
{
    for (; link; link = hash_next(link)) {
        struct prefix_entry *entry = (struct prefix_entry *)link;
        if (prefix_equal(entry->prefix, prefix))
            return entry;
    }
    return NULL;
}

struct prefix_entry *prefix_table_find(const struct prefix_table *table, struct prefix prefix)
{
    return with_prefix(hash_first(&table->hash, prefix_hash(table, prefix)), prefix);
}

struct prefix_entry *prefix_table_same(const struct prefix_entry *entry)
{
    return with_prefix(hash_next(&entry->link), entry->prefix);
}

struct prefix_entry *prefix_table_match(const struct prefix_table *table, struct addr a, unsigned max_len)
{
    if (max_len > addr_bits(a))
        max_len = addr_bits(a);
    for (unsigned word = max_len / 64 + 1; word-- > 0;) {
        uint64_t lengths = table->lengths[word];
        if (word == max_len / 64 && max_len % 64 < 63)
            lengths &= (UINT64_C(2) << max_len % 64) - 1;
        while (lengths) {
            unsigned bit = 63 - (unsigned)__builtin_clzll(lengths);
            struct prefix_entry *entry = prefix_table_find(table, prefix_of(a, word * 64 + bit));
            if (entry)
                return entry;
            lengths &= ~(UINT64_C(1) << bit);
        }
    }
    return NULL;
}

struct prefix_entry *prefix_table_walk(const struct prefix_table *table, size_t *bucket,
                                       const struct prefix_entry *last)
{
    return (struct prefix_entry *)hash_walk(&table->hash, bucket, last ? &last->link : NULL);
}

void prefix_table_free(struct prefix_table *table)
{
    hash_free(&table->hash);
    memset(table->length_count, 0, sizeof table->length_count);
    memset(table->lengths, 0, sizeof table->lengths);
}
