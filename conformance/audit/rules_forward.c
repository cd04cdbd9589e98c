/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_forward: a message that was seen on one leg and then on the next: what its forwarder must leave
 * alone, and what it must add (RFC 2332 sections 5.1 and 5.3; DRAFT section 4.4).
 */
#include "audit/rules.h"

/* Is the leg seen before the one that ends at this sender? Else stations in between were not captured. */
static bool is_next_leg(const struct sight *s)
{
    if (s->earlier == NULL)
        return false;
    bool is_reply = TYPES(s->m->fixed.type) & TYPES_REPLY;
    return addr_is_none(s->from) ||
           addr_equal(s->from, is_reply ? s->request->reply_to : s->request->last_to);
}

static bool hop_count(const struct sight *s, struct claim *c)
{
    if (!is_next_leg(s) || s->earlier->fixed.hop_count == 0)
        return false;
    text_add(&c->words, "hop count %u after %u", s->m->fixed.hop_count, s->earlier->fixed.hop_count);
    return s->m->fixed.hop_count != s->earlier->fixed.hop_count - 1;
}

static bool hop_count_used_up(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "a %s with hop count 0 is passed on, with %u", nhrp_type_words(s->m->fixed.type),
             s->m->fixed.hop_count);
    return is_next_leg(s) && s->earlier->fixed.hop_count == 0;
}

static bool source_changed(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the source NBMA address is another than on the leg before");
    return s->earlier != NULL && !span_equal(s->earlier->source_nbma, s->m->source_nbma);
}

static bool destination_changed(const struct sight *s, struct claim *c)
{
    if (s->earlier == NULL || span_equal(s->earlier->destination_protocol, s->m->destination_protocol))
        return false;
    claim_add_addr(c, "destination ", s->destination, "");
    claim_add_addr(c, ", and it was ", addr_from_span(s->earlier->destination_protocol), "");
    return true;
}

static bool entries_changed(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the CIEs are not those of the leg before");
    return s->earlier != NULL && !span_equal(s->earlier->cies, s->m->cies);
}

static bool order_changed(const struct sight *s, struct claim *c)
{
    if (s->earlier == NULL)
        return false;
    struct span now = s->m->extensions, before = s->earlier->extensions;
    struct nhrp_ext ext, was, other;
    while (nhrp_ext_next(&now, &ext)) {
        if (!nhrp_ext_find(s->earlier->extensions, ext.type, &other))
            continue;
        do
            if (!nhrp_ext_next(&before, &was))
                return false;
        while (!nhrp_ext_find(s->m->extensions, was.type, &other));
        if (was.type != ext.type) {
            text_add(&c->words, "%s stands where %s was", nhrp_ext_words(ext.type), nhrp_ext_words(was.type));
            return true;
        }
    }
    return false;
}

static bool record_not_added(const struct sight *s, uint16_t type, struct claim *c)
{
    if (!is_next_leg(s))
        return false;
    int before = record_length(s->earlier, type), now = record_length(s->m, type);
    text_add(&c->words, "%d entries in the %s, and %d on the leg before", now > 0 ? now : 0,
             nhrp_ext_words(type), before);
    return before >= 0 && now <= before;
}

static bool forward_record(const struct sight *s, struct claim *c)
{
    return record_not_added(s, NHRP_EXT_FORWARD_TRANSIT, c);
}

static bool reverse_record(const struct sight *s, struct claim *c)
{
    return record_not_added(s, NHRP_EXT_REVERSE_TRANSIT, c);
}

static bool record_added_twice(const struct sight *s, struct claim *c)
{
    uint16_t type =
        TYPES(s->m->fixed.type) & TYPES_REPLY ? NHRP_EXT_REVERSE_TRANSIT : NHRP_EXT_FORWARD_TRANSIT;
    if (!is_next_leg(s) || addr_is_none(s->from))
        return false;
    int before = record_length(s->earlier, type), now = record_length(s->m, type);
    text_add(&c->words, "%d entries in the %s after %d", now, nhrp_ext_words(type), before);
    return before >= 0 && now > before + 1;
}

static bool entry_without_nbma(const struct sight *s, uint16_t type, struct claim *c)
{
    struct nhrp_cie last;
    text_add(&c->words, "the entry that was added to the %s has no NBMA address", nhrp_ext_words(type));
    return is_next_leg(s) && record_length(s->m, type) > record_length(s->earlier, type) &&
           record_last(s->m, type, &last) && last.nbma.len == 0;
}

static bool forward_entry(const struct sight *s, struct claim *c)
{
    return entry_without_nbma(s, NHRP_EXT_FORWARD_TRANSIT, c);
}

static bool reverse_entry(const struct sight *s, struct claim *c)
{
    return entry_without_nbma(s, NHRP_EXT_REVERSE_TRANSIT, c);
}

/* The sender is in the record of the leg before: the message has come round. */
static bool is_in_record(const struct sight *s, uint16_t type, struct claim *c)
{
    struct nhrp_ext ext;
    struct span list;
    struct nhrp_cie cie;
    if (!is_next_leg(s) || s->sender == NULL || !nhrp_ext_find(s->earlier->extensions, type, &ext) ||
        !nhrp_ext_cies(&ext, &list))
        return false;
    while (nhrp_cie_next(&list, &cie))
        if (addr_equal(addr_from_span(cie.protocol), s->sender->protocol)) {
            claim_add_addr(c, "", s->sender->protocol, " is in the ");
            text_add(&c->words, "%s already, and passes it on", nhrp_ext_words(type));
            return true;
        }
    return false;
}

static bool forward_loop(const struct sight *s, struct claim *c)
{
    return is_in_record(s, NHRP_EXT_FORWARD_TRANSIT, c);
}

static bool reverse_loop(const struct sight *s, struct claim *c)
{
    return is_in_record(s, NHRP_EXT_REVERSE_TRANSIT, c);
}

static bool responder_loop(const struct sight *s, struct claim *c)
{
    return is_in_record(s, NHRP_EXT_RESPONDER_ADDRESS, c);
}

static bool record_with_unknown(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    if (!is_next_leg(s) ||
        record_length(s->m, NHRP_EXT_FORWARD_TRANSIT) <= record_length(s->earlier, NHRP_EXT_FORWARD_TRANSIT))
        return false;
    struct span list = s->earlier->extensions;
    while (nhrp_ext_next(&list, &ext))
        if (ext.compulsory && ext.type > NHRP_EXT_MOBILE_AUTHENTICATION) {
            text_add(&c->words, "compulsory extension type %u, and the forwarder records itself", ext.type);
            return true;
        }
    return false;
}

static bool authentication_lost(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    text_add(&c->words, "the Authentication extension of the leg before is gone");
    return s->earlier != NULL && nhrp_ext_find(s->earlier->extensions, NHRP_EXT_AUTHENTICATION, &ext) &&
           !nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, &ext);
}

static bool sent_back(const struct sight *s, struct claim *c)
{
    if (s->earlier == NULL || addr_is_none(s->to) || !(TYPES(s->m->fixed.type) & TYPES_REQUEST))
        return false;
    claim_add_addr(c, "passed on to ", s->to, ", where it came from");
    return is_next_leg(s) && addr_equal(s->to, s->request->last_from);
}

const struct audit_rule rules_forward[] = {
    {"forward-hop-count", "rfc2332-5.1-hop-count-decrement", NULL, AUDIT_VIOLATION, SIGHT_FORWARD,
     TYPES_ENTRIES, hop_count, "The hop count is not lowered by one", NULL, NULL, 0},
    {"forward-hop-count-zero", "rfc2332-5.1-hop-count-exceeded", "draft-4.4-hop-count-error", AUDIT_VIOLATION,
     SIGHT_FORWARD, TYPES_ENTRIES, hop_count_used_up, "A message is passed on whose hop count is used up",
     NULL, "IB-005", 0},
    {"forward-source", "rfc2332-5.2.0.1-source-addresses", "draft-4.4-request-source", AUDIT_VIOLATION,
     SIGHT_FORWARD, TYPES_ENTRIES, source_changed, "A forwarder changes the source", NULL, NULL, 0},
    {"forward-destination", "rfc2332-5.2.0.1-destination-address", NULL, AUDIT_VIOLATION, SIGHT_FORWARD,
     TYPES_ENTRIES, destination_changed, "A forwarder changes the destination", NULL, NULL, 0},
    {"forward-entries", "rfc2332-5.2.0.1-cie-fields", NULL, AUDIT_VIOLATION, SIGHT_FORWARD, TYPES_ENTRIES,
     entries_changed, "A forwarder changes the CIEs", NULL, NULL, 0},
    {"forward-order", "rfc2332-5.3-order-kept", NULL, AUDIT_VIOLATION, SIGHT_FORWARD, TYPES_ENTRIES,
     order_changed, "A forwarder changes the order of extensions", NULL, "IB-021", 0},
    {"forward-record", "rfc2332-5.3.2-forward-record", "draft-4.4-transit-record", AUDIT_VIOLATION,
     SIGHT_FORWARD, TYPES_REQUEST, forward_record, "A forwarder of a request does not record itself", NULL,
     NULL, 0},
    {"forward-reverse-record", "rfc2332-5.3.3-reverse-record", NULL, AUDIT_VIOLATION, SIGHT_FORWARD,
     TYPES_REPLY, reverse_record, "A forwarder of a reply does not record itself", NULL, NULL, 0},
    {"forward-record-twice", "rfc2332-5.3.2-one-entry-each", NULL, AUDIT_VIOLATION, SIGHT_FORWARD,
     TYPES_ENTRIES, record_added_twice, "A forwarder records itself more than once", NULL, NULL, 0},
    {"forward-entry-nbma", "rfc2332-5.3.2-nbma-address", NULL, AUDIT_NOTE, SIGHT_FORWARD, TYPES_REQUEST,
     forward_entry, "A forwarder of a request gives no NBMA address", NULL, NULL, 0},
    {"forward-reverse-entry-nbma", "rfc2332-5.3.3-nbma-address", NULL, AUDIT_NOTE, SIGHT_FORWARD, TYPES_REPLY,
     reverse_entry, "A forwarder of a reply gives no NBMA address", NULL, NULL, 0},
    {"forward-loop", "rfc2332-5.3.2-loop-detected", "draft-4.4-loop-error", AUDIT_VIOLATION, SIGHT_FORWARD,
     TYPES_REQUEST, forward_loop, "A forwarder does not see that a request has come round", NULL, "IB-082",
     0},
    {"forward-reverse-loop", "rfc2332-5.3.3-loop-detected", NULL, AUDIT_VIOLATION, SIGHT_FORWARD, TYPES_REPLY,
     reverse_loop, "A forwarder does not see that a reply has come round", NULL, "IB-082", 0},
    {"forward-responder-loop", "rfc2332-5.3.1-loop-detected", NULL, AUDIT_VIOLATION, SIGHT_FORWARD, TYPES(2),
     responder_loop, "A station passes on a reply that it made itself", NULL, "IB-083", 0},
    {"forward-unknown-recorded", "rfc2332-5.3-transit-no-record-with-unknown", NULL, AUDIT_NOTE,
     SIGHT_FORWARD, TYPES_REQUEST, record_with_unknown,
     "A forwarder records itself in a request with an unknown compulsory extension", NULL, NULL, 0},
    {"forward-authentication", "rfc2332-5.3.4-regenerated", "rfc2332-5.3.4-authentication", AUDIT_VIOLATION,
     SIGHT_FORWARD, TYPES_ENTRIES, authentication_lost, "A forwarder does not authenticate what it passes on",
     NULL, NULL, 0},
    {"forward-back", "rfc2332-6.4-domino-suppressed", NULL, AUDIT_VIOLATION, SIGHT_FORWARD, TYPES_REQUEST,
     sent_back, "A request is passed back to where it came from", NULL, NULL, 0},
    {0},
};
