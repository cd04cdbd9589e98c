/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * purge: Purge Requests and Replies (RFC 2332 sections 5.2.5 and 5.2.6).
 *
 * A purge may take back what was learned, whoever sends it; what was registered, only if the registrant
 * itself asks; what is configured, never. All that the entries' prefixes cover goes.
 */
#ifndef DMVPNKIT_ENGINE_PURGE_H
#define DMVPNKIT_ENGINE_PURGE_H

#include "engine/node_state.h"

bool purge_is_for_us(struct node *node, const struct received *received);
void purge_request(struct node *node, const struct received *received);
void purge_reply(struct node *node, const struct received *received);

/* Tell every server that has us registered that it is over, or one of them; no reply is wanted (the N bit).
 */
void purge_own_registrations(struct node *node);
void purge_own_registration(struct node *node, const struct next_hop_server *nhs);

/* The id of the next Purge Request, and one Purge Request: what the prefix covers is to be forgotten. With
 * no_reply nobody waits for an answer. */
uint32_t purge_request_id(struct node *node);
void purge_send(struct node *node, struct addr requester, struct endpoint to, struct prefix prefix,
                uint32_t request_id, bool no_reply);

#endif
