/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Wireshark makes of the tap: statistics, tables, conversations, flows, credentials.
 * Owns: their registration. Must not: keep state of its own between frames; the tables do.
 */
#ifndef DMVPN_TAPS_H
#define DMVPN_TAPS_H

#include "compat.h"
#include "nhrp_message.h"

/* Counters by message, code, path (dmvpn,tree) and response times (dmvpn,srt). At registration. */
void tap_statistics_register(void);

/* Bindings (dmvpn,bindings) and tunnels (dmvpn,tunnels). At registration. */
void tap_tables_register(void);

/* Conversations (conv,dmvpn and conv,dmvpn.tunnel), flow graph (flow,dmvpn). At registration. */
void tap_conversations_register(void);

/* Report a password in clear to the credentials tap. */
void tap_credentials_register(void);
void tap_credentials_tell(packet_info *pinfo, const struct nhrp_message *message);

#endif
