/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/sim/nat_box.h"

#include <stdlib.h>

#include "codec/ip.h"

#define PORT_FIRST 1024u /* what a box gives out when the sender's own port is taken */
#define PORT_LAST  65535u

/* Who inside stands behind an outside port, or behind a protocol without ports. */
struct nat_session {
    uint8_t protocol;
    uint16_t inside_port;  /* UDP */
    uint16_t outside_port; /* UDP */
    struct addr inside;
    struct addr peer; /* without ports: the sessions are told apart by the other end only */
    struct instant until;
};

void nat_box_init(struct nat_box *box, const struct scenario_nat *config)
{
    *box = (struct nat_box){.config = config};
}

void nat_box_free(struct nat_box *box)
{
    free(box->sessions);
    *box = (struct nat_box){0};
}

static const struct scenario_nat_pair *pair_of(const struct nat_box *box, struct addr address, bool outside)
{
    for (size_t i = 0; i < box->config->pair_count; i++) {
        const struct scenario_nat_pair *pair = &box->config->pairs[i];
        if (addr_equal(outside ? pair->outside : pair->inside, address))
            return pair;
    }
    return NULL;
}

bool nat_box_owns(const struct nat_box *box, struct addr outside)
{
    return box->config->kind == NAT_PORT ? addr_equal(box->config->outside, outside)
                                         : pair_of(box, outside, true) != NULL;
}

bool nat_box_inside(const struct nat_box *box, struct addr outside, uint16_t port, struct addr *inside)
{
    const struct scenario_nat_pair *pair = pair_of(box, outside, true);
    if (pair)
        *inside = pair->inside;
    for (size_t i = 0; i < box->count; i++) {
        const struct nat_session *s = &box->sessions[i];
        if (s->protocol != IP_PROTOCOL_UDP || s->outside_port != port ||
            !addr_equal(box->config->outside, outside))
            continue;
        *inside = s->inside;
        return true;
    }
    return pair != NULL;
}

static struct nat_session *add_session(struct nat_box *box)
{
    if (box->count == box->cap) {
        size_t cap = box->cap ? box->cap * 2 : 8;
        struct nat_session *sessions = realloc(box->sessions, cap * sizeof *sessions);
        if (!sessions)
            return NULL;
        box->sessions = sessions;
        box->cap = cap;
    }
    return &box->sessions[box->count++];
}

static void forget_idle(struct nat_box *box, struct instant now)
{
    size_t kept = 0;
    for (size_t i = 0; i < box->count; i++)
        if (!instant_reached(now, box->sessions[i].until))
            box->sessions[kept++] = box->sessions[i];
    box->count = kept;
}

static bool port_is_taken(const struct nat_box *box, uint16_t port)
{
    for (size_t i = 0; i < box->count; i++)
        if (box->sessions[i].protocol == IP_PROTOCOL_UDP && box->sessions[i].outside_port == port)
            return true;
    return false;
}

/* The sender's own port if it is free (RFC 4787 section 4.2.1), else the first that is; 0 if none is. */
static uint16_t free_port(const struct nat_box *box, uint16_t wanted)
{
    if (!port_is_taken(box, wanted))
        return wanted;
    for (unsigned port = PORT_FIRST; port <= PORT_LAST; port++)
        if (!port_is_taken(box, (uint16_t)port))
            return (uint16_t)port;
    return 0;
}

static struct nat_session *session_of_sender(struct nat_box *box, const struct ip *ip, uint16_t port)
{
    bool udp = ip->protocol == IP_PROTOCOL_UDP;
    for (size_t i = 0; i < box->count; i++) {
        struct nat_session *s = &box->sessions[i];
        if (s->protocol != ip->protocol)
            continue;
        if (udp ? s->inside_port == port && addr_equal(s->inside, ip->source)
                : addr_equal(s->peer, ip->destination))
            return s;
    }
    struct nat_session new = {
        .protocol = ip->protocol,
        .inside_port = port,
        .outside_port = udp ? free_port(box, port) : 0,
        .peer = udp ? (struct addr){0} : ip->destination,
    };
    if (udp && new.outside_port == 0)
        return NULL;
    struct nat_session *s = add_session(box);
    if (s)
        *s = new;
    return s;
}

static const struct nat_session *session_of_receiver(const struct nat_box *box, const struct ip *ip,
                                                     uint16_t port)
{
    for (size_t i = 0; i < box->count; i++) {
        const struct nat_session *s = &box->sessions[i];
        if (s->protocol == ip->protocol &&
            (ip->protocol == IP_PROTOCOL_UDP ? s->outside_port == port : addr_equal(s->peer, ip->source)))
            return s;
    }
    return NULL;
}

/* The packet with the header's addresses and, if it is UDP, with these ports. */
static bool rewrite(const struct ip *header, const struct udp *udp, uint8_t *buf, size_t cap,
                    struct span *out)
{
    struct writer w = writer_of(buf, cap);
    if (header->protocol != IP_PROTOCOL_UDP) {
        ip_write(&w, header, header->payload);
        return writer_done(&w, out);
    }
    struct span datagram;
    uint8_t *scratch = malloc(header->payload.len + 1);
    if (!scratch)
        return false;
    struct writer inner = writer_of(scratch, header->payload.len);
    udp_write(&inner, header, udp, udp->payload);
    bool ok = writer_done(&inner, &datagram);
    if (ok)
        ip_write(&w, header, datagram);
    free(scratch);
    return ok && writer_done(&w, out);
}

static bool decode(struct span packet, struct ip *ip, struct udp *udp)
{
    *udp = (struct udp){0};
    return ip_decode(packet, ip).status == CODEC_OK &&
           (ip->protocol != IP_PROTOCOL_UDP || udp_decode(ip->payload, udp).status == CODEC_OK);
}

static bool rewrite_static(const struct nat_box *box, struct ip *ip, const struct udp *udp, bool outward,
                           uint8_t *buf, size_t cap, struct span *out)
{
    struct addr *changing = outward ? &ip->source : &ip->destination;
    const struct scenario_nat_pair *pair = pair_of(box, *changing, !outward);
    if (!pair)
        return false;
    *changing = outward ? pair->outside : pair->inside;
    return rewrite(ip, udp, buf, cap, out);
}

bool nat_box_out(struct nat_box *box, struct instant now, struct span packet, uint8_t *buf, size_t cap,
                 struct span *out)
{
    struct ip ip;
    struct udp udp;
    if (!decode(packet, &ip, &udp))
        return false;
    if (box->config->kind == NAT_STATIC)
        return rewrite_static(box, &ip, &udp, true, buf, cap, out);
    if (ip.source.family != box->config->outside.family)
        return false;
    forget_idle(box, now);
    struct nat_session *session = session_of_sender(box, &ip, udp.source_port);
    if (!session)
        return false;
    session->inside = ip.source;
    session->until = instant_after_us(now, box->config->idle_us);
    ip.source = box->config->outside;
    udp.source_port = session->outside_port;
    return rewrite(&ip, &udp, buf, cap, out);
}

bool nat_box_in(struct nat_box *box, struct instant now, struct span packet, uint8_t *buf, size_t cap,
                struct span *out)
{
    struct ip ip;
    struct udp udp;
    if (!decode(packet, &ip, &udp))
        return false;
    if (box->config->kind == NAT_STATIC)
        return rewrite_static(box, &ip, &udp, false, buf, cap, out);
    forget_idle(box, now);
    const struct nat_session *session = session_of_receiver(box, &ip, udp.destination_port);
    if (!session)
        return false;
    ip.destination = session->inside;
    udp.destination_port = session->inside_port;
    return rewrite(&ip, &udp, buf, cap, out);
}
