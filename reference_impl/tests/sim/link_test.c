/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links: delay, jitter, loss, duplication; and no draw from chance where nothing is left to it. */
#include "drivers/sim/link.h"

#include <check.h>
#include <stdlib.h>

static const struct instant sent = {.us = 1000};

START_TEST(delay_alone_is_certain)
{
    struct random_state chance = random_seeded(1);
    struct link_fate fate = link_send(&(struct link_config){.delay_us = 250}, sent, &chance);
    ck_assert_uint_eq(fate.copies, 1);
    ck_assert_int_eq(fate.arrivals[0].us, 1250);
    ck_assert_uint_eq(chance.word, random_seeded(1).word);
}
END_TEST

START_TEST(certain_loss_and_certain_duplication)
{
    struct random_state chance = random_seeded(1);
    ck_assert_uint_eq(link_send(&(struct link_config){.loss = LINK_CERTAIN}, sent, &chance).copies, 0);
    struct link_fate fate = link_send(&(struct link_config){.duplicate = LINK_CERTAIN}, sent, &chance);
    ck_assert_uint_eq(fate.copies, 2);
    ck_assert_int_eq(fate.arrivals[0].us, 1000);
    ck_assert_int_eq(fate.arrivals[1].us, 1000);
}
END_TEST

START_TEST(shares_come_out_about_right)
{
    const struct link_config config = {.loss = LINK_CERTAIN / 10, .duplicate = LINK_CERTAIN / 4};
    struct random_state chance = random_seeded(3);
    unsigned seen[3] = {0};
    for (int i = 0; i < 10000; i++)
        seen[link_send(&config, sent, &chance).copies]++;
    ck_assert_uint_gt(seen[0], 900);
    ck_assert_uint_lt(seen[0], 1100);
    ck_assert_uint_gt(seen[2], 2100); /* a quarter of the nine tenths that are not lost: 2250 */
    ck_assert_uint_lt(seen[2], 2400);
}
END_TEST

START_TEST(jitter_stays_in_its_bounds)
{
    const struct link_config config = {.delay_us = 10, .jitter_us = 3};
    struct random_state chance = random_seeded(5);
    bool seen[4] = {false};
    for (int i = 0; i < 200; i++) {
        int64_t more_us = link_send(&config, sent, &chance).arrivals[0].us - 1010;
        ck_assert_int_ge(more_us, 0);
        ck_assert_int_le(more_us, 3);
        seen[more_us] = true;
    }
    ck_assert(seen[0] && seen[1] && seen[2] && seen[3]);
}
END_TEST

START_TEST(some_are_held_back)
{
    const struct link_config config = {.delay_us = 10, .reorder = LINK_CERTAIN / 4, .reorder_us = 500};
    struct random_state chance = random_seeded(5);
    unsigned late = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t more_us = link_send(&config, sent, &chance).arrivals[0].us - 1010;
        ck_assert(more_us == 0 || more_us == 500);
        late += more_us == 500;
    }
    ck_assert_uint_gt(late, 200);
    ck_assert_uint_lt(late, 300);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("link");
    TCase *cases = tcase_create("fate");
    tcase_add_test(cases, delay_alone_is_certain);
    tcase_add_test(cases, certain_loss_and_certain_duplication);
    tcase_add_test(cases, shares_come_out_about_right);
    tcase_add_test(cases, jitter_stays_in_its_bounds);
    tcase_add_test(cases, some_are_held_back);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
