/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ip_fragment: cutting an inner IPv4 packet that is larger than the tunnel's MTU and may be cut (RFC 791
 * section 3.2). Fragments of a fragment are made in the same way; putting them together is the far host's
 * business.
 */
#ifndef DMVPNKIT_ENGINE_IP_FRAGMENT_H
#define DMVPNKIT_ENGINE_IP_FRAGMENT_H

#include "codec/ip.h"

/* May and can this packet be cut into pieces of at most mtu octets? */
bool ip_fragment_is_possible(struct span packet, const struct ip *ip, size_t mtu);

/*
 * Write the piece that begins *done octets into the packet's payload, with its header, at most mtu octets,
 * and advance *done. False, and nothing written, when the payload has been cut up whole. Only for packets
 * that may be cut.
 */
bool ip_fragment_next(struct span packet, const struct ip *ip, size_t mtu, size_t *done, struct writer *w);

#endif
