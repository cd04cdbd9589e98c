/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nat: the NAT Address extension (type 9; DEFACTO, Cisco). A station behind a NAT is known by two NBMA
 * addresses: the one it claims, which its messages carry, and the one that its packets are seen to come from.
 * Servers tell both.
 *
 *   registration request   one CIE that names the server: what the client takes its address to be
 *   registration reply     the same, and behind it the client's address as seen, if that is another
 *   resolution messages    empty, or a CIE for each of the two ends that is behind a NAT
 */
#ifndef DMVPNKIT_ENGINE_NAT_H
#define DMVPNKIT_ENGINE_NAT_H

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "engine/node_state.h"

/* In a request of our own: that CIE; without one, this node as it is seen from outside, if that is known and
 * another address than its own; else empty. */
void nat_write_request(const struct node *node, const struct nhrp_cie *cie, struct writer *w);
void nat_write_reply(const struct node *node, const struct received *request,
                     const struct nhrp_message *reply, const struct nhrp_ext *ext, struct writer *w);
void nat_write_transit(const struct node *node, const struct received *received, const struct nhrp_ext *ext,
                       struct writer *w);
/* In transit: the extension that an end behind a NAT needs and that its message lacks; usually nothing. */
void nat_write_missing(const struct node *node, const struct received *received, struct writer *w);

/* The NBMA address that a message's NAT extension gives for a station; ADDR_NONE if it gives none. */
struct addr nat_address_of(const struct nhrp_message *message, struct addr protocol);

#endif
