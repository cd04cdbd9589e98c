/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oversize: what a router makes of packets that are bigger than a link: it splits them (RFC 791 section 2.3)
 * or reports them (RFC 1191, RFC 8201).
 */
#ifndef DMVPNKIT_SIM_OVERSIZE_H
#define DMVPNKIT_SIM_OVERSIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

/* May a router split it? IPv6, and IPv4 with "don't fragment" set, may not. */
bool oversize_may_split(struct span packet);

/*
 * Write the piece that begins at octet *offset of an IPv4 packet's payload into buf (of at least mtu octets)
 * and move *offset on. False when there are no more pieces. mtu is at least 68.
 */
bool oversize_split(struct span packet, size_t mtu, size_t *offset, uint8_t *buf, struct span *piece);

/*
 * The report that a packet is too big for a link, from a router to the packet's source; malloc()ed, NULL
 * when memory runs out. router is of the packet's family.
 */
uint8_t *oversize_report(struct span packet, size_t mtu, struct addr router, size_t *len);

#endif
