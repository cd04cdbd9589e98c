/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checksum: the Internet checksum (RFC 1071), as NHRP (RFC 2332 section 5.1), GRE (RFC 2784 section 2.5) and IPv4 use it.
 */
#ifndef DMVPNKIT_BASE_CHECKSUM_H
#define DMVPNKIT_BASE_CHECKSUM_H

#include "base/cursor.h"

/*
 * The checksum over bytes; an odd last octet counts as if a zero octet followed. Over bytes that already hold
 * their right checksum the result is 0; with the checksum field zeroed it is the value to put there.
 */
uint16_t checksum_of(struct span bytes);

/* The same over two stretches one after the other; the first must be of even length. */
uint16_t checksum_of_two(struct span first, struct span second);

#endif
