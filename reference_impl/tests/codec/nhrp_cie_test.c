/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include <string.h>

#include "codec/nhrp_cie.h"

/* A whole one with all three addresses, as it is on the wire. */
static const uint8_t wire[] = {14,   24,  0x12, 0x34, 0x05, 0x78, 0x02, 0x58, 0x44, 0x82, 0x03,
                               0xc8, '1', '2',  '3',  '4',  0xaa, 0xbb, 10,   0,    0};

START_TEST(test_every_field)
{
    struct span list = span_of(wire, sizeof wire);
    struct nhrp_cie cie;
    ck_assert(nhrp_cie_next(&list, &cie));
    ck_assert_uint_eq(cie.code, NHRP_CIE_ALREADY_REGISTERED);
    ck_assert_uint_eq(cie.prefix_len, 24);
    ck_assert_uint_eq(cie.unused, 0x1234);
    ck_assert_uint_eq(cie.mtu, 1400);
    ck_assert_uint_eq(cie.hold_s, 600);
    ck_assert(cie.nbma_type.e164 && !cie.nbma_type.reserved);
    ck_assert(!cie.subaddress_type.e164 && cie.subaddress_type.reserved);
    ck_assert_uint_eq(cie.preference, 200);
    ck_assert(span_equal(cie.nbma, span_of("1234", 4)));
    ck_assert(span_equal(cie.subaddress, span_of("\xaa\xbb", 2)));
    ck_assert(span_equal(cie.protocol, span_of("\x0a\0\0", 3)));
    ck_assert_uint_eq(list.len, 0);
    ck_assert(!nhrp_cie_next(&list, &cie));
}
END_TEST

START_TEST(test_round_trip)
{
    struct span list = span_of(wire, sizeof wire), out;
    struct nhrp_cie cie;
    ck_assert(nhrp_cie_next(&list, &cie));
    uint8_t buf[64];
    struct writer w = writer_of(buf, sizeof buf);
    nhrp_cie_write(&w, &cie);
    ck_assert(writer_done(&w, &out));
    ck_assert(span_equal(out, span_of(wire, sizeof wire)));
}
END_TEST

START_TEST(test_check_counts_and_points)
{
    uint8_t list[3 * sizeof wire];
    for (size_t i = 0; i < 3; i++)
        memcpy(list + i * sizeof wire, wire, sizeof wire);
    for (size_t len = 0; len <= sizeof list; len++) {
        size_t count = 99, bad_at = 99;
        bool whole = nhrp_cie_check(span_of(list, len), &count, &bad_at);
        ck_assert_int_eq(whole, len % sizeof wire == 0);
        ck_assert_uint_eq(count, len / sizeof wire);
        ck_assert_uint_eq(bad_at, whole ? 99 : len / sizeof wire * sizeof wire);
    }
    ck_assert(!nhrp_cie_check(span_of(list, 1), NULL, NULL));
    ck_assert_uint_eq(nhrp_cie_count(span_of(list, sizeof list)), 3);
    ck_assert_uint_eq(nhrp_cie_count((struct span){0}), 0);
}
END_TEST

START_TEST(test_next_leaves_the_rest_that_does_not_fit)
{
    struct span list = span_of(wire, sizeof wire - 1);
    struct nhrp_cie cie;
    ck_assert(!nhrp_cie_next(&list, &cie));
    ck_assert_uint_eq(list.len, sizeof wire - 1);
}
END_TEST

START_TEST(test_write_refuses_long_addresses)
{
    static uint8_t octets[300];
    static uint8_t buf[600];
    const struct nhrp_cie longest = {
        .nbma = {octets, 63}, .subaddress = {octets, 63}, .protocol = {octets, 255}};
    struct writer w = writer_of(buf, sizeof buf);
    nhrp_cie_write(&w, &longest);
    ck_assert(!w.failed);
    ck_assert_uint_eq(w.pos, NHRP_CIE_FIXED_LEN + 63 + 63 + 255);
    for (int i = 0; i < 3; i++) {
        struct nhrp_cie longer = longest;
        (i == 0 ? &longer.nbma : i == 1 ? &longer.subaddress : &longer.protocol)->len++;
        w = writer_of(buf, sizeof buf);
        nhrp_cie_write(&w, &longer);
        ck_assert(w.failed);
        ck_assert_uint_eq(w.pos, 0);
    }
}
END_TEST

START_TEST(test_words)
{
    ck_assert_str_eq(nhrp_cie_code_words(NHRP_CIE_OK), "success");
    ck_assert_int_eq(NHRP_CIE_NO_BINDING, 12);
    ck_assert_str_eq(nhrp_cie_code_words(12), "no binding exists");
    ck_assert_str_eq(nhrp_cie_code_words(11), "unknown");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_every_field,
                                  test_round_trip,
                                  test_check_counts_and_points,
                                  test_next_leaves_the_rest_that_does_not_fit,
                                  test_write_refuses_long_addresses,
                                  test_words,
                                  NULL};
    return suite_run_tests("nhrp_cie", tests);
}
