/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_registration: Registration Requests and Replies (RFC 2332 sections 5.2.3 and 5.2.4), and the request
 * ids of all requests (section 5.2.0.1).
 */
#include "audit/rules.h"

#define RETRY_LADDER_S 64

static bool unique_without_ff(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!s->m->registration.unique || !first_cie(s->m, &cie) || cie.prefix_len == NHRP_PREFIX_HOST)
        return false;
    text_add(&c->words, "U is set and the prefix length is %u", cie.prefix_len);
    return true;
}

static bool ff_without_unique(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    text_add(&c->words, "U is clear and the prefix length is 255: Cisco hubs refuse it");
    return !s->m->registration.unique && first_cie(s->m, &cie) && cie.prefix_len == NHRP_PREFIX_HOST;
}

static bool code_in_request(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie) || cie.code == 0)
        return false;
    text_add(&c->words, "code %u", cie.code);
    return true;
}

static bool no_entry(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%s without a CIE", nhrp_type_words(s->m->fixed.type));
    return s->m->cies.len == 0;
}

static bool unique_many(const struct sight *s, struct claim *c)
{
    size_t count = nhrp_cie_count(s->m->cies);
    if (!s->m->registration.unique || count < 2)
        return false;
    text_add(&c->words, "U is set and there are %zu CIEs", count);
    return true;
}

static bool useless_hold(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie))
        return false;
    text_add(&c->words, "holding time %u s", cie.hold_s);
    return cie.hold_s == 0 || cie.hold_s == UINT16_MAX;
}

static int64_t gap_s(const struct sight *s)
{
    return seconds_between(s->client->asked_at, s->at);
}

static bool is_refresh(const struct sight *s)
{
    return s->own && s->client != NULL && s->client->binding == BINDING_ACCEPTED && s->client->hold_s > 0 &&
           addr_equal(s->client->server, s->to);
}

/* Alive all the time: its ids went on, or other packets of it were seen meanwhile. */
static bool came_too_late(const struct sight *s, struct claim *c)
{
    if (!is_refresh(s) || gap_s(s) <= s->client->hold_s)
        return false;
    text_add(&c->words, "%lld s after the one before, and the holding time is %u s", (long long)gap_s(s),
             s->client->hold_s);
    return s->m->request_id > s->client->last_id[1] ||
           seconds_between(s->client->asked_at, s->client->heard_at) > s->client->hold_s / 2;
}

static bool came_after_half(const struct sight *s, struct claim *c)
{
    if (!is_refresh(s) || gap_s(s) * 2 <= s->client->hold_s + 2 || gap_s(s) > s->client->hold_s)
        return false;
    text_add(&c->words, "%lld s after the one before, and the holding time is %u s", (long long)gap_s(s),
             s->client->hold_s);
    return true;
}

static bool is_broadcast_of_host(struct addr destination, struct addr source)
{
    return destination.family == ADDR_IPV4 && destination.bytes[3] == 255 && source.bytes[3] != 255 &&
           destination.bytes[0] == source.bytes[0];
}

static bool sent_to_broadcast(const struct sight *s, struct claim *c)
{
    if (!s->own || !is_broadcast_of_host(s->destination, s->source))
        return false;
    claim_add_addr(c, "destination ", s->destination, ", a broadcast address");
    return true;
}

static unsigned family_of(const struct sight *s)
{
    return (s->m->fixed.type - 1u) / 2;
}

/* Seen once, answered, and a refresh interval later the same id again: no retry, a new request. */
static bool id_used_again(const struct sight *s, struct claim *c)
{
    if (!s->own || s->client == NULL || !s->client->has_last_id[1] ||
        s->client->last_id[1] != s->m->request_id || s->client->binding != BINDING_ACCEPTED ||
        !s->client->registered_again || gap_s(s) * 4 < s->client->hold_s || gap_s(s) <= REQUEST_LINGER_S)
        return false;
    text_add(&c->words, "request id %u again, for a new request", (unsigned)s->m->request_id);
    return true;
}

static bool id_went_back(const struct sight *s, struct claim *c)
{
    if (!s->own || s->client == NULL || !s->client->has_last_id[family_of(s)] ||
        s->m->request_id >= s->client->last_id[family_of(s)])
        return false;
    text_add(&c->words, "request id %u after %u", (unsigned)s->m->request_id,
             (unsigned)s->client->last_id[family_of(s)]);
    return true;
}

/* The request before is still open, and this one asks the same of the same server. */
static bool retry_has_new_id(const struct sight *s, struct claim *c)
{
    unsigned family = family_of(s);
    if (!s->own || s->client == NULL || !s->client->has_last_id[family])
        return false;
    uint32_t before = s->client->last_id[family];
    struct request *open = request_find(s->audit, s->cloud, s->m->fixed.type, before, s->source);
    const struct nhrp_message *was = open != NULL ? request_message(open) : NULL;
    if (was == NULL || open->answered || open->failed || open->id == s->m->request_id ||
        !addr_equal(open->to, s->to) || seconds_between(open->last_at, s->at) > RETRY_LADDER_S)
        return false;
    text_add(&c->words, "request id %u, while request %u for the same is open since frame %zu",
             (unsigned)s->m->request_id, (unsigned)before, open->frame);
    return span_equal(was->destination_protocol, s->m->destination_protocol) &&
           span_equal(was->cies, s->m->cies);
}

static bool reply_code(const struct sight *s, struct claim *c)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        if (cie.code != NHRP_CIE_OK && cie.code != NHRP_CIE_PROHIBITED && cie.code != NHRP_CIE_NO_RESOURCES &&
            cie.code != NHRP_CIE_ALREADY_REGISTERED) {
            text_add(&c->words, "code %u, %s", cie.code, nhrp_cie_code_words(cie.code));
            return true;
        }
    return false;
}

static bool nak_with_hold(const struct sight *s, struct claim *c)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        if (cie.code != NHRP_CIE_OK && cie.hold_s != 0) {
            text_add(&c->words, "code %u, %s, with holding time %u s", cie.code,
                     nhrp_cie_code_words(cie.code), cie.hold_s);
            return true;
        }
    return false;
}

static bool reply_differs(const struct sight *s, struct claim *c)
{
    if (s->asked == NULL)
        return false;
    text_add(&c->words, "%s differs from the request's",
             !span_equal(s->asked->source_nbma, s->m->source_nbma)        ? "the source NBMA address"
             : s->asked->registration.unique != s->m->registration.unique ? "the U bit"
                                                                          : "the number of CIEs");
    return !span_equal(s->asked->source_nbma, s->m->source_nbma) ||
           s->asked->registration.unique != s->m->registration.unique ||
           nhrp_cie_count(s->asked->cies) != nhrp_cie_count(s->m->cies);
}

static bool destination_was_open(const struct sight *s)
{
    struct addr asked = addr_from_span(s->asked->destination_protocol);
    return addr_equal(asked, s->source) || is_broadcast_of_host(asked, s->source);
}

static bool reply_destination(const struct sight *s, struct claim *c)
{
    claim_add_addr(c, "destination ", s->destination, ", which is not the request's");
    return s->asked != NULL && !span_equal(s->asked->destination_protocol, s->m->destination_protocol) &&
           !destination_was_open(s);
}

static bool reply_names_server(const struct sight *s, struct claim *c)
{
    claim_add_addr(c, "destination ", s->destination, " where the request had the client's own address");
    return s->asked != NULL && !span_equal(s->asked->destination_protocol, s->m->destination_protocol) &&
           destination_was_open(s);
}

static bool reply_goes_elsewhere(const struct sight *s, struct claim *c)
{
    if (addr_is_none(s->request->from) || addr_is_none(s->to) || addr_equal(s->request->from, s->to))
        return false;
    claim_add_addr(c, "the request came from ", s->request->from, "");
    claim_add_addr(c, ", the reply goes to ", s->to, "");
    return true;
}

static bool conflict_accepted(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!(s->facts & FACT_HELD) || !first_cie(s->m, &cie) || cie.code != NHRP_CIE_OK)
        return false;
    claim_add_addr(c, "", s->source, " is held as unique by ");
    claim_add_addr(c, "", s->client->holder, ", and another NBMA address is accepted");
    return true;
}

static bool conflict_code(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!(s->facts & FACT_HELD) || !first_cie(s->m, &cie) || cie.code == NHRP_CIE_OK)
        return false;
    text_add(&c->words, "refused with code %u, %s", cie.code, nhrp_cie_code_words(cie.code));
    return cie.code != NHRP_CIE_ALREADY_REGISTERED;
}

static bool reply_to_unknown_id(const struct sight *s, struct claim *c)
{
    if (s->client == NULL || !s->client->has_last_id[family_of(s)] ||
        seconds_between(s->audit->first_at, s->at) < 1)
        return false;
    uint32_t last = s->client->last_id[family_of(s)];
    struct request *open = request_find(s->audit, s->cloud, (uint8_t)(s->m->fixed.type - 1), last, s->source);
    text_add(&c->words, "request id %u; the open request has %u", (unsigned)s->m->request_id, (unsigned)last);
    return open != NULL && !open->answered;
}

static bool answered_late(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "answered at the %uth try, %lld s after the first, frame %zu", s->request->tries,
             (long long)seconds_between(s->request->at, s->at), s->request->frame);
    return s->request->tries >= 3;
}

static bool nobody_answers(const struct sight *s, struct claim *c)
{
    claim_add_addr(c, "no reply to ", s->source, "");
    text_add(&c->words, ", request id %u, %u %s", (unsigned)s->request->id, s->request->tries,
             s->request->tries == 1 ? "try" : "tries");
    return true;
}

static bool own_destination_unanswered(const struct sight *s, struct claim *c)
{
    const struct nhrp_message *asked = request_message(s->request);
    if (asked == NULL)
        return false;
    claim_add_addr(c, "", s->source, " registers towards its own address, and nobody answers");
    return span_equal(asked->source_protocol, asked->destination_protocol);
}

static bool sends_though_refused(const struct sight *s, struct claim *c)
{
    if (s->sender == NULL || s->sender->binding != BINDING_REFUSED || !addr_equal(s->to, s->sender->server))
        return false;
    text_add(&c->words, "data to the server that refused the registration with code %u", s->sender->refusal);
    return true;
}

const struct audit_rule rules_registration[] = {
    {"registration-unique-prefix", "rfc2332-5.2.3-u-prefix-ff", "rfc2332-5.2.3-flags", AUDIT_NOTE,
     SIGHT_ORIGINAL, TYPES(3), unique_without_ff,
     "A unique registration has another prefix length than 255, as new Cisco images send it", NULL, "IB-036",
     FACT_VALUES},
    {"registration-prefix-ff", "defacto-registration-prefix-without-u", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(3), ff_without_unique, "Prefix length 255 in a registration that is not unique", NULL, "IB-035",
     FACT_VALUES},
    {"registration-code", "rfc2332-5.2.3-code-zero", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(3),
     code_in_request, "The code in a Registration Request is not 0", NULL, NULL, FACT_REFUSED},
    {"registration-empty", "rfc2332-5.2.3-one-or-more-entries", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(3), no_entry, "A Registration Request has no CIE", NULL, NULL, FACT_ENTRIES},
    {"registration-unique-many", "rfc2332-5.2.3-unique-one-entry", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(3), unique_many, "A unique registration has several CIEs", NULL, NULL, FACT_ENTRIES},
    {"registration-hold", "defacto-hold-usable", "rfc2332-5.2.3-holding-time", AUDIT_MISTAKE, SIGHT_ORIGINAL,
     TYPES(3), useless_hold, "The holding time of a registration is 0 or 65535",
     "Configure a holding time of some minutes (`ip nhrp holdtime 600`).", "IB-166", FACT_VALUES},
    {"registration-late", "rfc2332-5.2.3-refresh", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(3),
     came_too_late, "A registration is repeated only after its holding time has ended",
     "Make the holding time three times the interval between registrations, or the interval shorter.",
     "IB-052 IB-165", 0},
    {"registration-rare", "defacto-hold-three-refreshes", "rfc2332-5.2.3-refresh-third", AUDIT_NOTE,
     SIGHT_ORIGINAL, TYPES(3), came_after_half,
     "A registration is repeated after more than half its holding time",
     "Make the holding time three times the interval between registrations.", "IB-165", 0},
    {"registration-broadcast", "rfc2332-5.2.3-destination-own", "rfc2332-5.2.0.1-destination-address",
     AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(3), sent_to_broadcast,
     "A registration to an unknown server is addressed to the subnet's broadcast address", NULL,
     "IB-003 IB-175", 0},
    {"request-id-reused", "rfc2332-5.2.0.1-request-id-new", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(3),
     id_used_again, "A new request has the id of an old one", NULL, "IB-045", 0},
    {"request-id-restarted", "rfc2332-5.2.3-request-id-kept", NULL, AUDIT_NOTE, SIGHT_ORIGINAL, TYPES(3),
     id_went_back, "Request ids start again, as after a restart", NULL, "IB-044", 0},
    {"request-id-changed", "rfc2332-5.2.0.1-request-id-retry", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES_REQUEST, retry_has_new_id, "A request that is sent again has a new id", NULL, NULL, 0},
    {"reply-id", "rfc2332-5.2.0.1-request-id-copied", NULL, AUDIT_VIOLATION, SIGHT_ORPHAN, TYPES_REPLY,
     reply_to_unknown_id, "A reply has another id than the request", NULL, NULL, 0},
    {"registration-reply-code", "rfc2332-5.2.4-code", NULL, AUDIT_VIOLATION, SIGHT_REPLY | SIGHT_ORPHAN,
     TYPES(4), reply_code, "A Registration Reply has a code that does not belong there", NULL,
     "IB-041 IB-043", FACT_REFUSED},
    {"nak-hold", "rfc2332-5.2.0.1-nak-hold-zero", NULL, AUDIT_VIOLATION, SIGHT_REPLY | SIGHT_ORPHAN,
     TYPES(2) | TYPES(4), nak_with_hold, "A refusal has a holding time", NULL, "IB-040", FACT_REFUSED},
    {"registration-reply-formed", "rfc2332-5.2.4-reply-formed-from-request", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY, TYPES(4), reply_differs, "A Registration Reply is not the request with another type", NULL,
     NULL, FACT_DIFFERS},
    {"registration-reply-destination", "rfc2332-5.2.4-reply-formed-from-request", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY, TYPES(4), reply_destination,
     "A Registration Reply has another destination than the request", NULL, "IB-049", FACT_DIFFERS},
    {"registration-reply-discovery", "defacto-nhs-discovery", NULL, AUDIT_NOTE, SIGHT_REPLY, TYPES(4),
     reply_names_server, "The server names itself in the reply to a client that did not know it", NULL,
     "IB-049", FACT_DIFFERS},
    {"registration-reply-direct", "rfc2332-5.2.4-direct-to-client",
     "rfc2332-2.2-direct-connection-made rfc2332-3-reply-towards-source rfc2332-3-direct-to-served-client "
     "defacto-nat-outer-source-used",
     AUDIT_VIOLATION, SIGHT_REPLY, TYPES(4), reply_goes_elsewhere,
     "A Registration Reply does not go to where the request came from", NULL, "IB-094 IB-180", FACT_DIFFERS},
    {"unique-overwritten", "rfc2332-5.2.3-unique-conflict-refused", "rfc2332-5.2.3-unique-stored",
     AUDIT_VIOLATION, SIGHT_REPLY, TYPES(4), conflict_accepted,
     "A unique binding is replaced by a registration from another NBMA address", NULL, "IB-038", FACT_HELD},
    {"unique-refusal-code", "rfc2332-5.2.4-unique-nak-14", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(4),
     conflict_code, "A registration that collides with a unique binding is refused with another code than 14",
     NULL, NULL, FACT_HELD},
    {"registration-slow", "defacto-server-answers-in-time", NULL, AUDIT_NOTE, SIGHT_REPLY, TYPES(4),
     answered_late, "A registration is answered after several tries",
     "Look for why the hub was out of reach: its tunnel interface, IPsec, the underlay.", "IB-173",
     FACT_TROUBLE},
    {"registration-unanswered", "rfc2332-5.2.4-reply-to-registration", "rfc2332-5.2.3-register",
     AUDIT_MISTAKE, SIGHT_UNANSWERED, TYPES(3), nobody_answers, "Nobody answers a Registration Request",
     "Check on both sides: the server's NBMA and tunnel addresses, the tunnel key, the NHRP password, IPsec "
     "(transport mode).",
     "IB-152 IB-156 IB-170 IB-171 IB-173 IB-020 IB-050 IB-051", 0},
    {"registration-own-unanswered", "rfc2332-5.2.3-own-destination-served", NULL, AUDIT_MISTAKE,
     SIGHT_UNANSWERED, TYPES(3), own_destination_unanswered,
     "A client that does not know its server's address is not answered",
     "Configure the server's tunnel address at the client; OpenNHRP hubs want the subnet's broadcast "
     "address.",
     "IB-175", 0},
    {"registration-refusal-ignored", "rfc2332-5.2.4-nak-obeyed", "rfc2332-5.2.0.1-nak-is-refusal", AUDIT_NOTE,
     SIGHT_DATA, 0, sends_though_refused, "A client whose registration was refused sends data to the server",
     NULL, "IB-042", 0},
    {0},
};
