/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/esp.h"
#include "tests/hex.h"
#include "tests/suite.h"

#define SHORTEST (ESP_HEADER_LEN + 8 + ESP_TRAILER_LEN + 16) /* with an IV of 8 octets and an ICV of 16 */

START_TEST(test_decode_takes_the_frame_apart)
{
    uint8_t buf[64];
    struct span bytes = hex_octets("c4859e60 00000007 0102030405060708 aabbccdd "
                                   "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
                                   buf, sizeof buf);
    struct esp esp;
    ck_assert_int_eq(esp_decode(bytes, 8, 16, &esp).status, CODEC_OK);
    ck_assert_uint_eq(esp.spi, 0xc4859e60);
    ck_assert_uint_eq(esp.sequence, 7);
    ck_assert(span_equal(esp.header, span_of(buf, 8)));
    ck_assert(span_equal(esp.iv, span_of(buf + 8, 8)));
    ck_assert(span_equal(esp.ciphertext, span_of(buf + 16, 4)));
    ck_assert(span_equal(esp.icv, span_of(buf + 20, 16)));
}
END_TEST

START_TEST(test_decode_wants_room_for_everything)
{
    static const uint8_t octets[SHORTEST];
    struct esp esp = {.spi = 42};
    for (size_t len = 0; len < SHORTEST; len++) {
        struct codec_error error = esp_decode(span_of(octets, len), 8, 16, &esp);
        ck_assert_int_eq(error.status, CODEC_TRUNCATED);
        ck_assert_uint_eq(error.offset, len < 8 ? 0 : len < 16 ? 8 : 16);
    }
    ck_assert_uint_eq(esp.spi, 42); /* untouched */
    ck_assert_int_eq(esp_decode(span_of(octets, SHORTEST), 8, 16, &esp).status, CODEC_OK);
}
END_TEST

START_TEST(test_padding_fills_blocks_and_words)
{
    for (size_t len = 0; len < 70; len++) {
        for (size_t block = 1; block <= 16; block *= 4) {
            size_t unit = block > 4 ? block : 4, pad = esp_pad_len(len, block);
            ck_assert_uint_lt(pad, unit);
            ck_assert_uint_eq((len + pad + 2) % unit, 0);
            ck_assert_uint_eq(esp_ciphertext_len(len, block), len + pad + 2);
        }
    }
}
END_TEST

START_TEST(test_trailer_comes_off_as_it_went_on)
{
    for (size_t pad_len = 0; pad_len <= ESP_PAD_MAX; pad_len++) {
        uint8_t buf[3 + ESP_PAD_MAX + ESP_TRAILER_LEN] = {0xee, 0xee, 0xee};
        struct writer w = writer_of(buf, sizeof buf);
        writer_span(&w, span_of("\xee\xee\xee", 3));
        esp_write_trailer(&w, pad_len, 47);
        struct span plain, payload;
        uint8_t next_header;
        ck_assert(writer_done(&w, &plain));
        ck_assert_int_eq(esp_trailer_decode(plain, &payload, &next_header).status, CODEC_OK);
        ck_assert(span_equal(payload, span_of("\xee\xee\xee", 3)));
        ck_assert_uint_eq(next_header, 47);
    }
}
END_TEST

START_TEST(test_trailer_faults)
{
    static const struct {
        const char *plain;
        enum codec_status status;
        size_t offset;
    } cases[] = {
        {"", CODEC_TRUNCATED, 0},
        {"2f", CODEC_TRUNCATED, 0},
        {"01 2f", CODEC_BAD_LENGTH, 0},      /* one octet of padding where there is none */
        {"0102 03 2f", CODEC_BAD_LENGTH, 2}, /* one more than there is */
        {"010203 ff 2f", CODEC_BAD_LENGTH, 3},
        {"ee 010204 03 2f", CODEC_BAD_PADDING, 3},
        {"ee 000000 03 2f", CODEC_BAD_PADDING, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t buf[16], next_header;
        struct span payload;
        struct codec_error error =
            esp_trailer_decode(hex_octets(cases[i].plain, buf, sizeof buf), &payload, &next_header);
        ck_assert_int_eq(error.status, cases[i].status);
        ck_assert_uint_eq(error.offset, cases[i].offset);
    }
}
END_TEST

START_TEST(test_padding_alone_is_an_empty_payload)
{
    static const uint8_t plain[] = {1, 2, 2, ESP_NEXT_HEADER_NONE};
    struct span payload;
    uint8_t next_header;
    ck_assert_int_eq(esp_trailer_decode(span_of(plain, 4), &payload, &next_header).status, CODEC_OK);
    ck_assert_uint_eq(payload.len, 0);
    ck_assert_uint_eq(next_header, ESP_NEXT_HEADER_NONE);
}
END_TEST

START_TEST(test_trailer_longer_than_its_length_field_is_refused)
{
    uint8_t buf[512];
    struct span out;
    struct writer w = writer_of(buf, sizeof buf);
    esp_write_trailer(&w, ESP_PAD_MAX + 1, 47);
    ck_assert(!writer_done(&w, &out));
}
END_TEST

START_TEST(test_what_port_4500_carries)
{
    static const struct {
        const char *payload;
        enum esp_udp_kind kind;
        size_t content_at;
    } cases[] = {
        {"", ESP_UDP_OTHER, 0},
        {"ff", ESP_UDP_KEEPALIVE, 0},
        {"fe", ESP_UDP_OTHER, 0},
        {"000000", ESP_UDP_OTHER, 0},
        {"ffff", ESP_UDP_OTHER, 0}, /* a keepalive is one octet */
        {"00000000", ESP_UDP_IKE, 4},
        {"00000000 aabb", ESP_UDP_IKE, 4},
        {"00000100 00000001", ESP_UDP_ESP, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t buf[16];
        struct span content, payload = hex_octets(cases[i].payload, buf, sizeof buf);
        ck_assert_int_eq(esp_udp_classify(payload, &content), cases[i].kind);
        bool has_content = cases[i].kind == ESP_UDP_IKE || cases[i].kind == ESP_UDP_ESP;
        ck_assert_uint_eq(content.len, has_content ? payload.len - cases[i].content_at : 0);
        if (content.len > 0)
            ck_assert_ptr_eq(content.data, buf + cases[i].content_at);
    }
}
END_TEST

START_TEST(test_non_esp_marker_makes_it_ike)
{
    uint8_t buf[6];
    struct writer w = writer_of(buf, sizeof buf);
    struct span out, content;
    esp_write_non_esp_marker(&w);
    writer_u16(&w, 0xbeef);
    ck_assert(writer_done(&w, &out));
    ck_assert_int_eq(esp_udp_classify(out, &content), ESP_UDP_IKE);
    ck_assert(span_equal(content, span_of("\xbe\xef", 2)));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_decode_takes_the_frame_apart,
        test_decode_wants_room_for_everything,
        test_padding_fills_blocks_and_words,
        test_trailer_comes_off_as_it_went_on,
        test_trailer_faults,
        test_padding_alone_is_an_empty_payload,
        test_trailer_longer_than_its_length_field_is_refused,
        test_what_port_4500_carries,
        test_non_esp_marker_makes_it_ike,
        NULL,
    };
    return suite_run_tests("esp", tests);
}
