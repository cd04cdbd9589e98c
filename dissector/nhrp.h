/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole NHRP packet.
 * Owns: the order of work: header, mandatory part, extensions, checks, summary line. Must not: know fields.
 */
#ifndef DMVPN_NHRP_H
#define DMVPN_NHRP_H

#include "compat.h"
#include "nhrp_message.h"
#include <epan/packet.h>

/* The handle for every table that carries NHRP. Call once, at handoff. */
dissector_handle_t nhrp_create_handle(void);

/*
 * Decode the packet that an Error Indication carries.
 * tvb: the embedded octets, to their end. outer: the message that carries it.
 * Returns the decoded message, in memory of the packet; NULL when it is nested too deep to follow.
 */
struct nhrp_message *nhrp_dissect_embedded(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                           const struct nhrp_message *outer);

#endif
