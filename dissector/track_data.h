/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data packets inside the tunnels: the way they take and what explains it; GRE sequence numbers.
 * Owns: paths, the search for packets that a hub sends back out, first direct packets. Must not: know
 * messages. Implements: DMVPN draft 4.3, 4.7; RFC 2890 2.2.
 */
#ifndef DMVPN_TRACK_DATA_H
#define DMVPN_TRACK_DATA_H

#include "track.h"

/* The inner IP header, as far as it identifies the packet */
struct track_inner {
    struct track_address source;
    struct track_address destination;
    uint32_t identity; /* of the packet among those between the same two: identification, length, protocol */
};

/* Enter a data packet; the frame's tunnel is set. */
void track_data_enter(const struct track_frame *frame, const struct track_inner *inner);

/* Enter a GRE sequence number. */
void track_sequence_enter(const struct track_frame *frame, uint32_t sequence);

#endif
