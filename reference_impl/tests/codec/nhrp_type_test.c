/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include <string.h>

#include "codec/nhrp.h"
#include "codec/nhrp_type.h"

START_TEST(test_requests_and_their_replies)
{
    static const uint8_t replies[256] = {[1] = 2, [3] = 4, [5] = 6};
    for (unsigned type = 0; type < 256; type++) {
        ck_assert_uint_eq(nhrp_type_reply((uint8_t)type), replies[type]);
        ck_assert_int_eq(nhrp_type_is_request((uint8_t)type), replies[type] != 0);
        ck_assert_int_eq(nhrp_type_has_cies((uint8_t)type), type >= 1 && type <= 6);
        ck_assert_int_eq(nhrp_row_of((uint8_t)type) != NULL, type >= 1 && type <= 8);
    }
}
END_TEST

START_TEST(test_words)
{
    ck_assert_str_eq(nhrp_type_words(NHRP_TRAFFIC_INDICATION), "Traffic Indication");
    ck_assert_str_eq(nhrp_type_clause(NHRP_TRAFFIC_INDICATION), "DRAFT §5.1");
    ck_assert_str_eq(nhrp_type_words(0), "unknown");
    ck_assert_str_eq(nhrp_type_words(9), "unknown");
    ck_assert_str_eq(nhrp_type_clause(9), "RFC2332 §5.1");
    ck_assert_str_eq(nhrp_error_words(NHRP_ERROR_LOOP_DETECTED), "NHRP loop detected");
    ck_assert_str_eq(nhrp_error_words(2), "unknown");
}
END_TEST

/* The values that RFC 2332 section 5.2.7 and RFC 2735 give, once more by hand: peers have had them wrong. */
START_TEST(test_code_points)
{
    ck_assert_int_eq(NHRP_ERROR_LOOP_DETECTED, 3);
    ck_assert_int_eq(NHRP_ERROR_AUTHENTICATION_FAILURE, 11);
    ck_assert_int_eq(NHRP_ERROR_HOP_COUNT_EXCEEDED, 15);
    ck_assert_int_eq(NHRP_ERROR_VPN_MISMATCH, 16);
}
END_TEST

START_TEST(test_protocol_in_either_form)
{
    struct nhrp_fixed fixed = {.protocol_type = 0x0800, .protocol_snap = {1, 2, 3, 4, 5}};
    ck_assert_uint_eq(nhrp_protocol_ethertype(&fixed), 0x0800);
    fixed.protocol_type = 0x00cc; /* IPv4's NLPID */
    ck_assert_uint_eq(nhrp_protocol_ethertype(&fixed), 0x0800);
    fixed.protocol_type = 0x008e; /* IPv6's */
    ck_assert_uint_eq(nhrp_protocol_ethertype(&fixed), 0x86dd);
    fixed.protocol_type = 0x0080;
    ck_assert_uint_eq(nhrp_protocol_ethertype(&fixed), 0);
    memcpy(fixed.protocol_snap, "\0\0\0\x86\xdd", 5);
    ck_assert_uint_eq(nhrp_protocol_ethertype(&fixed), 0x86dd);
    fixed.protocol_type = 0x05ff;
    ck_assert_uint_eq(nhrp_protocol_ethertype(&fixed), 0);
    fixed.protocol_type = 0x0600;
    ck_assert_uint_eq(nhrp_protocol_ethertype(&fixed), 0x0600);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_requests_and_their_replies, test_words, test_code_points,
                                  test_protocol_in_either_form, NULL};
    return suite_run_tests("nhrp_type", tests);
}
