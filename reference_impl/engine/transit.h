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
 * The NBMA address of the next hop on the routed path to a protocol address, which takes no shortcuts;
 * ADDR_NONE when there is none, or when it is the one that the message came from.
 */
struct addr transit_next_hop(const struct node *node, struct addr protocol, struct addr from);

void transit_forward(struct node *node, const struct received *received);

#endif
