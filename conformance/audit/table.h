/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table: a hash table of nodes that live inside what they find, and a list of them in order of use, so that
 * what has been idle longest is found at once. Owns no node.
 */
#ifndef DMVPNKIT_AUDIT_TABLE_H
#define DMVPNKIT_AUDIT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_node {
    struct table_node *next;          /* in the slot */
    struct table_node *older, *newer; /* in order of use */
    uint64_t hash;
};

struct table {
    struct table_node **slots;
    size_t slot_count; /* 0 or a power of two */
    size_t count;
    struct table_node *oldest, *newest;
};

typedef bool table_same_fn(const struct table_node *node, const void *key);

/* The node with this hash for which same() is true, or NULL. */
struct table_node *table_find(const struct table *t, uint64_t hash, table_same_fn *same, const void *key);
/* Add a node; it becomes the newest. */
void table_add(struct table *t, struct table_node *node, uint64_t hash);
void table_remove(struct table *t, struct table_node *node);
/* The node has just been used: it becomes the newest. */
void table_touch(struct table *t, struct table_node *node);
/* Have the processor fetch the slot of that hash; and, once that is there, the first node of the slot. */
void table_fetch_slot(const struct table *t, uint64_t hash);
void table_fetch_node(const struct table *t, uint64_t hash, size_t len);
/* Free the slots; the nodes are the caller's. */
void table_free(struct table *t);

/* The structure that a node is a member of. */
#define TABLE_OWNER(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

#endif
