/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/tunnel.h"

#include <string.h>

#include "codec/ip.h"
#include "engine/ipsec.h"
#include "engine/node_state.h"
#include "engine/timers.h"

#define TOS_CS6 0xc0
#define AT_TYPE 17 /* ar$op.type */

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

/* What a packet looks like from outside to inside: IP, ESP's head, GRE, payload, ESP's tail. */
struct layout {
    struct ip outer;
    struct gre gre;
    struct esp_sa *sa; /* NULL: no ESP */
    size_t outer_len, head_len, gre_len, payload_len, tail_len;
};

static struct layout lay_out(struct node *node, struct endpoint to, struct esp_sa *sa, uint16_t protocol,
                             size_t payload_len, uint8_t tos)
{
    struct layout l = {
        .outer =
            {
                .source = node->config.tunnel.nbma,
                .destination = to.nbma,
                .protocol = sa ? esp_sa_protocol(sa) : IP_PROTOCOL_GRE,
                .ttl = node->config.tunnel.ttl,
                .tos = tos,
                .id = to.nbma.family == ADDR_IPV4 ? node->ip_id : 0,
            },
        .gre = gre_header(node, protocol),
        .sa = sa,
        .payload_len = payload_len,
    };
    l.outer_len = ip_header_len(&l.outer);
    l.gre_len = gre_header_len(&l.gre);
    if (sa) {
        l.head_len = esp_sa_head_len(sa);
        l.tail_len = esp_sa_tail_len(sa, l.gre_len + payload_len);
    }
    return l;
}

/* The headers around a payload that is in its place. */
static enum drop_reason write_around(const struct layout *l, uint8_t *packet)
{
    uint8_t *gre = packet + l->outer_len + l->head_len;
    struct writer w = writer_of(gre, l->gre_len), outer = writer_of(packet, l->outer_len);
    struct span written;
    gre_write_header(&w, &l->gre, span_of(gre + l->gre_len, l->payload_len));
    ip_write_header(&outer, &l->outer, l->head_len + l->gre_len + l->payload_len + l->tail_len);
    if (!writer_done(&w, &written) || !writer_done(&outer, &written))
        return DROP_TOO_BIG;
    if (l->sa && esp_sa_protect(l->sa, &l->outer, packet + l->outer_len, l->gre_len + l->payload_len,
                                IP_PROTOCOL_GRE) != ESP_OK)
        return DROP_ESP;
    return DROP_NONE;
}

/* One outer packet: the payload's octets are copied to their place, and all else is written around them. */
static enum drop_reason send(struct node *node, struct endpoint to, uint16_t protocol, struct span payload,
                             uint8_t tos, bool hop, enum send_reason reason)
{
    if (!node->link_up)
        return DROP_LINK_DOWN;
    struct esp_sa *sa = NULL;
    if (ipsec_is_on(node) && !(sa = ipsec_outbound(node, to)))
        return DROP_NO_SA;
    struct layout l = lay_out(node, to, sa, protocol, payload.len, tos);
    size_t before = l.outer_len + l.head_len + l.gre_len, len = before + payload.len + l.tail_len;
    uint8_t *packet = output_queue_reserve(&node->outputs, len);
    if (!packet)
        return DROP_NO_MEMORY;
    memcpy(packet + before, payload.data, payload.len);
    enum drop_reason drop = DROP_NONE;
    if (hop && !ip_decrement_ttl(packet + before, payload.len))
        drop = DROP_TTL;
    if (drop == DROP_NONE)
        drop = write_around(&l, packet);
    if (drop != DROP_NONE) {
        output_queue_cancel(&node->outputs, len);
        return drop;
    }
    node->ip_id++;
    node->gre_sequence++;
    emit(node, span_of(packet, len), reason);
    return DROP_NONE;
}

/* Of an encoded message. */
static uint8_t nhrp_type_at(struct span message)
{
    return message.data[AT_TYPE];
}

void tunnel_send_message(struct node *node, struct endpoint to, struct span message, enum send_reason reason)
{
    enum drop_reason drop = send(node, to, GRE_PROTOCOL_NHRP, message, TOS_CS6, false, reason);
    if (drop != DROP_NONE)
        node_drop(node, drop, (struct about){.nbma = to.nbma});
    else
        node->counters.messages_sent[nhrp_type_at(message)]++;
}

bool tunnel_send_packet(struct node *node, struct endpoint to, struct span packet, uint8_t tos, bool hop,
                        enum send_reason reason)
{
    uint16_t protocol = packet.data[0] >> 4 == 4 ? GRE_PROTOCOL_IPV4 : GRE_PROTOCOL_IPV6;
    enum drop_reason drop = DROP_TOO_BIG;
    if (packet.len <= node->config.tunnel.mtu)
        drop = send(node, to, protocol, packet, tos, hop, reason);
    if (drop != DROP_NONE)
        node_drop(node, drop, (struct about){.nbma = to.nbma, .number = (uint32_t)packet.len});
    else
        node->counters.packets_sent++;
    return drop == DROP_NONE;
}

/*
 * RFC2890 §2.2: a packet whose number is not newer than the last one's is out of sequence and dropped. A
 * sender numbers the packets to all its peers in one row, so a receiver keeps one window for each sender that
 * it has a binding for; what others send is not checked. A sender that was silent for a while may have
 * started anew.
 */
static bool sequence_is_old(const struct node *node, struct gre_window *window, uint32_t sequence)
{
    bool silent = instant_reached(node->now, instant_after_s(window->at, GRE_SEQUENCE_RESET_S));
    bool old = window->seen && !silent && sequence - window->last - 1 >= UINT32_C(0x80000000);
    if (!old)
        *window = (struct gre_window){.seen = true, .last = sequence, .at = node->now};
    return old;
}

static struct gre_window *window_of(struct node *node, struct endpoint from)
{
    if (node->config.tunnel.mode == TUNNEL_POINT_TO_POINT)
        return &node->gre_received;
    struct peer *peer = peers_find(&node->peers, from);
    return peer ? &peer->window : NULL;
}

static enum drop_reason take_gre(struct node *node, struct span bytes, struct tunnel_payload *out)
{
    const struct tunnel_config *tunnel = &node->config.tunnel;
    struct gre gre;
    if (gre_decode(bytes, &gre).status != CODEC_OK)
        return DROP_GRE_MALFORMED;
    if (gre.has_key != tunnel->has_key || (gre.has_key && gre.key != tunnel->key))
        return DROP_GRE_KEY;
    if (tunnel->mode == TUNNEL_POINT_TO_POINT && !addr_equal(out->from.nbma, tunnel->destination))
        return DROP_GRE_UNKNOWN_PEER;
    struct gre_window *window = tunnel->sequence && gre.has_sequence ? window_of(node, out->from) : NULL;
    if (window && sequence_is_old(node, window, gre.sequence))
        return DROP_GRE_SEQUENCE;
    out->protocol = gre.protocol;
    out->bytes = gre.payload;
    return DROP_NONE;
}

enum drop_reason tunnel_receive(struct node *node, struct span packet, struct tunnel_payload *out)
{
    struct ip outer;
    *out = (struct tunnel_payload){0};
    if (ip_decode(packet, &outer).status != CODEC_OK)
        return DROP_OUTER_MALFORMED;
    out->from.nbma = outer.source;
    if (!addr_equal(outer.destination, node->config.tunnel.nbma))
        return DROP_NOT_FOR_US;
    if (outer.more_fragments || outer.fragment_offset != 0)
        return DROP_FRAGMENT;
    if (!ipsec_is_on(node))
        return outer.protocol == IP_PROTOCOL_GRE ? take_gre(node, outer.payload, out) : DROP_NOT_GRE;
    if (outer.protocol == IP_PROTOCOL_GRE)
        return DROP_CLEAR;
    struct span gre;
    enum drop_reason drop = ipsec_receive(node, &outer, &gre, &out->from.port, &out->detail);
    return drop == DROP_NONE ? take_gre(node, gre, out) : drop;
}
