/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/receive.h"

#include <string.h>

#include "engine/authentication.h"
#include "engine/error_indication.h"
#include "engine/extensions.h"
#include "engine/message_table.h"
#include "engine/transit.h"

#define AT_AFN           0
#define AT_PROTOCOL_TYPE 2
#define AT_VERSION       16
#define AT_TYPE          17
#define HEAD_MAX         (NHRP_FIXED_LEN + 8 + 2 * 63 + 2 * 255) /* the longest a message's head can be */

static void take_addresses(struct received *received)
{
    const struct nhrp_message *message = &received->message;
    received->source_nbma = addr_from_span(message->source_nbma);
    received->source_protocol = addr_from_span(message->source_protocol);
    received->destination_protocol = addr_from_span(message->destination_protocol);
}

/*
 * What could not be decoded is reported as far as its head tells who sent it (§5.2.7, code 7). Under an
 * unknown version or type the addresses are taken to be where version 1 has them.
 */
static void report_malformed(struct node *node, struct received *received, struct codec_error error)
{
    uint8_t head[HEAD_MAX];
    size_t len = received->bytes.len < sizeof head ? received->bytes.len : sizeof head;
    if (len > 0)
        memcpy(head, received->bytes.data, len);
    if (len > AT_TYPE) {
        head[AT_VERSION] = NHRP_VERSION;
        if (error.status == CODEC_BAD_TYPE)
            head[AT_TYPE] = NHRP_REGISTRATION_REQUEST;
    }
    if (nhrp_decode_head(span_of(head, len), &received->message).status != CODEC_OK)
        received->message = (struct nhrp_message){0};
    take_addresses(received);
    error_indication_send(node, received, DROP_NHRP_MALFORMED, NHRP_ERROR_PROTOCOL_ERROR, error.offset);
}

/* Is the message about this tunnel's families? Each address must be of its family, or absent. */
static bool families_fit(const struct node *node, const struct received *received, size_t *offset)
{
    const struct nhrp_message *message = &received->message;
    uint8_t nbma = node->config.tunnel.nbma.family, protocol = node->config.protocol.family;
    *offset = AT_AFN;
    if (message->fixed.afn != (nbma == ADDR_IPV4 ? NHRP_AFN_IPV4 : NHRP_AFN_IPV6) ||
        (message->source_nbma.len > 0 && received->source_nbma.family != nbma))
        return false;
    *offset = AT_PROTOCOL_TYPE;
    return nhrp_protocol_ethertype(&message->fixed) ==
               (protocol == ADDR_IPV4 ? NHRP_PROTOCOL_IPV4 : NHRP_PROTOCOL_IPV6) &&
           received->source_protocol.family == protocol &&
           (message->destination_protocol.len == 0 || received->destination_protocol.family == protocol);
}

/* Whoever a binding leads to has been let in; of others each address may ask so often. */
static bool is_limited(struct node *node, const struct received *received)
{
    switch (received->message.fixed.type) {
    case NHRP_RESOLUTION_REQUEST:
    case NHRP_REGISTRATION_REQUEST:
    case NHRP_PURGE_REQUEST:
        return node->request_limits && !peers_find(&node->peers, received->from) &&
               !limiter_table_take(node->request_limits, received->from.nbma, node->now);
    default:
        return false;
    }
}

void receive_message(struct node *node, struct endpoint from, struct span bytes)
{
    struct received received = {.from = from, .bytes = bytes};
    struct codec_error error = nhrp_decode(bytes, NHRP_DECODE_STRICT, &received.message);
    if (error.status != CODEC_OK) {
        report_malformed(node, &received, error);
        return;
    }
    received.bytes.len = received.message.fixed.packet_size;
    take_addresses(&received);
    if (is_limited(node, &received)) {
        node_drop(node, DROP_RATE_LIMITED, (struct about){received.source_protocol, from.nbma, 0});
        return;
    }
    uint16_t code;
    size_t offset;
    if (!families_fit(node, &received, &offset)) {
        error_indication_send(node, &received, DROP_NHRP_FAMILY, NHRP_ERROR_PROTOCOL_ERROR, offset);
        return;
    }
    if (!authentication_check(node, &received, &offset)) {
        error_indication_send(node, &received, DROP_AUTHENTICATION, NHRP_ERROR_AUTHENTICATION_FAILURE,
                              offset);
        return;
    }
    const struct message_row *row = message_row_of(received.message.fixed.type);
    node->counters.messages_received[row->type]++;
    bool for_us = row->is_for_us(node, &received);
    if (!extensions_check(&received, for_us ? ROLE_RESPONDER : ROLE_TRANSIT, &code, &offset)) {
        error_indication_send(node, &received, DROP_EXTENSION, (enum nhrp_error_code)code, offset);
        return;
    }
    if (for_us)
        row->handle(node, &received);
    else
        transit_forward(node, &received);
}
