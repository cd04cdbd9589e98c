/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/checksum.h"
#include "tests/suite.h"

START_TEST(test_example_of_rfc_1071)
{
    static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    ck_assert_uint_eq(checksum_of(span_of(bytes, sizeof bytes)), (uint16_t)~0xddf2);
}
END_TEST

START_TEST(test_odd_octet_counts_as_high_half)
{
    static const uint8_t odd[] = {0x12, 0x34, 0x56};
    static const uint8_t even[] = {0x12, 0x34, 0x56, 0x00};
    ck_assert_uint_eq(checksum_of(span_of(odd, 3)), checksum_of(span_of(even, 4)));
    ck_assert_uint_eq(checksum_of(span_of(odd, 3)), (uint16_t) ~(0x1234 + 0x5600));
}
END_TEST

START_TEST(test_zero_over_bytes_that_hold_their_own)
{
    uint8_t bytes[] = {0x45, 0x00, 0x00, 0x54, 0xa0, 0x2b, 0x40, 0x00, 0, 0, 0xff, 0xff, 0xff};
    uint16_t sum = checksum_of(span_of(bytes, sizeof bytes));
    bytes[8] = (uint8_t)(sum >> 8);
    bytes[9] = (uint8_t)sum;
    ck_assert_uint_eq(checksum_of(span_of(bytes, sizeof bytes)), 0);
    bytes[0] ^= 1;
    ck_assert_uint_ne(checksum_of(span_of(bytes, sizeof bytes)), 0);
}
END_TEST

START_TEST(test_carries_of_many_words)
{
    static uint8_t bytes[65535];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = 0xff;
    /* 32767 times 0xffff, which counts as 0, and a last 0xff00. */
    ck_assert_uint_eq(checksum_of(span_of(bytes, sizeof bytes)), 0x00ff);
}
END_TEST

START_TEST(test_nothing)
{
    ck_assert_uint_eq(checksum_of((struct span){0}), 0xffff);
}
END_TEST

START_TEST(test_two_stretches_are_one)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (size_t cut = 0; cut <= 8; cut += 2)
        ck_assert_uint_eq(checksum_of_two(span_of(bytes, cut), span_of(bytes + cut, 9 - cut)),
                          checksum_of(span_of(bytes, 9)));
}
END_TEST

/* RFC 1071's definition, word by word. */
static uint16_t checksum_by_definition(const uint8_t *bytes, size_t len)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

START_TEST(test_every_length_at_every_place)
{
    uint8_t bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 151 + 17);
    for (size_t from = 0; from < 16; from++)
        for (size_t len = 0; from + len <= sizeof bytes; len++)
            ck_assert_uint_eq(checksum_of(span_of(bytes + from, len)),
                              checksum_by_definition(bytes + from, len));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_example_of_rfc_1071,
                                  test_odd_octet_counts_as_high_half,
                                  test_zero_over_bytes_that_hold_their_own,
                                  test_carries_of_many_words,
                                  test_nothing,
                                  test_two_stretches_are_one,
                                  test_every_length_at_every_place,
                                  NULL};
    return suite_run_tests("checksum", tests);
}
