/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/pool.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNK_ITEMS   4
#define LARGEST_CHUNK_ITEMS 4096

struct pool_chunk {
    struct pool_chunk *next;
    alignas(max_align_t) unsigned char items[];
};

struct free_item {
    struct free_item *next;
};

void pool_init(struct pool *pool, size_t item_size, size_t max)
{
    size_t align = alignof(max_align_t);
    *pool = (struct pool){.item_size = (item_size + align - 1) / align * align, .max = max};
}

/* Each chunk holds as many items as all before it together, within limits. */
static void pool_grow(struct pool *pool)
{
    size_t count = pool->carved;
    if (count < FIRST_CHUNK_ITEMS)
        count = FIRST_CHUNK_ITEMS;
    if (count > LARGEST_CHUNK_ITEMS)
        count = LARGEST_CHUNK_ITEMS;
    if (count > pool->max - pool->carved)
        count = pool->max - pool->carved;
    if (count == 0)
        return;
    struct pool_chunk *chunk = malloc(sizeof *chunk + count * pool->item_size);
    if (!chunk)
        return;
    chunk->next = pool->chunks;
    pool->chunks = chunk;
    pool->carved += count;
    for (size_t i = count; i-- > 0;) { /* backwards, so that items are handed out in address order */
        struct free_item *item = (struct free_item *)(chunk->items + i * pool->item_size);
        item->next = pool->free_items;
        pool->free_items = item;
    }
}

void *pool_take(struct pool *pool)
{
    if (!pool->free_items)
        pool_grow(pool);
    struct free_item *item = pool->free_items;
    if (!item)
        return NULL;
    pool->free_items = item->next;
    pool->used++;
    return memset(item, 0, pool->item_size);
}

void pool_give(struct pool *pool, void *item)
{
    struct free_item *free_item = item;
    free_item->next = pool->free_items;
    pool->free_items = free_item;
    pool->used--;
}

void pool_free(struct pool *pool)
{
    for (struct pool_chunk *chunk = pool->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    pool_init(pool, pool->item_size, pool->max);
}
