/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wheel: a hierarchical timing wheel. Arming, disarming and firing cost the same whatever the number of
 * timers.
 *
 * Timers fire at their exact instant, not at a tick: the ticks only decide which list a timer waits in. The
 * list whose turn is next is sorted once, so that however many timers share a tick, each costs the same. What
 * a timer means is its owner's business (timers.h).
 */
#ifndef DMVPNKIT_ENGINE_WHEEL_H
#define DMVPNKIT_ENGINE_WHEEL_H

#include "base/instant.h"

#define WHEEL_LEVELS 5
#define WHEEL_SLOTS  64

struct timer {
    struct timer *next;
    struct timer *prev;
    struct instant at;
    uint8_t kind; /* the owner's */
    uint8_t level;
    uint8_t slot;
    bool armed;
};

struct wheel {
    uint64_t sorted; /* which slots of level 0 are in the order of their instants */
    int64_t tick;    /* everything before it has fired */
    uint64_t occupied[WHEEL_LEVELS + 1];
    struct timer *slots[WHEEL_LEVELS][WHEEL_SLOTS];
    struct timer *later; /* beyond the last level, which is half a year and more ahead */
};

void wheel_init(struct wheel *wheel, struct instant now);
/* Arm, or move if it is armed already. INSTANT_NEVER disarms. */
void wheel_arm(struct wheel *wheel, struct timer *timer, struct instant at);
void wheel_disarm(struct wheel *wheel, struct timer *timer);
/* Take one timer that is due at now, disarmed; NULL when no more are. now never runs backwards. */
struct timer *wheel_due(struct wheel *wheel, struct instant now);
/*
 * No timer is due before this instant; INSTANT_NEVER when none is armed. It is the next timer's own instant,
 * or, when that is more than a second away, possibly an earlier one at which wheel_due() finds nothing.
 */
struct instant wheel_deadline(const struct wheel *wheel);

#endif
