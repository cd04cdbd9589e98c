/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/sim/oversize.h"

#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "codec/ip.h"

#define UNIT             8u /* octets: fragments begin at multiples of it */
#define ROUTER_TTL       64
#define ICMP_UNREACHABLE 3
#define ICMP_NEEDS_DF    4
#define ICMPV6_TOO_BIG   2
#define REPORT_DATA_V4   8u    /* octets of the payload that an ICMP report repeats (RFC 792) */
#define REPORT_MAX_V6    1232u /* octets: 1280 less the report's own IPv6 and ICMPv6 headers, RFC 4443 */

bool oversize_may_split(struct span packet)
{
    struct ip ip;
    return ip_decode(packet, &ip).status == CODEC_OK && ip.source.family == ADDR_IPV4 && !ip.dont_fragment;
}

bool oversize_split(struct span packet, size_t mtu, size_t *offset, uint8_t *buf, struct span *piece)
{
    struct ip ip;
    if (ip_decode(packet, &ip).status != CODEC_OK || *offset >= ip.payload.len)
        return false;
    size_t room = (mtu - ip_header_len(&ip)) / UNIT * UNIT;
    size_t left = ip.payload.len - *offset;
    struct ip header = ip;
    header.fragment_offset = (uint16_t)(ip.fragment_offset + *offset);
    header.more_fragments = ip.more_fragments || left > room;
    struct writer w = writer_of(buf, mtu);
    ip_write(&w, &header, span_of(ip.payload.data + *offset, left > room ? room : left));
    *offset += room;
    return writer_done(&w, piece);
}

static void write_report(struct writer *w, const struct ip *carrier, size_t mtu, struct span packet)
{
    bool ipv6 = carrier->source.family == ADDR_IPV6;
    writer_u8(w, ipv6 ? ICMPV6_TOO_BIG : ICMP_UNREACHABLE);
    writer_u8(w, ipv6 ? 0 : ICMP_NEEDS_DF);
    writer_u16(w, 0);
    writer_u32(w, (uint32_t)mtu);
    writer_span(w, packet);
    struct span message;
    if (writer_done(w, &message))
        writer_patch_u16(
            w, 2, ipv6 ? ip_payload_checksum(carrier, IP_PROTOCOL_ICMPV6, message) : checksum_of(message));
}

uint8_t *oversize_report(struct span packet, size_t mtu, struct addr router, size_t *len)
{
    struct ip ip;
    if (ip_decode(packet, &ip).status != CODEC_OK)
        return NULL;
    bool ipv6 = ip.source.family == ADDR_IPV6;
    size_t repeated = ipv6 ? REPORT_MAX_V6 : ip_header_len(&ip) + REPORT_DATA_V4;
    struct ip header = {
        .source = router,
        .destination = ip.source,
        .protocol = ipv6 ? IP_PROTOCOL_ICMPV6 : IP_PROTOCOL_ICMP,
        .ttl = ROUTER_TTL,
    };
    uint8_t message[REPORT_MAX_V6 + 8];
    struct writer w = writer_of(message, sizeof message);
    write_report(&w, &header, mtu, span_of(packet.data, repeated < packet.len ? repeated : packet.len));
    struct span written;
    if (!writer_done(&w, &written))
        return NULL;
    size_t cap = written.len + ip_header_len(&header);
    uint8_t *report = malloc(cap);
    if (!report)
        return NULL;
    w = writer_of(report, cap);
    ip_write(&w, &header, written);
    *len = cap;
    return report;
}
