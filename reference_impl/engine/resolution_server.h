/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolution_server: answers Resolution Requests: as egress router for what it routes off the tunnel (DRAFT
 * section 4.5), as serving NHS from its registrations (RFC 2332 section 5.2.2), or with a refusal. From what
 * it merely learned it answers only those who do not insist on authority (A bit clear), if it is to answer at
 * all.
 *
 * The reply goes straight to the requester once this node holds its binding, which an egress router takes
 * from the request (section 6.2.1: S bit and a holding time); else back the way the request came.
 */
#ifndef DMVPNKIT_ENGINE_RESOLUTION_SERVER_H
#define DMVPNKIT_ENGINE_RESOLUTION_SERVER_H

#include "engine/node_state.h"

/* Will this node answer, with a refusal perhaps, rather than pass the request on? */
bool resolution_server_is_for_us(struct node *node, const struct received *received);
void resolution_server_request(struct node *node, const struct received *received);

#endif
