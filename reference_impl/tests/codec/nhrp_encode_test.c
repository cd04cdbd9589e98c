/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include <string.h>

#include "base/checksum.h"
#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"

static uint8_t big[70000];
static uint8_t buf[70000];

static struct nhrp_message purge(void)
{
    return (struct nhrp_message){
        .fixed = {.afn = NHRP_AFN_IPV4,
                  .protocol_type = NHRP_PROTOCOL_IPV4,
                  .hop_count = 255,
                  .version = NHRP_VERSION,
                  .type = NHRP_PURGE_REQUEST},
        .purge = {.no_reply = true},
        .request_id = 0x01020304,
        .source_nbma = span_of("\xc0\x00\x02\x0c", 4),
        .source_protocol = span_of("\x0a\xff\x00\x0c", 4),
        .destination_protocol = span_of("\x0a\xff\x00\x0b", 4),
    };
}

START_TEST(test_octets)
{
    static const uint8_t expected[] = {0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff,
                                       0x00, 0x28, 0,    0,    0x00, 0x00, 0x01, 0x05, 0x04, 0x00,
                                       0x04, 0x04, 0x80, 0x00, 0x01, 0x02, 0x03, 0x04, 192,  0,
                                       2,    12,   10,   255,  0,    12,   10,   255,  0,    11};
    struct nhrp_message m = purge();
    struct span out;
    ck_assert(nhrp_encode(&m, buf, sizeof buf, &out));
    ck_assert_uint_eq(out.len, sizeof expected);
    ck_assert_uint_eq(checksum_of(out), 0);
    buf[12] = buf[13] = 0;
    ck_assert_mem_eq(out.data, expected, sizeof expected);
}
END_TEST

START_TEST(test_computed_fields_are_not_taken_from_the_message)
{
    struct nhrp_message m = purge();
    struct span plain, out;
    uint8_t first[64];
    ck_assert(nhrp_encode(&m, first, sizeof first, &plain));
    m.fixed.packet_size = 9;
    m.fixed.checksum = 9;
    m.fixed.extensions_offset = 9;
    ck_assert(nhrp_encode(&m, buf, sizeof buf, &out));
    ck_assert(span_equal(plain, out));
}
END_TEST

START_TEST(test_needs_room_for_all)
{
    struct nhrp_message m = purge();
    struct span out;
    for (size_t cap = 0; cap < 40; cap++) {
        memset(buf, 0xee, 48);
        ck_assert(!nhrp_encode(&m, buf, cap, &out));
        ck_assert_uint_eq(out.len, 0);
        for (size_t i = cap; i < 48; i++)
            ck_assert_uint_eq(buf[i], 0xee);
    }
    ck_assert(nhrp_encode(&m, buf, 40, &out));
}
END_TEST

START_TEST(test_lengths_that_do_not_fit_their_octet)
{
    struct span out;
    struct nhrp_message m = purge();
    m.source_nbma = span_of(big, 63);
    m.source_subaddress = span_of(big, 63);
    m.source_protocol = span_of(big, 255);
    m.destination_protocol = span_of(big, 255);
    ck_assert(nhrp_encode(&m, buf, sizeof buf, &out));
    struct nhrp_message again;
    ck_assert_int_eq(nhrp_decode(out, NHRP_DECODE_STRICT, &again).status, CODEC_OK);
    ck_assert_uint_eq(again.source_subaddress.len, 63);
    ck_assert_uint_eq(again.destination_protocol.len, 255);

    struct span *const spans[] = {&m.source_nbma, &m.source_subaddress, &m.source_protocol,
                                  &m.destination_protocol};
    for (size_t i = 0; i < 4; i++) {
        spans[i]->len++;
        ck_assert(!nhrp_encode(&m, buf, sizeof buf, &out));
        spans[i]->len--;
    }
}
END_TEST

START_TEST(test_message_that_does_not_fit_16_bits)
{
    struct span out;
    struct nhrp_message m = purge();
    m.fixed.type = NHRP_TRAFFIC_INDICATION;
    m.contents = span_of(big, 65535 - 40);
    ck_assert(nhrp_encode(&m, buf, sizeof buf, &out));
    ck_assert_uint_eq(out.len, 65535);
    m.contents.len++;
    ck_assert(!nhrp_encode(&m, buf, sizeof buf, &out));
}
END_TEST

START_TEST(test_refuses_unknown_types_and_lone_trailers)
{
    struct span out;
    struct nhrp_message m = purge();
    m.fixed.type = 9;
    ck_assert(!nhrp_encode(&m, buf, sizeof buf, &out));
    m = purge();
    m.trailer = span_of(big, 4);
    ck_assert(!nhrp_encode(&m, buf, sizeof buf, &out));
}
END_TEST

START_TEST(test_checksum_after_a_change)
{
    struct nhrp_message m = purge();
    struct span out;
    ck_assert(nhrp_encode(&m, buf, sizeof buf, &out));
    buf[9]--; /* a forwarder takes one from the hop count */
    ck_assert_uint_ne(checksum_of(out), 0);
    nhrp_set_checksum(buf, out.len);
    ck_assert_uint_eq(checksum_of(out), 0);

    uint8_t tiny[13];
    memset(tiny, 0xee, sizeof tiny);
    nhrp_set_checksum(tiny, sizeof tiny); /* no room for a checksum: nothing happens */
    for (size_t i = 0; i < sizeof tiny; i++)
        ck_assert_uint_eq(tiny[i], 0xee);
}
END_TEST

/* Unused bits may not spill over into the named ones. */
START_TEST(test_unused_bits_stay_in_their_place)
{
    static const uint8_t types[] = {NHRP_RESOLUTION_REPLY, NHRP_REGISTRATION_REPLY, NHRP_PURGE_REPLY};
    for (size_t i = 0; i < sizeof types; i++) {
        struct nhrp_message m = purge(), again;
        struct span out;
        m.fixed.type = types[i];
        m.resolution = (struct nhrp_resolution_flags){0};
        switch (types[i]) {
        case NHRP_RESOLUTION_REPLY:
            m.resolution.unused = 0xffff;
            break;
        case NHRP_REGISTRATION_REPLY:
            m.registration = (struct nhrp_registration_flags){.unused = 0xffff};
            break;
        default:
            m.purge = (struct nhrp_purge_flags){.unused = 0xffff};
        }
        ck_assert(nhrp_encode(&m, buf, sizeof buf, &out));
        ck_assert_int_eq(nhrp_decode(out, NHRP_DECODE_STRICT, &again).status, CODEC_OK);
        ck_assert_uint_eq(buf[22] & 0x80, 0);
        ck_assert_uint_eq(buf[23], 0xfd);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_octets,
                                  test_computed_fields_are_not_taken_from_the_message,
                                  test_needs_room_for_all,
                                  test_lengths_that_do_not_fit_their_octet,
                                  test_message_that_does_not_fit_16_bits,
                                  test_refuses_unknown_types_and_lone_trailers,
                                  test_checksum_after_a_change,
                                  test_unused_bits_stay_in_their_place,
                                  NULL};
    return suite_run_tests("nhrp_encode", tests);
}
