/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include "codec/ip.h"

static uint8_t big[70000], buf[70000];

static struct ip carrier(bool ipv6)
{
    struct ip c = {.source = addr_ipv4(192, 0, 2, 1), .destination = addr_ipv4(192, 0, 2, 2)};
    if (ipv6)
        ck_assert(addr_parse("2001:db8::1", &c.source) && addr_parse("2001:db8::2", &c.destination));
    return c;
}

static const struct udp ports = {.source_port = 4500, .destination_port = 4501};

START_TEST(test_round_trip)
{
    for (int ipv6 = 0; ipv6 < 2; ipv6++) {
        struct ip c = carrier(ipv6);
        struct writer w = writer_of(buf, sizeof buf);
        struct span out;
        udp_write(&w, &c, &ports, span_of("abc", 3));
        ck_assert(writer_done(&w, &out));
        ck_assert_uint_eq(out.len, 11);
        struct udp again;
        ck_assert_int_eq(udp_decode(out, &again).status, CODEC_OK);
        ck_assert_uint_eq(again.source_port, 4500);
        ck_assert_uint_eq(again.destination_port, 4501);
        ck_assert(span_equal(again.payload, span_of("abc", 3)));
        if (ipv6)
            ck_assert_uint_eq(ip_payload_checksum(&c, IP_PROTOCOL_UDP, out), 0);
        else
            ck_assert_uint_eq(buf[6] << 8 | buf[7], 0);
    }
}
END_TEST

START_TEST(test_length_bounds_the_payload)
{
    struct udp header;
    ck_assert_int_eq(udp_decode(span_of("\0\1\0\2\0\x0a\0\0abXX", 12), &header).status, CODEC_OK);
    ck_assert(span_equal(header.payload, span_of("ab", 2)));
}
END_TEST

/* Over IPv6 a checksum that comes out as 0 is sent as 0xffff. */
START_TEST(test_checksum_of_zero_over_ipv6)
{
    struct ip c = carrier(true);
    uint8_t data[2] = {0, 0};
    struct writer w = writer_of(buf, sizeof buf);
    udp_write(&w, &c, &ports, span_of(data, 2));
    ck_assert(!w.failed);
    data[0] = buf[6];
    data[1] = buf[7]; /* now the sum over all is 0xffff, its complement 0 */
    w = writer_of(buf, sizeof buf);
    udp_write(&w, &c, &ports, span_of(data, 2));
    ck_assert_uint_eq(buf[6] << 8 | buf[7], 0xffff);
}
END_TEST

START_TEST(test_write_refuses)
{
    struct ip c = carrier(true);
    struct writer w = writer_of(buf, sizeof buf);
    udp_write(&w, &c, &ports, span_of(big, 65528));
    ck_assert(w.failed);
    w = writer_of(buf, 10);
    udp_write(&w, &c, &ports, span_of("abc", 3));
    ck_assert(w.failed);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_round_trip, test_length_bounds_the_payload,
                                  test_checksum_of_zero_over_ipv6, test_write_refuses, NULL};
    return suite_run_tests("udp", tests);
}
