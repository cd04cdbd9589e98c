/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output_queue: what a node wants done, in order, and the octets of the packets among it, which stay in place
 * until the next reset.
 */
#ifndef DMVPNKIT_ENGINE_OUTPUT_QUEUE_H
#define DMVPNKIT_ENGINE_OUTPUT_QUEUE_H

#include "engine/io.h"

struct output_chunk;

struct output_queue {
    struct node_output *items;
    size_t count;
    size_t cap;
    size_t next;                 /* the first one not taken yet */
    struct output_chunk *chunks; /* the newest first */
};

void output_queue_init(struct output_queue *queue);
void output_queue_free(struct output_queue *queue);
/* Forget all outputs and octets. */
void output_queue_reset(struct output_queue *queue);

/* Room for a packet, not initialised; NULL when memory runs out. */
uint8_t *output_queue_reserve(struct output_queue *queue, size_t len);
/* Give back the room reserved last. */
void output_queue_cancel(struct output_queue *queue, size_t len);
/* False when memory runs out. */
bool output_queue_push(struct output_queue *queue, const struct node_output *output);
bool output_queue_take(struct output_queue *queue, struct node_output *out);

#endif
