/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/esp.h"

#define NON_ESP_MARKER_LEN 4
#define KEEPALIVE_OCTET    0xff

static struct codec_error error_at(enum codec_status status, size_t offset)
{
    return (struct codec_error){status, offset};
}

struct codec_error esp_decode(struct span bytes, size_t iv_len, size_t icv_len, struct esp *out)
{
    struct reader r = reader_of(bytes);
    struct esp esp = {.header = reader_span(&r, ESP_HEADER_LEN)};
    esp.iv = reader_span(&r, iv_len);
    if (r.failed)
        return error_at(CODEC_TRUNCATED, r.failed_at);
    size_t left = reader_left(&r);
    if (left < icv_len || left - icv_len < ESP_TRAILER_LEN)
        return error_at(CODEC_TRUNCATED, r.pos);
    esp.ciphertext = reader_span(&r, left - icv_len);
    esp.icv = reader_rest(&r);
    struct reader header = reader_of(esp.header);
    esp.spi = reader_u32(&header);
    esp.sequence = reader_u32(&header);
    *out = esp;
    return error_at(CODEC_OK, 0);
}

struct codec_error esp_trailer_decode(struct span plain, struct span *payload, uint8_t *next_header)
{
    if (plain.len < ESP_TRAILER_LEN)
        return error_at(CODEC_TRUNCATED, 0);
    size_t at_pad_len = plain.len - ESP_TRAILER_LEN;
    size_t pad_len = plain.data[at_pad_len];
    if (pad_len > at_pad_len)
        return error_at(CODEC_BAD_LENGTH, at_pad_len);
    size_t at_padding = at_pad_len - pad_len;
    for (size_t i = 0; i < pad_len; i++) {
        if (plain.data[at_padding + i] != i + 1)
            return error_at(CODEC_BAD_PADDING, at_padding + i);
    }
    *payload = span_of(plain.data, at_padding);
    *next_header = plain.data[at_pad_len + 1];
    return error_at(CODEC_OK, 0);
}

size_t esp_pad_len(size_t payload_len, size_t block_len)
{
    size_t unit = block_len > ESP_ALIGNMENT ? block_len : ESP_ALIGNMENT;
    return (unit - (payload_len + ESP_TRAILER_LEN) % unit) % unit;
}

size_t esp_ciphertext_len(size_t payload_len, size_t block_len)
{
    return payload_len + esp_pad_len(payload_len, block_len) + ESP_TRAILER_LEN;
}

void esp_write_header(struct writer *w, uint32_t spi, uint32_t sequence)
{
    writer_u32(w, spi);
    writer_u32(w, sequence);
}

void esp_write_trailer(struct writer *w, size_t pad_len, uint8_t next_header)
{
    if (pad_len > ESP_PAD_MAX) {
        w->failed = true;
        return;
    }
    for (size_t i = 1; i <= pad_len; i++)
        writer_u8(w, (uint8_t)i);
    writer_u8(w, (uint8_t)pad_len);
    writer_u8(w, next_header);
}

enum esp_udp_kind esp_udp_classify(struct span payload, struct span *content)
{
    struct reader r = reader_of(payload);
    *content = (struct span){0};
    if (payload.len == 1 && payload.data[0] == KEEPALIVE_OCTET)
        return ESP_UDP_KEEPALIVE;
    uint32_t first = reader_u32(&r);
    if (r.failed)
        return ESP_UDP_OTHER;
    *content = first == 0 ? reader_rest(&r) : payload;
    return first == 0 ? ESP_UDP_IKE : ESP_UDP_ESP;
}

void esp_write_non_esp_marker(struct writer *w)
{
    writer_zeros(w, NON_ESP_MARKER_LEN);
}
