/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/resolution_server.h"

#include "engine/bindings.h"
#include "engine/compose.h"
#include "engine/error_indication.h"
#include "engine/nat.h"
#include "engine/told.h"
#include "engine/transit.h"

#define CIES_MAX 16 /* of one reply: the ones with the highest preference */

enum answer_kind {
    ANSWER_FORWARD,    /* somebody else's to answer */
    ANSWER_SELF,       /* this node's own address */
    ANSWER_EGRESS,     /* behind this node */
    ANSWER_REGISTERED, /* a client of this node */
    ANSWER_REFUSE,
};

struct answer {
    enum answer_kind kind;
    enum nhrp_cie_code code;          /* ANSWER_REFUSE */
    bool authoritative;               /* all that is answered was registered here, or is this node's own */
    const struct binding *registered; /* ANSWER_REGISTERED: one of them */
};

static struct answer refuse(enum nhrp_cie_code code)
{
    return (struct answer){.kind = ANSWER_REFUSE, .code = code};
}

/* Direct packets from strangers reach a multipoint tunnel only. */
static bool takes_shortcuts(const struct node *node)
{
    return node->config.tunnel.mode == TUNNEL_MULTIPOINT;
}

static struct answer decide(const struct node *node, const struct received *received)
{
    struct addr target = received->destination_protocol;
    const struct node_config *config = &node->config;
    if (node_owns(node, target))
        return takes_shortcuts(node) ? (struct answer){.kind = ANSWER_SELF} : refuse(NHRP_CIE_PROHIBITED);
    const struct route *route = routes_for_requests(&node->routes, target);
    if (route && route->kind == ROUTE_HOST_SIDE) {
        bool willing = takes_shortcuts(node) && (config->shortcut || config->redirect);
        return willing ? (struct answer){.kind = ANSWER_EGRESS} : refuse(NHRP_CIE_PROHIBITED);
    }
    const struct binding *binding = cache_match(&node->cache, target);
    bool learned = binding && binding->origin == BINDING_RESOLVED;
    bool known = binding && (binding->origin == BINDING_REGISTERED ||
                             (learned && !received->message.resolution.authoritative));
    if (known && config->resolution == RESOLUTION_ANSWER)
        return (struct answer){.kind = ANSWER_REGISTERED, .registered = binding};
    if (endpoint_is_none(transit_next_hop(node, target, received->from)))
        return refuse(NHRP_CIE_NO_BINDING);
    return (struct answer){.kind = ANSWER_FORWARD};
}

bool resolution_server_is_for_us(struct node *node, const struct received *received)
{
    return decide(node, received).kind != ANSWER_FORWARD;
}

/* The first CIE of a request qualifies what it asks for (§5.2.1); all zero if there is none. */
static struct nhrp_cie request_cie(const struct nhrp_message *request)
{
    struct nhrp_cie cie = {0};
    struct span list = request->cies;
    nhrp_cie_next(&list, &cie);
    return cie;
}

/*
 * §6.3, and not wider than the requester accepts (§5.2.1). A request for a host without the U bit is none:
 * FRR's prefix length of 32 or 255 and Cisco's of 0 mean no more than "this destination" (DEFACTO:
 * frr-8.4.4-phase3-shortcut.pcap, cisco-ios-phase3-auth.pcap), and what they expect is the egress router's
 * prefix (DRAFT §4.5).
 */
static uint8_t egress_prefix_len(const struct node *node, const struct nhrp_message *request,
                                 struct addr target)
{
    unsigned bits = addr_bits(target), len = routes_egress_len(&node->routes, target);
    unsigned widest = request_cie(request).prefix_len;
    if (widest < bits && len < widest)
        len = widest;
    return (uint8_t)len;
}

static void write_own(const struct node *node, const struct nhrp_message *request, uint8_t prefix_len,
                      struct writer *w)
{
    struct nhrp_cie own = compose_own_cie(node);
    own.prefix_len = request->resolution.unique ? NHRP_PREFIX_HOST : prefix_len;
    nhrp_cie_write(w, &own);
}

/*
 * All authoritative entries, highest preference first; with the U bit only a unique one; the learned ones as
 * well if the request does not insist on authority (§5.2.2).
 */
static size_t select_known(const struct binding *any, const struct nhrp_resolution_flags *flags,
                           const struct binding *out[CIES_MAX])
{
    size_t count = 0;
    bool unique = flags->unique;
    for (const struct binding *b = any; b; b = cache_same(b)) {
        bool wanted =
            b->origin == BINDING_REGISTERED || (b->origin == BINDING_RESOLVED && !flags->authoritative);
        if (!wanted || (unique && !b->unique))
            continue;
        size_t at = count < CIES_MAX ? count++ : CIES_MAX;
        for (; at > 0 && out[at - 1]->preference < b->preference; at--)
            if (at < CIES_MAX)
                out[at] = out[at - 1];
        if (at < CIES_MAX)
            out[at] = b;
    }
    return unique && count > 1 ? 1 : count;
}

/* The holding time in a reply is what is left of it (§5.2.2). */
static uint16_t left_s(const struct node *node, const struct binding *binding)
{
    int64_t left = instant_diff_us(node->now, binding->until) / US_PER_S;
    return (uint16_t)(left < 1 ? 1 : left);
}

/* False if none is as the request wants it. *authoritative: all entries were registered. */
static bool write_known(const struct node *node, const struct nhrp_message *request,
                        const struct binding *any, bool *authoritative, struct writer *w)
{
    const struct binding *found[CIES_MAX];
    size_t count = select_known(cache_find(&node->cache, any->entry.prefix), &request->resolution, found);
    for (size_t i = 0; i < count; i++)
        *authoritative &= found[i]->origin == BINDING_REGISTERED;
    struct nhrp_ext nat;
    bool understands_nat = nhrp_ext_find(request->extensions, NHRP_EXT_NAT_ADDRESS, &nat);
    for (size_t i = 0; i < count; i++)
        nhrp_cie_write(
            w, &(struct nhrp_cie){
                   /* A wider prefix may hold other clients, whom the reply would hide: a host (§6.3). */
                   .prefix_len = request->resolution.unique ? NHRP_PREFIX_HOST
                                                            : (uint8_t)addr_bits(node->config.protocol),
                   .mtu = found[i]->mtu,
                   .hold_s = left_s(node, found[i]),
                   .preference = found[i]->preference,
                   .nbma = addr_span(understands_nat ? &found[i]->claimed_nbma : &found[i]->nbma),
                   .protocol = addr_span(&found[i]->protocol),
               });
    return count > 0;
}

/* §5.2.2: a NAK is a single CIE, all zero but for the code. */
static void write_refusal(enum nhrp_cie_code code, struct writer *w)
{
    nhrp_cie_write(w, &(struct nhrp_cie){.code = (uint8_t)code});
}

/* The egress router makes its end of the shortcut from what the request says of its source (§6.2.1, DRAFT
 * §4.5). */
static void learn_requester(struct node *node, const struct received *received)
{
    const struct nhrp_message *request = &received->message;
    struct nhrp_cie cie = request_cie(request);
    struct addr behind_nat = nat_address_of(request, received->source_protocol);
    struct addr nbma = addr_is_none(behind_nat) ? received->source_nbma : behind_nat;
    if (request->resolution.source_stable && cie.hold_s > 0 &&
        nbma.family == node->config.tunnel.nbma.family && !addr_is_unspecified(nbma) &&
        !addr_equal(nbma, node->config.tunnel.nbma) && !node_owns(node, received->source_protocol))
        bindings_learn(node, received->source_protocol,
                       addr_equal(nbma, received->from.nbma) ? received->from
                                                             : (struct endpoint){.nbma = nbma},
                       cie.mtu, cie.hold_s);
}

static enum send_reason write_answer(struct node *node, const struct received *received,
                                     struct answer *answer, struct writer *w)
{
    const struct nhrp_message *request = &received->message;
    struct addr target = received->destination_protocol;
    switch (answer->kind) {
    case ANSWER_SELF:
        write_own(node, request, (uint8_t)addr_bits(target), w);
        return SEND_RESOLUTION_REPLY_SELF;
    case ANSWER_EGRESS:
        write_own(node, request, egress_prefix_len(node, request, target), w);
        return SEND_RESOLUTION_REPLY_EGRESS;
    case ANSWER_REGISTERED:
        if (write_known(node, request, answer->registered, &answer->authoritative, w))
            return SEND_RESOLUTION_REPLY_SERVER;
        answer->code = NHRP_CIE_NOT_UNIQUE;
        break;
    case ANSWER_REFUSE:
    case ANSWER_FORWARD:
        break;
    }
    write_refusal(answer->code, w);
    return SEND_RESOLUTION_NAK;
}

/* Who is told must hear of it when it changes (§5.2.5); false if that cannot be remembered. */
static bool remember_told(struct node *node, const struct received *received, const struct answer *answer,
                          struct span cies, struct endpoint to)
{
    struct nhrp_cie cie;
    struct addr target = received->destination_protocol;
    while (nhrp_cie_next(&cies, &cie)) {
        bool host = cie.prefix_len == 0 || cie.prefix_len >= addr_bits(target);
        struct told_facts facts = {
            .kind = answer->kind == ANSWER_SELF     ? TOLD_SELF
                    : answer->kind == ANSWER_EGRESS ? TOLD_EGRESS
                                                    : TOLD_REGISTERED,
            .prefix = prefix_of(target, host ? addr_bits(target) : cie.prefix_len),
            .target = target,
            .requester = received->source_protocol,
            .to = to,
            .nbma = addr_from_span(cie.nbma),
            .hold_s = cie.hold_s,
        };
        if (!told_note(node, &facts))
            return false;
    }
    return true;
}

void resolution_server_request(struct node *node, const struct received *received)
{
    struct answer answer = decide(node, received);
    uint8_t cies[CIES_MAX * (NHRP_CIE_FIXED_LEN + 2 * 16)];
    struct writer w = writer_of(cies, sizeof cies);
    answer.authoritative = true;
    enum send_reason reason = write_answer(node, received, &answer, &w);
    bool refused = reason == SEND_RESOLUTION_NAK;
    if (!refused && answer.kind != ANSWER_REGISTERED)
        learn_requester(node, received);
    struct endpoint to = compose_reply_address(node, received);
    if (!refused && !remember_told(node, received, &answer, span_of(cies, w.pos), to)) {
        w = writer_of(cies, sizeof cies);
        write_refusal(NHRP_CIE_NO_RESOURCES, &w);
        reason = SEND_RESOLUTION_NAK;
        refused = true;
    }
    struct nhrp_message reply = received->message;
    /* Q, U, S and the NAT bit come from the request. D: the destination is the next hop or adjacent to it. */
    reply.resolution.authoritative = !refused && answer.authoritative;
    reply.resolution.destination_stable = !refused;
    reply.resolution.unused = 0;
    writer_done(&w, &reply.cies);
    compose_reply(node, received, &reply, to, reason);
}
