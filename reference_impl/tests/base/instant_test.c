/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/instant.h"
#include "tests/suite.h"

static struct instant at(int64_t us)
{
    return (struct instant){.us = us};
}

START_TEST(test_order)
{
    ck_assert(instant_before(at(1), at(2)) && !instant_before(at(2), at(2)));
    ck_assert(instant_reached(at(2), at(2)) && instant_reached(at(3), at(2)) &&
              !instant_reached(at(1), at(2)));
    ck_assert_int_eq(instant_min(at(1), at(2)).us, 1);
    ck_assert_int_eq(instant_min(INSTANT_NEVER, at(2)).us, 2);
    ck_assert(!instant_reached(at(INT64_MAX - 1), INSTANT_NEVER));
}
END_TEST

START_TEST(test_arithmetic)
{
    ck_assert_int_eq(instant_after_us(at(5), 7).us, 12);
    ck_assert_int_eq(instant_after_s(at(5), 7200).us, 7200000005);
    ck_assert_int_eq(instant_diff_us(at(5), at(12)), 7);
    ck_assert_int_eq(instant_diff_us(at(12), at(5)), -7);
}
END_TEST

START_TEST(test_never_stays_never)
{
    ck_assert_int_eq(instant_after_us(INSTANT_NEVER, 1).us, INT64_MAX);
    ck_assert_int_eq(instant_after_s(INSTANT_NEVER, 65535).us, INT64_MAX);
    ck_assert_int_eq(instant_after_us(at(INT64_MAX - 3), 4).us, INT64_MAX);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_order, test_arithmetic, test_never_stays_never, NULL};
    return suite_run_tests("instant", tests);
}
