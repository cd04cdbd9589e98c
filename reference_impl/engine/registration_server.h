/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * registration_server: stores what clients register and answers them (RFC 2332 sections 5.2.3 and 5.2.4).
 *
 * Codes: 0 stored; 4 the address may not be registered here (the admission policy, or another client is
 * behind the same NAT and packets could not be told apart), or this is no server for it; 5 the table is full,
 * or as full as the policy allows; 14 another NBMA address has the protocol address, uniquely.
 */
#ifndef DMVPNKIT_ENGINE_REGISTRATION_SERVER_H
#define DMVPNKIT_ENGINE_REGISTRATION_SERVER_H

#include "engine/node_state.h"

/* A request for this node, or one that no other node could be meant by (section 5.2.3). */
bool registration_server_is_for_us(struct node *node, const struct received *received);
void registration_server_request(struct node *node, const struct received *received);

#endif
