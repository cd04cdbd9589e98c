/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gre: the GRE header (RFC 2784) with key and sequence number (RFC 2890).
 */
#ifndef DMVPNKIT_CODEC_GRE_H
#define DMVPNKIT_CODEC_GRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "codec/status.h"

#define GRE_PROTOCOL_NHRP      0x2001
#define GRE_PROTOCOL_IPV4      0x0800
#define GRE_PROTOCOL_IPV6      0x86dd
#define GRE_PROTOCOL_KEEPALIVE 0x0000 /* Cisco: an empty keepalive on its way back */
#define GRE_HEADER_MAX         16

struct gre {
    bool has_checksum;
    bool has_key;
    bool has_sequence;
    uint16_t protocol; /* an Ethertype */
    uint32_t key;
    uint32_t sequence;
    uint16_t
        ignored_bits;    /* reserved0 bits that a receiver ignores (6 to 12), in place; MUST be 0 when sent */
    uint16_t reserved1;  /* beside the checksum; a receiver ignores it, MUST be 0 when sent */
    struct span payload; /* after decoding */
};

/*
 * Decode a header; bytes runs from the GRE header to the end of the IP payload, which is what the checksum
 * covers. CODEC_BAD_FLAGS: one of reserved0 bits 1, 4 and 5 is set (RFC 2784 section 2.3: discard unless RFC
 * 1701 is implemented); CODEC_BAD_VERSION: not 0; CODEC_BAD_CHECKSUM; CODEC_TRUNCATED.
 */
struct codec_error gre_decode(struct span bytes, struct gre *out);

/* The header's length in octets, 4 to 16. */
size_t gre_header_len(const struct gre *header);

/* Write header and payload, with the checksum computed over both when has_checksum is set. */
void gre_write(struct writer *w, const struct gre *header, struct span payload);
/* Write just the header, for a payload that is in place behind it. */
void gre_write_header(struct writer *w, const struct gre *header, struct span payload);

#endif
