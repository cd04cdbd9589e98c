/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/sim/fragment.h"

#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "codec/ip.h"

#define UNIT             8u /* octets: fragments begin at multiples of it */
#define PAYLOAD_MAX      65535u
#define UNITS_MAX        (PAYLOAD_MAX / UNIT + 1)
#define PARTIALS_MAX     64u /* packets that a host puts together at a time */
#define REASSEMBLY_S     30  /* RFC 791 leaves the time to the host; Linux waits so long */
#define ROUTER_TTL       64
#define ICMP_UNREACHABLE 3
#define ICMP_NEEDS_DF    4
#define ICMPV6_TOO_BIG   2
#define REPORT_DATA_V4   8u    /* octets of the payload that an ICMP report repeats (RFC 792) */
#define REPORT_MAX_V6    1232u /* octets: 1280 less the report's own IPv6 and ICMPv6 headers, RFC 4443 */

bool fragment_is_allowed(struct span packet)
{
    struct ip ip;
    return ip_decode(packet, &ip).status == CODEC_OK && ip.source.family == ADDR_IPV4 && !ip.dont_fragment;
}

bool fragment_next(struct span packet, size_t mtu, size_t *offset, uint8_t *buf, struct span *piece)
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

uint8_t *fragment_report(struct span packet, size_t mtu, struct addr router, size_t *len)
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

/* ---- putting together ---- */

/* A packet of which some pieces are here. */
struct reassembly_partial {
    struct reassembly_partial *next;
    struct ip first; /* of the piece that came first: whose packet it is */
    struct instant until;
    size_t payload_len; /* 0: the last piece is not here yet */
    bool here[UNITS_MAX];
    uint8_t payload[PAYLOAD_MAX];
    uint8_t whole[FRAGMENT_PACKET_MAX];
};

static bool is_same(const struct ip *a, const struct ip *b)
{
    return a->id == b->id && a->protocol == b->protocol && addr_equal(a->source, b->source) &&
           addr_equal(a->destination, b->destination);
}

static void unlink_partial(struct reassembly *r, struct reassembly_partial **at)
{
    struct reassembly_partial *gone = *at;
    *at = gone->next;
    free(gone);
    r->count--;
}

/* What has waited too long, or is the oldest of too many, is forgotten. */
static void forget_old(struct reassembly *r, struct instant now)
{
    size_t kept = 0;
    for (struct reassembly_partial **at = &r->partials; *at;) {
        if (instant_reached(now, (*at)->until) || kept == PARTIALS_MAX - 1) {
            unlink_partial(r, at);
        } else {
            at = &(*at)->next;
            kept++;
        }
    }
}

static struct reassembly_partial **find(struct reassembly *r, const struct ip *ip)
{
    struct reassembly_partial **at = &r->partials;
    while (*at && !is_same(&(*at)->first, ip))
        at = &(*at)->next;
    return at;
}

static struct reassembly_partial *start(struct reassembly *r, struct instant now, const struct ip *ip)
{
    struct reassembly_partial *partial = calloc(1, sizeof *partial);
    if (!partial)
        return NULL;
    partial->first = *ip;
    partial->until = instant_after_s(now, REASSEMBLY_S);
    partial->next = r->partials;
    r->partials = partial;
    r->count++;
    return partial;
}

static bool is_complete(const struct reassembly_partial *partial)
{
    if (partial->payload_len == 0)
        return false;
    for (size_t i = 0; i * UNIT < partial->payload_len; i++)
        if (!partial->here[i])
            return false;
    return true;
}

static bool put_together(struct reassembly_partial *partial, struct span *whole)
{
    struct ip header = partial->first;
    header.more_fragments = false;
    header.fragment_offset = 0;
    struct writer w = writer_of(partial->whole, sizeof partial->whole);
    ip_write(&w, &header, span_of(partial->payload, partial->payload_len));
    return writer_done(&w, whole);
}

bool reassembly_take(struct reassembly *r, struct instant now, struct span packet, struct span *whole)
{
    struct ip ip;
    forget_old(r, now);
    if (ip_decode(packet, &ip).status != CODEC_OK || (!ip.more_fragments && ip.fragment_offset == 0)) {
        *whole = packet;
        return true;
    }
    size_t offset = ip.fragment_offset, end = offset + ip.payload.len;
    if (end > PAYLOAD_MAX || (ip.more_fragments && ip.payload.len % UNIT != 0))
        return false;
    struct reassembly_partial *partial = *find(r, &ip);
    if (!partial && !(partial = start(r, now, &ip)))
        return false;
    memcpy(partial->payload + offset, ip.payload.data, ip.payload.len);
    for (size_t at = offset; at < end; at += UNIT)
        partial->here[at / UNIT] = true;
    if (!ip.more_fragments)
        partial->payload_len = end;
    if (!is_complete(partial) || !put_together(partial, whole))
        return false;
    partial->until = now; /* done: the next call forgets it */
    return true;
}

void reassembly_free(struct reassembly *r)
{
    while (r->partials)
        unlink_partial(r, &r->partials);
}
