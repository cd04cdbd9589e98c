/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buckets of tokens: a second's worth at once, then as they come. */
#include "engine/limiter.h"

#include <stdlib.h>

#include "suite.h"

static struct instant at_ms(int64_t ms)
{
    return (struct instant){.us = ms * US_PER_MS};
}

static unsigned taken(struct limiter *limiter, int64_t ms, unsigned wanted)
{
    unsigned count = 0;
    for (unsigned i = 0; i < wanted; i++)
        count += limiter_take(limiter, at_ms(ms));
    return count;
}

START_TEST(a_seconds_worth_at_once)
{
    struct limiter limiter = limiter_of(10);
    ck_assert_uint_eq(taken(&limiter, 5000, 25), 10);
    ck_assert_uint_eq(taken(&limiter, 5099, 1), 0);
    ck_assert_uint_eq(taken(&limiter, 5100, 5), 1);
    ck_assert_uint_eq(taken(&limiter, 5350, 5), 2);
    ck_assert_uint_eq(taken(&limiter, 5400, 5), 1); /* the half that was left counts */
    ck_assert_uint_eq(taken(&limiter, 100000, 25), 10);
}
END_TEST

START_TEST(the_rate_holds_however_often_it_is_asked)
{
    struct limiter limiter = limiter_of(3);
    unsigned count = 0;
    for (int64_t ms = 0; ms < 100000; ms++)
        count += taken(&limiter, ms, 1);
    ck_assert_uint_ge(count, 3 + 3 * 99);
    ck_assert_uint_le(count, 3 + 3 * 100);
}
END_TEST

START_TEST(none_means_no_limit)
{
    struct limiter limiter = limiter_of(0);
    ck_assert_uint_eq(taken(&limiter, 0, 1000), 1000);
}
END_TEST

START_TEST(a_high_rate_does_not_overflow)
{
    struct limiter limiter = limiter_of(UINT32_MAX);
    ck_assert_uint_eq(taken(&limiter, 0, 1000), 1000);
    ck_assert_uint_eq(taken(&limiter, INT64_MAX / US_PER_MS, 1000), 1000);
}
END_TEST

START_TEST(one_address_does_not_use_up_anothers)
{
    struct limiter_table *table = limiter_table_create(2, 1);
    unsigned greedy = 0, modest = 0;
    for (unsigned i = 0; i < 1000; i++)
        greedy += limiter_table_take(table, addr_ipv4(203, 0, 113, 66), at_ms(0));
    for (unsigned i = 0; i < 100; i++)
        modest += limiter_table_take(table, addr_ipv4(198, 51, 100, (uint8_t)i), at_ms(0));
    ck_assert_uint_eq(greedy, 2);
    ck_assert_uint_ge(modest, 90); /* a few share a bucket */
    free(table);
}
END_TEST

SUITE_MAIN("limiter", a_seconds_worth_at_once, the_rate_holds_however_often_it_is_asked, none_means_no_limit,
           a_high_rate_does_not_overflow, one_address_does_not_use_up_anothers)
