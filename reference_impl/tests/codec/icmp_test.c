/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include "base/checksum.h"
#include "codec/ip.h"

static uint8_t buf[64];

static struct ip carrier(bool ipv6)
{
    struct ip c = {.source = addr_ipv4(172, 16, 1, 1),
                   .destination = addr_ipv4(172, 16, 2, 1),
                   .protocol = ipv6 ? IP_PROTOCOL_ICMPV6 : IP_PROTOCOL_ICMP};
    if (ipv6)
        ck_assert(addr_parse("fd00:1::1", &c.source) && addr_parse("fd00:2::1", &c.destination));
    return c;
}

static struct span written(const struct ip *c, const struct icmp_echo *echo)
{
    struct writer w = writer_of(buf, sizeof buf);
    struct span out;
    icmp_echo_write(&w, c, echo);
    ck_assert(writer_done(&w, &out));
    return out;
}

START_TEST(test_round_trip)
{
    static const uint8_t types[2][2] = {{8, 0}, {128, 129}};
    for (int i = 0; i < 4; i++) {
        struct ip c = carrier(i & 1);
        struct icmp_echo echo = {.reply = i & 2, .id = 7, .sequence = 0xfffe, .data = span_of("abc", 3)},
                         again;
        c.payload = written(&c, &echo);
        ck_assert_uint_eq(buf[0], types[i & 1][i >> 1]);
        ck_assert_int_eq(icmp_echo_decode(&c, &again).status, CODEC_OK);
        ck_assert_int_eq(again.reply, echo.reply);
        ck_assert_uint_eq(again.id, 7);
        ck_assert_uint_eq(again.sequence, 0xfffe);
        ck_assert(span_equal(again.data, echo.data));
    }
}
END_TEST

START_TEST(test_pseudo_header_counts_in_ipv6_only)
{
    struct icmp_echo echo = {.id = 1, .sequence = 1};
    struct ip c = carrier(false);
    ck_assert_uint_eq(checksum_of(written(&c, &echo)), 0);
    c = carrier(true);
    c.payload = written(&c, &echo);
    ck_assert_uint_eq(ip_payload_checksum(&c, IP_PROTOCOL_ICMPV6, c.payload), 0);
    c.source.bytes[15]++;
    struct icmp_echo again;
    ck_assert_int_eq(icmp_echo_decode(&c, &again).status, CODEC_BAD_CHECKSUM);
}
END_TEST

START_TEST(test_errors)
{
    struct icmp_echo echo = {.id = 1}, again = {.id = 99};
    struct ip c = carrier(false);
    c.payload = written(&c, &echo);
    buf[7] ^= 1;
    struct codec_error error = icmp_echo_decode(&c, &again);
    ck_assert(error.status == CODEC_BAD_CHECKSUM && error.offset == 2);
    buf[0] = 3;
    error = icmp_echo_decode(&c, &again);
    ck_assert(error.status == CODEC_BAD_TYPE && error.offset == 0);
    buf[0] = 8;
    c.payload.len = 5;
    error = icmp_echo_decode(&c, &again);
    ck_assert(error.status == CODEC_TRUNCATED && error.offset == 4);
    c.payload.len = 0;
    ck_assert_int_eq(icmp_echo_decode(&c, &again).status, CODEC_TRUNCATED);
    c.protocol = IP_PROTOCOL_UDP;
    ck_assert_int_eq(icmp_echo_decode(&c, &again).status, CODEC_BAD_TYPE);
    c.protocol = IP_PROTOCOL_ICMPV6; /* in IPv4 */
    ck_assert_int_eq(icmp_echo_decode(&c, &again).status, CODEC_BAD_TYPE);
    ck_assert_uint_eq(again.id, 99);
}
END_TEST

START_TEST(test_writer_without_room)
{
    struct ip c = carrier(false);
    struct writer w = writer_of(buf, 9);
    icmp_echo_write(&w, &c, &(struct icmp_echo){.data = span_of("ab", 2)});
    ck_assert(w.failed);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_round_trip, test_pseudo_header_counts_in_ipv6_only, test_errors,
                                  test_writer_without_room, NULL};
    return suite_run_tests("icmp", tests);
}
