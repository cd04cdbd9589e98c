/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error_indication: reporting errors, and what to make of errors reported (RFC 2332 section 5.2.7).
 *
 * Never about an Error Indication, never more than one for a packet: whoever reports an error drops the
 * packet in the same breath. An error goes back to where the packet came from, which is on the way to its
 * source.
 */
#ifndef DMVPNKIT_ENGINE_ERROR_INDICATION_H
#define DMVPNKIT_ENGINE_ERROR_INDICATION_H

#include "engine/node_state.h"

/*
 * Drop a received message for a reason and report it with this code and the offset of the octet that is to
 * blame. As much of the message as fits goes into the report. Nothing is sent about an Error Indication, nor
 * where the message has no source protocol address to send to, nor more often than limits.errors_per_s.
 */
void error_indication_send(struct node *node, const struct received *received, enum drop_reason reason,
                           enum nhrp_error_code code, size_t offset);

/* An Error Indication for this node. */
void error_indication_receive(struct node *node, const struct received *received);

#endif
