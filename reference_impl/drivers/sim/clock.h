/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock: virtual time and the queue of what is to come. Time only moves when an event is taken; two events of
 * the same instant come out in the order in which they were put in, so that a run can be repeated octet for
 * octet.
 */
#ifndef DMVPNKIT_SIM_CLOCK_H
#define DMVPNKIT_SIM_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/instant.h"

/* kind, target, number and packet mean what the caller wants; the queue looks at none of them. */
struct clock_event {
    struct instant at;
    uint64_t order; /* given by clock_add() */
    unsigned kind;
    uint32_t target;
    uint64_t number;
    uint8_t *packet; /* owned by the event; NULL if it carries none */
    size_t packet_len;
};

struct clock {
    struct instant now;
    uint64_t next_order;
    struct clock_event *heap;
    size_t count;
    size_t cap;
};

/* An empty queue at instant 0. */
struct clock clock_empty(void);
/* Take over the event, its packet included. False, and the packet freed, when memory runs out. An instant in
 * the past counts as now. */
bool clock_add(struct clock *clock, struct clock_event event);
/* The next event becomes the present; the caller owns its packet. False when there is none. */
bool clock_take(struct clock *clock, struct clock_event *out);
/* When the next event is due; INSTANT_NEVER if there is none. */
struct instant clock_next(const struct clock *clock);
/* Free the queue with all packets in it. */
void clock_clear(struct clock *clock);

#endif
