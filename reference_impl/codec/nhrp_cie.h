/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nhrp_cie: Client Information Entries (RFC 2332 section 5.2.0.1), in messages and in extensions alike.
 */
#ifndef DMVPNKIT_CODEC_NHRP_CIE_H
#define DMVPNKIT_CODEC_NHRP_CIE_H

#include "codec/nhrp.h"

enum nhrp_cie_code {
#define CIE_CODE(name, value, words, clause) NHRP_CIE_##name = value,
#include "codec/nhrp_codes.def"
};

#define NHRP_CIE_FIXED_LEN 12
#define NHRP_PREFIX_HOST   0xff /* "this address alone"; 0x00 means the same (section 5.2.0.1) */

struct nhrp_cie {
    uint8_t code; /* enum nhrp_cie_code; 0 in requests */
    uint8_t prefix_len;
    uint16_t unused; /* MUST be 0 when sent */
    uint16_t mtu;
    uint16_t hold_s; /* holding time; 0 in a NAK */
    struct nhrp_nbma_type nbma_type;
    struct nhrp_nbma_type subaddress_type;
    uint8_t preference;
    struct span nbma;
    struct span subaddress;
    struct span protocol;
};

/*
 * Take the first CIE off *list. False at the end of the list, and, with list->len still above 0, at a CIE
 * that does not fit; in a span that nhrp_decode() or nhrp_cie_check() accepted only the first can happen.
 */
bool nhrp_cie_next(struct span *list, struct nhrp_cie *out);

/* Does the span hold whole CIEs and nothing else? *count may be NULL. *bad_at is the offset of the first that
 * does not fit. */
bool nhrp_cie_check(struct span list, size_t *count, size_t *bad_at);

/* The number of CIEs in a checked list. */
size_t nhrp_cie_count(struct span list);

/* Append one CIE. Fails the writer if an NBMA address is longer than 63 octets or a protocol address than
 * 255. */
void nhrp_cie_write(struct writer *w, const struct nhrp_cie *cie);

const char *nhrp_cie_code_words(uint8_t code);

#endif
