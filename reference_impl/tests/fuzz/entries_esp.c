/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/entries.h"

#include <string.h>

#include "codec/esp.h"
#include "engine/esp_sa_table.h"
#include "tests/fuzz/require.h"

#define MAX_LEN 4096
#define SPI     0x1000abcd

static const uint8_t keys[64] = {1, 2, 3};
static uint8_t packet[MAX_LEN + 64], plain[MAX_LEN + 64];

static void frame_require(struct span bytes, size_t iv_len, size_t icv_len)
{
    struct esp esp;
    struct codec_error error = esp_decode(bytes, iv_len, icv_len, &esp);
    REQUIRE(error.offset <= bytes.len);
    if (error.status != CODEC_OK)
        return;
    REQUIRE(esp.header.len == ESP_HEADER_LEN && esp.iv.len == iv_len && esp.icv.len == icv_len);
    REQUIRE(esp.ciphertext.len >= ESP_TRAILER_LEN);
    REQUIRE(ESP_HEADER_LEN + iv_len + esp.ciphertext.len + icv_len == bytes.len);
}

static void trailer_require(struct span bytes)
{
    struct span payload, out;
    uint8_t next_header;
    struct codec_error error = esp_trailer_decode(bytes, &payload, &next_header);
    REQUIRE(error.offset <= bytes.len);
    if (error.status != CODEC_OK)
        return;
    struct writer w = writer_of(plain, sizeof plain);
    writer_span(&w, payload);
    esp_write_trailer(&w, bytes.len - ESP_TRAILER_LEN - payload.len, next_header);
    REQUIRE(writer_done(&w, &out) && span_equal(out, bytes));
}

static struct esp_sa_config config_of(enum esp_algorithm algorithm, bool in_udp)
{
    const struct esp_algorithm_facts *facts = esp_algorithm_facts(algorithm);
    return (struct esp_sa_config){
        .direction = ESP_INBOUND,
        .algorithm = algorithm,
        .spi = SPI,
        .source = addr_ipv4(192, 0, 2, 1),
        .destination = addr_ipv4(192, 0, 2, 2),
        .source_port = in_udp ? ESP_UDP_PORT : 0,
        .destination_port = in_udp ? ESP_UDP_PORT : 0,
        .key = span_of(keys, (size_t)facts->key_len + facts->salt_len),
        .auth_key = span_of(keys, facts->auth_key_len),
        .extended_sequence = true,
        .replay_window = 64,
    };
}

/* No octets that nobody signed are ever taken for authentic. */
static void receiver_require(struct span bytes, enum esp_algorithm algorithm)
{
    struct esp_sa_config config = config_of(algorithm, bytes.len % 2);
    struct esp_sa_table *table = esp_sa_table_create(1, 1);
    REQUIRE(table && esp_sa_table_add(table, esp_sa_create(&config, NULL)));
    struct ip outer = {.source = config.source, .destination = config.destination, .payload = bytes};
    struct esp_received received;
    outer.protocol = IP_PROTOCOL_UDP;
    REQUIRE(esp_sa_table_receive(table, &outer, plain, &received) != ESP_OK);
    outer.protocol = IP_PROTOCOL_ESP;
    REQUIRE(esp_sa_table_receive(table, &outer, plain, &received) != ESP_OK);
    esp_sa_table_free(table);
}

/* And what a peer did sign, but not as section 2.4 wants it, does no harm. */
static void plain_text_require(struct span bytes, enum esp_algorithm algorithm)
{
    struct esp_sa_config config = config_of(algorithm, false);
    const struct esp_algorithm_facts *facts = esp_algorithm_facts(algorithm);
    struct esp_sa *sa = esp_sa_create(&config, NULL);
    struct esp_crypto *crypto = esp_crypto_create(algorithm, config.key, config.auth_key, true);
    uint32_t high = 0;
    size_t text_len = bytes.len / facts->block_len * facts->block_len,
           text_at = ESP_HEADER_LEN + facts->iv_len;
    struct writer w = writer_of(packet, sizeof packet);
    REQUIRE(sa && crypto);
    esp_write_header(&w, SPI, 1);
    writer_zeros(&w, facts->iv_len);
    writer_span(&w, span_of(bytes.data, text_len));
    REQUIRE(!w.failed && esp_crypto_seal(crypto, &high, packet, text_len) == ESP_OK);
    struct span payload, all = span_of(packet, text_at + text_len + ESP_ICV_LEN);
    uint8_t next_header;
    enum esp_result result = esp_sa_unprotect(sa, all, plain, &payload, &next_header);
    if (text_len < ESP_TRAILER_LEN)
        REQUIRE(result == ESP_TRUNCATED);
    else
        REQUIRE(result == ESP_OK || result == ESP_BAD_PADDING || result == ESP_DUMMY);
    if (result == ESP_OK)
        REQUIRE(payload.data == plain && payload.len + ESP_TRAILER_LEN <= text_len);
    esp_crypto_free(crypto);
    esp_sa_free(sa);
}

void fuzz_esp(const uint8_t *data, size_t len)
{
    struct span bytes = span_of(data, len), content;
    if (len > MAX_LEN)
        return;
    for (size_t iv_len = 0; iv_len <= 16; iv_len += 8)
        frame_require(bytes, iv_len, iv_len);
    trailer_require(bytes);
    enum esp_udp_kind kind = esp_udp_classify(bytes, &content);
    REQUIRE(content.len <= len && (kind != ESP_UDP_ESP || content.len == len));
    enum esp_algorithm algorithm = (enum esp_algorithm)(len % ESP_ALGORITHM_COUNT);
    receiver_require(bytes, algorithm);
    plain_text_require(bytes, algorithm);
}
