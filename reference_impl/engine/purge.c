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
    struct addr to =
        compose_reply_address(node, received); /* before the binding that says so may be purged */
    struct span list = reply.cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        purge_one(node, received, &cie);
    if (!reply.purge.no_reply)
        compose_reply(node, received, &reply, to, SEND_PURGE_REPLY);
}

/* §5.2.5: an unsolicited one is ignored. This node's own purges ask for none. */
void purge_reply(struct node *node, const struct received *received)
{
    node_drop(node, DROP_UNSOLICITED,
              (struct about){received->source_protocol, received->from, received->message.request_id});
}

void purge_own_registrations(struct node *node)
{
    const struct node_config *config = &node->config;
    for (size_t i = 0; i < config->nhs_count; i++) {
        const struct next_hop_server *nhs = &node->nhs[i];
        if (nhs->state != REGISTRATION_REGISTERED && nhs->state != REGISTRATION_REFRESHING)
            continue;
        struct nhrp_message message = compose_message(node, NHRP_PURGE_REQUEST, &nhs->config.protocol);
        message.purge = (struct nhrp_purge_flags){.no_reply = true, .nat = true};
        message.request_id = compose_request_id(node);
        uint8_t cies[NHRP_CIE_FIXED_LEN + 16], extensions[256];
        struct writer w = writer_of(cies, sizeof cies);
        nhrp_cie_write(&w, &(struct nhrp_cie){
                               .prefix_len = (uint8_t)addr_bits(config->protocol),
                               .protocol = addr_span(&config->protocol),
                           });
        writer_done(&w, &message.cies);
        w = writer_of(extensions, sizeof extensions);
        extensions_write_request(node, NHRP_PURGE_REQUEST, NULL, &w);
        writer_done(&w, &message.extensions);
        compose_send(node, &message, nhs->config.nbma, SEND_PURGE);
    }
}
