/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nhrp_text: the addresses of NHRP messages as text, for dump and describe. For the codec's own files.
 */
#ifndef DMVPNKIT_CODEC_NHRP_TEXT_H
#define DMVPNKIT_CODEC_NHRP_TEXT_H

#include "base/addr.h"
#include "base/text.h"
#include "codec/nhrp_cie.h"

/* The span as an IP address if ar$afn, or the protocol type in either form, says so and its length fits; or
 * none. */
struct addr nhrp_nbma_addr(const struct nhrp_fixed *fixed, struct nhrp_nbma_type type, struct span bytes);
struct addr nhrp_protocol_addr(const struct nhrp_fixed *fixed, struct span bytes);

/* As an IP address, as an E.164 number, else as hexadecimal octets; "none" if empty. */
void text_add_nbma(struct text *t, const struct nhrp_fixed *fixed, struct nhrp_nbma_type type,
                   struct span bytes);
void text_add_protocol(struct text *t, const struct nhrp_fixed *fixed, struct span bytes);

/* The sender's NBMA address, with "/subaddress" if it has one. */
void text_add_source_nbma(struct text *t, const struct nhrp_message *message);
/* A CIE's NBMA address, likewise. */
void text_add_cie_nbma(struct text *t, const struct nhrp_fixed *fixed, const struct nhrp_cie *cie);

/*
 * The addresses that a CIE speaks of (section 5.2.0.1 and the paragraphs on Prefix Length in 5.2.1 to 5.2.5):
 * those that share the prefix with the destination in resolutions, with the client elsewhere; the client is
 * the source where the CIE gives no address. "172.16.2.0/24"; without a length if it is one address alone.
 */
void text_add_cie_prefix(struct text *t, const struct nhrp_message *message, const struct nhrp_cie *cie);

/* The packet inside an Error Indication: "Resolution Request for 10.0.0.1". */
void text_add_embedded_message(struct text *t, struct span contents);

#endif
