/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nhrp_ext: NHRP extensions (RFC 2332 section 5.3; NAT Address DEFACTO; RFC 2520; RFC 2735).
 */
#ifndef DMVPNKIT_CODEC_NHRP_EXT_H
#define DMVPNKIT_CODEC_NHRP_EXT_H

#include "codec/nhrp.h"

enum nhrp_ext_type {
#define EXTENSION_TYPE(name, value, words, clause) NHRP_EXT_##name = value,
#include "codec/nhrp_codes.def"
};

#define NHRP_EXT_HEADER_LEN 4

struct nhrp_ext {
    bool compulsory; /* C */
    bool reserved;   /* u, the second bit; MUST be 0 */
    uint16_t type;   /* 14 bits */
    struct span value;
};

/*
 * Take the first extension off *list, the End extension included. False at the end, or (with list->len above
 * 0) where one does not fit. In the extensions of a decoded message only the end can happen.
 */
bool nhrp_ext_next(struct span *list, struct nhrp_ext *out);
/* The first extension of that type. */
bool nhrp_ext_find(struct span list, uint16_t type, struct nhrp_ext *out);

/* Append one extension; fails the writer if the value is longer than 65535 octets. */
void nhrp_ext_write(struct writer *w, const struct nhrp_ext *ext);
/* Append the End extension (0x8000, length 0). */
void nhrp_ext_write_end(struct writer *w);

/* The value of an Authentication extension, of which two formats are in use under one type number. */
enum nhrp_auth_form { NHRP_AUTH_CLEARTEXT, NHRP_AUTH_KEYED_HASH };
#define NHRP_AUTH_SPI_CLEARTEXT 1

struct nhrp_auth {
    enum nhrp_auth_form form;
    uint16_t reserved;
    uint16_t spi;
    struct span source; /* keyed hash: source protocol address; cleartext: empty */
    struct span secret; /* cleartext: the password; keyed hash: the hash */
};

/*
 * Tell the formats apart and take them to pieces. source_len is the message's source protocol address length.
 * Cleartext (Cisco, FRR, OpenNHRP): reserved 0, SPI 1, and not exactly source_len + 16 octets left. False
 * when the value is shorter than either form's fixed part.
 */
bool nhrp_auth_decode(struct span value, size_t source_len, struct nhrp_auth *out);
void nhrp_auth_write(struct writer *w, const struct nhrp_auth *auth);

struct nhrp_vendor {
    uint32_t oui; /* 24 bits */
    struct span data;
};
bool nhrp_vendor_decode(struct span value, struct nhrp_vendor *out);
void nhrp_vendor_write(struct writer *w, const struct nhrp_vendor *vendor);

/* RFC 2735 Device Capabilities share type 9 with the NAT Address: exactly two 32-bit words. */
struct nhrp_capabilities {
    uint32_t source;
    uint32_t destination;
};
#define NHRP_CAPABILITY_VPN_AWARE 1u
bool nhrp_capabilities_decode(struct span value, struct nhrp_capabilities *out);

/* Does this type carry a CIE list (responder address, transit records, NAT address)? */
bool nhrp_ext_has_cies(uint16_t type);
/*
 * The CIE list of such an extension. False if the type carries none, or if the value is something else: type
 * 9 may hold RFC 2735's capabilities, and nhrp_decode() accepts any value of it, since its compulsory bit is
 * clear.
 */
bool nhrp_ext_cies(const struct nhrp_ext *ext, struct span *list);

const char *nhrp_ext_words(uint16_t type);

#endif
