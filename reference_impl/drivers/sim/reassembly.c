/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/sim/reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"

#define UNIT         8u /* octets: fragments begin at multiples of it */
#define PAYLOAD_MAX  65535u
#define UNITS_MAX    (PAYLOAD_MAX / UNIT + 1)
#define PARTIALS_MAX 64u /* packets that a host puts together at a time */
#define REASSEMBLY_S 30  /* RFC 791 leaves the time to the host; Linux waits so long */

/* A packet of which some pieces are here. */
struct reassembly_partial {
    struct reassembly_partial *next;
    struct ip first; /* of the piece that came first: whose packet it is */
    struct instant until;
    size_t payload_len; /* 0: the last piece is not here yet */
    bool here[UNITS_MAX];
    uint8_t payload[PAYLOAD_MAX];
    uint8_t whole[UNDERLAY_PACKET_MAX];
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
