/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/compose.h"

#include "engine/authentication.h"
#include "engine/extensions.h"
#include "engine/tunnel.h"

size_t compose_message_max(const struct node *node)
{
    size_t mtu = node->config.tunnel.mtu;
    return mtu < MESSAGE_MAX ? mtu : MESSAGE_MAX;
}

uint32_t compose_request_id(struct node *node)
{
    return node->next_request_id++;
}

struct nhrp_message compose_message(const struct node *node, enum nhrp_type type,
                                    const struct addr *destination)
{
    const struct node_config *config = &node->config;
    return (struct nhrp_message){
        .fixed =
            {
                .afn = config->tunnel.nbma.family == ADDR_IPV4 ? NHRP_AFN_IPV4 : NHRP_AFN_IPV6,
                .protocol_type =
                    config->protocol.family == ADDR_IPV4 ? NHRP_PROTOCOL_IPV4 : NHRP_PROTOCOL_IPV6,
                .hop_count = config->hop_count,
                .version = NHRP_VERSION,
                .type = (uint8_t)type,
            },
        .source_nbma = addr_span(&config->tunnel.nbma),
        .source_protocol = addr_span(&config->protocol),
        .destination_protocol = addr_span(destination),
    };
}

struct nhrp_cie compose_own_cie(const struct node *node)
{
    return (struct nhrp_cie){
        .mtu = node->config.tunnel.mtu,
        .hold_s = node->config.hold_s,
        .nbma = addr_span(&node->config.tunnel.nbma),
        .protocol = addr_span(&node->config.protocol),
    };
}

bool compose_sign_and_send(struct node *node, const struct nhrp_message *message, struct span encoded,
                           struct endpoint to, enum send_reason reason)
{
    if (!authentication_sign(node, (enum nhrp_type)message->fixed.type, encoded)) {
        node_drop(node, DROP_NO_KEY, (struct about){.nbma = to.nbma, .number = message->fixed.type});
        return false;
    }
    tunnel_send_message(node, to, encoded, reason);
    return true;
}

bool compose_send(struct node *node, const struct nhrp_message *message, struct endpoint to,
                  enum send_reason reason)
{
    uint8_t buf[MESSAGE_MAX];
    struct span encoded;
    if (!nhrp_encode(message, buf, compose_message_max(node), &encoded)) {
        node_drop(node, DROP_TOO_BIG, (struct about){.nbma = to.nbma, .number = message->fixed.type});
        return false;
    }
    return compose_sign_and_send(node, message, encoded, to, reason);
}

void compose_reply(struct node *node, const struct received *request, const struct nhrp_message *reply,
                   struct endpoint to, enum send_reason reason)
{
    struct nhrp_message message = *reply;
    uint8_t extensions[MESSAGE_MAX];
    struct writer w = writer_of(extensions, sizeof extensions);
    extensions_write_reply(node, request, reply, &w);
    if (!writer_done(&w, &message.extensions)) {
        node_drop(node, DROP_TOO_BIG, (struct about){.nbma = request->from.nbma});
        return;
    }
    message.trailer = (struct span){0};
    message.fixed.type = nhrp_type_reply(request->message.fixed.type);
    message.fixed.hop_count = node->config.hop_count;
    compose_send(node, &message, to, reason);
}

struct endpoint compose_reply_address(const struct node *node, const struct received *request)
{
    const struct binding *requester = cache_match(&node->cache, request->source_protocol);
    return requester ? binding_endpoint(requester) : request->from;
}
