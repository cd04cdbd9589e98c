/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code points of GRE and NHRP, and the words shown for them.
 * Owns: every number that a document assigns. Must not: decode.
 * Implements: RFC 2332 5.1-5.3, RFC 2520, RFC 2735, RFC 2784, RFC 2890, DMVPN draft 5.1.
 */
#ifndef DMVPN_VALUES_H
#define DMVPN_VALUES_H

#include "compat.h"
#include <epan/packet_info.h>
#include <epan/tfs.h>

/* ar$op.version and ar$op.type */
enum {
    NHRP_VERSION = 1,
};

enum {
    NHRP_RESOLUTION_REQUEST = 1,
    NHRP_RESOLUTION_REPLY = 2,
    NHRP_REGISTRATION_REQUEST = 3,
    NHRP_REGISTRATION_REPLY = 4,
    NHRP_PURGE_REQUEST = 5,
    NHRP_PURGE_REPLY = 6,
    NHRP_ERROR_INDICATION = 7,
    NHRP_TRAFFIC_INDICATION = 8,
};

/* ar$afn: the address families that have a form of their own here */
enum {
    NHRP_AFN_IPV4 = 1,
    NHRP_AFN_IPV6 = 2,
    NHRP_AFN_NSAP = 3,
    NHRP_AFN_E164 = 8,
    NHRP_AFN_E164_NSAP = 15,
};

/* ar$pro.type */
enum {
    NHRP_PROTOCOL_SNAP = 0x0080,
    NHRP_PROTOCOL_NLPID_IPV6 = 0x008E,
    NHRP_PROTOCOL_NLPID_IPV4 = 0x00CC,
    NHRP_PROTOCOL_LAST_NLPID = 0x00FF,
    NHRP_PROTOCOL_FIRST_ETHERTYPE = 0x0600,
};

/* A type and length octet: bit 7 reserved, bit 6 E.164, the rest the length in octets. */
enum {
    NHRP_TL_RESERVED = 0x80,
    NHRP_TL_E164 = 0x40,
    NHRP_TL_LENGTH = 0x3F,
};

/* Flags: one bit means different things in different messages. */
enum {
    NHRP_RESOLUTION_Q = 0x8000,
    NHRP_RESOLUTION_A = 0x4000,
    NHRP_RESOLUTION_D = 0x2000,
    NHRP_RESOLUTION_U = 0x1000,
    NHRP_RESOLUTION_S = 0x0800,
    NHRP_RESOLUTION_UNUSED = 0x07FD,
    NHRP_REGISTRATION_U = 0x8000,
    NHRP_REGISTRATION_UNUSED = 0x7FFD,
    NHRP_PURGE_N = 0x8000,
    NHRP_PURGE_UNUSED = 0x7FFD,
    NHRP_FLAG_NAT = 0x0002,
};

/* The first 16 bits of an extension */
enum {
    NHRP_EXT_COMPULSORY = 0x8000,
    NHRP_EXT_UNUSED = 0x4000,
    NHRP_EXT_TYPE = 0x3FFF,
};

enum {
    NHRP_EXT_END = 0,
    NHRP_EXT_RESPONDER_ADDRESS = 3,
    NHRP_EXT_FORWARD_TRANSIT = 4,
    NHRP_EXT_REVERSE_TRANSIT = 5,
    NHRP_EXT_AUTHENTICATION = 7,
    NHRP_EXT_VENDOR_PRIVATE = 8,
    NHRP_EXT_NAT_ADDRESS = 9, /* de facto; RFC 2735 gives 9 to the device capabilities */
    NHRP_EXT_MOBILE_AUTHENTICATION = 10,
};

enum {
    NHRP_SPI_CLEARTEXT = 1, /* de facto */
};

enum {
    NHRP_CODE_SUCCESS = 0,
    NHRP_CODE_ALREADY_REGISTERED = 14,
    NHRP_TRAFFIC_REDIRECT = 0,
};

/* Lengths in octets */
enum {
    NHRP_HEADER_LENGTH = 20,
    NHRP_COMMON_HEADER_LENGTH = 8, /* mandatory part up to the addresses */
    NHRP_CIE_HEADER_LENGTH = 12,
    NHRP_EXT_HEADER_LENGTH = 4,
    NHRP_AUTH_HEADER_LENGTH = 4,
    NHRP_AUTH_HASH_LENGTH = 16, /* HMAC-MD5-128, the default algorithm of 5.3.4.2 */
};

enum {
    NHRP_PREFIX_WHOLE = 0xFF, /* the prefix length that stands for one address */
};

/* GRE: first 16 bits */
enum {
    GRE_FLAG_CHECKSUM = 0x8000,
    GRE_FLAG_ROUTING = 0x4000,
    GRE_FLAG_KEY = 0x2000,
    GRE_FLAG_SEQUENCE = 0x1000,
    GRE_FLAG_STRICT_ROUTE = 0x0800,
    GRE_FLAG_RECURSION = 0x0700,
    GRE_FLAG_RESERVED = 0x00F8,
    GRE_FLAG_VERSION = 0x0007,
    /* RFC 2784 2.3: bits 4 and 5 discard the packet (1 is routing, 2 and 3 are RFC 2890's), 6 to 12 are
       ignored */
    GRE_RESERVED_DISCARD = 0x0C00,
    GRE_RESERVED_IGNORED = 0x03F8,
};

enum {
    GRE_TYPE_KEEPALIVE = 0x0000,
    GRE_TYPE_CDP = 0x2000,
    GRE_TYPE_NHRP = 0x2001,
    GRE_TYPE_IPV4 = 0x0800,
    GRE_TYPE_ARP = 0x0806,
    GRE_TYPE_TRANSPARENT_ETHERNET = 0x6558,
    GRE_TYPE_IPV6 = 0x86DD,
    GRE_TYPE_MPLS = 0x8847,
    GRE_TYPE_MPLS_UPSTREAM = 0x8848,
    GRE_TYPE_CISCO_METADATA = 0x8909,
    GRE_TYPE_NSH = 0x894F,
};

extern const value_string nhrp_message_names[]; /* with the word NHRP, as stock shows them */
extern const value_string nhrp_message_short_names[];
extern const value_string nhrp_version_names[];
extern const value_string nhrp_address_families[];
extern const value_string nhrp_tl_types[];
extern const value_string nhrp_cie_codes[];
extern const value_string nhrp_error_codes[];
extern const value_string nhrp_traffic_codes[];
extern const value_string nhrp_extension_names[];
extern const value_string nhrp_auth_kinds[];
extern const value_string nhrp_nlpids[];
extern const value_string gre_protocol_types[];
extern const value_string gre_versions[];
extern const value_string dmvpn_roles[];
extern const value_string dmvpn_paths[];

/* Name of an extension type, ranges of RFC 2332 5.3 included. Returns constant text. */
const char *nhrp_extension_name(unsigned type);

/* Name of an ar$op.type without the word NHRP, ranges included. Returns constant text. */
const char *nhrp_message_name(unsigned type);

/* The name of a value, or its number in hexadecimal digits. The text belongs to pinfo->pool or is constant.
 */
const char *value_name_or_hex(packet_info *pinfo, unsigned value, const value_string *names);

/* What an ar$pro.type stands for (5.1). Returns constant text. */
const char *nhrp_protocol_type_name(unsigned protocol_type);

#endif
