/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/output_queue.h"

#include <stdlib.h>

#define CHUNK_LEN   4096 /* octets; a longer packet gets a chunk of its own */
#define FIRST_ITEMS 8

struct output_chunk {
    struct output_chunk *older;
    size_t cap;
    size_t used;
    uint8_t bytes[];
};

void output_queue_init(struct output_queue *queue)
{
    *queue = (struct output_queue){0};
}

/* Free chunks until only the oldest is left, or none. */
static void free_chunks(struct output_queue *queue, bool all)
{
    while (queue->chunks && (all || queue->chunks->older)) {
        struct output_chunk *older = queue->chunks->older;
        free(queue->chunks);
        queue->chunks = older;
    }
}

void output_queue_free(struct output_queue *queue)
{
    free_chunks(queue, true);
    free(queue->items);
    output_queue_init(queue);
}

void output_queue_reset(struct output_queue *queue)
{
    queue->count = queue->next = 0;
    free_chunks(queue, false);
    if (queue->chunks)
        queue->chunks->used = 0;
}

uint8_t *output_queue_reserve(struct output_queue *queue, size_t len)
{
    struct output_chunk *chunk = queue->chunks;
    if (!chunk || len > chunk->cap - chunk->used) {
        size_t cap = len > CHUNK_LEN ? len : CHUNK_LEN;
        chunk = malloc(sizeof *chunk + cap);
        if (!chunk)
            return NULL;
        *chunk = (struct output_chunk){.older = queue->chunks, .cap = cap};
        queue->chunks = chunk;
    }
    uint8_t *at = chunk->bytes + chunk->used;
    chunk->used += len;
    return at;
}

void output_queue_cancel(struct output_queue *queue, size_t len)
{
    queue->chunks->used -= len;
}

bool output_queue_push(struct output_queue *queue, const struct node_output *output)
{
    if (queue->count == queue->cap) {
        size_t cap = queue->cap ? queue->cap * 2 : FIRST_ITEMS;
        struct node_output *items = realloc(queue->items, cap * sizeof *items);
        if (!items)
            return false;
        queue->items = items;
        queue->cap = cap;
    }
    queue->items[queue->count++] = *output;
    return true;
}

bool output_queue_take(struct output_queue *queue, struct node_output *out)
{
    if (queue->next == queue->count)
        return false;
    *out = queue->items[queue->next++];
    return true;
}
