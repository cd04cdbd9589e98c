/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * endpoint: where on the underlay somebody is reached: an NBMA address and, when ESP travels in UDP, a port.
 *
 * Two stations behind one public address differ in nothing but the port (RFC 3948 section 5.2).
 */
#ifndef DMVPNKIT_ENGINE_ENDPOINT_H
#define DMVPNKIT_ENGINE_ENDPOINT_H

#include "base/addr.h"

struct endpoint {
    struct addr nbma;
    uint16_t
        port; /* the one that a NAT chose; 0: plain GRE, plain ESP, or ESP in UDP from port 4500 itself */
};

static inline bool endpoint_equal(struct endpoint a, struct endpoint b)
{
    return a.port == b.port && addr_equal(a.nbma, b.nbma);
}

static inline bool endpoint_is_none(struct endpoint a)
{
    return addr_is_none(a.nbma);
}

#endif
