/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests and what answers them.
 * Owns: finding the exchange of a message, and telling originals, retransmissions, copies, duplicates and
 * orphans apart. An exchange is known by source NBMA address, source protocol address and request id, not by
 * the outer addresses: a reply may come from another router than the request went to. Must not: know bindings
 * or redirects. Implements: RFC 2332 5.2.0.1 (request id), 5.1 (hop count), 5.3 (order of extensions).
 */
#ifndef DMVPN_TRACK_EXCHANGE_H
#define DMVPN_TRACK_EXCHANGE_H

#include "track.h"

/*
 * Enter a request, a reply or an Error Indication: sets kind, exchange, reference, hop and findings of the
 * frame's fact. Other messages are left alone.
 */
void track_exchange_enter(const struct track_frame *frame, const struct nhrp_message *message);

/* True for a request that is still waiting for its answer at the end of the capture. */
bool track_exchange_is_unanswered(const struct track_exchange *exchange);

#endif
