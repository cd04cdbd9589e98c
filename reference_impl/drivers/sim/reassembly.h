/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reassembly: the fragments of IPv4 packets, put together by the host that gets them (RFC 791 section 3.2).
 * What does not come, and whose packets are too many, is forgotten.
 */
#ifndef DMVPNKIT_SIM_REASSEMBLY_H
#define DMVPNKIT_SIM_REASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cursor.h"
#include "base/instant.h"

#define UNDERLAY_PACKET_MAX 65575u /* octets: the longest IPv6 packet, header included */

/* The pieces that one host is waiting to put together. All zero is empty. */
struct reassembly {
    struct reassembly_partial *partials; /* newest first */
    size_t count;
};

/*
 * Take a packet. True if *whole is a whole packet now, either this one or the one it was the last piece of,
 * valid until the next call. False if more is to come, or if the piece fits no packet.
 */
bool reassembly_take(struct reassembly *r, struct instant now, struct span packet, struct span *whole);
void reassembly_free(struct reassembly *r);

#endif
