/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * icmp_error: what a router says about an inner packet that it cannot forward (RFC 1812 section 4.3, RFC
 * 4443). Writes the packet; who sends it where is forwarding's business.
 */
#ifndef DMVPNKIT_ENGINE_ICMP_ERROR_H
#define DMVPNKIT_ENGINE_ICMP_ERROR_H

#include "codec/ip.h"

enum icmp_error {
    ICMP_ERROR_UNREACHABLE,  /* no route */
    ICMP_ERROR_NO_HOST,      /* a route, but nobody there */
    ICMP_ERROR_TTL_EXCEEDED, /* in transit */
    ICMP_ERROR_TOO_BIG,      /* larger than the MTU, and not to be fragmented (RFC 1191, RFC 8201) */
};

#define ICMP_ERROR_MAX 1280 /* octets: the longest that is written, header included */

/* May an error be sent about this packet? Not about another error, a multicast, a later fragment, or one
 * without a single sender (RFC 1812 section 4.3.2.7). */
bool icmp_error_is_due(const struct ip *ip);

/*
 * Write a whole IP packet from source to the sender of packet, of which ip is the decoded header. mtu is for
 * ICMP_ERROR_TOO_BIG. As much of the packet goes in as RFC 1812 (576 octets) or RFC 4443 (1280) allow.
 */
void icmp_error_write(struct writer *w, struct addr source, struct span packet, const struct ip *ip,
                      enum icmp_error error, uint16_t mtu);

#endif
