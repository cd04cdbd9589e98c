/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/tunnel.h"

#include <string.h>

#include "codec/ip.h"
#include "engine/node_state.h"

#define TOS_CS6 0xc0

static struct gre gre_header(struct node *node, uint16_t protocol)
{
    const struct tunnel_config *tunnel = &node->config.tunnel;
    return (struct gre){
        .has_checksum = tunnel->checksum,
        .has_key = tunnel->has_key,
        .has_sequence = tunnel->sequence,
        .protocol = protocol,
        .key = tunnel->key,
        .sequence = node->gre_sequence,
    };
}

static void emit(struct node *node, struct span packet, enum send_reason reason)
{
    struct node_output output = {.kind = OUTPUT_UNDERLAY, .underlay = {.packet = packet, .reason = reason}};
    output_queue_push(&node->outputs, &output);
}

/* One outer packet: the payload's octets are copied to their place, and the headers written before them. */
static enum drop_reason send(struct node *node, struct addr to, uint16_t protocol, struct span payload,
                             uint8_t tos, bool hop, enum send_reason reason)
{
    if (!node->link_up)
        return DROP_LINK_DOWN;
    const struct tunnel_config *tunnel = &node->config.tunnel;
    struct ip outer = {
        .source = tunnel->nbma,
        .destination = to,
        .protocol = IP_PROTOCOL_GRE,
        .ttl = tunnel->ttl,
        .tos = tos,
        .id = to.family == ADDR_IPV4 ? node->ip_id : 0,
    };
    struct gre gre = gre_header(node, protocol);
    size_t gre_len = gre_header_len(&gre), headers_len = ip_header_len(&outer) + gre_len;
    uint8_t *packet = output_queue_reserve(&node->outputs, headers_len + payload.len);
    if (!packet)
        return DROP_NO_MEMORY;
    memcpy(packet + headers_len, payload.data, payload.len);
    enum drop_reason drop = DROP_NONE;
    if (hop && !ip_decrement_ttl(packet + headers_len, payload.len))
        drop = DROP_TTL;
    struct writer w = writer_of(packet, headers_len);
    ip_write_header(&w, &outer, gre_len + payload.len);
    gre_write_header(&w, &gre, span_of(packet + headers_len, payload.len));
    struct span headers;
    if (drop == DROP_NONE && !writer_done(&w, &headers))
        drop = DROP_TOO_BIG;
    if (drop != DROP_NONE) {
        output_queue_cancel(&node->outputs, headers_len + payload.len);
        return drop;
    }
    node->ip_id++;
    node->gre_sequence++;
    emit(node, span_of(packet, headers_len + payload.len), reason);
    return DROP_NONE;
}

void tunnel_send_message(struct node *node, struct addr to, struct span message, enum send_reason reason)
{
    enum drop_reason drop = send(node, to, GRE_PROTOCOL_NHRP, message, TOS_CS6, false, reason);
    if (drop != DROP_NONE)
        node_drop(node, drop, (struct about){.nbma = to});
}

bool tunnel_send_packet(struct node *node, struct addr to, struct span packet, uint8_t tos, bool hop,
                        enum send_reason reason)
{
    uint16_t protocol = packet.data[0] >> 4 == 4 ? GRE_PROTOCOL_IPV4 : GRE_PROTOCOL_IPV6;
    enum drop_reason drop = DROP_TOO_BIG;
    if (packet.len <= node->config.tunnel.mtu)
        drop = send(node, to, protocol, packet, tos, hop, reason);
    if (drop != DROP_NONE)
        node_drop(node, drop, (struct about){.nbma = to, .number = (uint32_t)packet.len});
    return drop == DROP_NONE;
}

/*
 * RFC2890 §2.2: a packet whose number is not newer than the last one's is out of sequence and dropped. Kept
 * for the one peer of a point-to-point tunnel: a multipoint tunnel's sender numbers the packets to all its
 * peers in one row.
 */
static bool sequence_is_old(struct gre_window *window, uint32_t sequence)
{
    bool old = window->seen && sequence - window->last - 1 >= UINT32_C(0x80000000);
    if (!old)
        *window = (struct gre_window){.seen = true, .last = sequence};
    return old;
}

enum drop_reason tunnel_receive(struct node *node, struct span packet, struct tunnel_payload *out)
{
    const struct tunnel_config *tunnel = &node->config.tunnel;
    struct ip outer;
    *out = (struct tunnel_payload){0};
    if (ip_decode(packet, &outer).status != CODEC_OK)
        return DROP_OUTER_MALFORMED;
    out->from = outer.source;
    if (!addr_equal(outer.destination, tunnel->nbma))
        return DROP_NOT_FOR_US;
    if (outer.more_fragments || outer.fragment_offset != 0)
        return DROP_FRAGMENT;
    if (outer.protocol != IP_PROTOCOL_GRE)
        return DROP_NOT_GRE;
    struct gre gre;
    if (gre_decode(outer.payload, &gre).status != CODEC_OK)
        return DROP_GRE_MALFORMED;
    if (gre.has_key != tunnel->has_key || (gre.has_key && gre.key != tunnel->key))
        return DROP_GRE_KEY;
    if (tunnel->mode == TUNNEL_POINT_TO_POINT) {
        if (!addr_equal(outer.source, tunnel->destination))
            return DROP_GRE_UNKNOWN_PEER;
        if (tunnel->sequence && gre.has_sequence && sequence_is_old(&node->gre_received, gre.sequence))
            return DROP_GRE_SEQUENCE;
    }
    out->protocol = gre.protocol;
    out->bytes = gre.payload;
    return DROP_NONE;
}
