/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nhrp_type: one row for each NHRP message type: its words, its clause, and what its six octets after the two
 * protocol address lengths mean (RFC 2332 sections 5.2.0.1 to 5.2.7, draft-detienne-dmvpn-01 section 5.1).
 *
 * For the codec's own files; others use nhrp.h.
 */
#ifndef DMVPNKIT_CODEC_NHRP_TYPE_H
#define DMVPNKIT_CODEC_NHRP_TYPE_H

#include "codec/nhrp.h"

/* The octets that differ in meaning: a 16-bit word and then a 32-bit word. */
struct nhrp_body {
    uint16_t flags; /* flags, or unused */
    uint32_t word;  /* request id, or two 16-bit fields */
};

struct nhrp_row {
    uint8_t type;
    uint8_t reply; /* the type that answers it; 0 for none */
    bool has_cies; /* else it carries another packet */
    const char *words;
    const char *clause;
    void (*unpack)(struct nhrp_body body, struct nhrp_message *out);
    struct nhrp_body (*pack)(const struct nhrp_message *message);
};

/* Octets from the end of the Fixed Part to the first address, the same in all eight messages. */
#define NHRP_BODY_LEN 8

/* The row of a type; NULL for a type that is none of the eight. */
const struct nhrp_row *nhrp_row_of(uint8_t type);

#endif
