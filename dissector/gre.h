/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRE as a DMVPN tunnel uses it.
 * Owns: the GRE header of RFC 2784 and RFC 2890, and Cisco keepalives. Must not: decode payloads, or GRE
 * uses that the stock dissector knows (routing, version 1, WCCP, ERSPAN, 3GPP2, ...): those go to it.
 */
#ifndef DMVPN_GRE_H
#define DMVPN_GRE_H

#include "compat.h"
#include <epan/packet.h>

/* Register what has to be there before handoff. Once, after the fields. */
void gre_register(void);

/* The handle for IP protocol 47. Call at handoff, before the stock entry is replaced: it remembers it. */
dissector_handle_t gre_create_handle(void);

/* Decode As for protocol types: register it (once, when the stock dissectors have
 * registered), and note the type of a packet's header. */
void gre_decode_as_register(void);
void gre_decode_as_note(packet_info *pinfo, uint16_t type);

#endif
