/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event queue: in the order of time, and of arrival within one instant. */
#include "drivers/sim/clock.h"

#include <check.h>
#include <stdlib.h>

#include "base/random.h"

START_TEST(empty)
{
    struct clock clock = clock_empty();
    struct clock_event event;
    ck_assert(!clock_take(&clock, &event));
    ck_assert_int_eq(clock_next(&clock).us, INSTANT_NEVER.us);
    clock_clear(&clock);
}
END_TEST

START_TEST(many_events_come_out_in_order)
{
    enum { COUNT = 5000 };
    struct clock clock = clock_empty();
    struct clock_event event;
    struct random_state chance = random_seeded(7);
    /* Few instants, so that many events share one; `number` says in which order they went in. */
    for (uint64_t i = 0; i < COUNT; i++)
        ck_assert(clock_add(
            &clock, (struct clock_event){.at = {.us = (int64_t)random_below(&chance, 50)}, .number = i}));
    struct clock_event before = {.at = {.us = -1}};
    for (unsigned i = 0; i < COUNT; i++) {
        int64_t next_us = clock_next(&clock).us;
        ck_assert(clock_take(&clock, &event));
        ck_assert_int_eq(event.at.us, next_us);
        ck_assert_int_eq(event.at.us, clock.now.us);
        ck_assert_int_ge(event.at.us, before.at.us);
        if (event.at.us == before.at.us)
            ck_assert_uint_gt(event.number, before.number);
        before = event;
    }
    ck_assert(!clock_take(&clock, &event));
    clock_clear(&clock);
}
END_TEST

START_TEST(time_never_runs_backwards)
{
    struct clock clock = clock_empty();
    struct clock_event event;
    ck_assert(clock_add(&clock, (struct clock_event){.at = {.us = 100}}));
    ck_assert(clock_take(&clock, &event));
    ck_assert(clock_add(&clock, (struct clock_event){.at = {.us = 5}, .number = 1}));
    ck_assert(clock_take(&clock, &event));
    ck_assert_uint_eq(event.number, 1);
    ck_assert_int_eq(event.at.us, 100);
    clock_clear(&clock);
}
END_TEST

START_TEST(packets_left_over_are_freed)
{
    /* The leak checker of the sanitizer build is the judge. */
    struct clock clock = clock_empty();
    struct clock_event event;
    for (int i = 0; i < 3; i++)
        ck_assert(
            clock_add(&clock, (struct clock_event){.at = {.us = i}, .packet = malloc(10), .packet_len = 10}));
    ck_assert(clock_take(&clock, &event));
    free(event.packet);
    clock_clear(&clock);
    ck_assert_uint_eq(clock.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clock");
    TCase *cases = tcase_create("queue");
    tcase_add_test(cases, empty);
    tcase_add_test(cases, many_events_come_out_in_order);
    tcase_add_test(cases, time_never_runs_backwards);
    tcase_add_test(cases, packets_left_over_are_freed);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
