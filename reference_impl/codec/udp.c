/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/ip.h"

#define AT_LENGTH   4
#define AT_CHECKSUM 6

struct codec_error udp_decode(struct span bytes, struct udp *out)
{
    struct reader r = reader_of(bytes);
    struct udp header = {.source_port = reader_u16(&r)};
    header.destination_port = reader_u16(&r);
    size_t len = reader_u16(&r);
    reader_u16(&r);
    if (r.failed)
        return (struct codec_error){CODEC_TRUNCATED, r.failed_at};
    if (len < UDP_HEADER_LEN)
        return (struct codec_error){CODEC_BAD_LENGTH, AT_LENGTH};
    if (len > bytes.len)
        return (struct codec_error){CODEC_TRUNCATED, bytes.len};
    header.payload = reader_span(&r, len - UDP_HEADER_LEN);
    *out = header;
    return (struct codec_error){CODEC_OK, 0};
}

void udp_write_header(struct writer *w, const struct ip *carrier, const struct udp *header,
                      size_t payload_len)
{
    size_t start = w->pos;
    if (payload_len > UINT16_MAX - UDP_HEADER_LEN) {
        w->failed = true;
        return;
    }
    writer_u16(w, header->source_port);
    writer_u16(w, header->destination_port);
    writer_u16(w, (uint16_t)(UDP_HEADER_LEN + payload_len));
    writer_u16(w, 0);
    if (w->failed || carrier->source.family != ADDR_IPV6)
        return;
    uint16_t sum =
        ip_payload_checksum(carrier, IP_PROTOCOL_UDP, span_of(w->data + start, UDP_HEADER_LEN + payload_len));
    writer_patch_u16(w, start + AT_CHECKSUM, sum ? sum : 0xffff); /* 0 would mean "none" (RFC 768) */
}

void udp_write(struct writer *w, const struct ip *carrier, const struct udp *header, struct span payload)
{
    struct writer at_header = *w;
    writer_zeros(w, UDP_HEADER_LEN);
    writer_span(w, payload);
    if (w->failed)
        return;
    udp_write_header(&at_header, carrier, header, payload.len);
    w->failed = at_header.failed;
}
