/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/forwarding.h"

#include <string.h>

#include "codec/gre.h"
#include "codec/ip.h"
#include "engine/ip_fragment.h"
#include "engine/icmp_error.h"
#include "engine/indication.h"
#include "engine/routing.h"
#include "engine/transit.h"
#include "engine/tunnel.h"

#define FRAGMENT_ROOM 65535

/* A packet on its way. */
struct transfer {
    struct span packet; /* exactly the IP packet, without what a link may have padded it with */
    struct ip ip;
    bool from_tunnel;
    bool originated;      /* by the node itself, */
    enum send_reason why; /* for this */
    struct endpoint from; /* from_tunnel */
};

static void forward(struct node *node, const struct transfer *t);

static void drop(struct node *node, const struct transfer *t, enum drop_reason reason)
{
    node_drop(node, reason, (struct about){t->ip.destination, t->from.nbma, (uint32_t)t->packet.len});
}

static bool decode(struct span packet, struct transfer *t)
{
    t->packet = packet;
    if (ip_decode(packet, &t->ip).status != CODEC_OK)
        return false;
    if (t->ip.payload.len > 0)
        t->packet.len = (size_t)(t->ip.payload.data - packet.data) + t->ip.payload.len;
    return true;
}

/* Drop a packet and tell its sender why. */
static void drop_and_report(struct node *node, const struct transfer *t, enum drop_reason reason,
                            enum icmp_error error)
{
    drop(node, t, reason);
    if (t->originated || t->ip.source.family != node->config.protocol.family || !icmp_error_is_due(&t->ip) ||
        !routes_for_data(&node->routes, t->ip.source))
        return;
    if (!limiter_take(&node->icmp_limit, node->now)) {
        node->counters.icmp_limited++;
        return;
    }
    uint8_t buf[ICMP_ERROR_MAX];
    struct writer w = writer_of(buf, sizeof buf);
    icmp_error_write(&w, node->config.protocol, t->packet, &t->ip, error, node->config.tunnel.mtu);
    forwarding_originate(node, span_of(buf, w.pos), SEND_ICMP_ERROR);
}

static void deliver(struct node *node, const struct transfer *t, bool hop)
{
    uint8_t *copy = output_queue_reserve(&node->outputs, t->packet.len);
    if (!copy) {
        drop(node, t, DROP_NO_MEMORY);
        return;
    }
    memcpy(copy, t->packet.data, t->packet.len);
    if (hop)
        ip_decrement_ttl(copy, t->packet.len);
    struct node_output output = {.kind = OUTPUT_OVERLAY, .overlay = span_of(copy, t->packet.len)};
    output_queue_push(&node->outputs, &output);
}

/* Between host side and tunnel: what the node itself sends has crossed no router yet. */
static bool is_host_hop(const struct node *node, const struct transfer *t)
{
    return !node->config.tunnel.host_counts_hops && (t->from_tunnel || !node_owns(node, t->ip.source));
}

/* Into the tunnel: from the tunnel (a hub's hairpin) always. */
static bool is_hop(const struct node *node, const struct transfer *t)
{
    return t->from_tunnel || is_host_hop(node, t);
}

static enum send_reason reason_for(const struct transfer *t, const struct route *route,
                                   const struct binding *binding)
{
    if (t->originated)
        return t->why;
    if (t->from_tunnel)
        return SEND_DATA_FROM_HUB;
    switch ((enum binding_origin)binding->origin) {
    case BINDING_STATIC:
        return SEND_DATA_TO_HUB;
    case BINDING_REGISTERED:
        return SEND_DATA_TO_SPOKE;
    case BINDING_RESOLVED:
        break;
    }
    return route->kind == ROUTE_SHORTCUT ? SEND_DATA_SHORTCUT : SEND_DATA_DIRECT;
}

/* Where to send to, and why; none if there is none. */
static struct endpoint next_endpoint(struct node *node, const struct transfer *t, const struct route *route,
                                     enum send_reason *reason)
{
    *reason = t->originated ? t->why : t->from_tunnel ? SEND_DATA_FROM_HUB : SEND_DATA_TO_HUB;
    if (node->config.tunnel.mode == TUNNEL_POINT_TO_POINT)
        return (struct endpoint){.nbma = node->config.tunnel.destination};
    struct addr next_hop = transit_via(node, route, t->ip.destination);
    struct binding *binding = cache_match(&node->cache, next_hop);
    if (binding) {
        binding->used = true;
        *reason = reason_for(t, route, binding);
        return binding_endpoint(binding);
    }
    struct endpoint server = registration_client_server(node);
    bool known = !addr_is_none(next_hop); /* else it is the server, which has not told its address yet */
    if (known && !t->from_tunnel && !t->originated && !endpoint_is_none(server))
        resolution_client_want(node, next_hop, SEND_RESOLUTION_NEXT_HOP);
    return server;
}

/* Larger than the tunnel's MTU: in pieces, if its sender allows that. */
static bool send_in_pieces(struct node *node, const struct transfer *t, struct endpoint to,
                           enum send_reason reason)
{
    size_t mtu = node->config.tunnel.mtu;
    if (!ip_fragment_is_possible(t->packet, &t->ip, mtu)) {
        drop_and_report(node, t, DROP_TOO_BIG, ICMP_ERROR_TOO_BIG);
        return false;
    }
    uint8_t piece[FRAGMENT_ROOM];
    struct writer w = writer_of(piece, mtu);
    bool sent = true;
    for (size_t done = 0; ip_fragment_next(t->packet, &t->ip, mtu, &done, &w); w = writer_of(piece, mtu))
        sent &= tunnel_send_packet(node, to, span_of(piece, w.pos), t->ip.tos, is_hop(node, t), reason);
    return sent;
}

static void forward_to_tunnel(struct node *node, const struct transfer *t, struct route *route)
{
    enum send_reason reason;
    route->used = true;
    struct endpoint to = next_endpoint(node, t, route, &reason);
    if (endpoint_is_none(to)) {
        drop_and_report(node, t, DROP_NO_BINDING, ICMP_ERROR_NO_HOST);
        return;
    }
    bool sent = t->packet.len > node->config.tunnel.mtu
                    ? send_in_pieces(node, t, to, reason)
                    : tunnel_send_packet(node, to, t->packet, t->ip.tos, is_hop(node, t), reason);
    if (sent && t->from_tunnel && node->config.redirect && !endpoint_equal(to, t->from))
        indication_send(node, t->from, t->packet, &t->ip);
}

/* Is it a station of its own, that no other binding stands for? Servers, and clients by their own address. */
static bool gets_multicast(const struct node *node, const struct binding *b)
{
    if (b->origin == BINDING_STATIC)
        return !registration_client_is_standby(node, b->nbma);
    return b->origin == BINDING_REGISTERED && addr_equal(b->protocol, b->registrant);
}

/* Multicast is replicated by its sender: to the servers that are not standing by, and to all who registered
 * (dynamic routing needs no more). */
static void replicate(struct node *node, const struct transfer *t)
{
    size_t bucket = 0, copies = 0;
    if (node->config.tunnel.mode == TUNNEL_POINT_TO_POINT) {
        struct endpoint to = {.nbma = node->config.tunnel.destination};
        tunnel_send_packet(node, to, t->packet, t->ip.tos, is_hop(node, t), t->why);
        return;
    }
    for (const struct binding *b = NULL; (b = cache_walk(&node->cache, &bucket, b));)
        if (gets_multicast(node, b) &&
            tunnel_send_packet(node, binding_endpoint(b), t->packet, t->ip.tos, is_hop(node, t), t->why))
            copies++;
    if (copies == 0)
        drop(node, t, DROP_MULTICAST);
}

static void forward(struct node *node, const struct transfer *t)
{
    if (addr_is_multicast(t->ip.destination)) {
        if (t->from_tunnel)
            deliver(node, t, false);
        else
            replicate(node, t);
        return;
    }
    if (node_owns(node, t->ip.destination)) {
        deliver(node, t, false);
        return;
    }
    struct route *route = routes_for_data(&node->routes, t->ip.destination);
    bool host_side = route && route->kind == ROUTE_HOST_SIDE;
    if (!route)
        drop_and_report(node, t, DROP_NO_ROUTE, ICMP_ERROR_UNREACHABLE);
    else if (host_side && !t->from_tunnel && !t->originated)
        drop(node, t, DROP_NO_ROUTE);
    else if ((host_side ? is_host_hop(node, t) : is_hop(node, t)) && t->ip.ttl <= 1)
        drop_and_report(node, t, DROP_TTL, ICMP_ERROR_TTL_EXCEEDED);
    else if (host_side)
        deliver(node, t, is_host_hop(node, t));
    else
        forward_to_tunnel(node, t, route);
}

void forwarding_originate(struct node *node, struct span packet, enum send_reason reason)
{
    struct transfer t = {.originated = true, .why = reason};
    if (decode(packet, &t))
        forward(node, &t);
}

void forwarding_from_host(struct node *node, struct span packet)
{
    struct transfer t = {.why = SEND_MULTICAST};
    if (!decode(packet, &t))
        drop(node, &t, DROP_INNER_MALFORMED);
    else
        forward(node, &t);
}

void forwarding_from_tunnel(struct node *node, struct endpoint from, uint16_t protocol, struct span packet)
{
    struct transfer t = {.from_tunnel = true, .from = from};
    node->counters.packets_received++;
    if (!decode(packet, &t) ||
        protocol != (t.ip.source.family == ADDR_IPV4 ? GRE_PROTOCOL_IPV4 : GRE_PROTOCOL_IPV6))
        drop(node, &t, DROP_INNER_MALFORMED);
    else if (routing_wants(node, &t.ip))
        routing_receive(node, t.packet);
    else
        forward(node, &t);
}
