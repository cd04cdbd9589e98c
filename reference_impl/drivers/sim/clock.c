/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock: a binary heap by (instant, order of arrival). Owns queued packets; must not know what events mean.
 */
#include "drivers/sim/clock.h"

#include <stdlib.h>

struct clock clock_empty(void)
{
    return (struct clock){0};
}

static bool sooner(const struct clock_event *a, const struct clock_event *b)
{
    return a->at.us != b->at.us ? a->at.us < b->at.us : a->order < b->order;
}

static bool reserve(struct clock *clock)
{
    if (clock->count < clock->cap)
        return true;
    size_t cap = clock->cap ? clock->cap * 2 : 64;
    struct clock_event *heap = realloc(clock->heap, cap * sizeof *heap);
    if (!heap)
        return false;
    clock->heap = heap;
    clock->cap = cap;
    return true;
}

bool clock_add(struct clock *clock, struct clock_event event)
{
    if (!reserve(clock)) {
        free(event.packet);
        return false;
    }
    if (instant_before(event.at, clock->now))
        event.at = clock->now;
    event.order = clock->next_order++;
    size_t hole = clock->count++;
    while (hole > 0 && sooner(&event, &clock->heap[(hole - 1) / 2])) {
        clock->heap[hole] = clock->heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    clock->heap[hole] = event;
    return true;
}

/* Put event where the root was, below everything that is sooner. */
static void sift_down(struct clock *clock, struct clock_event event)
{
    size_t hole = 0;
    for (;;) {
        size_t child = hole * 2 + 1;
        if (child >= clock->count)
            break;
        if (child + 1 < clock->count && sooner(&clock->heap[child + 1], &clock->heap[child]))
            child++;
        if (sooner(&event, &clock->heap[child]))
            break;
        clock->heap[hole] = clock->heap[child];
        hole = child;
    }
    clock->heap[hole] = event;
}

bool clock_take(struct clock *clock, struct clock_event *out)
{
    if (clock->count == 0)
        return false;
    *out = clock->heap[0];
    clock->now = out->at;
    clock->count--;
    if (clock->count > 0)
        sift_down(clock, clock->heap[clock->count]);
    return true;
}

struct instant clock_next(const struct clock *clock)
{
    return clock->count > 0 ? clock->heap[0].at : INSTANT_NEVER;
}

void clock_clear(struct clock *clock)
{
    for (size_t i = 0; i < clock->count; i++)
        free(clock->heap[i].packet);
    free(clock->heap);
    *clock = clock_empty();
}
