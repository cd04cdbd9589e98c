/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/forwarding.h"

#include <string.h>

#include "codec/gre.h"
#include "codec/ip.h"
#include "engine/indication.h"
#include "engine/tunnel.h"

/* A packet on its way. */
struct transfer {
    struct span packet; /* exactly the IP packet, without what a link may have padded it with */
    struct ip ip;
    bool from_tunnel;
    struct addr from; /* from_tunnel: the NBMA address */
};

static void drop(struct node *node, const struct transfer *t, enum drop_reason reason)
{
    node_drop(node, reason, (struct about){t->ip.destination, t->from, (uint32_t)t->packet.len});
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

static void deliver(struct node *node, const struct transfer *t, bool hop)
{
    uint8_t *copy = output_queue_reserve(&node->outputs, t->packet.len);
    if (!copy) {
        drop(node, t, DROP_NO_MEMORY);
        return;
    }
    memcpy(copy, t->packet.data, t->packet.len);
    if (hop && !ip_decrement_ttl(copy, t->packet.len)) {
        output_queue_cancel(&node->outputs, t->packet.len);
        drop(node, t, DROP_TTL);
        return;
    }
    struct node_output output = {.kind = OUTPUT_OVERLAY, .overlay = span_of(copy, t->packet.len)};
    output_queue_push(&node->outputs, &output);
}

/* What the node itself sends has crossed no router yet. */
static bool is_hop(const struct node *node, const struct transfer *t)
{
    return t->from_tunnel || !node_owns(node, t->ip.source);
}

static enum send_reason reason_for(const struct transfer *t, const struct binding *binding)
{
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
    return SEND_DATA_DIRECT;
}

/* The NBMA address to send to, and why; ADDR_NONE if there is none. */
static struct addr next_nbma(struct node *node, const struct transfer *t, struct addr next_hop,
                             enum send_reason *reason)
{
    *reason = t->from_tunnel ? SEND_DATA_FROM_HUB : SEND_DATA_TO_HUB;
    if (node->config.tunnel.mode == TUNNEL_POINT_TO_POINT)
        return node->config.tunnel.destination;
    struct binding *binding = cache_match(&node->cache, next_hop);
    if (binding) {
        binding->used = true;
        *reason = reason_for(t, binding);
        return binding->nbma;
    }
    struct addr server = registration_client_server(node);
    if (!t->from_tunnel && !addr_is_none(server))
        resolution_client_want(node, next_hop, SEND_RESOLUTION_NEXT_HOP);
    return server;
}

static void forward_to_tunnel(struct node *node, const struct transfer *t, struct route *route)
{
    bool has_via = route->kind == ROUTE_VIA || route->kind == ROUTE_SHORTCUT;
    enum send_reason reason;
    route->used = true;
    struct addr to = next_nbma(node, t, has_via ? route->via : t->ip.destination, &reason);
    if (addr_is_none(to)) {
        drop(node, t, DROP_NO_BINDING);
        return;
    }
    bool sent = tunnel_send_packet(node, to, t->packet, t->ip.tos, is_hop(node, t), reason);
    if (sent && t->from_tunnel && node->config.redirect && !addr_equal(to, t->from))
        indication_send(node, t->from, t->packet, &t->ip);
}

/* Multicast is replicated by its sender: to the servers, and to all who registered (dynamic routing needs no
 * more). */
static void replicate(struct node *node, const struct transfer *t)
{
    size_t bucket = 0, copies = 0;
    if (node->config.tunnel.mode == TUNNEL_POINT_TO_POINT) {
        tunnel_send_packet(node, node->config.tunnel.destination, t->packet, t->ip.tos, is_hop(node, t),
                           SEND_MULTICAST);
        return;
    }
    for (const struct binding *b = NULL; (b = cache_walk(&node->cache, &bucket, b));)
        if (b->origin != BINDING_RESOLVED &&
            tunnel_send_packet(node, b->nbma, t->packet, t->ip.tos, is_hop(node, t), SEND_MULTICAST))
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
    if (!route || (route->kind == ROUTE_HOST_SIDE && !t->from_tunnel))
        drop(node, t, DROP_NO_ROUTE);
    else if (route->kind == ROUTE_HOST_SIDE)
        deliver(node, t, true);
    else
        forward_to_tunnel(node, t, route);
}

void forwarding_from_host(struct node *node, struct span packet)
{
    struct transfer t = {0};
    if (!decode(packet, &t))
        drop(node, &t, DROP_INNER_MALFORMED);
    else
        forward(node, &t);
}

void forwarding_from_tunnel(struct node *node, struct addr from, uint16_t protocol, struct span packet)
{
    struct transfer t = {.from_tunnel = true, .from = from};
    if (!decode(packet, &t) ||
        protocol != (t.ip.source.family == ADDR_IPV4 ? GRE_PROTOCOL_IPV4 : GRE_PROTOCOL_IPV6))
        drop(node, &t, DROP_INNER_MALFORMED);
    else
        forward(node, &t);
}
