/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/suite.h"

#include "base/checksum.h"
#include "codec/gre.h"

static uint8_t buf[128];

START_TEST(test_all_eight_combinations)
{
    for (unsigned i = 0; i < 8; i++) {
        struct gre header = {.has_checksum = i & 1,
                             .has_key = i & 2,
                             .has_sequence = i & 4,
                             .protocol = GRE_PROTOCOL_NHRP,
                             .key = i & 2 ? 42 : 0,
                             .sequence = i & 4 ? 0xfffffffe : 0};
        struct writer w = writer_of(buf, sizeof buf);
        struct span out;
        gre_write(&w, &header, span_of("odd", 3));
        ck_assert(writer_done(&w, &out));
        ck_assert_uint_eq(out.len, gre_header_len(&header) + 3);
        ck_assert_uint_le(gre_header_len(&header), GRE_HEADER_MAX);
        if (header.has_checksum)
            ck_assert_uint_eq(checksum_of(out), 0);

        struct gre again;
        ck_assert_int_eq(gre_decode(out, &again).status, CODEC_OK);
        ck_assert_int_eq(again.has_checksum, header.has_checksum);
        ck_assert_int_eq(again.has_key, header.has_key);
        ck_assert_int_eq(again.has_sequence, header.has_sequence);
        ck_assert_uint_eq(again.protocol, GRE_PROTOCOL_NHRP);
        ck_assert_uint_eq(again.key, header.key);
        ck_assert_uint_eq(again.sequence, header.sequence);
        ck_assert(span_equal(again.payload, span_of("odd", 3)));
    }
}
END_TEST

START_TEST(test_checksum_in_the_middle_of_a_packet)
{
    struct writer w = writer_of(buf, sizeof buf);
    writer_u8(&w, 0x99); /* an odd offset */
    gre_write(&w, &(struct gre){.has_checksum = true, .protocol = 0x0800}, span_of("abcd", 4));
    struct span out;
    ck_assert(writer_done(&w, &out));
    ck_assert_uint_eq(checksum_of(span_of(out.data + 1, out.len - 1)), 0);
}
END_TEST

START_TEST(test_every_bit_of_the_first_word)
{
    for (unsigned bit = 0; bit < 16; bit++) {
        uint16_t flags = (uint16_t)(0x8000u >> bit);
        uint8_t bytes[12] = {(uint8_t)(flags >> 8), (uint8_t)flags, 0x08, 0x00};
        if (bit == 0) {
            uint16_t sum = checksum_of(span_of(bytes, sizeof bytes));
            bytes[4] = (uint8_t)(sum >> 8);
            bytes[5] = (uint8_t)sum;
        }
        struct gre header;
        struct codec_error error = gre_decode(span_of(bytes, sizeof bytes), &header);
        if (bit == 1 || bit == 4 || bit == 5) {
            ck_assert_int_eq(error.status, CODEC_BAD_FLAGS);
        } else if (bit >= 13) {
            ck_assert_int_eq(error.status, CODEC_BAD_VERSION);
        } else {
            ck_assert_int_eq(error.status, CODEC_OK);
            ck_assert_uint_eq(header.ignored_bits, bit >= 6 ? flags : 0);
        }
    }
}
END_TEST

START_TEST(test_needs_every_octet_of_the_header)
{
    static const uint8_t bytes[12] = {0x30, 0x00, 0x20, 0x01, 0, 0, 0, 42, 0, 0, 0, 1};
    static const size_t field_of[12] = {0, 0, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8};
    for (size_t len = 0; len < 12; len++) {
        struct gre header;
        struct codec_error error = gre_decode(span_of(bytes, len), &header);
        ck_assert_int_eq(error.status, CODEC_TRUNCATED);
        ck_assert_uint_eq(error.offset, field_of[len]);
    }
}
END_TEST

START_TEST(test_writer_without_room)
{
    struct writer w = writer_of(buf, 9);
    gre_write(&w, &(struct gre){.has_checksum = true}, span_of("ab", 2));
    ck_assert(w.failed);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_all_eight_combinations,      test_checksum_in_the_middle_of_a_packet,
                                  test_every_bit_of_the_first_word, test_needs_every_octet_of_the_header,
                                  test_writer_without_room,         NULL};
    return suite_run_tests("gre", tests);
}
