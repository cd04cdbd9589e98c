/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fragment: packets that are bigger than a link: what a router makes of them (RFC 791 section 2.3, RFC 1191,
 * RFC 8201), and what the receiving host makes of the pieces.
 */
#ifndef DMVPNKIT_SIM_FRAGMENT_H
#define DMVPNKIT_SIM_FRAGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/instant.h"

#define FRAGMENT_PACKET_MAX 65575u /* octets: the longest IPv6 packet, header included */

/* May a router split it? IPv6, and IPv4 with "don't fragment" set, may not. */
bool fragment_is_allowed(struct span packet);

/*
 * Write the piece that begins at octet *offset of an IPv4 packet's payload into buf (of at least mtu octets)
 * and move *offset on. False when there are no more pieces. mtu is at least 68.
 */
bool fragment_next(struct span packet, size_t mtu, size_t *offset, uint8_t *buf, struct span *piece);

/*
 * The report that a packet is too big for a link, from a router to the packet's source; malloc()ed, NULL
 * when memory runs out. router is of the packet's family.
 */
uint8_t *fragment_report(struct span packet, size_t mtu, struct addr router, size_t *len);

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
