/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * extensions: which extensions this node puts into its requests, and what it does with those of others, as
 * responder and as transit (RFC 2332 section 5.3). One table row for each extension; the order in which they
 * came is always kept.
 */
#ifndef DMVPNKIT_ENGINE_EXTENSIONS_H
#define DMVPNKIT_ENGINE_EXTENSIONS_H

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "engine/node_state.h"

/* How the node stands to a message. */
enum role { ROLE_RESPONDER, ROLE_TRANSIT };

/*
 * Can the node take these extensions in that role? On false an Error Indication is due, with *code and
 * *offset: an unknown compulsory one as responder (1), one that may occur once and occurs twice (9), one that
 * this message type must not carry (9).
 */
bool extensions_check(const struct received *received, enum role role, uint16_t *code, size_t *offset);

/* Does it hold a compulsory extension that this node does not know? Then, in transit, just forward
 * (section 5.3). */
bool extensions_has_unknown_compulsory(const struct nhrp_message *message);

/* The offset from ar$afn of the first extension of that type, which must be there. */
size_t extensions_offset_of(const struct received *received, uint16_t type);

/*
 * Those of a request of our own, in Cisco's order: Responder Address (not in a Traffic Indication), Forward
 * and Reverse Transit NHS Record, Authentication if configured, NAT Address (nat may be NULL: empty), End.
 */
void extensions_write_request(const struct node *node, enum nhrp_type type, const struct nhrp_cie *nat,
                              struct writer *w);

/* Those of the reply to a request; reply is the message they will belong to. */
void extensions_write_reply(const struct node *node, const struct received *request,
                            const struct nhrp_message *reply, struct writer *w);

/* Those of a message that this node passes on. */
void extensions_write_transit(const struct node *node, const struct received *received, struct writer *w);

/* Does a transit or responder record of this type name a protocol address of this node? */
bool extensions_record_names_us(const struct node *node, const struct nhrp_message *message, uint16_t type);

/* Append an extension with more octets behind its value. */
void extensions_write_longer(struct writer *w, const struct nhrp_ext *ext, struct span more);

#endif
