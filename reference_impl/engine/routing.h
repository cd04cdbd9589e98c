/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * routing: RIPv2 in a node: what rip.h wants to know is told to it, and what it wants done is done: its
 * packets go into the tunnel, its routes into the table.
 *
 * The three phases' ways (dmvpn-facts, "Routing over the tunnel"): the hub tells a default route (1), every
 * route with its next hop kept (2), or summaries (3); a spoke tells its own prefixes. Multicast goes to the
 * servers and to every registered client (forwarding.h). A node without RIPv2 does nothing here.
 */
#ifndef DMVPNKIT_ENGINE_ROUTING_H
#define DMVPNKIT_ENGINE_ROUTING_H

#include "codec/ip.h"
#include "engine/node_state.h"

/* As configured. NULL, or a sentence about what is wrong with that. */
const char *routing_create(struct node *node);

/* The node has begun: its own prefixes can be told. */
void routing_start(struct node *node);
/* The link, or who has this node registered, may have changed: without a server a spoke has no neighbours. */
void routing_link_changed(struct node *node);
/* A configured route came or went; on the host side it is one to tell about. */
void routing_local_changed(struct node *node, struct prefix prefix, bool host_side);

/* Is this packet from the tunnel a RIP message for this node? */
bool routing_wants(const struct node *node, const struct ip *ip);
void routing_receive(struct node *node, struct span packet);
void routing_timer(struct node *node);

#endif
