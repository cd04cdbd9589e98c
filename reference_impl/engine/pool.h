/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool: objects of one size, up to a limit, that stay where they are until they are given back.
 *
 * Memory is taken in chunks as it is needed, so that a table's limit costs nothing until it is used, and goes
 * back all at once with the pool.
 */
#ifndef DMVPNKIT_ENGINE_POOL_H
#define DMVPNKIT_ENGINE_POOL_H

#include <stddef.h>

struct pool_chunk;

struct pool {
    size_t item_size; /* octets, rounded up for alignment */
    size_t max;       /* items */
    size_t used;      /* items taken and not given back */
    size_t carved;    /* items that chunks have room for */
    void *free_items;
    struct pool_chunk *chunks;
};

void pool_init(struct pool *pool, size_t item_size, size_t max);
/* A zeroed item, or NULL when the limit is reached or memory runs out: the table that asks is full. */
void *pool_take(struct pool *pool);
void pool_give(struct pool *pool, void *item);
/* Gives back every item. */
void pool_free(struct pool *pool);

#endif
