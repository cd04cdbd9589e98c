/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_purge: Purge Requests and Replies (RFC 2332 sections 5.2.5 and 5.2.6). */
#include "audit/rules.h"

static bool no_entry(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "a Purge Request without a CIE");
    return s->m->cies.len == 0;
}

static bool no_address(const struct sight *s, struct claim *c)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    text_add(&c->words, "a CIE without client protocol address");
    while (nhrp_cie_next(&list, &cie))
        if (cie.protocol.len == 0)
            return true;
    return false;
}

static bool fields_not_zero(const struct sight *s, struct claim *c)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        if (cie.code != 0 || cie.mtu != 0 || cie.preference != 0) {
            text_add(&c->words, "code %u, MTU %u, preference %u", cie.code, cie.mtu, cie.preference);
            return true;
        }
    return false;
}

static bool hold_not_zero(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie) || cie.hold_s == 0)
        return false;
    text_add(&c->words, "holding time %u s", cie.hold_s);
    return true;
}

static bool nobody_answers(const struct sight *s, struct claim *c)
{
    const struct nhrp_message *asked = request_message(s->request);
    claim_add_addr(c, "no reply to ", s->source, "");
    text_add(&c->words, ", request id %u", (unsigned)s->request->id);
    return asked != NULL && !asked->purge.no_reply;
}

static bool reply_not_wanted(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "N was set in the request of frame %zu", s->request->frame);
    return s->asked != NULL && s->asked->purge.no_reply;
}

static bool reply_differs(const struct sight *s, struct claim *c)
{
    if (s->asked == NULL)
        return false;
    bool flags = s->asked->purge.no_reply == s->m->purge.no_reply && s->asked->purge.nat == s->m->purge.nat;
    bool entries = span_equal(s->asked->cies, s->m->cies);
    bool addresses = span_equal(s->asked->source_nbma, s->m->source_nbma) &&
                     span_equal(s->asked->destination_protocol, s->m->destination_protocol);
    text_add(&c->words, "other %s than in the request", !flags ? "flags" : !entries ? "CIEs" : "addresses");
    return !flags || !entries || !addresses;
}

static bool again_after_reply(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "request id %u, answered already", (unsigned)s->m->request_id);
    return s->request != NULL && s->request->answered && !s->request->forwarded &&
           instant_diff_us(s->request->last_at, s->at) > US_PER_S / 10;
}

/* A client ends its own registration: towards its server, or towards itself if it does not know the server.
 */
static bool client_purge_destination(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!s->own || s->client == NULL || s->client->binding != BINDING_ACCEPTED ||
        !addr_equal(s->to, s->client->server) || !first_cie(s->m, &cie) ||
        !addr_equal(addr_from_span(cie.protocol), s->source))
        return false;
    const struct station *server = station_at(s->audit, s->cloud, s->to);
    claim_add_addr(c, "a client's purge of its registration is for ", s->destination, ", not for its server");
    return server != NULL && (server->roles & AUDIT_SERVER) &&
           !addr_equal(s->destination, server->protocol) && !addr_equal(s->destination, s->source);
}

/* The binding was purged by its owner, and is handed out without a new registration. */
static bool handed_out_after_purge(const struct sight *s, struct claim *c)
{
    const struct station *owner = station_find(s->audit, s->cloud, s->destination);
    struct nhrp_cie cie;
    if (owner == NULL || owner->purged_at.us == 0 || owner->purged_at.us <= owner->asked_at.us ||
        s->sender == NULL || !addr_equal(s->from, owner->server) || !s->own || !first_cie(s->m, &cie) ||
        cie.code != NHRP_CIE_OK)
        return false;
    claim_add_addr(c, "", s->destination, "");
    text_add(&c->words, " purged its registration %lld s ago",
             (long long)seconds_between(owner->purged_at, s->at));
    return addr_equal(addr_from_span(cie.nbma), owner->claimed);
}

const struct audit_rule rules_purge[] = {
    {"purge-empty", "rfc2332-5.2.5-one-or-more-entries", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(5),
     no_entry, "A Purge Request has no CIE", NULL, NULL, FACT_ENTRIES},
    {"purge-address", "rfc2332-5.2.5-client-address-filled", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(5),
     no_address, "A Purge Request does not say what to forget", NULL, NULL, 0},
    {"purge-fields", "rfc2332-5.2.5-purge-request", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(5),
     fields_not_zero, "Code, MTU or preference of a Purge Request is not 0", NULL, NULL, 0},
    {"purge-hold", "rfc2332-5.2.5-hold-zero", NULL, AUDIT_NOTE, SIGHT_ORIGINAL, TYPES(5), hold_not_zero,
     "The holding time in a Purge Request is not 0", NULL, NULL, 0},
    {"purge-destination", "rfc2332-5.2.5-client-purge-destination", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(5), client_purge_destination, "A client's Purge Request is addressed to a stranger", NULL, NULL,
     0},
    {"purge-unanswered", "rfc2332-5.2.5-purge-reply", NULL, AUDIT_VIOLATION, SIGHT_UNANSWERED, TYPES(5),
     nobody_answers, "Nobody answers a Purge Request", NULL, "IB-075", 0},
    {"purge-reply-unwanted", "rfc2332-5.2.5-no-reply-wanted", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(6),
     reply_not_wanted, "A Purge Request that wants no reply gets one", NULL, NULL, 0},
    {"purge-reply-formed", "rfc2332-5.2.6-purge-reply-formed", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(6),
     reply_differs, "A Purge Reply is not the request with another type", NULL, "IB-079", 0},
    {"purge-again", "rfc2332-5.2.5-retransmission-ends", NULL, AUDIT_VIOLATION, SIGHT_RETRY, TYPES(5),
     again_after_reply, "A Purge Request is sent again after its reply", NULL, NULL, 0},
    {"purge-ignored", "rfc2332-5.2.5-discard", "rfc2332-6.2.1-purge-obeyed", AUDIT_VIOLATION, SIGHT_REPLY,
     TYPES(2), handed_out_after_purge, "A mapping is handed out that its owner has purged", NULL, "IB-075",
     0},
    {0},
};
