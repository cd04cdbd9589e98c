/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/wheel.h"

#include <stddef.h>

#define TICK_SHIFT 14 /* a tick is 16384 us; level 0 spans one second, five levels 203 days */
#define SLOT_BITS  6

static int64_t tick_of(struct instant t)
{
    return t.us >> TICK_SHIFT;
}

void wheel_init(struct wheel *wheel, struct instant now)
{
    *wheel = (struct wheel){.tick = now.us < 0 ? 0 : tick_of(now)};
}

static struct timer **list_of(struct wheel *wheel, unsigned level, unsigned slot)
{
    return level < WHEEL_LEVELS ? &wheel->slots[level][slot] : &wheel->later;
}

/* Into a list that is in order, behind all that are due no later. */
static void insert_sorted(struct timer **list, struct timer *timer)
{
    struct timer *before = NULL, *after = *list;
    for (; after && !instant_before(timer->at, after->at); after = after->next)
        before = after;
    timer->prev = before;
    timer->next = after;
    if (after)
        after->prev = timer;
    *(before ? &before->next : list) = timer;
}

/* Merge two lists in order; of equals those of the first come first. */
static struct timer *merge(struct timer *a, struct timer *b)
{
    struct timer *head = NULL, **tail = &head;
    while (a && b) {
        struct timer **from = instant_before(b->at, a->at) ? &b : &a;
        *tail = *from;
        *from = (*from)->next;
        tail = &(*tail)->next;
    }
    *tail = a ? a : b;
    return head;
}

/* Sort a list by instants, equal ones in the order of their arming: the newest is at its head now. */
static struct timer *sort(struct timer *list)
{
    struct timer *runs[64] = {NULL}, *sorted = NULL;
    for (struct timer *next; list;
         list = next) { /* from the newest to the oldest: each goes before the rest */
        next = list->next;
        list->next = NULL;
        struct timer *run = list;
        unsigned i = 0;
        for (; runs[i]; runs[i++] = NULL)
            run = merge(run, runs[i]);
        runs[i] = run;
    }
    for (unsigned i = 0; i < 64; i++)
        if (runs[i])
            sorted = merge(sorted, runs[i]);
    struct timer *prev = NULL;
    for (struct timer *t = sorted; t; prev = t, t = t->next)
        t->prev = prev;
    return sorted;
}

static void wheel_link(struct wheel *wheel, struct timer *timer)
{
    int64_t tick = tick_of(timer->at);
    if (tick < wheel->tick)
        tick = wheel->tick;
    uint64_t differs = (uint64_t)(tick ^ wheel->tick);
    unsigned level = differs == 0 ? 0 : (63 - (unsigned)__builtin_clzll(differs)) / SLOT_BITS;
    unsigned slot = 0;
    if (level < WHEEL_LEVELS)
        slot = (unsigned)(tick >> SLOT_BITS * level) % WHEEL_SLOTS;
    else
        level = WHEEL_LEVELS;
    struct timer **list = list_of(wheel, level, slot);
    timer->level = (uint8_t)level;
    timer->slot = (uint8_t)slot;
    timer->armed = true;
    wheel->occupied[level] |= UINT64_C(1) << slot;
    if (level == 0 && wheel->sorted >> slot & 1) {
        insert_sorted(list, timer);
        return;
    }
    timer->prev = NULL;
    timer->next = *list;
    if (timer->next)
        timer->next->prev = timer;
    *list = timer;
}

void wheel_disarm(struct wheel *wheel, struct timer *timer)
{
    if (!timer->armed)
        return;
    timer->armed = false;
    if (timer->next)
        timer->next->prev = timer->prev;
    if (timer->prev) {
        timer->prev->next = timer->next;
        return;
    }
    *list_of(wheel, timer->level, timer->slot) = timer->next;
    if (timer->next)
        return;
    wheel->occupied[timer->level] &= ~(UINT64_C(1) << timer->slot);
    if (timer->level == 0)
        wheel->sorted &= ~(UINT64_C(1) << timer->slot);
}

void wheel_arm(struct wheel *wheel, struct timer *timer, struct instant at)
{
    wheel_disarm(wheel, timer);
    timer->at = at;
    if (at.us != INSTANT_NEVER.us)
        wheel_link(wheel, timer);
}

/* The first occupied slot in time order: it is always on the lowest occupied level. */
static bool wheel_first(const struct wheel *wheel, unsigned *level, unsigned *slot, int64_t *tick)
{
    for (*level = 0; *level <= WHEEL_LEVELS; ++*level) {
        if (!wheel->occupied[*level])
            continue;
        unsigned shift = SLOT_BITS * *level;
        int64_t slots_passed = wheel->tick >> shift; /* at this level, since the epoch */
        *slot = (unsigned)__builtin_ctzll(wheel->occupied[*level]);
        if (*level < WHEEL_LEVELS)
            slots_passed = slots_passed / WHEEL_SLOTS * WHEEL_SLOTS + *slot;
        else
            slots_passed++;
        *tick = slots_passed * (INT64_C(1) << shift);
        return true;
    }
    return false;
}

/* The timers of a slot whose turn has come move to lower levels. */
static void wheel_cascade(struct wheel *wheel, unsigned level, unsigned slot)
{
    struct timer **list = list_of(wheel, level, slot);
    struct timer *timer = *list;
    *list = NULL;
    wheel->occupied[level] &= ~(UINT64_C(1) << slot);
    for (struct timer *next; timer; timer = next) {
        next = timer->next;
        wheel_link(wheel, timer);
    }
}

static struct timer *first_in_order(struct wheel *wheel, unsigned slot)
{
    if (!(wheel->sorted >> slot & 1)) {
        wheel->slots[0][slot] = sort(wheel->slots[0][slot]);
        wheel->sorted |= UINT64_C(1) << slot;
    }
    return wheel->slots[0][slot];
}

struct timer *wheel_due(struct wheel *wheel, struct instant now)
{
    int64_t now_tick = tick_of(now);
    unsigned level, slot;
    int64_t tick;
    while (wheel_first(wheel, &level, &slot, &tick) && tick <= now_tick) {
        wheel->tick = tick;
        if (level > 0) {
            wheel_cascade(wheel, level, slot);
            continue;
        }
        struct timer *first = first_in_order(wheel, slot);
        if (!instant_reached(now, first->at))
            return NULL;
        wheel_disarm(wheel, first);
        return first;
    }
    if (now_tick > wheel->tick)
        wheel->tick = now_tick;
    if (wheel->occupied[0])
        first_in_order(wheel, (unsigned)__builtin_ctzll(wheel->occupied[0])); /* wheel_deadline() will ask */
    return NULL;
}

struct instant wheel_deadline(const struct wheel *wheel)
{
    unsigned level, slot;
    int64_t tick;
    if (!wheel_first(wheel, &level, &slot, &tick))
        return INSTANT_NEVER;
    if (level > 0)
        return (struct instant){.us = tick * (INT64_C(1) << TICK_SHIFT)};
    if (wheel->sorted >> slot & 1)
        return wheel->slots[0][slot]->at;
    struct instant first = INSTANT_NEVER;
    for (const struct timer *t = wheel->slots[0][slot]; t; t = t->next)
        first = instant_min(first, t->at);
    return first;
}
