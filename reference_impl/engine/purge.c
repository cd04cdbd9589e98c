/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/purge.h"

#include "engine/bindings.h"
#include "engine/compose.h"
#include "engine/error_indication.h"
#include "engine/extensions.h"

bool purge_is_for_us(struct node *node, const struct received *received)
{
    struct addr destination = received->destination_protocol;
    return addr_is_none(destination) || node_owns(node, destination) ||
           addr_equal(destination, received->source_protocol); /* the client knows no server */
}

struct scope {
    struct prefix prefix;
    struct addr nbma; /* ADDR_NONE: any */
    struct addr by;   /* who asks */
};

static bool is_in_scope(const struct binding *binding, const struct scope *scope)
{
    bool allowed = binding->origin == BINDING_RESOLVED ||
                   (binding->origin == BINDING_REGISTERED && addr_equal(binding->registrant, scope->by));
    bool nbma_fits = addr_is_none(scope->nbma) || addr_equal(scope->nbma, binding->nbma) ||
                     addr_equal(scope->nbma, binding->claimed_nbma);
    return allowed && nbma_fits && binding->entry.prefix.len >= scope->prefix.len &&
           prefix_contains(scope->prefix, binding->entry.prefix.addr);
}

static void purge_host(struct node *node, const struct scope *scope)
{
    for (struct binding *next, *b = cache_find(&node->cache, scope->prefix); b; b = next) {
        next = cache_same(b);
        if (is_in_scope(b, scope))
            bindings_remove(node, b, TRACE_BINDING_PURGED);
    }
}

/* A whole class of addresses: the one operation that walks the cache. */
static void purge_class(struct node *node, const struct scope *scope)
{
    size_t bucket = 0;
    struct binding *binding = NULL;
    while ((binding = cache_walk(&node->cache, &bucket, binding))) {
        if (!is_in_scope(binding, scope))
            continue;
        bindings_remove(node, binding, TRACE_BINDING_PURGED);
        binding = NULL; /* the bucket is looked at again from its start */
    }
}

static void purge_one(struct node *node, const struct received *received, const struct nhrp_cie *cie)
{
    struct addr protocol = addr_from_span(cie->protocol);
    unsigned bits = addr_bits(protocol);
    if (protocol.family != node->config.protocol.family)
        return;
    bool host = cie->prefix_len == 0 || cie->prefix_len >= bits;
    struct scope scope = {
        .prefix = prefix_of(protocol, host ? bits : cie->prefix_len),
        .nbma = addr_from_span(cie->nbma),
        .by = received->source_protocol,
    };
    resolution_client_purge(node, scope.prefix, scope.nbma);
    if (host)
        purge_host(node, &scope);
    else
        purge_class(node, &scope);
}

void purge_request(struct node *node, const struct received *received)
{
    struct nhrp_message reply = received->message;
    if (reply.cies.len == 0) { /* §5.2.5: one or more */
        size_t end = reply.fixed.extensions_offset ? reply.fixed.extensions_offset : reply.fixed.packet_size;
        error_indication_send(node, received, DROP_NHRP_MALFORMED, NHRP_ERROR_PROTOCOL_ERROR, end);
        return;
    }
    struct endpoint to =
        compose_reply_address(node, received); /* before the binding that says so may be purged */
    struct span list = reply.cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        purge_one(node, received, &cie);
    if (!reply.purge.no_reply)
        compose_reply(node, received, &reply, to, SEND_PURGE_REPLY);
}

void purge_reply(struct node *node, const struct received *received)
{
    if (!told_purge_replied(node, received->message.request_id)) /* §5.2.5: an unsolicited one is ignored */
        node_drop(
            node, DROP_UNSOLICITED,
            (struct about){received->source_protocol, received->from.nbma, received->message.request_id});
}

/* ---- this node's own ---- */

#define CIES_ROOM 1024 /* octets: the addresses of one registration */

uint32_t purge_request_id(struct node *node)
{
    return compose_request_id(node);
}

static void write_prefix(struct writer *w, struct addr protocol, unsigned prefix_len)
{
    nhrp_cie_write(w, &(struct nhrp_cie){
                          .prefix_len = (uint8_t)prefix_len,
                          .protocol = addr_span(&protocol),
                      });
}

static void send_request(struct node *node, struct addr destination, struct endpoint to, struct span cies,
                         uint32_t request_id, bool no_reply)
{
    struct nhrp_message message = compose_message(node, NHRP_PURGE_REQUEST, &destination);
    message.purge = (struct nhrp_purge_flags){.no_reply = no_reply, .nat = true};
    message.request_id = request_id;
    message.cies = cies;
    uint8_t extensions[256];
    struct writer w = writer_of(extensions, sizeof extensions);
    extensions_write_request(node, NHRP_PURGE_REQUEST, NULL, &w);
    writer_done(&w, &message.extensions);
    compose_send(node, &message, to, SEND_PURGE);
}

/* The NBMA address stays out: a requester may have the client under another one, behind a NAT (§5.2.5: MAY).
 */
void purge_send(struct node *node, struct addr requester, struct endpoint to, struct prefix prefix,
                uint32_t request_id, bool no_reply)
{
    uint8_t cies[NHRP_CIE_FIXED_LEN + 16];
    struct writer w = writer_of(cies, sizeof cies);
    write_prefix(&w, prefix.addr, prefix.len);
    send_request(node, requester, to, span_of(cies, w.pos), request_id, no_reply);
}

void purge_own_registration(struct node *node, const struct next_hop_server *nhs)
{
    const struct node_config *config = &node->config;
    uint8_t cies[CIES_ROOM];
    struct writer w = writer_of(cies, sizeof cies);
    write_prefix(&w, config->protocol, addr_bits(config->protocol));
    for (size_t i = 0; i < config->registered_count; i++)
        write_prefix(&w, config->registered[i].protocol, config->registered[i].prefix_len);
    /* §5.2.5: its own address, if it knows no server's */
    struct addr destination = addr_is_none(nhs->protocol) ? config->protocol : nhs->protocol;
    send_request(node, destination, (struct endpoint){.nbma = nhs->config.nbma},
                 span_of(cies, w.pos), compose_request_id(node), true);
}

void purge_own_registrations(struct node *node)
{
    for (size_t i = 0; i < node->config.nhs_count; i++) {
        enum registration_state state = node->nhs[i].state;
        if (state == REGISTRATION_REGISTERED || state == REGISTRATION_REFRESHING)
            purge_own_registration(node, &node->nhs[i]);
    }
}
