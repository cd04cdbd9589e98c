/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy: which differences between a frame of the capture and the frame that an implementation sent matter,
 * and which requirement each violates. RFC 2332 leaves much to its reader (MTU, hop count, which extensions
 * to ask for); a suite that insisted on the capture's choice would fail good implementations.
 * docs/conformance.md tells it in prose.
 */
#ifndef DMVPNKIT_CONFORMANCE_POLICY_H
#define DMVPNKIT_CONFORMANCE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "codec/packet.h"

/* How the station under test came to send a packet. */
enum packet_origin {
    ORIGIN_OWN,       /* by itself: requests, indications, data from its own hosts */
    ORIGIN_REPLY,     /* an answer to a request that it got */
    ORIGIN_FORWARDED, /* something that it got and passed on */
};

enum policy_treatment {
    TREAT_EXACT,          /* the same value */
    TREAT_IGNORE,         /* any value, or none */
    TREAT_OPTIONAL,       /* may be there or not; a group's fields are compared when both have it */
    TREAT_NOTE,           /* the same value; another is worth a note, not a failure */
    TREAT_REQUEST_ID,     /* the capture's id mapped to the implementation's: first seen binds */
    TREAT_HOP_COUNT,      /* 1 or more */
    TREAT_HOLD,           /* within `amount` seconds */
    TREAT_HOLD_IF_STABLE, /* any value, but other than 0 only if the S bit is set */
    TREAT_PREFIX,         /* the same, where 0, 255 and the whole address all mean the one address */
    TREAT_PREFIX_NOTED,   /* that, with a note if it is said in another way */
    TREAT_CLIENT_ADDRESS, /* the same, or empty for the address in the common header */
    TREAT_SELF_OR_SERVER, /* the same, the sender's own address, or a configured server's */
    TREAT_TOLD_STATION,   /* source or destination of the embedded packet */
    TREAT_REPLY_PATH,     /* the capture's, the requester's, or a server's NBMA address */
    TREAT_HEAD,           /* one is the beginning of the other, at least `amount` octets long */
};

/* What a packet is, for the policy: an NHRP type as a bit, or data. */
#define POLICY_DATA      1u
#define POLICY_OTHER     (1u << 15)
#define POLICY_NHRP(t)   (1u << (t))
#define POLICY_PHASE(n)  (1u << (n))
#define POLICY_ANY_PHASE (POLICY_PHASE(1) | POLICY_PHASE(2) | POLICY_PHASE(3))
unsigned policy_message(const struct packet *packet);

struct policy_context {
    unsigned message; /* one bit, from policy_message() */
    enum packet_origin origin;
    unsigned phase;
};

struct policy_row {
    unsigned messages;
    unsigned origins;
    unsigned phases;
    const char *pattern; /* of field names */
    enum policy_treatment treatment;
    unsigned amount;
    const char *requirement;
};

/* How that field's values are compared. Never NULL: the last row takes everything. */
const struct policy_row *policy_for_value(const struct policy_context *context, const char *field);
/* May the field be in one of the two packets only? */
bool policy_may_be_absent(const struct policy_context *context, const char *field);

/* The requirement that a missing, superfluous, wrongly timed or undecodable packet violates. Never NULL. */
const char *policy_missing(const struct policy_context *context, bool is_refresh);
const char *policy_unexpected(const struct policy_context *context);
const char *policy_undecodable(enum packet_layer layer, enum codec_status status);
#define POLICY_NOT_DELIVERED "defacto-data-delivered"

/* For listings and tests: the rows in order of precedence, then the requirements of whole packets. */
size_t policy_row_count(void);
const struct policy_row *policy_row_at(size_t i);
size_t policy_requirement_count(void);
const char *policy_requirement_at(size_t i);
const char *policy_treatment_words(enum policy_treatment treatment);

#endif
