/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/random.h"
#include "engine/wheel.h"
#include "suite.h"

static struct instant at_us(int64_t us)
{
    return (struct instant){.us = us};
}

START_TEST(nothing_is_due_when_nothing_is_armed)
{
    struct wheel wheel;
    wheel_init(&wheel, at_us(5));
    ck_assert_ptr_null(wheel_due(&wheel, at_us(1000000000)));
    ck_assert_int_eq(wheel_deadline(&wheel).us, INSTANT_NEVER.us);
    struct timer timer = {0};
    wheel_arm(&wheel, &timer, INSTANT_NEVER);
    ck_assert(!timer.armed);
}
END_TEST

START_TEST(timer_fires_at_its_instant_and_not_before)
{
    static const int64_t waits_us[] = {
        0,        1,         16383,       16384,          999999,          1000000,
        64000000, 600000000, 65535000000, 86400000000000, 2000000000000000};
    for (size_t i = 0; i < sizeof waits_us / sizeof *waits_us; i++) {
        struct wheel wheel;
        struct timer timer = {0};
        wheel_init(&wheel, at_us(123456789));
        struct instant at = at_us(123456789 + waits_us[i]);
        wheel_arm(&wheel, &timer, at);
        unsigned wakes = 0;
        struct instant deadline;
        while ((deadline = wheel_deadline(&wheel)).us < at.us) { /* waking early is allowed, firing is not */
            ck_assert_ptr_null(wheel_due(&wheel, deadline));
            ck_assert_uint_lt(++wakes, 200);
        }
        ck_assert_int_eq(deadline.us, at.us);
        if (waits_us[i] > 0)
            ck_assert_ptr_null(wheel_due(&wheel, at_us(at.us - 1)));
        ck_assert_ptr_eq(wheel_due(&wheel, at), &timer);
        ck_assert(!timer.armed);
        ck_assert_ptr_null(wheel_due(&wheel, at));
    }
}
END_TEST

START_TEST(the_past_is_due_at_once)
{
    struct wheel wheel;
    struct timer timer = {0};
    wheel_init(&wheel, at_us(0));
    ck_assert_ptr_null(wheel_due(&wheel, at_us(70000000)));
    wheel_arm(&wheel, &timer, at_us(5));
    ck_assert_int_eq(wheel_deadline(&wheel).us, 5);
    ck_assert_ptr_eq(wheel_due(&wheel, at_us(70000000)), &timer);
}
END_TEST

START_TEST(equal_instants_fire_in_the_order_of_arming)
{
    struct wheel wheel;
    struct timer timers[3] = {0};
    wheel_init(&wheel, at_us(0));
    for (int i = 0; i < 3; i++)
        wheel_arm(&wheel, &timers[i], at_us(77));
    for (int i = 0; i < 3; i++)
        ck_assert_ptr_eq(wheel_due(&wheel, at_us(100)), &timers[i]);
}
END_TEST

#define TIMERS 500

/* Against a plain list: random arming, moving, disarming and jumps of all sizes. */
START_TEST(agrees_with_a_plain_list)
{
    struct random_state random = random_seeded(1);
    struct wheel wheel;
    struct timer timers[TIMERS] = {0};
    struct instant now = at_us(0);
    wheel_init(&wheel, now);
    for (int step = 0; step < 20000; step++) {
        struct timer *timer = &timers[random_below(&random, TIMERS)];
        unsigned scale = (unsigned)random_below(&random, 45);
        int64_t some_us = (int64_t)random_below(&random, (UINT64_C(1) << scale) + 1);
        switch (random_below(&random, 4)) {
        case 0:
        case 1:
            wheel_arm(&wheel, timer, instant_after_us(now, some_us));
            break;
        case 2:
            wheel_disarm(&wheel, timer);
            break;
        default:
            now = instant_after_us(now, some_us >> 10);
            unsigned due = 0, fired = 0;
            for (int i = 0; i < TIMERS; i++)
                due += timers[i].armed && instant_reached(now, timers[i].at);
            for (struct timer *t; (t = wheel_due(&wheel, now)); fired++)
                ck_assert(instant_reached(now, t->at));
            ck_assert_uint_eq(fired, due);
        }
        struct instant first = INSTANT_NEVER;
        for (int i = 0; i < TIMERS; i++)
            if (timers[i].armed)
                first = instant_min(first, timers[i].at);
        ck_assert_int_le(wheel_deadline(&wheel).us, first.us);
    }
}
END_TEST

/* A hundred thousand for one instant: each must not cost a look at all the others. */
START_TEST(many_timers_of_one_instant_are_no_burden)
{
    enum { MANY = 100000 };
    static struct timer timers[MANY];
    struct wheel wheel;
    struct instant at = {.us = 600 * US_PER_S};
    wheel_init(&wheel, (struct instant){.us = 0});
    for (size_t i = 0; i < MANY; i++)
        wheel_arm(&wheel, &timers[i], at);
    struct timer late = {0}, early = {0};
    ck_assert_ptr_null(wheel_due(&wheel, (struct instant){.us = at.us - 1}));
    wheel_arm(&wheel, &late, at); /* into a list that is in order already */
    wheel_arm(&wheel, &early, (struct instant){.us = at.us - 1});
    ck_assert_int_eq(wheel_deadline(&wheel).us, at.us - 1);
    ck_assert_ptr_eq(wheel_due(&wheel, at), &early);
    for (size_t i = 0; i < MANY; i++) {
        ck_assert_int_eq(wheel_deadline(&wheel).us, at.us);
        struct timer *due = wheel_due(&wheel, at);
        ck_assert(due >= timers && due < timers + MANY);
    }
    ck_assert_ptr_eq(wheel_due(&wheel, at), &late);
    ck_assert_ptr_null(wheel_due(&wheel, at));
}
END_TEST

SUITE_MAIN("wheel", many_timers_of_one_instant_are_no_burden, nothing_is_due_when_nothing_is_armed,
           timer_fires_at_its_instant_and_not_before, the_past_is_due_at_once,
           equal_instants_fire_in_the_order_of_arming, agrees_with_a_plain_list)
