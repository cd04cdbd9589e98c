/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/indication.h"

#include "engine/compose.h"
#include "engine/extensions.h"
#include "engine/timers.h"

void indication_send(struct node *node, struct endpoint from, struct span packet, const struct ip *ip)
{
    struct flow *flow = flows_add(&node->redirected, ip->source, ip->destination);
    if (!flow) { /* told lately, or too many flows to keep apart: the rate limit */
        node->counters.redirects_limited++;
        return;
    }
    timers_arm(node, &flow->timer, TIMER_FLOW, instant_after_s(node->now, REDIRECT_INTERVAL_S));
    struct nhrp_message message = compose_message(node, NHRP_TRAFFIC_INDICATION, &ip->source);
    message.contents = packet;
    if (message.contents.len > INDICATION_HEAD_LEN)
        message.contents.len = INDICATION_HEAD_LEN;
    uint8_t extensions[64];
    struct writer w = writer_of(extensions, sizeof extensions);
    extensions_write_request(node, NHRP_TRAFFIC_INDICATION, NULL, &w);
    writer_done(&w, &message.extensions);
    if (compose_send(node, &message, from, SEND_REDIRECT))
        node_trace(node, TRACE_REDIRECT_SENT, (struct about){.protocol = ip->destination, .nbma = from.nbma});
}

/* May this node be the ingress for the packet? Why not, if it may not. */
static enum drop_reason ingress_check(const struct node *node, const struct ip *ip)
{
    if (!node->config.shortcut || node->config.tunnel.mode == TUNNEL_POINT_TO_POINT)
        return DROP_NO_SHORTCUT;
    if (addr_is_multicast(ip->destination) || addr_is_unspecified(ip->destination))
        return DROP_MULTICAST;
    if (!node_owns(node, ip->source)) {
        const struct route *back = routes_for_requests(&node->routes, ip->source);
        if (!back || back->kind != ROUTE_HOST_SIDE)
            return DROP_INTERMEDIATE; /* the packet did not come from behind this node (DRAFT §4.4) */
    }
    const struct route *route = routes_for_requests(&node->routes, ip->destination);
    if (!route || route->kind == ROUTE_HOST_SIDE || node_owns(node, ip->destination))
        return DROP_NO_ROUTE;
    return DROP_NONE;
}

void indication_receive(struct node *node, const struct received *received)
{
    struct ip ip;
    struct about about = {received->source_protocol, received->from.nbma, received->message.traffic.code};
    /* Only a whole IP header tells who talks to whom; as many octets behind it as the sender liked. */
    if (ip_decode_head(received->message.contents, &ip).status != CODEC_OK) {
        node_drop(node, DROP_INNER_MALFORMED, about);
        return;
    }
    enum drop_reason drop = ingress_check(node, &ip);
    if (drop != DROP_NONE) {
        node_drop(node, drop, about);
        return;
    }
    about.protocol = ip.destination;
    node_trace(node, TRACE_REDIRECT_RECEIVED, about);
    const struct route *route = routes_for_data(&node->routes, ip.destination);
    if (route->kind != ROUTE_SHORTCUT) /* else the packet left before the shortcut was there */
        resolution_client_want(node, ip.destination, SEND_RESOLUTION_REDIRECTED);
}

void indication_flow_timer(struct node *node, struct flow *flow)
{
    flows_remove(&node->redirected, flow);
}
