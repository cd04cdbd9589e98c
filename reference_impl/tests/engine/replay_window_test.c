/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/replay_window.h"
#include "tests/suite.h"

#include "base/random.h"

#define TWO_TO_32 (UINT64_C(1) << 32)

static struct replay_window window_at(unsigned size, uint64_t top)
{
    struct replay_window window;
    ck_assert(replay_window_init(&window, size));
    if (top > 0)
        replay_window_note(&window, top);
    return window;
}

START_TEST(test_sizes)
{
    static const unsigned bad[] = {0, 1, 32, 63, 65, 100, 1000, 1025, 1088, 65536};
    struct replay_window window;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert(!replay_window_init(&window, bad[i]));
    for (unsigned size = REPLAY_WINDOW_MIN; size <= REPLAY_WINDOW_MAX; size += 64)
        ck_assert(replay_window_init(&window, size));
}
END_TEST

START_TEST(test_zero_is_never_sent)
{
    struct replay_window window = window_at(64, 0);
    ck_assert_int_eq(replay_window_check(&window, 0), REPLAY_TOO_OLD);
    ck_assert_int_eq(replay_window_check(&window, 1), REPLAY_NEW);
}
END_TEST

START_TEST(test_edges)
{
    for (unsigned size = REPLAY_WINDOW_MIN; size <= REPLAY_WINDOW_MAX; size += 64) {
        for (uint64_t top = size; top < size + 130; top++) {
            struct replay_window window = window_at(size, top);
            ck_assert_int_eq(replay_window_check(&window, top), REPLAY_SEEN);
            ck_assert_int_eq(replay_window_check(&window, top + 1), REPLAY_NEW);
            ck_assert_int_eq(replay_window_check(&window, top - 1), REPLAY_NEW);
            if (top > size)
                ck_assert_int_eq(replay_window_check(&window, top - size + 1), REPLAY_NEW);
            ck_assert_int_eq(replay_window_check(&window, top - size), REPLAY_TOO_OLD);
        }
    }
}
END_TEST

START_TEST(test_checking_moves_nothing)
{
    struct replay_window window = window_at(64, 100);
    ck_assert_int_eq(replay_window_check(&window, 1000000), REPLAY_NEW);
    ck_assert_int_eq(replay_window_check(&window, 99), REPLAY_NEW);
    ck_assert_uint_eq(window.top, 100);
}
END_TEST

START_TEST(test_a_long_jump_forgets_everything)
{
    struct replay_window window = window_at(1024, 0);
    for (uint64_t n = 1; n <= 2048; n++)
        replay_window_note(&window, n);
    uint64_t top = 2048 + 64 * REPLAY_WINDOW_WORDS * UINT64_C(1000);
    replay_window_note(&window, top);
    for (uint64_t n = top - 1023; n < top; n++)
        ck_assert_int_eq(replay_window_check(&window, n), REPLAY_NEW);
    ck_assert_int_eq(replay_window_check(&window, top), REPLAY_SEEN);
}
END_TEST

/* Against a model that remembers every number: 5,000 numbers around a moving top, for each size. */
START_TEST(test_agrees_with_a_plain_model)
{
    enum { NUMBERS = 10000 };
    static bool seen[NUMBERS + 1];
    for (unsigned size = REPLAY_WINDOW_MIN; size <= REPLAY_WINDOW_MAX; size += 64) {
        struct random_state r = random_seeded(size);
        struct replay_window window = window_at(size, 0);
        uint64_t top = 0;
        memset(seen, 0, sizeof seen);
        for (int i = 0; i < 5000; i++) {
            uint64_t lowest = top > size + 100 ? top - size - 100 : 1;
            uint64_t number = lowest + random_below(&r, top - lowest + 3 + (i % 200 == 0 ? 700 : 0));
            if (number > NUMBERS)
                break;
            enum replay_verdict expected = number + size <= top ? REPLAY_TOO_OLD
                                           : seen[number]       ? REPLAY_SEEN
                                                                : REPLAY_NEW;
            ck_assert_int_eq(replay_window_check(&window, number), expected);
            if (expected == REPLAY_NEW) {
                replay_window_note(&window, number);
                seen[number] = true;
                top = number > top ? number : top;
            }
        }
        ck_assert_uint_gt(top, 500);
    }
}
END_TEST

START_TEST(test_inference_within_one_half)
{
    struct replay_window window = window_at(64, 7 * TWO_TO_32 + 1000); /* case A */
    ck_assert_uint_eq(replay_window_infer(&window, 1000), 7 * TWO_TO_32 + 1000);
    ck_assert_uint_eq(replay_window_infer(&window, 937), 7 * TWO_TO_32 + 937); /* the window's first */
    ck_assert_uint_eq(replay_window_infer(&window, 936), 8 * TWO_TO_32 + 936); /* before it: the next half */
    ck_assert_uint_eq(replay_window_infer(&window, 0xffffffff), 7 * TWO_TO_32 + 0xffffffff);
    ck_assert_uint_eq(replay_window_infer(&window, 0), 8 * TWO_TO_32);
}
END_TEST

START_TEST(test_inference_across_two_halves)
{
    struct replay_window window = window_at(64, 7 * TWO_TO_32 + 10); /* case B: the window began in half 6 */
    ck_assert_uint_eq(replay_window_infer(&window, 10), 7 * TWO_TO_32 + 10);
    ck_assert_uint_eq(replay_window_infer(&window, 0), 7 * TWO_TO_32);
    ck_assert_uint_eq(replay_window_infer(&window, 0xffffffff), 6 * TWO_TO_32 + 0xffffffff);
    ck_assert_uint_eq(replay_window_infer(&window, 0xffffffff - 52), 6 * TWO_TO_32 + 0xffffffff - 52);
    ck_assert_uint_eq(replay_window_infer(&window, 0xffffffff - 53), 7 * TWO_TO_32 + 0xffffffff - 53);
}
END_TEST

START_TEST(test_inference_where_the_cases_meet)
{
    struct replay_window a = window_at(64, 7 * TWO_TO_32 + 63); /* the window is 0..63: case A */
    ck_assert_uint_eq(replay_window_infer(&a, 0), 7 * TWO_TO_32);
    ck_assert_uint_eq(replay_window_infer(&a, 0xffffffff), 7 * TWO_TO_32 + 0xffffffff);
    struct replay_window b = window_at(64, 7 * TWO_TO_32 + 62); /* one number lies in half 6: case B */
    ck_assert_uint_eq(replay_window_infer(&b, 0), 7 * TWO_TO_32);
    ck_assert_uint_eq(replay_window_infer(&b, 0xffffffff), 6 * TWO_TO_32 + 0xffffffff);
    ck_assert_uint_eq(replay_window_infer(&b, 0xfffffffe), 7 * TWO_TO_32 + 0xfffffffe);
}
END_TEST

START_TEST(test_nothing_lies_before_the_first_half)
{
    struct replay_window window = window_at(64, 0);
    ck_assert_uint_eq(replay_window_infer(&window, 1), 1);
    ck_assert_uint_eq(replay_window_infer(&window, 0xffffffff), 0xffffffff);
}
END_TEST

START_TEST(test_the_wrap_packet_by_packet)
{
    struct replay_window window = window_at(128, TWO_TO_32 - 200);
    for (uint64_t number = TWO_TO_32 - 199; number < TWO_TO_32 + 200; number++) {
        uint64_t inferred = replay_window_infer(&window, (uint32_t)number);
        ck_assert_uint_eq(inferred, number);
        ck_assert_int_eq(replay_window_check(&window, inferred), REPLAY_NEW);
        replay_window_note(&window, inferred);
        /* A replay from before the wrap is told from a new number with the same low half. */
        uint64_t old = number - 100;
        if (old > TWO_TO_32 - 200)
            ck_assert_int_eq(replay_window_check(&window, replay_window_infer(&window, (uint32_t)old)),
                             REPLAY_SEEN);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_sizes,
        test_zero_is_never_sent,
        test_edges,
        test_checking_moves_nothing,
        test_a_long_jump_forgets_everything,
        test_agrees_with_a_plain_model,
        test_inference_within_one_half,
        test_inference_across_two_halves,
        test_inference_where_the_cases_meet,
        test_nothing_lies_before_the_first_half,
        test_the_wrap_packet_by_packet,
        NULL,
    };
    return suite_run_tests("replay_window", tests);
}
