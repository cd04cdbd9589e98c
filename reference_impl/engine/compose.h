/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compose: messages of this node's own, from struct to the tunnel: what all of them have in common (RFC 2332
 * sections 5.1 and 5.2.0.1).
 */
#ifndef DMVPNKIT_ENGINE_COMPOSE_H
#define DMVPNKIT_ENGINE_COMPOSE_H

#include "codec/nhrp_cie.h"
#include "engine/node_state.h"

#define MESSAGE_MAX 9216 /* octets of an NHRP message; the tunnel's MTU may set a lower limit */

/* The largest NHRP message that this tunnel carries (section 5: not beyond the network's maximum). */
size_t compose_message_max(const struct node *node);

/* The next request id; each new request has one of its own (section 5.2.0.1). */
uint32_t compose_request_id(struct node *node);

/*
 * A message with this node as source. The spans point into node and at *destination, which must outlive it.
 * Flags, request id, CIEs and extensions are the caller's to fill in.
 */
struct nhrp_message compose_message(const struct node *node, enum nhrp_type type,
                                    const struct addr *destination);

/* A CIE that names this node: its NBMA and protocol address, its MTU and holding time. */
struct nhrp_cie compose_own_cie(const struct node *node);

/* Encode and send. DROP_TOO_BIG if it is larger than the tunnel allows; false then. */
bool compose_send(struct node *node, const struct nhrp_message *message, struct endpoint to,
                  enum send_reason reason);

/* Send what has been encoded already; with keys configured its hash is filled in. False if none is valid. */
bool compose_sign_and_send(struct node *node, const struct nhrp_message *message, struct span encoded,
                           struct endpoint to, enum send_reason reason);

/*
 * The reply to a request (sections 5.2.2, 5.2.4, 5.2.6): the request with its type changed, the CIEs and
 * flags of reply, the extensions as replies have them, and our own hop count.
 */
void compose_reply(struct node *node, const struct received *request, const struct nhrp_message *reply,
                   struct endpoint to, enum send_reason reason);

/*
 * Where the reply to a resolution or purge request goes: straight to the requester if its binding is known,
 * else back to where the request came from (section 2.2: the routed path).
 */
struct endpoint compose_reply_address(const struct node *node, const struct received *request);

#endif
