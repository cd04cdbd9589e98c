/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/registration_server.h"

#include "engine/bindings.h"
#include "engine/compose.h"
#include "engine/error_indication.h"
#include "engine/extensions.h"

static bool addressed_here(const struct node *node, const struct received *received)
{
    struct addr destination = received->destination_protocol;
    return addr_is_none(destination) || node_owns(node, destination) ||
           addr_equal(destination, received->source_protocol); /* the client knows no server */
}

/* Whether the address is on the host side, where no server can be: then this node says no (§5.2.3, code 4).
 */
bool registration_server_is_for_us(struct node *node, const struct received *received)
{
    if (addressed_here(node, received))
        return true;
    const struct route *route = routes_for_requests(&node->routes, received->destination_protocol);
    return route && route->kind == ROUTE_HOST_SIDE;
}

/* Nobody else passed it on, so that the outer source is the client itself, or the NAT before it. */
static bool came_directly(const struct nhrp_message *message)
{
    struct nhrp_ext ext;
    return !nhrp_ext_find(message->extensions, NHRP_EXT_FORWARD_TRANSIT, &ext) || ext.value.len == 0;
}

/* What one CIE asks for; lengths of zero mean the addresses of the common header (§5.2.3). */
static struct binding_facts facts_of(const struct received *received, const struct nhrp_cie *cie)
{
    const struct nhrp_message *message = &received->message;
    struct addr protocol = cie->protocol.len > 0 ? addr_from_span(cie->protocol) : received->source_protocol;
    struct addr header = addr_is_none(received->source_nbma) ? received->from.nbma : received->source_nbma;
    struct addr claimed = cie->nbma.len > 0 ? addr_from_span(cie->nbma) : header;
    bool direct = addr_equal(claimed, header) && came_directly(message);
    unsigned bits = addr_bits(protocol);
    bool host = cie->prefix_len == 0 || cie->prefix_len >= bits; /* 0 is the same as 0xff (§5.2.0.1) */
    return (struct binding_facts){
        .origin = BINDING_REGISTERED,
        .prefix = prefix_of(protocol, host ? bits : cie->prefix_len),
        .protocol = protocol,
        .nbma = direct ? received->from.nbma : claimed,
        .port = direct ? received->from.port : 0,
        .claimed_nbma = claimed,
        .registrant = received->source_protocol,
        .request_id = message->request_id,
        .mtu = cie->mtu,
        .preference = cie->preference,
        .unique = message->registration.unique,
        .hold_s = cie->hold_s,
    };
}

static bool is_registrable(const struct node *node, const struct binding_facts *facts)
{
    const struct node_config *config = &node->config;
    return facts->protocol.family == config->protocol.family && !addr_is_unspecified(facts->protocol) &&
           !addr_is_multicast(facts->protocol) && !prefix_contains(facts->prefix, config->protocol) &&
           facts->claimed_nbma.family == config->tunnel.nbma.family && !addr_is_unspecified(facts->nbma) &&
           !addr_equal(facts->nbma, config->tunnel.nbma) && facts->hold_s > 0 &&
           !(facts->unique && facts->prefix.len < addr_bits(facts->protocol));
}

/* A NAT may give its client another port when it has forgotten the old one. */
static bool is_same_place(const struct binding *b, const struct binding_facts *facts)
{
    return addr_equal(b->nbma, facts->nbma) &&
           (b->port == facts->port || addr_equal(b->claimed_nbma, facts->claimed_nbma));
}

/* Who has the protocol address already, such that nobody else may (§5.2.3). */
static bool is_taken(const struct node *node, const struct binding_facts *facts)
{
    for (const struct binding *b = cache_find(&node->cache, facts->prefix); b; b = cache_same(b))
        if ((b->unique || b->origin == BINDING_STATIC) && !is_same_place(b, facts))
            return true;
    return false;
}

static bool is_listed(const struct prefix *list, size_t count, struct prefix wanted)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].len <= wanted.len && prefix_contains(list[i], wanted.addr))
            return true;
    return count == 0;
}

static bool is_admitted(const struct node *node, const struct binding_facts *facts)
{
    const struct admission_config *policy = &node->config.admission;
    return is_listed(policy->protocols, policy->protocol_count, facts->prefix) &&
           is_listed(policy->nbmas, policy->nbma_count, prefix_of(facts->nbma, addr_bits(facts->nbma)));
}

/*
 * Two clients with NBMA addresses of their own behind one public address: packets to them would have to
 * differ in something, and GRE has no ports. Where ESP in UDP gives each a port they are two endpoints and
 * never get here.
 */
static bool is_behind_same_nat(const struct node *node, const struct binding_facts *facts)
{
    for (const struct binding *b = cache_find(&node->cache, facts->prefix); b; b = cache_same(b))
        if (b->origin == BINDING_REGISTERED && is_same_place(b, facts) &&
            addr_equal(b->claimed_nbma, facts->claimed_nbma) && addr_equal(b->registrant, facts->registrant))
            return false; /* a refresh */
    const struct peer *peer = peers_find(&node->peers, (struct endpoint){facts->nbma, facts->port});
    return peer && peer->registrations > 0 && !addr_equal(peer->claimed, facts->claimed_nbma) &&
           !addr_equal(peer->registrant, facts->registrant);
}

static bool is_full(const struct node *node, const struct binding_facts *facts)
{
    size_t max = node->config.admission.max_registrations;
    if (max == 0 || node->registrations < max)
        return false;
    const struct binding *b = cache_find(&node->cache, facts->prefix);
    while (b && (b->origin != BINDING_REGISTERED || !addr_equal(b->registrant, facts->registrant)))
        b = cache_same(b);
    return !b; /* whoever is in may stay */
}

static enum nhrp_cie_code register_one(struct node *node, const struct binding_facts *facts)
{
    if (node->config.tunnel.mode == TUNNEL_POINT_TO_POINT || !is_registrable(node, facts) ||
        !is_admitted(node, facts))
        return NHRP_CIE_PROHIBITED;
    if (is_taken(node, facts))
        return NHRP_CIE_ALREADY_REGISTERED;
    if (is_behind_same_nat(node, facts)) {
        node_trace(node, TRACE_NAT_CONFLICT, (struct about){facts->protocol, facts->nbma, 0});
        return NHRP_CIE_PROHIBITED;
    }
    if (is_full(node, facts))
        return NHRP_CIE_NO_RESOURCES;
    const struct binding *binding = bindings_put(node, facts);
    if (!binding)
        return NHRP_CIE_NO_RESOURCES;
    bindings_supersede(node, binding);
    return NHRP_CIE_OK;
}

/* Each CIE in turn; its code says what became of it. True if all were stored. */
static bool register_all(struct node *node, const struct received *received, struct writer *reply_cies)
{
    bool here = addressed_here(node, received), all = true;
    struct span list = received->message.cies;
    struct nhrp_cie cie;
    for (unsigned i = 0; nhrp_cie_next(&list, &cie); i++) {
        struct binding_facts facts = facts_of(received, &cie);
        bool allowed = here && !(facts.unique && i > 0); /* a unique registration is of one address */
        enum nhrp_cie_code code = allowed ? register_one(node, &facts) : NHRP_CIE_PROHIBITED;
        cie.code = (uint8_t)code;
        if (code != NHRP_CIE_OK) {
            cie.hold_s = 0; /* §5.2.0.1: on a NAK */
            all = false;
            node_trace(node, TRACE_REGISTRATION_REFUSED, (struct about){facts.protocol, facts.nbma, code});
        }
        nhrp_cie_write(reply_cies, &cie);
    }
    return all;
}

void registration_server_request(struct node *node, const struct received *received)
{
    struct nhrp_message reply = received->message;
    if (reply.cies.len == 0) { /* §5.2.3: one or more */
        size_t end = reply.fixed.extensions_offset ? reply.fixed.extensions_offset : reply.fixed.packet_size;
        error_indication_send(node, received, DROP_NHRP_MALFORMED, NHRP_ERROR_PROTOCOL_ERROR, end);
        return;
    }
    uint8_t cies[MESSAGE_MAX];
    struct writer w = writer_of(cies, sizeof cies);
    bool all = register_all(node, received, &w);
    if (!writer_done(&w, &reply.cies)) {
        error_indication_send(node, received, DROP_TOO_BIG, NHRP_ERROR_SIZE_EXCEEDED, 0);
        return;
    }
    if (node->config.discovery == DISCOVERY_SERVER &&
        addr_equal(received->destination_protocol, received->source_protocol))
        reply.destination_protocol = addr_span(&node->config.protocol);
    struct endpoint client = received->from;
    if (!came_directly(&received->message) && !addr_is_none(received->source_nbma))
        client = (struct endpoint){
            .nbma = received->source_nbma}; /* §5.2.4: the reply goes straight to the client */
    compose_reply(node, received, &reply, client, all ? SEND_REGISTRATION_REPLY : SEND_REGISTRATION_NAK);
}
