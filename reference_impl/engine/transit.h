/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transit: NHRP messages for somebody else, passed on along the routed path (RFC 2332 sections 2.2 and 3):
 * hop count, loop detection, transit records, authentication anew (sections 5.1, 5.3.1 to 5.3.4). Caches
 * nothing (DRAFT section 4.4).
 */
#ifndef DMVPNKIT_ENGINE_TRANSIT_H
#define DMVPNKIT_ENGINE_TRANSIT_H

#include "engine/node_state.h"

/*
 * Where the next hop is on the routed path to a protocol address, which takes no shortcuts;
 * none when there is none, or when it is the one that the message came from.
 */
struct endpoint transit_next_hop(const struct node *node, struct addr protocol, struct endpoint from);

/* The protocol address of the next hop that a route names for a destination; ADDR_NONE where it means the
 * server in use and there is none. */
struct addr transit_via(const struct node *node, const struct route *route, struct addr destination);

void transit_forward(struct node *node, const struct received *received);

#endif
