/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/random.h"
#include "tests/suite.h"

START_TEST(test_known_sequence)
{
    /* The published first outputs of SplitMix64 for seed 1234567. */
    static const uint64_t expected[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                        UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                        UINT64_C(16408922859458223821)};
    struct random_state r = random_seeded(1234567);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        ck_assert_uint_eq(random_u64(&r), expected[i]);
}
END_TEST

START_TEST(test_below_stays_below)
{
    struct random_state r = random_seeded(1);
    for (uint64_t bound = 1; bound < 200; bound++)
        for (int i = 0; i < 20; i++)
            ck_assert_uint_lt(random_below(&r, bound), bound);
    ck_assert_uint_eq(random_below(&r, 0), 0);
    for (int i = 0; i < 20; i++)
        ck_assert_uint_lt(random_below(&r, UINT64_MAX / 2 + 2), UINT64_MAX / 2 + 2);
}
END_TEST

START_TEST(test_below_is_even)
{
    enum { BOUND = 10, DRAWS = 10000 };
    struct random_state r = random_seeded(7);
    unsigned count[BOUND] = {0};
    for (int i = 0; i < DRAWS; i++)
        count[random_below(&r, BOUND)]++;
    for (int i = 0; i < BOUND; i++) {
        ck_assert_uint_gt(count[i], DRAWS / BOUND * 85 / 100);
        ck_assert_uint_lt(count[i], DRAWS / BOUND * 115 / 100);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_known_sequence, test_below_stays_below, test_below_is_even, NULL};
    return suite_run_tests("random", tests);
}
