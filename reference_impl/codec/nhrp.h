/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nhrp: NHRP messages between wire bytes and structs (RFC 2332 section 5, draft-detienne-dmvpn-01
 * section 5.1).
 *
 * A decoded message keeps spans into the bytes it came from: addresses, the CIE list, the extensions and an
 * embedded packet are never copied, so nothing is allocated and nothing has an arbitrary limit. Decoding
 * checks the whole message before it succeeds; afterwards the iterators of nhrp_cie.h and nhrp_ext.h cannot
 * fail.
 */
#ifndef DMVPNKIT_CODEC_NHRP_H
#define DMVPNKIT_CODEC_NHRP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "codec/status.h"

enum nhrp_type {
#define MESSAGE_TYPE(name, value, words, clause) NHRP_##name = value,
#include "codec/nhrp_codes.def"
};

enum nhrp_error_code {
#define ERROR_CODE(name, value, words, clause) NHRP_ERROR_##name = value,
#include "codec/nhrp_codes.def"
};

#define NHRP_FIXED_LEN     20
#define NHRP_VERSION       1
#define NHRP_AFN_IPV4      1
#define NHRP_AFN_IPV6      2
#define NHRP_AFN_NSAP      3
#define NHRP_AFN_E164      8
#define NHRP_AFN_E164_NSAP 15
#define NHRP_PROTOCOL_IPV4 0x0800
#define NHRP_PROTOCOL_IPV6 0x86dd
#define NHRP_PROTOCOL_SNAP 0x0080 /* the long form: see protocol_snap */

/* The type bits of an NBMA address's or subaddress's type/length octet (section 5.1); its length is the
 * span's. */
struct nhrp_nbma_type {
    bool reserved; /* most significant bit; MUST be 0 */
    bool e164;     /* second bit: native E.164 rather than NSAP or the network's own form */
};

/* The common fields of the Fixed Part. What encoding computes is marked "computed" and ignored by it. */
struct nhrp_fixed {
    uint16_t afn;           /* ar$afn: address family number of the NBMA addresses */
    uint16_t protocol_type; /* ar$pro.type */
    uint8_t protocol_snap[5];
    uint8_t hop_count;
    uint16_t packet_size;       /* computed; octets */
    uint16_t checksum;          /* computed */
    uint16_t extensions_offset; /* computed; 0 when there are none */
    uint8_t version;
    uint8_t type; /* enum nhrp_type */
    struct nhrp_nbma_type source_nbma_type;
    struct nhrp_nbma_type source_subaddress_type;
};

/* The same bit means different things in different messages, so each family has its own names. */
struct nhrp_resolution_flags {
    bool requester_is_router; /* Q */
    bool authoritative;       /* A */
    bool destination_stable;  /* D; replies */
    bool unique;              /* U */
    bool source_stable;       /* S */
    bool nat;                 /* 0x0002, DEFACTO: the sender understands the NAT Address extension */
    uint16_t unused;          /* the remaining bits, in place; MUST be 0 when sent */
};

struct nhrp_registration_flags {
    bool unique; /* U */
    bool nat;    /* 0x0002, DEFACTO */
    uint16_t unused;
};

struct nhrp_purge_flags {
    bool no_reply; /* N */
    bool nat;      /* 0x0002, DEFACTO */
    uint16_t unused;
};

struct nhrp_message {
    struct nhrp_fixed fixed;
    union {
        struct nhrp_resolution_flags resolution;     /* types 1 and 2 */
        struct nhrp_registration_flags registration; /* types 3 and 4 */
        struct nhrp_purge_flags purge;               /* types 5 and 6 */
        struct {
            uint16_t unused; /* MUST be 0 when sent */
            uint16_t code;   /* enum nhrp_error_code */
            uint16_t offset; /* of the octet that caused the error, from the start of the packet in error */
        } error;             /* type 7 */
        struct {
            uint16_t unused;
            uint16_t code; /* 0: redirect */
            uint16_t unused2;
        } traffic; /* type 8 */
    };
    uint32_t request_id; /* types 1 to 6 */
    struct span source_nbma;
    struct span source_subaddress;
    struct span source_protocol;
    struct span destination_protocol;
    struct span cies;     /* types 1 to 6: the CIE list as it is on the wire */
    struct span contents; /* types 7 and 8: the packet in error, or the head of the data packet */
    struct span
        extensions; /* as on the wire, up to and including the End extension; empty if there are none */
    struct span
        trailer; /* octets inside ar$pktsz after the End extension; RFC 2332 has none, OpenNHRP does */
};

/* How decoding treats what is no error of structure. */
enum nhrp_decode_options {
    NHRP_DECODE_STRICT = 0,
    NHRP_DECODE_IGNORE_CHECKSUM =
        1, /* for a packet embedded in an Error Indication, whose checksum may be stale */
};

/*
 * Decode one whole message. bytes starts at ar$afn and may run on past ar$pktsz (link padding is left alone;
 * an IP length is the caller's business). On success *out holds spans into bytes. On failure *out is
 * undefined and the error names the octet: the caller drops the packet and may answer with an Error
 * Indication of code 7.
 *
 * CODEC_TRUNCATED: a field of the Fixed Part or an address does not fit; offset is the field's
 * CODEC_BAD_VERSION (16), CODEC_BAD_SIZE (10), CODEC_BAD_CHECKSUM (12), CODEC_BAD_TYPE (17): offset of that
 * field CODEC_BAD_EXTENSIONS_OFFSET (14): it points past ar$pktsz, or before the end of the addresses
 * CODEC_BAD_CIE: offset of the first entry that does not fit its list, be it in the message or in an
 * extension CODEC_BAD_EXTENSION: offset of the extension that does not fit CODEC_BAD_LENGTH: offset of the
 * length field of an End extension that is not empty CODEC_MISSING_END: offset where the End extension should
 * be, which is ar$pktsz
 */
struct codec_error nhrp_decode(struct span bytes, unsigned options, struct nhrp_message *out);

/*
 * Decode just the Fixed Part and the addresses, as far as they go: what a packet embedded in an Error
 * Indication, which may be cut, still tells. An address that is not wholly there, and all that follows it,
 * comes out empty; so do CIEs, contents and extensions. Lengths and checksum are not looked at. Fails only if
 * the Fixed Part is cut, or with CODEC_BAD_VERSION or CODEC_BAD_TYPE.
 */
struct codec_error nhrp_decode_head(struct span bytes, struct nhrp_message *out);

/*
 * Encode a message; lengths, offsets and the checksum are computed. The spans cies, contents and extensions
 * are copied as they are: build them with nhrp_cie_write() and nhrp_ext_write(). *out is the written part of
 * buf. False if it does not fit in cap octets or in 16-bit lengths, if an NBMA address is longer than 63
 * octets or a protocol address longer than 255, if the type is none of the eight, or if there is a trailer
 * but no extensions (nothing would tell it from the mandatory part). buf must not overlap what the spans
 * point at.
 */
bool nhrp_encode(const struct nhrp_message *message, void *buf, size_t cap, struct span *out);

/* Write the checksum of the finished message in [data, data + len) anew (a forwarder changes the hop count).
 */
void nhrp_set_checksum(uint8_t *data, size_t len);

/* The protocol as an Ethertype, from the short form or from the long one; 0 for a protocol that has none. */
uint16_t nhrp_protocol_ethertype(const struct nhrp_fixed *fixed);

/* Types 1 to 6 carry a request id and CIEs; 7 and 8 carry another packet. */
bool nhrp_type_has_cies(uint8_t type);
bool nhrp_type_is_request(uint8_t type);
/* 1 gives 2, 3 gives 4, 5 gives 6; anything else gives 0. */
uint8_t nhrp_type_reply(uint8_t type);

/* Words for code points; "unknown" where RFC 2332 and its successors define none. Never NULL. */
const char *nhrp_type_words(uint8_t type);
/* The clause that defines the type, as a tag such as "RFC2332 §5.2.1"; the Fixed Part's for an unknown one.
 */
const char *nhrp_type_clause(uint8_t type);
const char *nhrp_error_words(uint16_t code);

#endif
