/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include <string.h>

#include "base/checksum.h"
#include "codec/ip.h"

static uint8_t big[70000], buf[70000];

static struct addr parsed(const char *text)
{
    struct addr a;
    ck_assert(addr_parse(text, &a));
    return a;
}

static struct ip header_v4(void)
{
    return (struct ip){.source = addr_ipv4(192, 0, 2, 11),
                       .destination = addr_ipv4(192, 0, 2, 1),
                       .protocol = IP_PROTOCOL_GRE,
                       .ttl = 255,
                       .tos = 0xc0,
                       .id = 0x1234,
                       .dont_fragment = true};
}

static struct ip header_v6(void)
{
    return (struct ip){.source = parsed("2001:db8::11"),
                       .destination = parsed("2001:db8::1"),
                       .protocol = IP_PROTOCOL_GRE,
                       .ttl = 255,
                       .tos = 0xc0,
                       .id = 0xabcde};
}

static struct span written(const struct ip *header, struct span payload)
{
    struct writer w = writer_of(buf, sizeof buf);
    struct span out;
    ip_write(&w, header, payload);
    ck_assert(writer_done(&w, &out));
    return out;
}

static bool writes(const struct ip *header, size_t payload_len)
{
    struct writer w = writer_of(buf, sizeof buf);
    ip_write(&w, header, span_of(big, payload_len));
    return !w.failed;
}

static void assert_same(const struct ip *a, const struct ip *b)
{
    ck_assert(addr_equal(a->source, b->source) && addr_equal(a->destination, b->destination));
    ck_assert_uint_eq(a->protocol, b->protocol);
    ck_assert_uint_eq(a->ttl, b->ttl);
    ck_assert_uint_eq(a->tos, b->tos);
    ck_assert_uint_eq(a->id, b->id);
    ck_assert_int_eq(a->dont_fragment, b->dont_fragment);
    ck_assert_int_eq(a->more_fragments, b->more_fragments);
    ck_assert_uint_eq(a->fragment_offset, b->fragment_offset);
}

START_TEST(test_ipv4_octets)
{
    static const uint8_t expected[] = {0x45, 0xc0, 0x00, 0x17, 0x12, 0x34, 0x40, 0x00, 0xff, 47,  0,  0,
                                       192,  0,    2,    11,   192,  0,    2,    1,    'a',  'b', 'c'};
    struct ip header = header_v4();
    struct span out = written(&header, span_of("abc", 3));
    ck_assert_uint_eq(out.len, sizeof expected);
    ck_assert_uint_eq(checksum_of(span_of(out.data, 20)), 0);
    buf[10] = buf[11] = 0;
    ck_assert_mem_eq(out.data, expected, sizeof expected);
}
END_TEST

START_TEST(test_round_trips)
{
    struct ip headers[4] = {header_v4(), header_v6(), header_v4(), header_v4()};
    headers[2].dont_fragment = false;
    headers[2].more_fragments = true;
    headers[2].fragment_offset = 65528;
    headers[3].tos = headers[3].ttl = 0;
    for (size_t i = 0; i < 4; i++) {
        struct ip again;
        ck_assert_int_eq(ip_decode(written(&headers[i], span_of("abc", 3)), &again).status, CODEC_OK);
        assert_same(&again, &headers[i]);
        ck_assert(span_equal(again.payload, span_of("abc", 3)));
    }
}
END_TEST

START_TEST(test_write_refuses)
{
    struct ip header = header_v4();
    ck_assert(writes(&header, 65515) && !writes(&header, 65516));
    header.id = 65536;
    ck_assert(!writes(&header, 0));
    header = header_v4();
    header.fragment_offset = 4;
    ck_assert(!writes(&header, 0));
    header.fragment_offset = 0;
    header.destination = parsed("2001:db8::1");
    ck_assert(!writes(&header, 0));
    header.source = header.destination = (struct addr){0};
    ck_assert(!writes(&header, 0));

    header = header_v6();
    ck_assert(writes(&header, 65535) && !writes(&header, 65536));
    header.id = 0x100000;
    ck_assert(!writes(&header, 0));
    header = header_v6();
    header.more_fragments = true;
    ck_assert(!writes(&header, 0));
    header = header_v6();
    header.fragment_offset = 8;
    ck_assert(!writes(&header, 0));

    header = header_v4();
    struct writer w = writer_of(buf, 22);
    ip_write(&w, &header, span_of("abc", 3));
    ck_assert(w.failed);
}
END_TEST

START_TEST(test_head_takes_what_is_there)
{
    for (int ipv6 = 0; ipv6 < 2; ipv6++) {
        struct ip header = ipv6 ? header_v6() : header_v4(), head;
        struct span whole = written(&header, span_of("abcdefgh", 8));
        size_t header_len = ipv6 ? 40 : 20;
        for (size_t len = 0; len <= whole.len; len++) {
            struct codec_error error = ip_decode_head(span_of(whole.data, len), &head);
            ck_assert_int_eq(error.status, len < header_len ? CODEC_TRUNCATED : CODEC_OK);
            if (len >= header_len)
                ck_assert_uint_eq(head.payload.len, len - header_len);
            error = ip_decode(span_of(whole.data, len), &head);
            ck_assert_int_eq(error.status, len < whole.len ? CODEC_TRUNCATED : CODEC_OK);
        }
    }
}
END_TEST

START_TEST(test_failure_leaves_the_result_alone)
{
    struct ip out = {.ttl = 99};
    ck_assert_int_eq(ip_decode(span_of("\x45", 1), &out).status, CODEC_TRUNCATED);
    ck_assert_int_eq(ip_decode(span_of("\x60", 1), &out).status, CODEC_TRUNCATED);
    ck_assert_uint_eq(out.ttl, 99);
}
END_TEST

START_TEST(test_decrement_ipv4)
{
    struct ip header = header_v4(), again;
    struct span whole = written(&header, span_of("abc", 3));
    for (unsigned left = 254; left >= 1; left--) {
        ck_assert(ip_decrement_ttl(buf, whole.len));
        ck_assert_int_eq(ip_decode(whole, &again).status, CODEC_OK);
        ck_assert_uint_eq(again.ttl, left);
    }
    uint8_t before[23];
    memcpy(before, buf, sizeof before);
    ck_assert(!ip_decrement_ttl(buf, whole.len));
    buf[8] = before[8] = 0;
    ck_assert(!ip_decrement_ttl(buf, whole.len));
    ck_assert_mem_eq(before, buf, sizeof before);
}
END_TEST

START_TEST(test_decrement_keeps_a_wrong_checksum_wrong)
{
    struct ip header = header_v4(), again;
    struct span whole = written(&header, span_of("abc", 3));
    buf[11] ^= 0x40;
    ck_assert(ip_decrement_ttl(buf, whole.len));
    ck_assert_int_eq(ip_decode(whole, &again).status, CODEC_BAD_CHECKSUM);
}
END_TEST

START_TEST(test_decrement_ipv6_and_others)
{
    struct ip header = header_v6(), again;
    struct span whole = written(&header, span_of("abc", 3));
    ck_assert(ip_decrement_ttl(buf, whole.len));
    ck_assert_int_eq(ip_decode(whole, &again).status, CODEC_OK);
    ck_assert_uint_eq(again.ttl, 254);
    ck_assert(!ip_decrement_ttl(buf, 39));
    buf[0] = 0x46; /* a header of 24 octets */
    ck_assert(!ip_decrement_ttl(buf, 23));
    buf[0] = 0x44;
    ck_assert(!ip_decrement_ttl(buf, 40));
    buf[0] = 0x55;
    ck_assert(!ip_decrement_ttl(buf, 40));
    ck_assert(!ip_decrement_ttl(buf, 0));
}
END_TEST

/* A UDP datagram worked out by hand: pseudo-header 192.0.2.1, 192.0.2.2, 17, 9; ports 1 and 2; one octet. */
START_TEST(test_payload_checksum_ipv4)
{
    struct ip carrier = {.source = addr_ipv4(192, 0, 2, 1), .destination = addr_ipv4(192, 0, 2, 2)};
    static const uint8_t datagram[] = {0, 1, 0, 2, 0, 9, 0, 0, 0x80};
    uint32_t sum = 0xc000 + 0x0201 + 0xc000 + 0x0202 + 17 + 9 + 1 + 2 + 9 + 0x8000;
    sum = (sum & 0xffff) + (sum >> 16);
    ck_assert_uint_eq(ip_payload_checksum(&carrier, IP_PROTOCOL_UDP, span_of(datagram, sizeof datagram)),
                      (uint16_t)~sum);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_ipv4_octets,
                                  test_round_trips,
                                  test_write_refuses,
                                  test_head_takes_what_is_there,
                                  test_failure_leaves_the_result_alone,
                                  test_decrement_ipv4,
                                  test_decrement_keeps_a_wrong_checksum_wrong,
                                  test_decrement_ipv6_and_others,
                                  test_payload_checksum_ipv4,
                                  NULL};
    return suite_run_tests("ip", tests);
}
