/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/ip.h"

#include "base/checksum.h"

#define ICMP_ECHO_REPLY     0
#define ICMP_ECHO_REQUEST   8
#define ICMPV6_ECHO_REQUEST 128
#define ICMPV6_ECHO_REPLY   129
#define AT_TYPE             0
#define AT_CHECKSUM         2

/* ICMPv6 counts the pseudo-header (RFC 4443 section 2.3), ICMP does not (RFC 792). */
static uint16_t icmp_checksum(const struct ip *carrier, struct span message)
{
    return carrier->source.family == ADDR_IPV6 ? ip_payload_checksum(carrier, IP_PROTOCOL_ICMPV6, message)
                                               : checksum_of(message);
}

struct codec_error icmp_echo_decode(const struct ip *carrier, struct icmp_echo *out)
{
    bool ipv6 = carrier->source.family == ADDR_IPV6;
    uint8_t request = ipv6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO_REQUEST;
    uint8_t reply = ipv6 ? ICMPV6_ECHO_REPLY : ICMP_ECHO_REPLY;
    struct reader r = reader_of(carrier->payload);
    uint8_t type = reader_u8(&r);
    reader_u8(&r);  /* code */
    reader_u16(&r); /* checksum */
    struct icmp_echo echo = {.reply = type == reply, .id = reader_u16(&r)};
    echo.sequence = reader_u16(&r);
    echo.data = reader_rest(&r);

    if (carrier->protocol != (ipv6 ? IP_PROTOCOL_ICMPV6 : IP_PROTOCOL_ICMP))
        return (struct codec_error){CODEC_BAD_TYPE, AT_TYPE};
    if (carrier->payload.len > 0 && type != request && type != reply)
        return (struct codec_error){CODEC_BAD_TYPE, AT_TYPE};
    if (r.failed)
        return (struct codec_error){CODEC_TRUNCATED, r.failed_at};
    if (icmp_checksum(carrier, carrier->payload) != 0)
        return (struct codec_error){CODEC_BAD_CHECKSUM, AT_CHECKSUM};
    *out = echo;
    return (struct codec_error){CODEC_OK, 0};
}

void icmp_echo_write(struct writer *w, const struct ip *carrier, const struct icmp_echo *echo)
{
    bool ipv6 = carrier->source.family == ADDR_IPV6;
    size_t start = w->pos;
    if (ipv6)
        writer_u8(w, echo->reply ? ICMPV6_ECHO_REPLY : ICMPV6_ECHO_REQUEST);
    else
        writer_u8(w, echo->reply ? ICMP_ECHO_REPLY : ICMP_ECHO_REQUEST);
    writer_u8(w, 0);
    writer_u16(w, 0);
    writer_u16(w, echo->id);
    writer_u16(w, echo->sequence);
    writer_span(w, echo->data);
    if (!w->failed)
        writer_patch_u16(w, start + AT_CHECKSUM,
                         icmp_checksum(carrier, span_of(w->data + start, w->pos - start)));
}
