/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forwarding: the data plane: where an IP packet goes that came from the host side or out of the tunnel. Only
 * what came from the host side triggers resolutions (RFC 2332 section 6.4: no domino effect); meanwhile data
 * goes by way of the server (section 2.2, option c).
 *
 * What cannot be forwarded is reported to its sender by ICMP, at most ten times a second; what is larger than
 * the tunnel's MTU is cut where its sender allows that.
 */
#ifndef DMVPNKIT_ENGINE_FORWARDING_H
#define DMVPNKIT_ENGINE_FORWARDING_H

#include "engine/node_state.h"

void forwarding_from_host(struct node *node, struct span packet);
/* from: where it came from; protocol: GRE's, which the packet must agree with. */
void forwarding_from_tunnel(struct node *node, struct endpoint from, uint16_t protocol, struct span packet);

/*
 * Send a packet that the node itself has made: to the host side, or through the tunnel, multicast to every
 * neighbour. Starts no resolution, and its loss is not reported.
 */
void forwarding_originate(struct node *node, struct span packet, enum send_reason reason);

#endif
