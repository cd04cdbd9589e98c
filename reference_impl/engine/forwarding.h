/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forwarding: the data plane: where an IP packet goes that came from the host side or out of the tunnel. Only
 * what came from the host side triggers resolutions (RFC 2332 section 6.4: no domino effect); meanwhile data
 * goes by way of the server (section 2.2, option c).
 */
#ifndef DMVPNKIT_ENGINE_FORWARDING_H
#define DMVPNKIT_ENGINE_FORWARDING_H

#include "engine/node_state.h"

void forwarding_from_host(struct node *node, struct span packet);
/* from: the outer source address; protocol: GRE's, which the packet must agree with. */
void forwarding_from_tunnel(struct node *node, struct addr from, uint16_t protocol, struct span packet);

#endif
