/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * echo: RFC 792 and RFC 4443 echo, as far as a host that pings or is pinged needs it.
 */
#include "drivers/sim/echo.h"

#include <stdlib.h>

#include "codec/ip.h"

#define HOST_TTL     64
#define HEADERS_ROOM 64 /* octets: more than an IPv6 and an ICMPv6 header */
#define DATA_MOST    65000u

bool echo_read(struct span packet, struct echo *out)
{
    struct ip ip;
    struct icmp_echo icmp;
    if (ip_decode(packet, &ip).status != CODEC_OK || icmp_echo_decode(&ip, &icmp).status != CODEC_OK)
        return false;
    *out = (struct echo){
        .source = ip.source,
        .destination = ip.destination,
        .reply = icmp.reply,
        .id = icmp.id,
        .sequence = icmp.sequence,
        .data = icmp.data,
    };
    return true;
}

uint8_t *echo_make(const struct echo *echo, uint16_t ip_id, size_t *len)
{
    bool ipv4 = echo->source.family == ADDR_IPV4;
    struct ip header = {
        .source = echo->source,
        .destination = echo->destination,
        .protocol = ipv4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6,
        .ttl = HOST_TTL,
        .id = ipv4 ? ip_id : 0,
    };
    struct icmp_echo icmp = {
        .reply = echo->reply, .id = echo->id, .sequence = echo->sequence, .data = echo->data};
    if (echo->data.len > DATA_MOST)
        return NULL;
    size_t cap = echo->data.len + HEADERS_ROOM;
    uint8_t *inner = malloc(cap);
    uint8_t *packet = malloc(cap);
    struct span message, whole;
    bool ok = false;
    if (inner && packet) {
        struct writer w = writer_of(inner, cap);
        icmp_echo_write(&w, &header, &icmp);
        if (writer_done(&w, &message)) {
            w = writer_of(packet, cap);
            ip_write(&w, &header, message);
            ok = writer_done(&w, &whole);
        }
    }
    free(inner);
    if (!ok) {
        free(packet);
        return NULL;
    }
    *len = whole.len;
    return packet;
}

uint8_t *echo_make_request(struct echo echo, uint16_t ip_id, size_t data_octets, size_t *len)
{
    uint8_t *data = malloc(data_octets ? data_octets : 1);
    if (!data)
        return NULL;
    for (size_t i = 0; i < data_octets; i++)
        data[i] = (uint8_t)i;
    echo.reply = false;
    echo.data = span_of(data, data_octets);
    uint8_t *packet = echo_make(&echo, ip_id, len);
    free(data);
    return packet;
}
