/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What decoding an NHRP packet leaves behind: values in host order, addresses, and the tree items that checks
 * hang their findings on.
 * Owns: the structures only; all memory is the packet's (pinfo->pool). Must not: hold state between packets.
 */
#ifndef DMVPN_NHRP_MESSAGE_H
#define DMVPN_NHRP_MESSAGE_H

#include "compat.h"
#include "addresses.h"
#include "values.h"
#include <epan/packet.h>

/* One Client Information Entry, RFC 2332 5.2.0.1 */
struct nhrp_cie {
    struct nhrp_cie *next;
    uint8_t code;
    uint8_t prefix_bits;
    uint16_t unused;
    uint16_t mtu_octets;
    uint16_t hold_s;
    uint8_t preference;
    struct nhrp_address nbma;
    struct nhrp_address subaddress;
    struct nhrp_address protocol;
    proto_item *item;
    proto_item *code_item;
    proto_item *prefix_item;
    proto_item *unused_item;
    proto_item *mtu_item;
    proto_item *hold_item;
    proto_item *preference_item;
};

struct nhrp_cie_list {
    struct nhrp_cie *first;
    struct nhrp_cie **end; /* where the next one is hung */
    unsigned count;
};

/* Whether and how often each extension was seen; the CIEs of those that have some */
struct nhrp_extensions {
    bool present;
    bool ended;
    uint32_t seen;  /* bit per type below 32 */
    uint32_t order; /* the first eight types from 1 to 15 as they come, four bits each, the first lowest */
    struct nhrp_cie_list responder;
    struct nhrp_cie_list forward;
    struct nhrp_cie_list reverse;
    struct nhrp_cie_list nat;
    bool password_in_clear;
    bool unknown_compulsory;
    uint32_t authentication_hash; /* of the value of the authentication extension; 0 without one */
};

struct nhrp_message {
    /* where it stands */
    bool embedded;  /* a copy inside an Error Indication: shown, never blamed */
    unsigned depth; /* Error Indications around it */
    unsigned size;  /* octets that belong to the packet: ar$pktsz, or less if less arrived */
    bool bounded;   /* the header made sense, so that the mandatory part is known */

    /* fixed header */
    uint16_t afn;
    uint16_t protocol_type;
    uint32_t snap_oui;
    uint16_t snap_pid;
    uint8_t hop_count;
    uint16_t packet_size;
    uint16_t extensions_offset;
    uint8_t version;
    uint8_t type;
    uint8_t nbma_tl;
    uint8_t subaddress_tl;
    enum nhrp_address_kind nbma_kind;     /* what ar$afn makes of NBMA addresses */
    enum nhrp_address_kind protocol_kind; /* what ar$pro makes of protocol addresses */

    /* mandatory part */
    uint8_t source_length;
    uint8_t destination_length;
    uint16_t flags; /* or the unused field of indications */
    uint32_t request_id;
    uint16_t error_code;
    uint16_t error_offset;
    uint16_t traffic_code;
    uint16_t traffic_unused;
    struct nhrp_address source_nbma;
    struct nhrp_address source_subaddress;
    struct nhrp_address source_protocol;
    struct nhrp_address destination_protocol;
    struct nhrp_cie_list cies;
    unsigned embedded_length;         /* octets of the packet inside an indication */
    struct nhrp_message *about;       /* Error Indication: the packet in error, when it could be decoded */
    struct nhrp_address traffic_from; /* Traffic Indication: ends of the data packet */
    struct nhrp_address traffic_to;

    struct nhrp_extensions extensions;

    /* the layer, and items for the checks */
    proto_tree *tree;
    proto_item *top_item;
    proto_item *hop_count_item;
    proto_item *version_item;
    proto_item *type_item;
    proto_item *flags_item;
    proto_item *code_item; /* error or traffic code */
    proto_item *offset_item;
    proto_item *embedded_item;
    proto_item *unused_item;
};

static inline bool nhrp_is_resolution(const struct nhrp_message *message)
{
    return message->type == NHRP_RESOLUTION_REQUEST || message->type == NHRP_RESOLUTION_REPLY;
}

static inline bool nhrp_is_registration(const struct nhrp_message *message)
{
    return message->type == NHRP_REGISTRATION_REQUEST || message->type == NHRP_REGISTRATION_REPLY;
}

static inline bool nhrp_is_purge(const struct nhrp_message *message)
{
    return message->type == NHRP_PURGE_REQUEST || message->type == NHRP_PURGE_REPLY;
}

/* The six messages with a request id and CIEs */
static inline bool nhrp_has_request_id(const struct nhrp_message *message)
{
    return nhrp_is_resolution(message) || nhrp_is_registration(message) || nhrp_is_purge(message);
}

static inline bool nhrp_is_request(const struct nhrp_message *message)
{
    return message->type == NHRP_RESOLUTION_REQUEST || message->type == NHRP_REGISTRATION_REQUEST ||
           message->type == NHRP_PURGE_REQUEST;
}

#endif
