/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world_take: what a frame shows of the stations' caches and routes. */
#include "codec/rip.h"
#include "explain/world_state.h"

#define PORT_RIP       520
#define RIP_LIFETIME_S 180 /* RFC 2453 section 3.8 */

static struct prefix host(struct addr a)
{
    return prefix_of(a, addr_bits(a));
}

static bool is_hub(const struct world_node *node)
{
    return node->serves || node->transits;
}

static void put_cache(struct world *w, size_t node, struct addr protocol, struct addr nbma, enum world_how how,
                      const struct sight *s, struct instant until)
{
    if (node == WORLD_NOBODY || addr_is_none(nbma) || addr_equal(w->nodes[node].protocol, protocol))
        return;
    world_put(w, node,
              (struct world_row){.to = host(protocol), .via = nbma, .how = how, .frame = s->frame, .until = until});
}

/* What time has ended before this frame. */
static void let_time_pass(struct world *w, struct instant now)
{
    for (size_t i = 0; i < w->node_count; i++)
        for (size_t row = w->nodes[i].row_count; row-- > 0;)
            if (instant_reached(now, w->nodes[i].rows[row].until))
                world_drop_row(w, i, row, '!');
}

static void take_registration(struct world *w, const struct sight *s)
{
    bool somebody = addr_equal(s->source, s->destination);
    w->from = world_meet(w, s->source, s->from, true, s->frame);
    if (w->from == WORLD_NOBODY)
        return;
    w->nodes[w->from].registers = true;
    w->nodes[w->from].claimed = addr_from_span(s->m->source_nbma);
    w->to = somebody ? world_meet_at(w, s->to, s->frame) : world_meet(w, s->destination, s->to, false, s->frame);
    if (w->to != WORLD_NOBODY)
        w->nodes[w->to].asked = true;
    if (!addr_is_none(s->to))
        put_cache(w, w->from, somebody ? (struct addr){0} : s->destination, s->to, HOW_CONFIGURED, s, INSTANT_NEVER);
}

/* Each entry of an accepted registration: the client's own address, or others that it names. */
static void take_registered(struct world *w, const struct sight *s)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    size_t client = world_meet(w, s->source, s->to, false, s->frame);
    struct addr server = addr_equal(s->source, s->destination) ? (struct addr){0} : s->destination;
    w->from = world_meet(w, server, s->from, true, s->frame);
    w->to = client;
    if (w->from == WORLD_NOBODY)
        return;
    w->nodes[w->from].serves = true;
    while (nhrp_cie_next(&list, &cie)) {
        if (cie.code != NHRP_CIE_OK)
            continue;
        struct addr protocol = cie.protocol.len > 0 ? addr_from_span(cie.protocol) : s->source;
        bool own = addr_equal(protocol, s->source);
        struct addr nbma = !own && cie.nbma.len > 0 ? addr_from_span(cie.nbma)
                           : addr_is_none(s->to)    ? addr_from_span(s->m->source_nbma)
                                                    : s->to;
        put_cache(w, w->from, protocol, nbma, HOW_REGISTERED, s, instant_after_s(s->at, cie.hold_s));
    }
}

/* The address to send to is in the NAT extension when the egress is behind a NAT (DEFACTO). */
static struct addr nbma_of(const struct sight *s, const struct nhrp_cie *cie)
{
    struct nhrp_cie nat;
    if (record_last(s->m, NHRP_EXT_NAT_ADDRESS, &nat) && nat.nbma.len > 0 &&
        (nat.protocol.len == 0 || span_equal(nat.protocol, cie->protocol)))
        return addr_from_span(nat.nbma);
    return addr_from_span(cie->nbma);
}

static void take_answer(struct world *w, const struct sight *s)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    w->to = world_find(w, s->source);
    while (w->to != WORLD_NOBODY && nhrp_cie_next(&list, &cie)) {
        if (cie.code != NHRP_CIE_OK)
            continue;
        struct instant until = instant_after_s(s->at, cie.hold_s);
        struct addr next = addr_from_span(cie.protocol);
        bool whole = cie.prefix_len == 0 || cie.prefix_len == NHRP_PREFIX_HOST;
        put_cache(w, w->to, next, nbma_of(s, &cie), HOW_ANSWERED, s, until);
        if (!addr_equal(next, s->destination) && !addr_is_none(next))
            world_put(w, w->to,
                      (struct world_row){.is_route = true,
                                         .to = whole ? host(s->destination) : prefix_of(s->destination, cie.prefix_len),
                                         .via = next,
                                         .how = HOW_ANSWERED,
                                         .frame = s->frame,
                                         .until = until});
    }
}

/* An answer that comes from the very address that it names tells who is there. */
static void meet_answerer(struct world *w, const struct sight *s)
{
    struct nhrp_cie cie;
    if (!(s->events & SIGHT_REPLY) || !first_cie(s->m, &cie) || cie.code != NHRP_CIE_OK || cie.protocol.len == 0 ||
        !addr_equal(nbma_of(s, &cie), s->from))
        return;
    w->from = world_meet(w, addr_from_span(cie.protocol), s->from, true, s->frame);
}

/* Whoever answers straight to the asker has its address from the request (DRAFT section 4.5). */
static void take_answerer(struct world *w, const struct sight *s)
{
    const struct nhrp_message *asked = s->asked;
    struct nhrp_cie cie;
    if (!(s->events & SIGHT_REPLY) || addr_is_none(s->from) || w->from == WORLD_NOBODY || s->request == NULL ||
        !addr_equal(s->to, s->request->from))
        return;
    bool has_hold = asked != NULL && first_cie(asked, &cie) && cie.hold_s > 0;
    if (!is_hub(&w->nodes[w->from]) && has_hold)
        put_cache(w, w->from, s->source, s->to, HOW_FROM_REQUEST, s, instant_after_s(s->at, cie.hold_s));
}

static bool is_purged(const struct world_row *row, struct prefix what)
{
    if (row->how == HOW_CONFIGURED || row->how == HOW_SEEN || row->how == HOW_RIP)
        return false;
    return row->to.len >= what.len && prefix_contains(what, row->to.addr);
}

static void take_purged(struct world *w, const struct sight *s, size_t node)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    while (node != WORLD_NOBODY && nhrp_cie_next(&list, &cie)) {
        struct addr about = addr_from_span(cie.protocol);
        if (addr_is_none(about) || cie.code != NHRP_CIE_OK)
            continue;
        bool whole = cie.prefix_len == 0 || cie.prefix_len == NHRP_PREFIX_HOST;
        struct prefix what = whole ? host(about) : prefix_of(about, cie.prefix_len);
        for (size_t row = w->nodes[node].row_count; row-- > 0;)
            if (is_purged(&w->nodes[node].rows[row], what))
                world_drop_row(w, node, row, '-');
    }
}

static void take_message(struct world *w, const struct sight *s, const struct tale *tale, bool unheard)
{
    uint8_t type = s->m->fixed.type;
    if (s->own && TYPES(type) & TYPES_REQUEST)
        w->from = world_meet(w, s->source, s->from, true, s->frame);
    else if (s->own && (type == NHRP_TRAFFIC_INDICATION || type == NHRP_ERROR_INDICATION))
        w->from = world_meet(w, s->source, s->from, true, s->frame);
    switch (tale->kind) {
    case TALE_REGISTERS:
    case TALE_RENEWS:
    case TALE_REGISTERS_AGAIN:
        take_registration(w, s);
        break;
    case TALE_IS_REGISTERED:
        take_registered(w, s);
        break;
    case TALE_IS_REFUSED:
        w->from = world_meet(w, addr_equal(s->source, s->destination) ? (struct addr){0} : s->destination, s->from, true,
                             s->frame);
        if (w->from != WORLD_NOBODY)
            w->nodes[w->from].serves = true;
        break;
    case TALE_LEARNS_ADDRESS:
    case TALE_LEARNS_WAY:
        meet_answerer(w, s);
        take_answerer(w, s);
        if (!unheard)
            take_answer(w, s);
        break;
    case TALE_HAS_PURGED:
        take_purged(w, s, w->from != WORLD_NOBODY ? w->from : world_find(w, s->destination));
        break;
    case TALE_PURGES:
        if (s->m->purge.no_reply)
            take_purged(w, s, w->to);
        break;
    case TALE_REDIRECTS:
    case TALE_QUESTION_PASSED:
    case TALE_REGISTRATION_PASSED:
        if (w->from != WORLD_NOBODY)
            w->nodes[w->from].transits = true;
        break;
    default:
        break;
    }
}

static void take_rip(struct world *w, const struct sight *s, struct span payload)
{
    struct rip_message rip;
    struct rip_entry entry;
    struct prefix to;
    if (w->to == WORLD_NOBODY || rip_decode(payload, &rip).status != CODEC_OK || rip.command != RIP_RESPONSE)
        return;
    while (rip_entry_next(&rip.entries, &entry)) {
        if (entry.family != RIP_FAMILY_IPV4 || !rip_entry_prefix(&entry, &to))
            continue;
        struct addr via = addr_is_unspecified(entry.next_hop) ? s->packet->inner.source : entry.next_hop;
        struct world_node *node = &w->nodes[w->to];
        if (entry.metric >= RIP_INFINITY) {
            for (size_t row = node->row_count; row-- > 0;)
                if (node->rows[row].how == HOW_RIP && prefix_equal(node->rows[row].to, to) &&
                    addr_equal(node->rows[row].via, via))
                    world_drop_row(w, w->to, row, '-');
            continue;
        }
        world_put(w, w->to,
                  (struct world_row){.is_route = true,
                                     .to = to,
                                     .via = via,
                                     .how = HOW_RIP,
                                     .frame = s->frame,
                                     .until = instant_after_s(s->at, RIP_LIFETIME_S)});
    }
}

/* What is behind a spoke is where its own packets come from; a hub's may be others'. */
static void add_host(struct world_node *node, struct addr a)
{
    if (addr_equal(node->protocol, a) || is_hub(node) || addr_is_unspecified(a))
        return;
    for (size_t i = 0; i < node->host_count; i++)
        if (addr_equal(node->hosts[i], a))
            return;
    if (node->host_count < WORLD_HOSTS_MAX) {
        node->hosts[node->host_count++] = a;
        node->touched = true;
    }
}

static void take_data(struct world *w, const struct sight *s, const struct tale *tale)
{
    const struct ip *inner = &s->packet->inner;
    struct udp udp;
    if (tale->kind == TALE_ROUTES) {
        if (inner->protocol == IP_PROTOCOL_UDP && udp_decode(inner->payload, &udp).status == CODEC_OK &&
            udp.destination_port == PORT_RIP)
            take_rip(w, s, udp.payload);
        return;
    }
    if (w->from == WORLD_NOBODY || w->to == WORLD_NOBODY || addr_is_multicast(inner->destination))
        return;
    const struct world_node *to = &w->nodes[w->to];
    if (tale->kind == TALE_SENDS_BACK)
        w->nodes[w->from].transits = true;
    else if (w->nodes[w->from].registers)
        add_host(&w->nodes[w->from], inner->source);
    if (!addr_equal(inner->destination, to->protocol))
        world_put(w, w->from,
                  (struct world_row){.is_route = true,
                                     .to = host(inner->destination),
                                     .via = addr_is_none(to->protocol) ? to->outer : to->protocol,
                                     .how = HOW_SEEN,
                                     .frame = s->frame,
                                     .until = INSTANT_NEVER});
}

void world_take(struct world *w, const struct sight *s, const struct tale *tale, bool unheard)
{
    w->change_count = 0;
    for (size_t i = 0; i < w->node_count; i++)
        w->nodes[i].touched = false;
    let_time_pass(w, s->at);
    w->from = world_find_at(w, s->from);
    w->to = world_find_at(w, s->to);
    if (tale->kind == TALE_ON_TUNNEL)
        return;
    if (s->events & SIGHT_MESSAGE)
        take_message(w, s, tale, unheard);
    if (w->from == WORLD_NOBODY)
        w->from = world_meet_at(w, s->from, s->frame);
    if (w->to == WORLD_NOBODY)
        w->to = world_meet_at(w, s->to, s->frame);
    if (w->from != WORLD_NOBODY)
        w->nodes[w->from].speaks = true;
    if (s->events & SIGHT_DATA)
        take_data(w, s, tale);
}
