/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * authentication: the Authentication extension, in its cleartext form (DEFACTO: Cisco, FRR, OpenNHRP) or with
 * a keyed hash (keyed_hash.h), checked on arrival and made anew at each hop (RFC 2332 section 5.3.4).
 *
 * With a password or keys configured every message must carry it: requests and replies as section 5.3.4 has
 * it, Traffic Indications as Cisco and FRR have it. Error Indications carry no extensions (section 5.2.7), so
 * they are taken without, and whoever acts on one must find the request that it is about. A node without a
 * either ignores the extension and passes none on: what it does not check it must not vouch for.
 */
#ifndef DMVPNKIT_ENGINE_AUTHENTICATION_H
#define DMVPNKIT_ENGINE_AUTHENTICATION_H

#include "engine/node_state.h"

/* Take the keys from the node's configuration. NULL, or a sentence about what is wrong with them. */
const char *authentication_create(struct node *node);

/* True if the message may be acted upon. *offset, when false, is the octet to name in the Error Indication.
 */
bool authentication_check(const struct node *node, const struct received *received, size_t *offset);

/* Append this node's own extension; nothing if it has no password and no key that is valid now. */
void authentication_write(const struct node *node, struct writer *w);

/* Fill in the keyed hash, and the checksum anew, of an encoded message that is about to be sent. False if
 * keys are configured and none is valid: such a message is not sent (section 5.3.4.3). */
bool authentication_sign(const struct node *node, enum nhrp_type type, struct span encoded);

#endif
