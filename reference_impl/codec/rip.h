/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rip: RIP messages between wire bytes and structs (RFC 2453 sections 3.6 and 4; the frame of RFC 4822's
 * authentication).
 *
 * Judges structure only. Whether an entry's values make sense, and what is done about one that makes none, is
 * the protocol engine's business (section 3.9.2: ignore the entry, go on with the next).
 */
#ifndef DMVPNKIT_CODEC_RIP_H
#define DMVPNKIT_CODEC_RIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "codec/status.h"

#define RIP_UDP_PORT    520
#define RIP_VERSION     2
#define RIP_HEADER_LEN  4
#define RIP_ENTRY_LEN   20
#define RIP_ENTRIES_MAX 25 /* in one message, authentication included (section 3.6) */
#define RIP_MESSAGE_MAX (RIP_HEADER_LEN + RIP_ENTRIES_MAX * RIP_ENTRY_LEN)
#define RIP_INFINITY    16 /* the metric of what cannot be reached */

#define RIP_FAMILY_ANY            0 /* in a request: see rip_asks_for_everything() */
#define RIP_FAMILY_IPV4           2
#define RIP_FAMILY_AUTHENTICATION 0xffff

enum rip_command { RIP_REQUEST = 1, RIP_RESPONSE = 2 };

enum rip_auth_type {
    RIP_AUTH_PASSWORD = 2,      /* section 4.1 */
    RIP_AUTH_CRYPTOGRAPHIC = 3, /* RFC 4822: this entry describes a digest that follows the others */
};
#define RIP_PASSWORD_LEN 16 /* left-justified, padded with zeros */

struct rip_message {
    uint8_t command; /* enum rip_command */
    uint8_t version; /* 1 or more */
    uint16_t unused; /* MUST be 0 when sent */
    bool has_auth;
    uint16_t auth_type;    /* enum rip_auth_type, or another */
    struct span auth_data; /* 16 octets */
    struct span entries;   /* as on the wire, without the authentication entry */
    struct span trailer;   /* cryptographic authentication: the digest behind the entries */
};

struct rip_entry {
    uint16_t family;
    uint16_t tag; /* route tag (section 4.2) */
    struct addr address;
    uint32_t mask;        /* subnet mask (section 4.3) */
    struct addr next_hop; /* 0.0.0.0: the sender (section 4.4) */
    uint32_t metric;
};

/*
 * Take a message apart; bytes is a whole UDP payload. CODEC_TRUNCATED: not even a header; CODEC_BAD_TYPE:
 * neither request nor response; CODEC_BAD_VERSION: 0 (section 3.9: discard); CODEC_BAD_SIZE: not a whole
 * number of entries, or more than 25 (offset of the first that is too much); CODEC_BAD_LENGTH: the packet
 * length of cryptographic authentication does not fit the packet. *out is untouched on failure.
 */
struct codec_error rip_decode(struct span bytes, struct rip_message *out);

/* Take the first entry off *list; false at the end. */
bool rip_entry_next(struct span *list, struct rip_entry *out);

/*
 * The destination as a prefix. False if the mask has holes, if address bits stand outside it, or if there is
 * no mask where there is an address (version 1's way, which leaves the mask to be guessed).
 */
bool rip_entry_prefix(const struct rip_entry *entry, struct prefix *out);

/* A request for the whole table: one entry of family 0 with an infinite metric (section 3.9.1). */
bool rip_asks_for_everything(const struct rip_message *request);

void rip_write_header(struct writer *w, enum rip_command command);
/* The password is cut to 16 octets. */
void rip_write_password(struct writer *w, struct span password);
/* Fails the writer if an address is not an IPv4 address. */
void rip_write_entry(struct writer *w, const struct rip_entry *entry);
/* The entry that makes a request one for the whole table. */
void rip_write_everything(struct writer *w);

/* An entry for a prefix, which must be IPv4's, reached through next_hop (ADDR_NONE: the sender). */
struct rip_entry rip_entry_of(struct prefix prefix, struct addr next_hop, uint32_t metric, uint16_t tag);

#endif
