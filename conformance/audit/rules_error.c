/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_error: Error Indications (RFC 2332 section 5.2.7). asked is the head of the packet in error, as far
 * as it can be read.
 */
#include "audit/rules.h"

#define LOOP_OF_PEERS      2  /* FRR and OpenNHRP */
#define HOP_COUNT_OF_PEERS 12 /* Rockhopper */
#define MANDATORY_LEN      28

static bool is_defined(uint16_t code)
{
    switch (code) {
#define ERROR_CODE(name, value, words, clause) \
    case value:                                \
        return true;
#include "codec/nhrp_codes.def"
    default:
        return false;
    }
}

static bool is_swapped(uint16_t code)
{
    return (code & 0xff) == 0 && is_defined((uint16_t)(code >> 8));
}

static bool code_swapped(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "error code 0x%04x: its octets are in the wrong order", s->m->error.code);
    return is_swapped(s->m->error.code);
}

static bool code_undefined(const struct sight *s, struct claim *c)
{
    uint16_t code = s->m->error.code;
    text_add(&c->words, "error code %u%s", code,
             code == LOOP_OF_PEERS        ? ", by which FRR and OpenNHRP mean 3, loop detected"
             : code == HOP_COUNT_OF_PEERS ? ", by which Rockhopper means 15, hop count exceeded"
                                          : "");
    return !is_defined(code) && !is_swapped(code);
}

static bool about_error(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the packet in error is an Error Indication");
    return s->asked != NULL && s->asked->fixed.type == NHRP_ERROR_INDICATION;
}

static bool unused_not_zero(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the unused field is 0x%04x", s->m->error.unused);
    return s->m->error.unused != 0;
}

static bool has_extensions(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext = {0};
    struct span list = s->m->extensions;
    nhrp_ext_next(&list, &ext);
    text_add(&c->words, "%zu octets of extensions, %s first", s->m->extensions.len, nhrp_ext_words(ext.type));
    return s->m->extensions.len > 0;
}

static bool names_offender(const struct sight *s, struct claim *c)
{
    struct addr source = addr_from_span(s->m->source_nbma);
    if (s->asked == NULL || addr_is_none(s->from) || addr_equal(source, s->from) || addr_is_none(source))
        return false;
    claim_add_addr(c, "source NBMA address ", source, ", which is the offender's");
    claim_add_addr(c, "; it comes from ", s->from, "");
    return addr_equal(source, addr_from_span(s->asked->source_nbma));
}

static bool is_request_type(uint8_t type)
{
    return type <= NHRP_PURGE_REQUEST && type % 2 == 1;
}

static bool wrong_destination(const struct sight *s, struct claim *c)
{
    if (s->asked == NULL || !is_request_type(s->asked->fixed.type))
        return false;
    struct addr offender = addr_from_span(s->asked->source_protocol);
    claim_add_addr(c, "for ", s->destination, "");
    claim_add_addr(c, ", and the packet in error is from ", offender, "");
    return !addr_is_none(offender) && !addr_equal(offender, s->destination);
}

static bool contents_cut(const struct sight *s, struct claim *c)
{
    if (s->asked == NULL || s->m->contents.len >= s->asked->fixed.packet_size)
        return false;
    text_add(&c->words, "%zu octets of a packet of %u", s->m->contents.len, s->asked->fixed.packet_size);
    return true;
}

static bool addresses_missing(const struct sight *s, struct claim *c)
{
    const struct nhrp_message *was = s->request != NULL ? request_message(s->request) : NULL;
    if (s->asked == NULL || was == NULL || !is_request_type(s->asked->fixed.type))
        return false;
    text_add(&c->words, "the packet in error is not what was sent: its addresses differ");
    return !span_equal(was->source_protocol, s->asked->source_protocol) ||
           !span_equal(was->source_nbma, s->asked->source_nbma);
}

static bool contents_missing(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%zu octets of the packet in error", s->m->contents.len);
    return s->m->contents.len < MANDATORY_LEN;
}

static bool offset_beyond(const struct sight *s, struct claim *c)
{
    if (s->asked == NULL)
        return false;
    text_add(&c->words, "offset %u in a packet of %u octets", s->m->error.offset,
             s->asked->fixed.packet_size);
    return s->m->error.offset > s->asked->fixed.packet_size;
}

static bool invalid_reply_misused(const struct sight *s, struct claim *c)
{
    if (s->asked == NULL)
        return false;
    text_add(&c->words, "code 10 about a %s", nhrp_type_words(s->asked->fixed.type));
    return s->m->error.code == NHRP_ERROR_INVALID_REPLY && s->asked->fixed.type != NHRP_RESOLUTION_REPLY;
}

static bool another_error(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "a second one about request id %u",
             s->request != NULL ? (unsigned)s->request->id : 0);
    return s->request != NULL && s->own && s->request->failed && s->request->tries <= s->request->errors &&
           addr_equal(s->request->error_from, s->from);
}

static bool hop_count_zero(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "an Error Indication with hop count 0: nobody may pass it on, and Cisco drops it");
    return s->own && s->m->fixed.hop_count == 0;
}

/* The station that refused a packet has no business answering it. */
static bool answered_after_error(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "a reply to request id %u, after an Error Indication about it",
             (unsigned)s->m->request_id);
    return s->request->failed && s->request->tries <= s->request->errors &&
           addr_equal(s->request->error_from, s->from);
}

static bool authentication_failed(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%s refused for its authentication",
             s->asked != NULL ? nhrp_type_words(s->asked->fixed.type) : "a message");
    return s->m->error.code == NHRP_ERROR_AUTHENTICATION_FAILURE;
}

const struct audit_rule rules_error[] = {
    {"error-code-swapped", "rfc2332-5.2.0.1-network-order", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     code_swapped, "An error code is in host byte order", NULL, "IB-008", 0},
    {"error-code", "rfc2332-5.2.7-error-code-defined", "rfc2332-5.2.7-loop-code rfc2332-5.2.7-hop-count-code",
     AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7), code_undefined, "An error code that no document defines",
     NULL, "IB-028 IB-029", 0},
    {"error-about-error", "rfc2332-5.2.7-no-error-on-error", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     about_error, "An Error Indication about an Error Indication", NULL, "IB-014 IB-026", 0},
    {"error-unused", "rfc2332-5.2.7-unused-zero", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     unused_not_zero, "The unused field of an Error Indication is not zero", NULL, "IB-023", 0},
    {"error-extensions", "rfc2332-5.2.7-no-extensions", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     has_extensions, "An Error Indication has extensions", NULL, "IB-025", 0},
    {"error-source", "rfc2332-5.2.7-source-observer", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     names_offender, "An Error Indication names the offender as its source", NULL, "IB-022", 0},
    {"error-destination", "rfc2332-5.2.7-destination-offender", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(7), wrong_destination, "An Error Indication is not for the station that sent the packet in error",
     NULL, NULL, 0},
    {"error-contents-cut", "rfc2332-5.2.7-contents", NULL, AUDIT_NOTE, SIGHT_ORIGINAL, TYPES(7), contents_cut,
     "The packet in error is cut short", NULL, "IB-024", 0},
    {"error-contents-addresses", "rfc2332-5.2.7-contents", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     addresses_missing, "The packet in error is not the one that was sent", NULL, "IB-009", 0},
    {"error-contents-missing", "rfc2332-5.2.7-error-fields", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     contents_missing, "An Error Indication without the packet in error", NULL, "IB-009", 0},
    {"error-offset", "rfc2332-5.2.7-offset", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7), offset_beyond,
     "The error offset points past the packet in error", NULL, NULL, 0},
    {"error-code-10", "rfc2332-5.2.7-code-10-for-resolution-only", "rfc2332-5.2.5-unsolicited-reply-ignored",
     AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7), invalid_reply_misused,
     "Error code 10 is used for another message than a Resolution Reply", NULL, "IB-032", 0},
    {"error-twice", "rfc2332-5.2.7-one-error", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7), another_error,
     "Two Error Indications about one packet", NULL, "IB-026", 0},
    {"error-hop-count", "rfc2332-5.1-hop-count-usable", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     hop_count_zero, "An Error Indication starts with hop count 0", NULL, "IB-006", FACT_HEADER},
    {"error-and-reply", "rfc2332-5.2.7-offender-discarded", "rfc2332-5.3.4-failure-discarded",
     AUDIT_VIOLATION, SIGHT_REPLY, TYPES_REPLY, answered_after_error,
     "A packet is answered by an error and by a reply", NULL, NULL, FACT_TROUBLE},
    {"authentication-refused", "defacto-authentication-same-secret", NULL, AUDIT_MISTAKE, SIGHT_ORIGINAL,
     TYPES(7), authentication_failed, "A message is refused because of its authentication",
     "Set the same `ip nhrp authentication` on all stations of the cloud, of 8 characters at most.",
     "IB-152 IB-153 IB-012 IB-018", 0},
    {0},
};
