/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * indication: Traffic Indications, the redirects of Phase 3 (DRAFT sections 4.3 and 5.1).
 *
 * A hub sends one to whom a packet came from through the tunnel and went on into the same tunnel to another,
 * at most one for a flow in an interval. The ingress asks for the packet's destination; every other node
 * drops it silently. As Cisco and FRR do, and unlike the draft's text, the destination protocol address is
 * the data packet's source (DEFACTO); the receiver looks at the packet inside only, so that both forms do.
 */
#ifndef DMVPNKIT_ENGINE_INDICATION_H
#define DMVPNKIT_ENGINE_INDICATION_H

#include "codec/ip.h"
#include "engine/node_state.h"

#define INDICATION_HEAD_LEN 64 /* octets of the data packet (DRAFT section 4.3) */

/* packet came from that endpoint and was hair-pinned. */
void indication_send(struct node *node, struct endpoint from, struct span packet, const struct ip *ip);
void indication_receive(struct node *node, const struct received *received);
void indication_flow_timer(struct node *node, struct flow *flow);

#endif
