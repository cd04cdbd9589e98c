/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nhrp_wire: the octets that the Fixed Part and every CIE code alike: the type and length of an NBMA address
 * or subaddress (RFC 2332 section 5.1). For the codec's own files.
 */
#ifndef DMVPNKIT_CODEC_NHRP_WIRE_H
#define DMVPNKIT_CODEC_NHRP_WIRE_H

#include "codec/nhrp.h"

#define NHRP_NBMA_LEN_MAX     63
#define NHRP_PROTOCOL_LEN_MAX 255

/* Split a type/length octet; returns the length in octets. */
static inline uint8_t nhrp_nbma_split(uint8_t octet, struct nhrp_nbma_type *type)
{
    *type = (struct nhrp_nbma_type){.reserved = octet & 0x80, .e164 = octet & 0x40};
    return octet & NHRP_NBMA_LEN_MAX;
}

static inline uint8_t nhrp_nbma_join(struct nhrp_nbma_type type, size_t len)
{
    return (uint8_t)((type.reserved ? 0x80 : 0) | (type.e164 ? 0x40 : 0) | (len & NHRP_NBMA_LEN_MAX));
}

#endif
