/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include <string.h>

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"

/* A Registration Request: unique, NAT-capable, id 5, one CIE without addresses, a Responder Address and the
 * End. */
static const uint8_t registration[] = {
    0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0x00, 0x3c, 0x00, 0x00, 0x00,
    0x34, 0x01, 0x03, 0x04, 0x00, 0x04, 0x04, 0x80, 0x02, 0x00, 0x00, 0x00, 0x05, 192,  0,
    2,    11,   10,   255,  0,    11,   10,   255,  0,    1,    0x00, 0xff, 0x00, 0x00, 0x05,
    0x78, 0x02, 0x58, 0x00, 0x00, 0x00, 0x00, 0x80, 0x03, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00};

static struct nhrp_message decoded(const uint8_t *bytes, size_t len)
{
    struct nhrp_message message;
    struct codec_error error = nhrp_decode(span_of(bytes, len), NHRP_DECODE_STRICT, &message);
    ck_assert_msg(error.status == CODEC_OK, "%s at %zu", codec_status_words(error.status), error.offset);
    return message;
}

/* The message with some octets changed and the checksum made right again. */
static struct codec_error decode_changed(size_t at, uint8_t value, struct nhrp_message *out)
{
    static uint8_t copy[sizeof registration];
    memcpy(copy, registration, sizeof copy);
    copy[at] = value;
    nhrp_set_checksum(copy, sizeof copy);
    return nhrp_decode(span_of(copy, sizeof copy), NHRP_DECODE_STRICT, out);
}

START_TEST(test_every_field)
{
    uint8_t copy[sizeof registration];
    memcpy(copy, registration, sizeof copy);
    nhrp_set_checksum(copy, sizeof copy);
    struct nhrp_message m = decoded(copy, sizeof copy);
    ck_assert_uint_eq(m.fixed.afn, NHRP_AFN_IPV4);
    ck_assert_uint_eq(m.fixed.protocol_type, NHRP_PROTOCOL_IPV4);
    ck_assert_uint_eq(m.fixed.hop_count, 255);
    ck_assert_uint_eq(m.fixed.packet_size, 60);
    ck_assert_uint_eq(m.fixed.checksum, copy[12] << 8 | copy[13]);
    ck_assert_uint_eq(m.fixed.extensions_offset, 52);
    ck_assert_uint_eq(m.fixed.version, 1);
    ck_assert_uint_eq(m.fixed.type, NHRP_REGISTRATION_REQUEST);
    ck_assert(m.registration.unique && m.registration.nat && m.registration.unused == 0);
    ck_assert_uint_eq(m.request_id, 5);
    ck_assert(span_equal(m.source_nbma, span_of("\xc0\x00\x02\x0b", 4)));
    ck_assert_uint_eq(m.source_subaddress.len, 0);
    ck_assert(span_equal(m.source_protocol, span_of("\x0a\xff\x00\x0b", 4)));
    ck_assert(span_equal(m.destination_protocol, span_of("\x0a\xff\x00\x01", 4)));
    ck_assert_ptr_eq(m.cies.data, copy + 40);
    ck_assert_uint_eq(m.cies.len, 12);
    ck_assert_ptr_eq(m.extensions.data, copy + 52);
    ck_assert_uint_eq(m.extensions.len, 8);
    ck_assert_uint_eq(m.contents.len + m.trailer.len, 0);
}
END_TEST

START_TEST(test_flags_of_each_family)
{
    static const struct {
        uint8_t type, high;
    } cases[] = {{1, 0x80}, {1, 0x40}, {1, 0x20}, {1, 0x10}, {1, 0x08}, {3, 0x80}, {5, 0x80}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t copy[sizeof registration];
        memcpy(copy, registration, sizeof copy);
        copy[17] = cases[i].type;
        copy[22] = cases[i].high;
        copy[23] = 0;
        nhrp_set_checksum(copy, sizeof copy);
        struct nhrp_message m = decoded(copy, sizeof copy);
        const struct nhrp_resolution_flags *f = &m.resolution;
        switch (cases[i].type) {
        case 1:
            ck_assert_int_eq(f->requester_is_router, cases[i].high == 0x80);
            ck_assert_int_eq(f->authoritative, cases[i].high == 0x40);
            ck_assert_int_eq(f->destination_stable, cases[i].high == 0x20);
            ck_assert_int_eq(f->unique, cases[i].high == 0x10);
            ck_assert_int_eq(f->source_stable, cases[i].high == 0x08);
            ck_assert(!f->nat && f->unused == 0);
            break;
        case 3:
            ck_assert(m.registration.unique && !m.registration.nat);
            break;
        default:
            ck_assert(m.purge.no_reply && !m.purge.nat);
        }
    }
}
END_TEST

START_TEST(test_type_bits_are_no_part_of_the_length)
{
    struct nhrp_message m;
    ck_assert_int_eq(decode_changed(18, 0x44, &m).status, CODEC_OK);
    ck_assert(m.fixed.source_nbma_type.e164 && !m.fixed.source_nbma_type.reserved);
    ck_assert_uint_eq(m.source_nbma.len, 4);
    ck_assert_int_eq(decode_changed(18, 0x84, &m).status, CODEC_OK);
    ck_assert(!m.fixed.source_nbma_type.e164 && m.fixed.source_nbma_type.reserved);
    ck_assert_int_eq(decode_changed(19, 0xc0, &m).status, CODEC_OK);
    ck_assert(m.fixed.source_subaddress_type.e164 && m.fixed.source_subaddress_type.reserved);
    ck_assert_uint_eq(m.source_subaddress.len, 0);
}
END_TEST

START_TEST(test_checksum_may_be_ignored)
{
    struct nhrp_message m;
    struct span bytes = span_of(registration, sizeof registration); /* its checksum field is 0 */
    struct codec_error error = nhrp_decode(bytes, NHRP_DECODE_STRICT, &m);
    ck_assert_int_eq(error.status, CODEC_BAD_CHECKSUM);
    ck_assert_uint_eq(error.offset, 12);
    ck_assert_int_eq(nhrp_decode(bytes, NHRP_DECODE_IGNORE_CHECKSUM, &m).status, CODEC_OK);
}
END_TEST

/* The address that the packet has no room for decides the offset, not the extensions offset that follows from
 * it. */
START_TEST(test_truncation_is_told_from_a_bad_offset)
{
    struct nhrp_message m;
    struct codec_error error = decode_changed(21, 200, &m);
    ck_assert_int_eq(error.status, CODEC_TRUNCATED);
    ck_assert_uint_eq(error.offset, 36);
    error = decode_changed(21, 20, &m); /* fits the packet, not the mandatory part */
    ck_assert_int_eq(error.status, CODEC_BAD_EXTENSIONS_OFFSET);
    ck_assert_uint_eq(error.offset, 14);
}
END_TEST

START_TEST(test_head_of_a_whole_message)
{
    struct nhrp_message m;
    ck_assert_int_eq(nhrp_decode_head(span_of(registration, sizeof registration), &m).status, CODEC_OK);
    ck_assert_uint_eq(m.request_id, 5);
    ck_assert_uint_eq(m.destination_protocol.len, 4);
    ck_assert_uint_eq(m.cies.len + m.contents.len + m.extensions.len + m.trailer.len, 0);
}
END_TEST

START_TEST(test_head_of_every_cut)
{
    for (size_t len = 0; len < 40; len++) {
        struct nhrp_message m;
        struct codec_error error = nhrp_decode_head(span_of(registration, len), &m);
        if (len < NHRP_FIXED_LEN) {
            ck_assert_int_eq(error.status, CODEC_TRUNCATED);
            continue;
        }
        ck_assert_int_eq(error.status, CODEC_OK);
        ck_assert_uint_eq(m.fixed.type, NHRP_REGISTRATION_REQUEST);
        ck_assert_uint_eq(m.request_id, len >= 28 ? 5 : 0);
        ck_assert_uint_eq(m.source_nbma.len, len >= 32 ? 4 : 0);
        ck_assert_uint_eq(m.source_protocol.len, len >= 36 ? 4 : 0);
        ck_assert_uint_eq(m.destination_protocol.len, 0);
    }
}
END_TEST

START_TEST(test_head_wants_a_known_kind)
{
    uint8_t copy[sizeof registration];
    memcpy(copy, registration, sizeof copy);
    struct nhrp_message m;
    copy[17] = 99;
    struct codec_error error = nhrp_decode_head(span_of(copy, sizeof copy), &m);
    ck_assert_int_eq(error.status, CODEC_BAD_TYPE);
    ck_assert_uint_eq(error.offset, 17);
    copy[16] = 0;
    error = nhrp_decode_head(span_of(copy, sizeof copy), &m);
    ck_assert_int_eq(error.status, CODEC_BAD_VERSION);
    ck_assert_uint_eq(error.offset, 16);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_every_field,
                                  test_flags_of_each_family,
                                  test_type_bits_are_no_part_of_the_length,
                                  test_checksum_may_be_ignored,
                                  test_truncation_is_told_from_a_bad_offset,
                                  test_head_of_a_whole_message,
                                  test_head_of_every_cut,
                                  test_head_wants_a_known_kind,
                                  NULL};
    return suite_run_tests("nhrp_decode", tests);
}
