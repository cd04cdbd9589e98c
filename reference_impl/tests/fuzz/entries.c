/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/entries.h"

#include <string.h>

#include "base/checksum.h"
#include "codec/describe.h"
#include "codec/dump.h"
#include "codec/gre.h"
#include "codec/ip.h"
#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "tests/fuzz/require.h"

#define MAX_LEN 65536

static uint8_t copy[MAX_LEN], again[2 * MAX_LEN], entries[MAX_LEN];

static void field_require(void *arg, unsigned depth, const char *name, const char *text)
{
    REQUIRE(depth < 6);
    *(size_t *)arg += strlen(name) + strlen(text);
}

static void texts_require(const struct nhrp_message *message)
{
    static const size_t caps[] = {1, 2, 60, 1000};
    char buf[1000];
    struct description description;
    size_t octets = 0;
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++)
        REQUIRE(strlen(dump_nhrp_line(message, buf, caps[i])) < caps[i]);
    describe_nhrp(message, &description);
    REQUIRE(strlen(description.sentence) < DESCRIBE_SENTENCE_MAX && description.clause != NULL);
    dump_nhrp_fields(message, field_require, &octets);
    REQUIRE(octets > 0);
}

static void iterators_require(const struct nhrp_message *message)
{
    struct span list = message->cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        continue;
    REQUIRE(list.len == 0);

    struct nhrp_ext ext = {.type = NHRP_EXT_END};
    list = message->extensions;
    while (nhrp_ext_next(&list, &ext))
        REQUIRE(list.len == 0 || ext.type != NHRP_EXT_END);
    REQUIRE(list.len == 0 && ext.type == NHRP_EXT_END);
}

/* data has room for len octets and is changed: its checksum is made right for the comparison. */
static void message_require(uint8_t *data, size_t len)
{
    struct nhrp_message message;
    struct codec_error error = nhrp_decode(span_of(data, len), NHRP_DECODE_IGNORE_CHECKSUM, &message);
    REQUIRE(error.offset <= len);
    if (error.status != CODEC_OK)
        return;
    iterators_require(&message);
    texts_require(&message);

    struct span out;
    struct nhrp_message decoded;
    REQUIRE(nhrp_encode(&message, again, sizeof again, &out));
    REQUIRE(out.len == message.fixed.packet_size);
    nhrp_set_checksum(data, out.len);
    REQUIRE(span_equal(out, span_of(data, out.len)));
    REQUIRE(nhrp_decode(out, NHRP_DECODE_STRICT, &decoded).status == CODEC_OK);
    if (out.len < MAX_LEN)
        REQUIRE(!nhrp_encode(&message, again, out.len - 1, &out));
}

void fuzz_message(const uint8_t *data, size_t len)
{
    struct nhrp_message head;
    struct description description;
    char line[500];
    if (len > UINT16_MAX)
        return;
    if (nhrp_decode_head(span_of(data, len), &head).status == CODEC_OK)
        texts_require(&head);
    nhrp_decode(span_of(data, len), NHRP_DECODE_STRICT, &head);
    describe_packet(span_of(data, len), &description);
    REQUIRE(strlen(dump_packet_line(span_of(data, len), line, sizeof line)) < sizeof line);

    memcpy(copy, data, len);
    message_require(copy, len);
    if (len < NHRP_FIXED_LEN)
        return;
    memcpy(copy, data, len); /* once more past the checks that chance does not pass */
    copy[10] = (uint8_t)(len >> 8);
    copy[11] = (uint8_t)len;
    copy[16] = NHRP_VERSION;
    copy[17] = (uint8_t)(1 + copy[17] % 8);
    message_require(copy, len);
}

void fuzz_cie(const uint8_t *data, size_t len)
{
    if (len > sizeof entries)
        return;
    struct span list = span_of(data, len), out;
    size_t count, bad_at = len, walked = 0;
    bool whole = nhrp_cie_check(list, &count, &bad_at);
    REQUIRE(whole == (bad_at == len));
    struct writer w = writer_of(entries, sizeof entries);
    struct nhrp_cie cie;
    for (; nhrp_cie_next(&list, &cie); walked++)
        nhrp_cie_write(&w, &cie);
    REQUIRE(walked == count && list.len == len - bad_at);
    REQUIRE(writer_done(&w, &out) && span_equal(out, span_of(data, bad_at)));
}

static void value_require(const struct nhrp_ext *ext, size_t source_len)
{
    struct nhrp_auth auth;
    struct nhrp_vendor vendor;
    struct nhrp_capabilities capabilities;
    struct span list, out;
    struct writer w = writer_of(copy, sizeof copy);
    if (nhrp_auth_decode(ext->value, source_len, &auth)) {
        nhrp_auth_write(&w, &auth);
        REQUIRE(writer_done(&w, &out) && span_equal(out, ext->value));
    }
    w = writer_of(copy, sizeof copy);
    if (nhrp_vendor_decode(ext->value, &vendor)) {
        nhrp_vendor_write(&w, &vendor);
        REQUIRE(writer_done(&w, &out) && span_equal(out, ext->value));
    }
    REQUIRE(nhrp_capabilities_decode(ext->value, &capabilities) == (ext->value.len == 8));
    if (nhrp_ext_cies(ext, &list))
        fuzz_cie(list.data, list.len);
}

void fuzz_extension(const uint8_t *data, size_t len)
{
    if (len > MAX_LEN)
        return;
    struct span list = span_of(data, len), out;
    struct writer w = writer_of(again, sizeof again);
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext)) {
        nhrp_ext_write(&w, &ext);
        for (size_t source_len = 0; source_len <= 16; source_len += 4)
            value_require(&ext, source_len);
    }
    REQUIRE(writer_done(&w, &out) && span_equal(out, span_of(data, len - list.len)));
}

static void gre_require(struct span bytes)
{
    struct gre header, decoded;
    struct span out;
    struct codec_error error = gre_decode(bytes, &header);
    REQUIRE(error.offset <= bytes.len);
    if (error.status != CODEC_OK)
        return;
    REQUIRE(gre_header_len(&header) + header.payload.len == bytes.len);
    struct writer w = writer_of(again, sizeof again);
    gre_write(&w, &header, header.payload);
    REQUIRE(writer_done(&w, &out) && out.len == bytes.len);
    size_t skip = header.has_checksum ? 6 : 0; /* 0x0000 and 0xffff are the same checksum */
    REQUIRE(memcmp(out.data, bytes.data, 4) == 0);
    REQUIRE(
        span_equal(span_of(out.data + skip, out.len - skip), span_of(bytes.data + skip, bytes.len - skip)));
    REQUIRE(gre_decode(out, &decoded).status == CODEC_OK);
}

void fuzz_gre(const uint8_t *data, size_t len)
{
    if (len > MAX_LEN)
        return;
    gre_require(span_of(data, len));
    if (len < 8)
        return;
    memcpy(copy, data, len);
    copy[0] &= 0xb3; /* past the flags and the version, with a right checksum */
    copy[1] &= 0xf8;
    copy[4] = copy[5] = 0;
    uint16_t sum = checksum_of(span_of(copy, len));
    copy[4] = (uint8_t)(sum >> 8);
    copy[5] = (uint8_t)sum;
    gre_require(span_of(copy, len));
}

/* Did the packet have nothing that decoding drops: options, extension headers, the reserved flag? */
static bool ip_is_canonical(struct span bytes, const struct ip *header)
{
    if (bytes.data[0] >> 4 == 4)
        return bytes.data[0] == 0x45 && !(bytes.data[6] & 0x80);
    return header->protocol == bytes.data[6] &&
           header->payload.len == (size_t)(bytes.data[4] << 8 | bytes.data[5]);
}

static void ip_require(uint8_t *data, size_t len)
{
    struct ip header;
    struct udp udp;
    struct icmp_echo echo;
    struct span bytes = span_of(data, len), out;
    struct codec_error error = ip_decode_head(bytes, &header);
    REQUIRE(error.offset <= len);
    if (error.status == CODEC_OK) {
        udp_decode(header.payload, &udp);
        icmp_echo_decode(&header, &echo);
    }
    error = ip_decode(bytes, &header);
    REQUIRE(error.offset <= len);
    if (error.status == CODEC_OK && ip_is_canonical(bytes, &header)) {
        struct writer w = writer_of(again, sizeof again);
        ip_write(&w, &header, header.payload);
        REQUIRE(writer_done(&w, &out) && out.len <= len);
        if (data[0] >> 4 == 4) /* 0x0000 and 0xffff are the same checksum */
            memcpy(again + 10, data + 10, 2);
        REQUIRE(span_equal(out, span_of(data, out.len)));
    }
    uint8_t ttl = header.ttl;
    if (ip_decrement_ttl(data, len) && error.status == CODEC_OK)
        REQUIRE(ip_decode(bytes, &header).status == CODEC_OK && header.ttl == ttl - 1);
}

void fuzz_ip(const uint8_t *data, size_t len)
{
    if (len > UINT16_MAX)
        return;
    memcpy(copy, data, len);
    ip_require(copy, len);
    size_t header_len = len > 0 ? (data[0] & 0x0f) * 4u : 0;
    if (header_len < 20 || header_len > len)
        return;
    memcpy(copy, data, len);
    copy[0] = (uint8_t)(0x40 | (copy[0] & 0x0f)); /* an IPv4 header with a right checksum */
    copy[10] = copy[11] = 0;
    uint16_t sum = checksum_of(span_of(copy, header_len));
    copy[10] = (uint8_t)(sum >> 8);
    copy[11] = (uint8_t)sum;
    ip_require(copy, len);
}
