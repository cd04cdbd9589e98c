/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/icmp_error.h"

#include "base/checksum.h"

#define ICMP_HEADER_LEN 8
#define ICMP_TTL        64
#define IPV4_ERROR_MAX  576

static const struct {
    uint8_t v4_type, v4_code, v6_type, v6_code;
} numbers[] = {
    [ICMP_ERROR_UNREACHABLE] = {3, 0, 1, 0},
    [ICMP_ERROR_NO_HOST] = {3, 1, 1, 3},
    [ICMP_ERROR_TTL_EXCEEDED] = {11, 0, 3, 0},
    [ICMP_ERROR_TOO_BIG] = {3, 4, 2, 0},
};

static bool is_error(const struct ip *ip)
{
    if (ip->payload.len == 0)
        return false;
    uint8_t type = ip->payload.data[0];
    if (ip->protocol == IP_PROTOCOL_ICMP)
        return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    return ip->protocol == IP_PROTOCOL_ICMPV6 && type < 128;
}

bool icmp_error_is_due(const struct ip *ip)
{
    return !is_error(ip) && ip->fragment_offset == 0 && !addr_is_multicast(ip->destination) &&
           !addr_is_multicast(ip->source) && !addr_is_unspecified(ip->source);
}

void icmp_error_write(struct writer *w, struct addr source, struct span packet, const struct ip *ip,
                      enum icmp_error error, uint16_t mtu)
{
    bool v4 = source.family == ADDR_IPV4;
    struct ip header = {
        .source = source,
        .destination = ip->source,
        .protocol = v4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6,
        .ttl = ICMP_TTL,
        .tos = 0xc0, /* RFC 1812 section 4.3.2.5: internetwork control */
    };
    size_t room = (v4 ? IPV4_ERROR_MAX : ICMP_ERROR_MAX) - ip_header_len(&header) - ICMP_HEADER_LEN;
    if (packet.len > room)
        packet.len = room;
    uint8_t buf[ICMP_ERROR_MAX];
    struct writer body = writer_of(buf, sizeof buf);
    writer_u8(&body, v4 ? numbers[error].v4_type : numbers[error].v6_type);
    writer_u8(&body, v4 ? numbers[error].v4_code : numbers[error].v6_code);
    writer_u16(&body, 0);
    writer_u32(&body, error == ICMP_ERROR_TOO_BIG ? mtu : 0);
    writer_span(&body, packet);
    struct span octets = span_of(buf, body.pos);
    uint16_t sum = v4 ? checksum_of(octets) : ip_payload_checksum(&header, header.protocol, octets);
    writer_patch_u16(&body, 2, sum);
    ip_write(w, &header, octets);
}
