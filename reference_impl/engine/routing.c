/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/routing.h"

#include <stdlib.h>

#include "engine/forwarding.h"
#include "engine/rip.h"
#include "engine/timers.h"

#define TIMEOUT_UPDATES 6 /* RFC 2453 section 3.8: 180 s to updates every 30 */
#define GARBAGE_UPDATES 4 /* and 120 s */
#define DEFAULT_UPDATE  30

static struct rip_settings rip_config_of(const struct node *node, struct rip_summary *summaries)
{
    const struct node_config *config = &node->config;
    const struct routing_config *routing = &config->routing;
    unsigned update_s = routing->update_s ? routing->update_s : DEFAULT_UPDATE;
    struct rip_settings rip = {
        .address = config->protocol,
        .subnet_len = config->protocol_len,
        .split_horizon = routing->rip == RIP_MODE_SPOKE ? RIP_SPLIT_HORIZON_ON : RIP_SPLIT_HORIZON_OFF,
        .keep_next_hop = routing->rip == RIP_MODE_NEXT_HOP_KEPT,
        .summaries = summaries,
        .update_s = (uint16_t)update_s,
        .timeout_s = (uint16_t)(TIMEOUT_UPDATES * update_s),
        .garbage_s = (uint16_t)(GARBAGE_UPDATES * update_s),
        .max_routes = config->max_routes,
    };
    if (routing->rip == RIP_MODE_DEFAULT_ROUTE) /* a summary that covers everything */
        summaries[rip.summary_count++].prefix = prefix_of(addr_ipv4(0, 0, 0, 0), 0);
    for (size_t i = 0; routing->rip == RIP_MODE_SUMMARY && i < routing->summary_count; i++)
        summaries[rip.summary_count++].prefix = routing->summaries[i];
    return rip;
}

const char *routing_create(struct node *node)
{
    const char *why = NULL;
    if (node->config.routing.rip == RIP_MODE_OFF)
        return NULL;
    struct rip_summary *summaries = calloc(node->config.routing.summary_count + 1, sizeof *summaries);
    if (!summaries)
        return "memory has run out";
    struct rip_settings config = rip_config_of(node, summaries);
    node->rip = rip_create(&config, node->seed, &why);
    free(summaries);
    return why;
}

static void apply_route(struct node *node, const struct rip_output *out)
{
    struct prefix prefix = out->route.prefix;
    struct about about = {prefix.addr, out->route.via, prefix.len};
    if (!out->route.install)
        routes_remove(&node->routes, prefix, ROUTE_RIP);
    else if (!routes_add(&node->routes, prefix, ROUTE_RIP, out->route.via)) {
        node_drop(node, DROP_TABLE_FULL, about);
        return;
    }
    struct node_output output = {
        .kind = OUTPUT_ROUTE,
        .route = {.install = out->route.install, .prefix = prefix, .via = out->route.via},
    };
    output_queue_push(&node->outputs, &output);
    node_trace(node, out->route.install ? TRACE_ROUTE_LEARNED : TRACE_ROUTE_LOST, about);
    told_route_changed(node, prefix);
}

/* Everything goes through here: one input, what comes of it, and the next deadline. */
static void run(struct node *node, const struct rip_input *input)
{
    struct rip_output out;
    rip_input(node->rip, node->now, input);
    while (rip_output(node->rip, &out)) {
        switch (out.kind) {
        case RIP_OUTPUT_SEND:
            forwarding_originate(node, out.send.packet,
                                 (enum send_reason)(SEND_RIP_REQUEST + (int)out.send.reason));
            break;
        case RIP_OUTPUT_ROUTE:
            apply_route(node, &out);
            break;
        case RIP_OUTPUT_IGNORED:
            node_drop(node, DROP_RIP,
                      (struct about){.protocol = out.ignored.from, .number = out.ignored.reason});
            break;
        }
    }
    timers_arm(node, &node->rip_timer, TIMER_RIP, rip_deadline(node->rip));
}

void routing_start(struct node *node)
{
    size_t bucket = 0;
    if (!node->rip)
        return;
    for (const struct route *r = NULL; (r = routes_walk(&node->routes, &bucket, r));)
        if (r->kind == ROUTE_HOST_SIDE)
            run(node, &(struct rip_input){.kind = RIP_INPUT_LOCAL,
                                          .local = {.add = true, .prefix = r->entry.prefix}});
    routing_link_changed(node);
}

void routing_link_changed(struct node *node)
{
    if (!node->rip)
        return;
    bool up = node->link_up && (node->config.nhs_count == 0 || registration_client_has_server(node));
    if (up == node->rip_up)
        return;
    node->rip_up = up;
    run(node, &(struct rip_input){.kind = RIP_INPUT_LINK, .link_up = up});
}

void routing_local_changed(struct node *node, struct prefix prefix, bool host_side)
{
    if (node->rip)
        run(node,
            &(struct rip_input){.kind = RIP_INPUT_LOCAL, .local = {.add = host_side, .prefix = prefix}});
}

bool routing_wants(const struct node *node, const struct ip *ip)
{
    return node->rip && rip_wants(node->rip, ip);
}

void routing_receive(struct node *node, struct span packet)
{
    run(node, &(struct rip_input){.kind = RIP_INPUT_PACKET, .packet = packet});
}

void routing_timer(struct node *node)
{
    run(node, &(struct rip_input){.kind = RIP_INPUT_TIME});
}
