/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NBMA and protocol addresses: which kind they are, how they are shown.
 * Owns: struct nhrp_address and every place that adds an address to the tree. Must not: know messages.
 * Implements: RFC 2332 5.1 (ar$afn, ar$pro, type and length octets).
 */
#ifndef DMVPN_ADDRESSES_H
#define DMVPN_ADDRESSES_H

#include "compat.h"
#include <epan/packet.h>

enum nhrp_address_kind {
    NHRP_ADDRESS_ABSENT, /* length 0 */
    NHRP_ADDRESS_IPV4,
    NHRP_ADDRESS_IPV6,
    NHRP_ADDRESS_NSAP,
    NHRP_ADDRESS_E164,
    NHRP_ADDRESS_OCTETS, /* anything else, or a length that does not fit its kind */
};

/* An address as found; the octets belong to the packet's memory or its buffer. */
struct nhrp_address {
    enum nhrp_address_kind kind;
    address value; /* AT_IPv4 or AT_IPv6 for those kinds */
    const uint8_t *octets;
    unsigned length; /* in octets */
};

/* The fields of one address place, one per form. Any but octets may be NULL where the place has no such form.
 */
struct nhrp_address_place {
    const int *ipv4;
    const int *ipv6;
    const int *ipv6_only; /* hidden twin of ipv6 that filters can compare */
    const int *octets;
    const int *octets_alias; /* hidden twin of octets */
};

extern const struct nhrp_address_place nhrp_source_nbma_place;
extern const struct nhrp_address_place nhrp_source_protocol_place;
extern const struct nhrp_address_place nhrp_destination_protocol_place;
extern const struct nhrp_address_place nhrp_client_nbma_place;
extern const struct nhrp_address_place nhrp_client_protocol_place;
extern const struct nhrp_address_place nhrp_auth_source_place;

/* What NBMA addresses are under an ar$afn, given the type and length octet of one of them. */
enum nhrp_address_kind nhrp_nbma_kind(unsigned afn, uint8_t type_length);

/* What protocol addresses are under an ar$pro.type and ar$pro.snap. */
enum nhrp_address_kind nhrp_protocol_kind(unsigned protocol_type, uint32_t snap_oui, unsigned snap_pid);

/* Length in octets that an address of this kind must have, 0 if any will do. */
unsigned nhrp_address_length(enum nhrp_address_kind kind);

/* The ethertype that ar$pro stands for, or 0 when it stands for none. */
unsigned nhrp_protocol_ethertype(unsigned protocol_type, uint32_t snap_oui, unsigned snap_pid);

/*
 * Show the address of `length` octets at `offset` (none for length 0) and note it in *found.
 * An address whose length does not fit `kind` is shown as octets and reported, unless blame is false.
 */
void nhrp_address_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, unsigned length,
                      enum nhrp_address_kind kind, const struct nhrp_address_place *place, bool blame,
                      struct nhrp_address *found);

/* Note an IPv4 or IPv6 address without showing it; the caller knows that the octets exist. */
void nhrp_address_note(tvbuff_t *tvb, int offset, enum nhrp_address_kind kind, struct nhrp_address *found);

/* The address in words, "-" when absent. The text belongs to pinfo->pool. */
const char *nhrp_address_text(packet_info *pinfo, const struct nhrp_address *found);

/* True if both are the same octets of the same kind. */
bool nhrp_address_equal(const struct nhrp_address *a, const struct nhrp_address *b);

#endif
