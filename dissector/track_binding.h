/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registrations and what they bind.
 * Owns: bindings, NAT and key findings of registrations, the cloud that a registration founds. Must not:
 * match replies to requests (track_exchange.h does, before this). Implements: RFC 2332 5.2.3-5.2.5, de facto
 * NAT.
 */
#ifndef DMVPN_TRACK_BINDING_H
#define DMVPN_TRACK_BINDING_H

#include "track.h"

/* Enter a registration or purge whose exchange has been found. */
void track_binding_enter(const struct track_frame *frame, const struct nhrp_message *message);

/* Number of the binding of a protocol address in a cloud, or 0. */
uint32_t track_binding_find(uint32_t cloud, const struct track_address *protocol);

/* When the grant of an exchange ends, in ns; INT64_MAX if it has no reply. */
int64_t track_grant_end(const struct track_exchange *exchange);

#endif
