/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/transit.h"

#include "engine/compose.h"
#include "engine/error_indication.h"
#include "engine/extensions.h"
#include "engine/message_table.h"

#define AT_HOP_COUNT   9
#define AT_DESTINATION 20

struct addr transit_via(const struct node *node, const struct route *route, struct addr destination)
{
    if (route->kind == ROUTE_TUNNEL || route->kind == ROUTE_HOST_SIDE)
        return destination;
    if (!addr_is_unspecified(route->via))
        return route->via;
    const struct next_hop_server *in_use = registration_client_in_use(node);
    return in_use ? in_use->protocol : (struct addr){0};
}

struct endpoint transit_next_hop(const struct node *node, struct addr protocol, struct endpoint from)
{
    const struct binding *binding = NULL;
    struct endpoint next = {0};
    const struct route *route = routes_for_requests(&node->routes, protocol);
    if (!route || route->kind == ROUTE_HOST_SIDE)
        return next;
    if (node->config.tunnel.mode == TUNNEL_POINT_TO_POINT)
        next.nbma = node->config.tunnel.destination;
    else if ((binding = cache_match(&node->cache, transit_via(node, route, protocol))))
        next = binding_endpoint(binding);
    else
        next = registration_client_server(node);
    return endpoint_equal(next, from) ? (struct endpoint){0} : next;
}

/* The record in which this node would find itself if the message went in a loop; END for none. */
static uint16_t loop_record(const struct node *node, const struct nhrp_message *message)
{
    bool reply = !nhrp_type_reply(message->fixed.type);
    if (message->fixed.type == NHRP_RESOLUTION_REPLY &&
        extensions_record_names_us(node, message, NHRP_EXT_RESPONDER_ADDRESS))
        return NHRP_EXT_RESPONDER_ADDRESS;
    uint16_t record = reply ? NHRP_EXT_REVERSE_TRANSIT : NHRP_EXT_FORWARD_TRANSIT;
    return extensions_record_names_us(node, message, record) ? record : NHRP_EXT_END;
}

static bool is_own_error(const struct node *node, const struct received *received)
{
    return received->message.fixed.type == NHRP_ERROR_INDICATION &&
           node_owns(node, received->source_protocol) &&
           addr_equal(received->source_nbma, node->config.tunnel.nbma);
}

/* May it go on? If not it has been dropped and reported. */
static bool may_pass(struct node *node, const struct received *received, struct endpoint next)
{
    const struct nhrp_message *message = &received->message;
    if (is_own_error(node, received)) { /* §5.2.7: quietly */
        node_drop(node, DROP_LOOP, (struct about){.nbma = received->from.nbma});
        return false;
    }
    uint16_t record = loop_record(node, message);
    if (record != NHRP_EXT_END) {
        error_indication_send(node, received, DROP_LOOP, NHRP_ERROR_LOOP_DETECTED,
                              extensions_offset_of(received, record));
        return false;
    }
    if (message->fixed.hop_count == 0) {
        error_indication_send(node, received, DROP_HOP_COUNT, NHRP_ERROR_HOP_COUNT_EXCEEDED, AT_HOP_COUNT);
        return false;
    }
    if (endpoint_is_none(next)) {
        error_indication_send(node, received, DROP_NO_ROUTE, NHRP_ERROR_ADDRESS_UNREACHABLE, AT_DESTINATION);
        return false;
    }
    return true;
}

void transit_forward(struct node *node, const struct received *received)
{
    struct endpoint next = transit_next_hop(node, message_heads_for(received), received->from);
    if (!may_pass(node, received, next))
        return;
    struct nhrp_message message = received->message;
    message.fixed.hop_count--;
    uint8_t extensions[MESSAGE_MAX], buf[MESSAGE_MAX];
    struct writer w = writer_of(extensions, sizeof extensions);
    extensions_write_transit(node, received, &w);
    struct span encoded;
    if (!writer_done(&w, &message.extensions) ||
        !nhrp_encode(&message, buf, compose_message_max(node), &encoded)) {
        error_indication_send(node, received, DROP_TOO_BIG, NHRP_ERROR_SIZE_EXCEEDED, 0);
        return;
    }
    compose_sign_and_send(node, &message, encoded, next, SEND_FORWARDED);
}
