/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/ip.h"

#include <string.h>

#include "base/checksum.h"

#define IPV4_HEADER_LEN    20
#define IPV6_HEADER_LEN    40
#define IPV4_DONT_FRAGMENT 0x4000
#define IPV4_MORE          0x2000
#define IPV4_OFFSET_MASK   0x1fff /* in units of 8 octets */
#define AT_VERSION         0
#define AT_IPV4_TOTAL_LEN  2
#define AT_IPV4_TTL        8
#define AT_IPV4_CHECKSUM   10
#define AT_IPV6_HOP_LIMIT  7
#define IPV6_FLOW_MASK     0xfffff

/* IPv6 extension headers (RFC 8200 section 4; RFC 4302 for AH). */
#define NEXT_HOP_BY_HOP  0
#define NEXT_ROUTING     43
#define NEXT_FRAGMENT    44
#define NEXT_AH          51
#define NEXT_DESTINATION 60

static const struct codec_error no_error = {CODEC_OK, 0};

static struct codec_error error_at(enum codec_status status, size_t offset)
{
    return (struct codec_error){status, offset};
}

static size_t size_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static struct codec_error ipv4_decode(struct span bytes, bool whole, struct ip *out)
{
    struct reader r = reader_of(bytes);
    size_t header_len = (reader_u8(&r) & 0x0f) * 4u;
    uint8_t tos = reader_u8(&r);
    size_t total_len = reader_u16(&r);
    uint16_t id = reader_u16(&r);
    uint16_t fragment = reader_u16(&r);
    uint8_t ttl = reader_u8(&r);
    uint8_t protocol = reader_u8(&r);
    reader_u16(&r); /* checksum, looked at below */
    struct span source = reader_span(&r, 4);
    struct span destination = reader_span(&r, 4);
    if (r.failed)
        return error_at(CODEC_TRUNCATED, r.failed_at);
    if (header_len < IPV4_HEADER_LEN)
        return error_at(CODEC_BAD_HEADER_LENGTH, AT_VERSION);
    reader_span(&r, header_len - IPV4_HEADER_LEN); /* options */
    if (r.failed)
        return error_at(CODEC_TRUNCATED, r.failed_at);
    if (checksum_of(span_of(bytes.data, header_len)) != 0)
        return error_at(CODEC_BAD_CHECKSUM, AT_IPV4_CHECKSUM);
    if (total_len < header_len)
        return error_at(CODEC_BAD_SIZE, AT_IPV4_TOTAL_LEN);
    if (whole && total_len > bytes.len)
        return error_at(CODEC_TRUNCATED, bytes.len);
    *out = (struct ip){
        .source = addr_from_span(source),
        .destination = addr_from_span(destination),
        .protocol = protocol,
        .ttl = ttl,
        .tos = tos,
        .id = id,
        .dont_fragment = fragment & IPV4_DONT_FRAGMENT,
        .more_fragments = fragment & IPV4_MORE,
        .fragment_offset = (uint16_t)((fragment & IPV4_OFFSET_MASK) * 8),
        .payload = reader_span(&r, size_min(total_len, bytes.len) - header_len),
    };
    return no_error;
}

static bool is_ipv6_extension(uint8_t next)
{
    return next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_FRAGMENT || next == NEXT_AH ||
           next == NEXT_DESTINATION;
}

/* Step over extension headers. Behind a fragment header that is not the first one's comes the middle of
 * something. */
static void ipv6_extensions_skip(struct reader *r, struct ip *header)
{
    while (!r->failed && is_ipv6_extension(header->protocol) && header->fragment_offset == 0) {
        uint8_t kind = header->protocol;
        header->protocol = reader_u8(r);
        size_t units = reader_u8(r);
        if (kind == NEXT_FRAGMENT) {
            uint16_t fragment = reader_u16(r);
            header->fragment_offset = fragment & 0xfff8;
            header->more_fragments = fragment & 1;
            reader_u32(r); /* identification */
        } else if (kind == NEXT_AH) {
            reader_span(r, (units + 2) * 4 - 2);
        } else {
            reader_span(r, (units + 1) * 8 - 2);
        }
    }
}

static struct codec_error ipv6_decode(struct span bytes, bool whole, struct ip *out)
{
    struct reader r = reader_of(bytes);
    uint32_t word = reader_u32(&r);
    struct ip header = {.tos = (uint8_t)(word >> 20), .id = word & IPV6_FLOW_MASK};
    size_t payload_len = reader_u16(&r);
    header.protocol = reader_u8(&r);
    header.ttl = reader_u8(&r);
    header.source = addr_from_span(reader_span(&r, 16));
    header.destination = addr_from_span(reader_span(&r, 16));
    if (r.failed)
        return error_at(CODEC_TRUNCATED, r.failed_at);
    if (whole && payload_len > reader_left(&r))
        return error_at(CODEC_TRUNCATED, bytes.len);
    r.bytes.len = IPV6_HEADER_LEN + size_min(payload_len, reader_left(&r));
    ipv6_extensions_skip(&r, &header);
    if (r.failed)
        return error_at(CODEC_TRUNCATED, r.failed_at);
    header.payload = reader_rest(&r);
    *out = header;
    return no_error;
}

static struct codec_error either_decode(struct span bytes, bool whole, struct ip *out)
{
    if (bytes.len == 0)
        return error_at(CODEC_TRUNCATED, 0);
    switch (bytes.data[0] >> 4) {
    case 4:
        return ipv4_decode(bytes, whole, out);
    case 6:
        return ipv6_decode(bytes, whole, out);
    default:
        return error_at(CODEC_BAD_VERSION, AT_VERSION);
    }
}

struct codec_error ip_decode(struct span bytes, struct ip *out)
{
    return either_decode(bytes, true, out);
}

struct codec_error ip_decode_head(struct span bytes, struct ip *out)
{
    return either_decode(bytes, false, out);
}

static void ipv4_write_header(struct writer *w, const struct ip *header, size_t payload_len)
{
    size_t start = w->pos;
    if (payload_len > UINT16_MAX - IPV4_HEADER_LEN || header->id > UINT16_MAX ||
        header->fragment_offset % 8 != 0) {
        w->failed = true;
        return;
    }
    writer_u8(w, 0x45);
    writer_u8(w, header->tos);
    writer_u16(w, (uint16_t)(IPV4_HEADER_LEN + payload_len));
    writer_u16(w, (uint16_t)header->id);
    writer_u16(w, (uint16_t)((header->dont_fragment ? IPV4_DONT_FRAGMENT : 0) |
                             (header->more_fragments ? IPV4_MORE : 0) | header->fragment_offset / 8));
    writer_u8(w, header->ttl);
    writer_u8(w, header->protocol);
    writer_u16(w, 0);
    writer_span(w, addr_span(&header->source));
    writer_span(w, addr_span(&header->destination));
    if (!w->failed)
        writer_patch_u16(w, start + AT_IPV4_CHECKSUM, checksum_of(span_of(w->data + start, IPV4_HEADER_LEN)));
}

static void ipv6_write_header(struct writer *w, const struct ip *header, size_t payload_len)
{
    if (payload_len > UINT16_MAX || header->id > IPV6_FLOW_MASK || header->more_fragments ||
        header->fragment_offset != 0) {
        w->failed = true;
        return;
    }
    writer_u32(w, UINT32_C(6) << 28 | (uint32_t)header->tos << 20 | header->id);
    writer_u16(w, (uint16_t)payload_len);
    writer_u8(w, header->protocol);
    writer_u8(w, header->ttl);
    writer_span(w, addr_span(&header->source));
    writer_span(w, addr_span(&header->destination));
}

void ip_write_header(struct writer *w, const struct ip *header, size_t payload_len)
{
    if (header->source.family != header->destination.family || addr_is_none(header->source))
        w->failed = true;
    else if (header->source.family == ADDR_IPV4)
        ipv4_write_header(w, header, payload_len);
    else
        ipv6_write_header(w, header, payload_len);
}

size_t ip_header_len(const struct ip *header)
{
    return header->source.family == ADDR_IPV4 ? IPV4_HEADER_LEN : IPV6_HEADER_LEN;
}

void ip_write(struct writer *w, const struct ip *header, struct span payload)
{
    ip_write_header(w, header, payload.len);
    writer_span(w, payload);
}

bool ip_decrement_ttl(uint8_t *data, size_t len)
{
    bool ipv4 = len >= IPV4_HEADER_LEN && data[0] >> 4 == 4 && (data[0] & 0x0f) * 4u >= IPV4_HEADER_LEN &&
                (data[0] & 0x0f) * 4u <= len;
    bool ipv6 = len >= IPV6_HEADER_LEN && data[0] >> 4 == 6;
    if (!ipv4 && !ipv6)
        return false;
    uint8_t *ttl = data + (ipv4 ? AT_IPV4_TTL : AT_IPV6_HOP_LIMIT);
    if (*ttl <= 1)
        return false;
    --*ttl;
    if (ipv4) { /* the sum lost 0x0100, so its complement gains it (RFC 1624): a wrong checksum stays wrong */
        uint8_t *at = data + AT_IPV4_CHECKSUM;
        uint32_t sum = (uint32_t)(at[0] << 8 | at[1]) + 0x0100;
        sum = (sum & 0xffff) + (sum >> 16);
        at[0] = (uint8_t)(sum >> 8);
        at[1] = (uint8_t)sum;
    }
    return true;
}

uint16_t ip_payload_checksum(const struct ip *carrier, uint8_t protocol, struct span payload)
{
    uint8_t buf[40];
    struct writer w = writer_of(buf, sizeof buf);
    writer_span(&w, addr_span(&carrier->source));
    writer_span(&w, addr_span(&carrier->destination));
    if (carrier->source.family == ADDR_IPV6) {
        writer_u32(&w, (uint32_t)payload.len);
        writer_u32(&w, protocol);
    } else {
        writer_u16(&w, protocol);
        writer_u16(&w, (uint16_t)payload.len);
    }
    struct span pseudo_header;
    writer_done(&w, &pseudo_header);
    return checksum_of_two(pseudo_header, payload);
}
