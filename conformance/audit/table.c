/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table: see table.h. */
#include "audit/table.h"

#include <stdlib.h>

#include "memory.h"

#define SLOTS_AT_FIRST 256

struct table_node *table_find(const struct table *t, uint64_t hash, table_same_fn *same, const void *key)
{
    if (t->slot_count == 0)
        return NULL;
    struct table_node *node = t->slots[hash & (t->slot_count - 1)];
    while (node != NULL && !(node->hash == hash && same(node, key)))
        node = node->next;
    return node;
}

static void grow(struct table *t)
{
    size_t wanted = t->slot_count > 0 ? t->slot_count * 4 : SLOTS_AT_FIRST;
    struct table_node **slots = memory_zeroed(wanted, sizeof(struct table_node *));
    for (struct table_node *node = t->oldest; node != NULL; node = node->newer) {
        struct table_node **slot = &slots[node->hash & (wanted - 1)];
        node->next = *slot;
        *slot = node;
    }
    free(t->slots);
    t->slots = slots;
    t->slot_count = wanted;
}

static void append(struct table *t, struct table_node *node)
{
    node->older = t->newest;
    node->newer = NULL;
    if (t->newest != NULL)
        t->newest->newer = node;
    else
        t->oldest = node;
    t->newest = node;
}

static void unlink_node(struct table *t, struct table_node *node)
{
    if (node->older != NULL)
        node->older->newer = node->newer;
    else
        t->oldest = node->newer;
    if (node->newer != NULL)
        node->newer->older = node->older;
    else
        t->newest = node->older;
}

void table_add(struct table *t, struct table_node *node, uint64_t hash)
{
    if (t->count * 2 >= t->slot_count)
        grow(t);
    node->hash = hash;
    struct table_node **slot = &t->slots[hash & (t->slot_count - 1)];
    node->next = *slot;
    *slot = node;
    append(t, node);
    t->count++;
}

void table_remove(struct table *t, struct table_node *node)
{
    struct table_node **at = &t->slots[node->hash & (t->slot_count - 1)];
    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    unlink_node(t, node);
    t->count--;
}

void table_touch(struct table *t, struct table_node *node)
{
    if (t->newest == node)
        return;
    unlink_node(t, node);
    append(t, node);
}

void table_fetch_slot(const struct table *t, uint64_t hash)
{
    if (t->slot_count > 0)
        __builtin_prefetch(&t->slots[hash & (t->slot_count - 1)]);
}

void table_fetch_node(const struct table *t, uint64_t hash, size_t len)
{
    const size_t line = 64;
    if (t->slot_count == 0)
        return;
    const char *node = (const char *)t->slots[hash & (t->slot_count - 1)];
    for (size_t at = 0; node != NULL && at < len; at += line)
        __builtin_prefetch(node + at);
}

void table_free(struct table *t)
{
    free(t->slots);
    *t = (struct table){0};
}
