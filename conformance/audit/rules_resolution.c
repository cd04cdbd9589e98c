/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_resolution: Resolution Requests and Replies (RFC 2332 sections 5.2.1 and 5.2.2; DRAFT sections 4.4
 * and 4.5).
 */
#include "audit/rules.h"

#define NO_BINDING_OF_PEERS 11 /* FRR and OpenNHRP number "no binding exists" so */
#define SOON_S              20 /* a holding time below this is renewed almost at once */
#define RETRY_WITHIN_S      10
#define REPLY_WORKS_WITHIN_S 2 /* a shortcut, its IPsec included, is made within this */

static bool has_code(uint8_t code)
{
    return code == NHRP_CIE_OK || code == NHRP_CIE_PROHIBITED || code == NHRP_CIE_NO_RESOURCES ||
           code == NHRP_CIE_NO_BINDING || code == NHRP_CIE_NOT_UNIQUE;
}

static bool d_in_request(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "D is set in a Resolution Request");
    return s->m->resolution.destination_stable;
}

static bool not_a_router(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "Q is clear: the requester says that it is no router");
    return !s->m->resolution.requester_is_router;
}

static bool hold_without_s(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie) || cie.hold_s == 0 || s->m->resolution.source_stable)
        return false;
    text_add(&c->words, "holding time %u s with S clear", cie.hold_s);
    return true;
}

static bool many_entries(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%zu CIEs", nhrp_cie_count(s->m->cies));
    return nhrp_cie_count(s->m->cies) > 1;
}

static bool unique_without_ff(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!s->m->resolution.unique || !first_cie(s->m, &cie) || cie.prefix_len == NHRP_PREFIX_HOST)
        return false;
    text_add(&c->words, "U is set and the prefix length is %u", cie.prefix_len);
    return true;
}

static bool ff_without_unique(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    text_add(&c->words, "U is clear and the prefix length is 255: Cisco spokes reject it");
    return !s->m->resolution.unique && first_cie(s->m, &cie) && cie.prefix_len == NHRP_PREFIX_HOST;
}

static bool rest_not_zero(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie))
        return false;
    text_add(&c->words, "code %u, preference %u, client addresses of %zu and %zu octets", cie.code,
             cie.preference, cie.nbma.len, cie.protocol.len);
    return cie.code != 0 || cie.preference != 0 || cie.nbma.len > 0 || cie.protocol.len > 0;
}

/* Over a shortcut, to the very station whose mapping is in question. */
static bool not_to_server(const struct sight *s, struct claim *c)
{
    struct station *receiver = station_at(s->audit, s->cloud, s->to);
    if (!s->own || s->client == NULL || s->client->binding != BINDING_ACCEPTED || receiver == NULL ||
        addr_equal(s->to, s->client->server) || (receiver->roles & (AUDIT_SERVER | AUDIT_TRANSIT)))
        return false;
    claim_add_addr(c, "it is registered at ", s->client->server, "");
    claim_add_addr(c, " and asks ", s->to, ", which serves nobody");
    return true;
}

static const struct mapping *mapping_asked(const struct sight *s)
{
    return s->own ? mapping_find(s->audit, s->cloud, s->source, s->destination) : NULL;
}

static bool asked_a_moment_ago(const struct sight *s, struct claim *c)
{
    const struct mapping *mapping = mapping_asked(s);
    claim_add_addr(c, "another request for ", s->destination, " within a second, with a new id");
    return mapping != NULL && mapping->asked_at.us > mapping->at.us &&
           instant_diff_us(mapping->asked_at, s->at) < US_PER_S && mapping->asked_at.us < s->at.us;
}

static bool asked_though_known(const struct sight *s, struct claim *c)
{
    const struct mapping *mapping = mapping_asked(s);
    if (mapping == NULL || mapping->at.us == 0 || mapping->refused || mapping->hold_s < SOON_S ||
        s->cloud->of_type[NHRP_PURGE_REQUEST] > 0)
        return false;
    int64_t age_s = seconds_between(mapping->at, s->at);
    claim_add_addr(c, "", s->destination, "");
    text_add(&c->words, " was resolved %lld s ago, for %u s", (long long)age_s, mapping->hold_s);
    return age_s >= 1 && age_s * 4 < mapping->hold_s;
}

static bool asks_for_the_source(const struct sight *s, struct claim *c)
{
    if (!s->own || s->client == NULL || s->client->told_at.us == 0 ||
        seconds_between(s->client->told_at, s->at) > 2 ||
        !addr_equal(s->destination, s->client->told_source) ||
        addr_equal(s->destination, s->client->told_destination))
        return false;
    claim_add_addr(c, "told about data to ", s->client->told_destination, "");
    claim_add_addr(c, ", it asks for ", s->destination, ", its source");
    return true;
}

static void say_unanswered(const struct sight *s, struct claim *c)
{
    const struct nhrp_message *asked = request_message(s->request);
    text_add(&c->words, "request id %u of ", (unsigned)s->request->id);
    claim_add_addr(c, "", s->source, "");
    if (asked != NULL)
        claim_add_addr(c, " for ", addr_from_span(asked->destination_protocol), "");
    text_add(&c->words, "%s, %u %s, no reply", s->request->forwarded ? ", passed on" : "", s->request->tries,
             s->request->tries == 1 ? "try" : "tries");
}

/*
 * A reply may go straight to the requester, past a capture that was taken at the hub. So a request that was
 * passed on counts as unanswered only if that shows otherwise: it was sent again, the capture has packets
 * between spokes, or the hub told the requester of that destination once more when a reply would have had its
 * effect.
 */
static bool reply_would_show(const struct sight *s)
{
    const struct station *client = s->client;
    const struct nhrp_message *asked = request_message(s->request);
    if (!s->request->forwarded || s->request->tries > 1 || s->cloud->direct > 0)
        return true;
    return client != NULL && client->told_at.us != 0 && asked != NULL &&
           addr_equal(client->told_destination, addr_from_span(asked->destination_protocol)) &&
           instant_diff_us(s->request->at, client->told_at) >= REPLY_WORKS_WITHIN_S * US_PER_S;
}

static bool nobody_answers(const struct sight *s, struct claim *c)
{
    say_unanswered(s, c);
    return (s->request->forwarded || s->request->tries > 1) && reply_would_show(s);
}

static bool reply_unseen(const struct sight *s, struct claim *c)
{
    say_unanswered(s, c);
    return !reply_would_show(s);
}

static bool one_try_unanswered(const struct sight *s, struct claim *c)
{
    say_unanswered(s, c);
    return s->request->tries <= 1 && reply_would_show(s) &&
           seconds_between(s->request->last_at, s->audit->now) >= RETRY_WITHIN_S;
}

static bool flags_not_copied(const struct sight *s, struct claim *c)
{
    if (s->asked == NULL)
        return false;
    text_add(&c->words, "Q and S are %d and %d, and were %d and %d", s->m->resolution.requester_is_router,
             s->m->resolution.source_stable, s->asked->resolution.requester_is_router,
             s->asked->resolution.source_stable);
    return s->m->resolution.requester_is_router != s->asked->resolution.requester_is_router ||
           s->m->resolution.source_stable != s->asked->resolution.source_stable;
}

static bool unique_of_itself(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "U is set in the reply and was clear in the request");
    return s->asked != NULL && s->m->resolution.unique && !s->asked->resolution.unique;
}

static bool reply_unique_many(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "U is set and there are %zu CIEs", nhrp_cie_count(s->m->cies));
    return s->m->resolution.unique && nhrp_cie_count(s->m->cies) > 1;
}

static bool reply_entries(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie = {0};
    size_t count = nhrp_cie_count(s->m->cies);
    first_cie(s->m, &cie);
    text_add(&c->words, "code %u with %zu CIEs", cie.code, count);
    return count == 0 || (cie.code != NHRP_CIE_OK && count > 1);
}

static bool reply_code(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie) || has_code(cie.code) || cie.code == NO_BINDING_OF_PEERS)
        return false;
    text_add(&c->words, "code %u, %s", cie.code, nhrp_cie_code_words(cie.code));
    return true;
}

static bool reply_code_11(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    text_add(&c->words, "code 11, by which FRR and OpenNHRP mean 12, no binding exists");
    return first_cie(s->m, &cie) && cie.code == NO_BINDING_OF_PEERS;
}

static bool next_hop_missing(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie) || cie.code != NHRP_CIE_OK)
        return false;
    text_add(&c->words, "client NBMA address of %zu octets, client protocol address of %zu", cie.nbma.len,
             cie.protocol.len);
    return cie.nbma.len == 0 || addr_is_unspecified(addr_from_span(cie.nbma)) || cie.protocol.len == 0;
}

/* The address that is asked for is a registered station's own. */
static const struct station *destination_station(const struct sight *s)
{
    const struct station *station = station_find(s->audit, s->cloud, s->destination);
    return station != NULL && station->binding == BINDING_ACCEPTED ? station : NULL;
}

static bool another_next_hop(const struct sight *s, struct claim *c)
{
    const struct station *station = destination_station(s);
    struct nhrp_cie cie;
    if (station == NULL || !first_cie(s->m, &cie) || cie.code != NHRP_CIE_OK)
        return false;
    struct addr nbma = addr_from_span(cie.nbma);
    if (addr_equal(nbma, station->claimed) || addr_equal(nbma, station->outer))
        return false;
    claim_add_addr(c, "", s->destination, "");
    claim_add_addr(c, " registered from ", station->claimed, "");
    claim_add_addr(c, ", and the reply says ", nbma, "");
    return true;
}

static bool covers_requester(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    unsigned bits = addr_bits(s->source);
    if (!first_cie(s->m, &cie) || cie.code != NHRP_CIE_OK || cie.prefix_len == 0 || cie.prefix_len >= bits ||
        addr_equal(s->source, s->destination))
        return false;
    claim_add_addr(c, "", s->destination, "");
    text_add(&c->words, "/%u has the requester's own tunnel address in it, ", cie.prefix_len);
    claim_add_addr(c, "", s->source, "");
    return prefix_contains(prefix_of(s->destination, cie.prefix_len), s->source);
}

static bool hold_too_long(const struct sight *s, struct claim *c)
{
    const struct station *station = destination_station(s);
    struct nhrp_cie cie;
    if (station == NULL || station == s->sender || !first_cie(s->m, &cie) || cie.code != NHRP_CIE_OK ||
        !s->own || addr_is_none(s->from) || addr_equal(s->from, station->outer))
        return false;
    int64_t left_s = station->hold_s - seconds_between(station->accepted_at, s->at);
    text_add(&c->words, "%u s, and %lld s are left of the registration", cie.hold_s, (long long)left_s);
    return cie.hold_s > left_s + 1;
}

static bool not_authoritative(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (s->asked == NULL || !s->asked->resolution.authoritative || s->m->resolution.authoritative ||
        !s->own || s->sender == NULL || !first_cie(s->m, &cie) || cie.code != NHRP_CIE_OK)
        return false;
    text_add(&c->words, "A is clear in a reply about the responder itself");
    return addr_equal(addr_from_span(cie.protocol), s->sender->protocol);
}

static bool nak_not_bare(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie) || cie.code == NHRP_CIE_OK)
        return false;
    text_add(&c->words, "a refusal with MTU %u and client addresses of %zu and %zu octets", cie.mtu,
             cie.nbma.len, cie.protocol.len);
    return cie.mtu != 0 || cie.nbma.len > 0 || cie.protocol.len > 0 || cie.preference != 0;
}

static bool not_in_order(const struct sight *s, struct claim *c)
{
    struct span list = s->m->cies;
    struct nhrp_cie first, other;
    if (!nhrp_cie_next(&list, &first))
        return false;
    while (nhrp_cie_next(&list, &other))
        if (other.preference > first.preference) {
            text_add(&c->words, "preference %u before %u", first.preference, other.preference);
            return true;
        }
    return false;
}

static bool wider_than_asked(const struct sight *s, struct claim *c)
{
    struct nhrp_cie asked, cie;
    unsigned bits = addr_bits(s->source);
    if (s->asked == NULL || !first_cie(s->asked, &asked) || !first_cie(s->m, &cie) || cie.code != NHRP_CIE_OK)
        return false;
    text_add(&c->words, "asked for /%u at most, told /%u", asked.prefix_len, cie.prefix_len);
    return asked.prefix_len > 0 && asked.prefix_len < bits && cie.prefix_len > 0 &&
           cie.prefix_len < asked.prefix_len;
}

static bool in_phase_3(const struct sight *s)
{
    return s->cloud->of_type[NHRP_TRAFFIC_INDICATION] > 0;
}

static bool many_in_phase_3(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%zu CIEs in the reply of an egress", nhrp_cie_count(s->m->cies));
    return in_phase_3(s) && nhrp_cie_count(s->m->cies) > 1;
}

/* A reply about its sender's own tunnel address, which is behind no NAT. */
static bool not_own_address(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    struct nhrp_ext nat;
    if (!s->own || addr_is_none(s->from) || s->sender == NULL || !first_cie(s->m, &cie) ||
        cie.code != NHRP_CIE_OK || !addr_equal(addr_from_span(cie.protocol), s->sender->protocol))
        return false;
    struct addr nbma = addr_from_span(cie.nbma);
    claim_add_addr(c, "the egress sends from ", s->from, "");
    claim_add_addr(c, " and says that it is at ", nbma, "");
    return !addr_equal(nbma, s->from) && !addr_equal(nbma, s->sender->claimed) &&
           !nhrp_ext_find(s->m->extensions, NHRP_EXT_NAT_ADDRESS, &nat);
}

static bool answered_twice(const struct sight *s, struct claim *c)
{
    struct nhrp_cie before, now;
    if (s->earlier == NULL || record_length(s->m, NHRP_EXT_REVERSE_TRANSIT) > 0 ||
        !record_last(s->earlier, NHRP_EXT_RESPONDER_ADDRESS, &before) ||
        !record_last(s->m, NHRP_EXT_RESPONDER_ADDRESS, &now))
        return false;
    claim_add_addr(c, "answered by ", addr_from_span(before.protocol), "");
    claim_add_addr(c, " and by ", addr_from_span(now.protocol), "");
    return !span_equal(before.protocol, now.protocol);
}

static bool reply_not_straight(const struct sight *s, struct claim *c)
{
    if (s->client == NULL || s->client->binding != BINDING_ACCEPTED || addr_is_none(s->from) ||
        !addr_equal(s->client->server, s->from) || addr_equal(s->to, s->client->outer))
        return false;
    claim_add_addr(c, "the requester's server sends it to ", s->to, "");
    claim_add_addr(c, ", the requester is at ", s->client->outer, "");
    return true;
}

const struct audit_rule rules_resolution[] = {
    {"resolution-d-flag", "rfc2332-5.2.1-flags", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(1),
     d_in_request, "The D bit is set in a Resolution Request, where it is unused", NULL, NULL, 0},
    {"resolution-q-flag", "rfc2332-5.2.1-flags", NULL, AUDIT_NOTE, SIGHT_ORIGINAL, TYPES(1), not_a_router,
     "The Q bit is clear in a Resolution Request of a router", NULL, NULL, 0},
    {"resolution-hold", "rfc2332-5.2.1-hold-only-if-stable", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(1),
     hold_without_s, "A Resolution Request has a holding time although the S bit is clear", NULL, "IB-063",
     0},
    {"resolution-many", "rfc2332-5.2.1-at-most-one-cie", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(1),
     many_entries, "A Resolution Request has more than one CIE", NULL, NULL, FACT_ENTRIES},
    {"resolution-unique-prefix", "rfc2332-5.2.1-u-prefix-ff", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(1),
     unique_without_ff, "A unique Resolution Request has another prefix length than 255", NULL, NULL,
     FACT_UNIQUE},
    {"resolution-prefix-ff", "defacto-request-prefix-without-u", NULL, AUDIT_NOTE, SIGHT_ORIGINAL, TYPES(1),
     ff_without_unique, "Prefix length 255 in a Resolution Request that is not unique", NULL, "IB-059", 0},
    {"resolution-rest", "rfc2332-5.2.1-cie-rest-zero", NULL, AUDIT_NOTE, SIGHT_ORIGINAL, TYPES(1),
     rest_not_zero, "The CIE of a Resolution Request has fields filled in that should be 0", NULL, NULL, 0},
    {"resolution-to-server", "rfc2332-5.2.1-request-to-serving-nhs",
     "rfc2332-3-client-sends-to-nhs draft-4.4-request-along-routed-path", AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(1), not_to_server, "A Resolution Request is not sent to the server", NULL, "IB-068", 0},
    {"resolution-flood", "rfc2332-2.2-no-request-per-packet",
     "draft-4.4-request-rate-limited rfc2332-6.2.1-incomplete-kept", AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(1), asked_a_moment_ago, "A new Resolution Request while the one before is open", NULL, "IB-111",
     0},
    {"resolution-not-cached", "rfc2332-6.2.1-cache-reply", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(1),
     asked_though_known, "A Resolution Request for what was resolved a short while ago", NULL, NULL, 0},
    {"resolution-target", "draft-4.4-target-from-embedded",
     "draft-4.4-request-for-redirected rfc2332-5.2.1-destination-wanted", AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(1), asks_for_the_source, "A redirected spoke asks for the wrong address", NULL, "IB-104", 0},
    {"resolution-unanswered", "rfc2332-5.2.2-reply-to-request",
     "draft-4.5-egress-replies draft-4.4-forward-to-egress", AUDIT_VIOLATION, SIGHT_UNANSWERED, TYPES(1),
     nobody_answers, "Nobody answers a Resolution Request, not even with a refusal",
     "Check that the egress has a route to the destination outside the tunnel, that shortcuts are on there "
     "(`ip nhrp shortcut`), and that routes towards the tunnel's network exist on Linux.",
     "IB-056 IB-057 IB-058 IB-010 IB-070 IB-080", 0},
    {"resolution-reply-unseen", "rfc2332-5.2.2-reply-to-request", NULL, AUDIT_NOTE, SIGHT_UNANSWERED,
     TYPES(1), reply_unseen, "A Resolution Request is passed on, and no reply is seen here",
     "A reply may go straight to the requester: look at a capture that was taken there.", NULL, 0},
    {"resolution-tried-once", "rfc2332-5.2.0.1-retry-sent", NULL, AUDIT_NOTE, SIGHT_UNANSWERED, TYPES(1),
     one_try_unanswered, "An unanswered Resolution Request is not sent again", NULL, "IB-055", 0},
    {"resolution-reply-flags", "rfc2332-5.2.2-flags-copied", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(2),
     flags_not_copied, "A Resolution Reply has other Q and S bits than the request", NULL, NULL, 0},
    {"resolution-reply-u", "rfc2332-5.2.2-u-follows-request", NULL, AUDIT_NOTE, SIGHT_REPLY, TYPES(2),
     unique_of_itself, "A Resolution Reply sets U although the request had it clear, as Cisco does", NULL,
     "IB-065", FACT_UNIQUE},
    {"resolution-reply-unique", "rfc2332-5.2.2-unique", NULL, AUDIT_VIOLATION, SIGHT_REPLY | SIGHT_ORPHAN,
     TYPES(2), reply_unique_many, "A unique Resolution Reply has several CIEs", NULL, NULL, FACT_UNIQUE},
    {"resolution-reply-entries", "rfc2332-5.2.2-one-or-more-cies", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY | SIGHT_ORPHAN, TYPES(2), reply_entries,
     "A Resolution Reply has no CIE, or a refusal more than one", NULL, NULL, FACT_ENTRIES},
    {"resolution-reply-code", "rfc2332-5.2.2-code", NULL, AUDIT_VIOLATION, SIGHT_REPLY | SIGHT_ORPHAN,
     TYPES(2), reply_code, "A Resolution Reply has a code that does not belong there", NULL, "IB-043",
     FACT_REFUSED},
    {"resolution-reply-code-11", "rfc2332-5.2.2-no-binding-nak-12", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY | SIGHT_ORPHAN, TYPES(2), reply_code_11, "\"No binding exists\" is told with code 11", NULL,
     "IB-043", FACT_REFUSED},
    {"resolution-next-hop-missing", "rfc2332-5.2.2-next-hop", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY | SIGHT_ORPHAN, TYPES(2), next_hop_missing,
     "A Resolution Reply does not say where the next hop is", NULL, "IB-112", 0},
    {"resolution-next-hop", "rfc2332-5.2.2-next-hop", "rfc2332-5.2.2-fields-as-registered", AUDIT_VIOLATION,
     SIGHT_REPLY, TYPES(2), another_next_hop,
     "A Resolution Reply gives another NBMA address than the one that was registered",
     "On FRR give the tunnel interface a /32 address.", "IB-061 IB-174", 0},
    {"resolution-covers-requester", "defacto-tunnel-subnet-not-resolved", "rfc2332-5.2.2-prefix",
     AUDIT_MISTAKE, SIGHT_REPLY, TYPES(2), covers_requester,
     "A Resolution Reply is for the whole tunnel network", "On FRR give the tunnel interface a /32 address.",
     "IB-174 IB-061", 0},
    {"resolution-hold-remaining", "rfc2332-5.2.2-hold-remaining", NULL, AUDIT_VIOLATION, SIGHT_REPLY,
     TYPES(2), hold_too_long, "A server hands out a mapping for longer than it holds", NULL, NULL, 0},
    {"resolution-authoritative", "rfc2332-5.2.2-authoritative", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(2),
     not_authoritative, "A station's reply about itself is not authoritative", NULL, NULL, 0},
    {"resolution-nak-rest", "rfc2332-5.2.2-nak-rest-zero", NULL, AUDIT_NOTE, SIGHT_REPLY | SIGHT_ORPHAN,
     TYPES(2), nak_not_bare, "A refused resolution has more than a code", NULL, NULL, FACT_REFUSED},
    {"resolution-preference", "rfc2332-5.2.2-first-entry-preferred", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY | SIGHT_ORPHAN, TYPES(2), not_in_order, "The first CIE is not the preferred one", NULL, NULL,
     FACT_ENTRIES},
    {"resolution-wider", "rfc2332-5.2.1-widest-prefix-honoured", NULL, AUDIT_NOTE, SIGHT_REPLY, TYPES(2),
     wider_than_asked, "A Resolution Reply has a wider prefix than was asked for", NULL, NULL, 0},
    {"resolution-egress-entries", "draft-4.5-one-cie", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(2),
     many_in_phase_3, "The reply of an egress has several CIEs", NULL, NULL, FACT_ENTRIES},
    {"resolution-own-addresses", "draft-4.5-own-addresses", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(2),
     not_own_address, "An egress gives another NBMA address than its own", NULL, NULL, 0},
    {"resolution-answered-twice", "rfc2332-5.2.2-answered-once", NULL, AUDIT_VIOLATION, SIGHT_FORWARD,
     TYPES(2), answered_twice, "Two stations answer one Resolution Request", NULL, "IB-067", 0},
    {"resolution-reply-straight", "rfc2332-5.2.2-reply-straight-to-client", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY | SIGHT_FORWARD, TYPES(2), reply_not_straight,
     "The requester's server does not send the reply straight to it", NULL, NULL, 0},
    {0},
};
