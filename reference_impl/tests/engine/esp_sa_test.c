/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/esp_sa.h"
#include "tests/engine/esp_fixture.h"
#include "tests/suite.h"

#include <string.h>

#include "codec/esp.h"

#define PACKET_MAX 2048

static uint8_t packet[PACKET_MAX], plain[PACKET_MAX];

static enum esp_result unprotect(struct esp_sa *sa, size_t len, struct span *payload)
{
    uint8_t next_header = 0;
    enum esp_result result = esp_sa_unprotect(sa, span_of(packet, len), plain, payload, &next_header);
    if (result == ESP_OK)
        ck_assert_uint_eq(next_header, IP_PROTOCOL_GRE);
    return result;
}

START_TEST(test_what_goes_in_comes_out)
{
    static uint8_t octets[1400];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(i * 7);
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        struct esp_sa_config config = fixture_config((enum esp_algorithm)a);
        struct ip carrier = fixture_carrier(&config);
        struct esp_sa *out = fixture_sa(config), *in = fixture_sa(fixture_inbound(config, 64));
        for (size_t len = 0; len <= sizeof octets; len += len < 40 ? 1 : 85) {
            struct span payload;
            size_t packet_len = fixture_protect(out, &carrier, span_of(octets, len), packet);
            ck_assert_uint_gt(packet_len, len);
            ck_assert_int_eq(unprotect(in, packet_len, &payload), ESP_OK);
            ck_assert(span_equal(payload, span_of(octets, len)));
        }
        ck_assert_uint_eq(esp_sa_counters(out)->packets, esp_sa_counters(in)->packets);
        ck_assert_uint_eq(esp_sa_counters(out)->octets, esp_sa_counters(in)->octets);
        ck_assert_uint_gt(esp_sa_counters(in)->octets, 1400);
        esp_sa_free(out);
        esp_sa_free(in);
    }
}
END_TEST

START_TEST(test_in_place)
{
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        struct esp_sa_config config = fixture_config((enum esp_algorithm)a);
        struct ip carrier = fixture_carrier(&config);
        struct esp_sa *out = fixture_sa(config), *in = fixture_sa(fixture_inbound(config, 64));
        size_t len = fixture_protect(out, &carrier, span_of("some payload", 12), packet);
        struct span payload;
        uint8_t next_header;
        ck_assert_int_eq(
            esp_sa_unprotect(in, span_of(packet, len), packet + esp_sa_plain_at(in), &payload, &next_header),
            ESP_OK);
        ck_assert(span_equal(payload, span_of("some payload", 12)));
        ck_assert_ptr_eq(payload.data, packet + esp_sa_plain_at(in));
        esp_sa_free(out);
        esp_sa_free(in);
    }
}
END_TEST

START_TEST(test_the_frame)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    struct ip carrier = fixture_carrier(&config);
    struct esp_sa *out = fixture_sa(config);
    for (uint32_t number = 1; number < 4; number++) {
        struct esp esp;
        size_t len = fixture_protect(out, &carrier, span_of("12345", 5), packet);
        ck_assert_uint_eq(len, 8 + 8 + 8 + 16); /* one octet of padding */
        ck_assert_int_eq(esp_decode(span_of(packet, len), 8, 16, &esp).status, CODEC_OK);
        ck_assert_uint_eq(esp.spi, FIXTURE_SPI);
        ck_assert_uint_eq(esp.sequence, number);
        ck_assert_uint_eq(esp.iv.data[7], number);
    }
    ck_assert_uint_eq(esp_sa_protocol(out), IP_PROTOCOL_ESP);
    ck_assert_uint_eq(esp_sa_numbers_left(out), UINT32_MAX - 3);
    esp_sa_free(out);
}
END_TEST

START_TEST(test_in_udp)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    config.source_port = 4500;
    config.destination_port = 1024;
    for (int v6 = 0; v6 < 2; v6++) {
        if (v6) {
            ck_assert(addr_parse("2001:db8::1", &config.source));
            ck_assert(addr_parse("2001:db8::2", &config.destination));
        }
        struct ip carrier = fixture_carrier(&config);
        struct esp_sa *out = fixture_sa(config), *in = fixture_sa(fixture_inbound(config, 64));
        struct udp udp;
        struct span esp, payload;
        uint8_t next_header;
        size_t len = fixture_protect(out, &carrier, span_of("abc", 3), packet);
        ck_assert_uint_eq(esp_sa_protocol(out), IP_PROTOCOL_UDP);
        ck_assert_int_eq(udp_decode(span_of(packet, len), &udp).status, CODEC_OK);
        ck_assert_uint_eq(udp.source_port, 4500);
        ck_assert_uint_eq(udp.destination_port, 1024);
        ck_assert_uint_eq(udp.payload.len, len - UDP_HEADER_LEN);
        if (v6)
            ck_assert_uint_eq(ip_payload_checksum(&carrier, IP_PROTOCOL_UDP, span_of(packet, len)), 0);
        else
            ck_assert_mem_eq(packet + 6, "\0\0", 2); /* RFC 3948 section 2.1 */
        ck_assert_int_eq(esp_udp_classify(udp.payload, &esp), ESP_UDP_ESP);
        ck_assert_int_eq(esp_sa_unprotect(in, esp, plain, &payload, &next_header), ESP_OK);
        ck_assert(span_equal(payload, span_of("abc", 3)));
        esp_sa_free(out);
        esp_sa_free(in);
    }
}
END_TEST

START_TEST(test_replays)
{
    struct esp_sa_config config = fixture_config(ESP_AES_256_GCM);
    struct ip carrier = fixture_carrier(&config);
    struct esp_sa *out = fixture_sa(config), *in = fixture_sa(fixture_inbound(config, 64));
    static uint8_t sent[200][64];
    struct span payload;
    size_t len = 0;
    for (size_t i = 0; i < 200; i++)
        len = fixture_protect(out, &carrier, span_of(&i, 1), sent[i]);
    static const struct {
        size_t number;
        enum esp_result result;
    } steps[] = {
        {1, ESP_OK},   {1, ESP_REPLAYED},  {3, ESP_OK},      {2, ESP_OK},         {2, ESP_REPLAYED},
        {70, ESP_OK},  {7, ESP_OK},        {6, ESP_TOO_OLD}, {70, ESP_REPLAYED},  {7, ESP_REPLAYED},
        {200, ESP_OK}, {136, ESP_TOO_OLD}, {137, ESP_OK},    {137, ESP_REPLAYED},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        memcpy(packet, sent[steps[i].number - 1], len);
        ck_assert_msg(unprotect(in, len, &payload) == steps[i].result, "step %zu", i);
    }
    ck_assert_uint_eq(esp_sa_counters(in)->failures[ESP_REPLAYED], 5);
    ck_assert_uint_eq(esp_sa_counters(in)->failures[ESP_TOO_OLD], 2);
    esp_sa_free(out);
    esp_sa_free(in);
}
END_TEST

START_TEST(test_a_forgery_does_not_move_the_window)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_CBC_SHA_256);
    struct ip carrier = fixture_carrier(&config);
    struct esp_sa *out = fixture_sa(config), *in = fixture_sa(fixture_inbound(config, 64));
    struct span payload;
    size_t len = fixture_protect(out, &carrier, span_of("x", 1), packet);
    packet[4] = 0x70; /* far ahead */
    ck_assert_int_eq(unprotect(in, len, &payload), ESP_BAD_ICV);
    packet[4] = 0;
    packet[len - 1] ^= 1;
    ck_assert_int_eq(unprotect(in, len, &payload), ESP_BAD_ICV);
    packet[len - 1] ^= 1;
    ck_assert_int_eq(unprotect(in, len, &payload), ESP_OK);
    ck_assert_uint_eq(esp_sa_counters(in)->failures[ESP_BAD_ICV], 2);
    esp_sa_free(out);
    esp_sa_free(in);
}
END_TEST

START_TEST(test_without_anti_replay_everything_authentic_is_taken)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    struct ip carrier = fixture_carrier(&config);
    struct esp_sa *out = fixture_sa(config), *in = fixture_sa(fixture_inbound(config, 0));
    struct span payload;
    size_t len = fixture_protect(out, &carrier, span_of("x", 1), packet);
    ck_assert_int_eq(unprotect(in, len, &payload), ESP_OK);
    ck_assert_int_eq(unprotect(in, len, &payload), ESP_OK);
    esp_sa_free(out);
    esp_sa_free(in);
}
END_TEST

START_TEST(test_extended_numbers_go_on_past_32_bits)
{
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        struct esp_sa_config config = fixture_config((enum esp_algorithm)a);
        struct ip carrier = fixture_carrier(&config);
        config.extended_sequence = true;
        config.first_number = UINT32_MAX - 2;
        struct esp_sa *out = fixture_sa(config), *in = fixture_sa(fixture_inbound(config, 64));
        static uint8_t sent[8][64];
        struct span payload;
        size_t len = 0;
        for (size_t i = 0; i < 8; i++)
            len = fixture_protect(out, &carrier, span_of(&i, 1), sent[i]);
        ck_assert_mem_eq(sent[2] + 4, "\xff\xff\xff\xff", 4);
        ck_assert_mem_eq(sent[3] + 4, "\0\0\0\0", 4);
        static const size_t order[] = {0, 1, 4, 3, 2, 7, 6, 5}; /* reordered across the wrap */
        for (size_t i = 0; i < 8; i++) {
            memcpy(packet, sent[order[i]], len);
            ck_assert_int_eq(unprotect(in, len, &payload), ESP_OK);
            ck_assert_uint_eq(payload.data[0], order[i]);
        }
        for (size_t i = 0; i < 8; i++) {
            memcpy(packet, sent[i], len);
            ck_assert_int_eq(unprotect(in, len, &payload), ESP_REPLAYED);
        }
        esp_sa_free(out);
        esp_sa_free(in);
    }
}
END_TEST

START_TEST(test_extended_and_plain_numbers_do_not_mix)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    struct ip carrier = fixture_carrier(&config);
    struct esp_sa *out = fixture_sa(config);
    config.extended_sequence = true;
    struct esp_sa *in = fixture_sa(fixture_inbound(config, 64));
    struct span payload;
    size_t len = fixture_protect(out, &carrier, span_of("x", 1), packet);
    ck_assert_int_eq(unprotect(in, len, &payload), ESP_BAD_ICV);
    esp_sa_free(out);
    esp_sa_free(in);
}
END_TEST

START_TEST(test_numbers_run_out)
{
    for (int extended = 0; extended < 2; extended++) {
        struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
        struct ip carrier = fixture_carrier(&config);
        config.extended_sequence = extended;
        config.first_number = extended ? UINT64_MAX - 1 : UINT32_MAX - 1;
        struct esp_sa *out = fixture_sa(config);
        ck_assert_uint_eq(esp_sa_numbers_left(out), 2);
        ck_assert_uint_gt(fixture_protect(out, &carrier, span_of("x", 1), packet), 0);
        ck_assert_uint_gt(fixture_protect(out, &carrier, span_of("x", 1), packet), 0);
        ck_assert_uint_eq(esp_sa_numbers_left(out), 0);
        ck_assert_uint_eq(fixture_protect(out, &carrier, span_of("x", 1), packet), 0);
        ck_assert_uint_eq(esp_sa_counters(out)->failures[ESP_EXHAUSTED], 1);
        esp_sa_free(out);
    }
}
END_TEST

START_TEST(test_too_big)
{
    static uint8_t buf[UINT16_MAX + 1024];
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    struct ip carrier = fixture_carrier(&config);
    struct esp_sa *out = fixture_sa(config);
    size_t most = UINT16_MAX - 20 - 8 - 8 - 2 -
                  16; /* headers, IV, trailer, ICV; this much needs one octet of padding */
    most -= (most + 2) % 4;
    ck_assert_int_eq(esp_sa_protect(out, &carrier, buf, most, IP_PROTOCOL_GRE), ESP_OK);
    ck_assert_int_eq(esp_sa_protect(out, &carrier, buf, most + 1, IP_PROTOCOL_GRE), ESP_TOO_BIG);
    ck_assert_int_eq(esp_sa_protect(out, &carrier, buf, SIZE_MAX, IP_PROTOCOL_GRE), ESP_TOO_BIG);
    esp_sa_free(out);
}
END_TEST

START_TEST(test_malformed)
{
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        struct esp_sa_config config = fixture_config((enum esp_algorithm)a);
        struct ip carrier = fixture_carrier(&config);
        struct esp_sa *out = fixture_sa(config), *in = fixture_sa(fixture_inbound(config, 64));
        struct span payload;
        size_t whole = fixture_protect(out, &carrier, span_of("a payload of some length", 24), packet);
        size_t shortest = esp_sa_plain_at(in) + ESP_TRAILER_LEN + ESP_ICV_LEN;
        bool blocks = esp_algorithm_facts((enum esp_algorithm)a)->block_len > 1;
        for (size_t len = 0; len < whole; len++) {
            enum esp_result result = unprotect(in, len, &payload);
            if (len < shortest)
                ck_assert_int_eq(result, ESP_TRUNCATED);
            else if (blocks && (len - esp_sa_plain_at(in) - ESP_ICV_LEN) % 16 != 0)
                ck_assert_int_eq(result, ESP_BAD_LENGTH);
            else
                ck_assert_int_eq(result, ESP_BAD_ICV);
        }
        ck_assert_int_eq(unprotect(in, whole, &payload), ESP_OK);
        esp_sa_free(out);
        esp_sa_free(in);
    }
}
END_TEST

/* Authentic, and yet not as section 2.4 wants it: sealed below the association, with a trailer of the test's
 * own. */
START_TEST(test_bad_padding_and_dummies)
{
    static const struct {
        uint8_t text[8];
        enum esp_result result;
    } cases[] = {
        {{1, 2, 3, 4, 5, 6, 6, 47}, ESP_OK},
        {{1, 2, 3, 4, 5, 6, 7, 47}, ESP_BAD_PADDING},
        {{0, 0, 0, 0, 0, 0, 6, 47}, ESP_BAD_PADDING},
        {{9, 9, 9, 9, 9, 9, 0, 59}, ESP_DUMMY},
    };
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    struct esp_crypto *crypto = esp_crypto_create(config.algorithm, config.key, config.auth_key, true);
    struct esp_sa *in = fixture_sa(fixture_inbound(config, 64));
    for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct writer w = writer_of(packet, sizeof packet);
        struct span payload;
        esp_write_header(&w, FIXTURE_SPI, i + 1);
        writer_u64(&w, i + 1);
        writer_span(&w, span_of(cases[i].text, 8));
        ck_assert_int_eq(esp_crypto_seal(crypto, NULL, packet, 8), ESP_OK);
        ck_assert_int_eq(unprotect(in, 16 + 8 + 16, &payload), cases[i].result);
        ck_assert_int_eq(unprotect(in, 16 + 8 + 16, &payload), ESP_REPLAYED); /* its number is used up */
    }
    esp_crypto_free(crypto);
    esp_sa_free(in);
}
END_TEST

START_TEST(test_configurations_that_contradict_themselves)
{
    struct esp_sa_config good = fixture_config(ESP_AES_128_GCM), bad[9];
    for (size_t i = 0; i < 9; i++)
        bad[i] = good;
    bad[0].spi = 255;
    bad[1].spi = 0;
    bad[2].destination = (struct addr){0};
    ck_assert(addr_parse("2001:db8::1", &bad[3].source));
    bad[4].source_port = 4500;
    bad[5].key.len--;
    bad[6] = fixture_inbound(good, 100);
    bad[7] = fixture_inbound(good, 0);
    bad[7].extended_sequence = true;
    bad[8].first_number = (uint64_t)UINT32_MAX + 1;
    for (size_t i = 0; i < 9; i++) {
        const char *why = NULL;
        ck_assert_msg(esp_sa_create(&bad[i], &why) == NULL, "configuration %zu", i);
        ck_assert_ptr_nonnull(why);
        ck_assert_ptr_null(esp_sa_create(&bad[i], NULL));
    }
    esp_sa_free(fixture_sa(good));
}
END_TEST

START_TEST(test_the_same_inputs_give_the_same_octets)
{
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        struct esp_sa_config config = fixture_config((enum esp_algorithm)a);
        struct ip carrier = fixture_carrier(&config);
        uint8_t first[256] = {0}, second[256] = {0};
        struct esp_sa *one = fixture_sa(config), *other = fixture_sa(config);
        for (int i = 0; i < 3; i++) {
            size_t len = fixture_protect(one, &carrier, span_of("the same", 8), first);
            ck_assert_uint_eq(fixture_protect(other, &carrier, span_of("the same", 8), second), len);
            ck_assert_mem_eq(first, second, len);
        }
        esp_sa_free(one);
        esp_sa_free(other);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_what_goes_in_comes_out,
        test_in_place,
        test_the_frame,
        test_in_udp,
        test_replays,
        test_a_forgery_does_not_move_the_window,
        test_without_anti_replay_everything_authentic_is_taken,
        test_extended_numbers_go_on_past_32_bits,
        test_extended_and_plain_numbers_do_not_mix,
        test_numbers_run_out,
        test_too_big,
        test_malformed,
        test_bad_padding_and_dummies,
        test_configurations_that_contradict_themselves,
        test_the_same_inputs_give_the_same_octets,
        NULL,
    };
    return suite_run_tests("esp_sa", tests);
}
