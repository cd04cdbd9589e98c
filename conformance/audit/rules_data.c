/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_data: the data in the tunnel against what NHRP said about it (RFC 2332 section 2.2; DRAFT
 * section 4.7; RFC 1812 section 5.3.1).
 */
#include "audit/rules.h"

#define SETTLED_S 3 /* a reply takes effect within this */

static bool ttl_not_lowered(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "time to live %u in and %u out", s->flow->ttl, s->packet->inner.ttl);
    return s->packet->inner.ttl >= s->flow->ttl;
}

static bool sent_back(const struct sight *s, struct claim *c)
{
    claim_add_addr(c, "a packet from ", s->to, " is sent back to it");
    return addr_equal(s->flow->from, s->to);
}

static bool still_through_hub(const struct sight *s, struct claim *c)
{
    const struct station *ingress = station_at(s->audit, s->cloud, s->flow->from);
    if (ingress == NULL)
        return false;
    const struct mapping *mapping =
        mapping_find(s->audit, s->cloud, ingress->protocol, s->packet->inner.destination);
    if (mapping == NULL || mapping->at.us == 0 || mapping->refused ||
        instant_reached(s->at, mapping->expires_at) || addr_equal(mapping->next_hop_nbma, s->from) ||
        seconds_between(mapping->at, s->at) < SETTLED_S)
        return false;
    c->about = ingress->protocol;
    claim_add_addr(c, "", s->packet->inner.destination, "");
    claim_add_addr(c, " was resolved to ", mapping->next_hop_nbma, "");
    text_add(&c->words, " %lld s ago", (long long)seconds_between(mapping->at, s->at));
    return true;
}

static const struct mapping *mapping_used(const struct sight *s)
{
    if (s->sender == NULL || (s->events & SIGHT_HAIRPIN) || addr_equal(s->to, s->sender->server))
        return NULL;
    const struct mapping *mapping =
        mapping_find(s->audit, s->cloud, s->sender->protocol, s->packet->inner.destination);
    return mapping != NULL && mapping->at.us != 0 && addr_equal(mapping->next_hop_nbma, s->to) ? mapping
                                                                                               : NULL;
}

static bool used_after_expiry(const struct sight *s, struct claim *c)
{
    const struct mapping *mapping = mapping_used(s);
    if (mapping == NULL || mapping->refused || mapping->hold_s == 0)
        return false;
    int64_t late_s = seconds_between(mapping->expires_at, s->at);
    text_add(&c->words, "the mapping ended %lld s ago", (long long)late_s);
    return late_s >= SETTLED_S && mapping->asked_at.us <= mapping->at.us;
}

static bool used_though_refused(const struct sight *s, struct claim *c)
{
    const struct mapping *mapping = mapping_used(s);
    claim_add_addr(c, "data goes to ", s->to, ", which a refusal named");
    return mapping != NULL && mapping->refused;
}

static bool one_way_only(const struct sight *s, struct claim *c)
{
    const struct flow *back =
        flow_find(s->audit, s->cloud, s->packet->inner.destination, s->packet->inner.source);
    if (back == NULL || back->direct_first_at.us == 0 ||
        seconds_between(back->direct_at, s->at) > SETTLED_S ||
        seconds_between(back->direct_first_at, s->at) < 10)
        return false;
    text_add(&c->words, "through the hub, while the other direction has gone directly for %lld s",
             (long long)seconds_between(back->direct_first_at, s->at));
    return true;
}

static bool to_nowhere(const struct sight *s, struct claim *c)
{
    claim_add_addr(c, "GRE to ", s->to, "");
    return addr_is_unspecified(s->to);
}

const struct audit_rule rules_data[] = {
    {"data-ttl", "rfc1812-5.3.1-ttl-decrement", "rfc2784-3.1-ttl-decrement", AUDIT_VIOLATION, SIGHT_HAIRPIN,
     0, ttl_not_lowered, "A router passes data on without lowering its time to live", NULL, NULL, 0},
    {"data-returned", "rfc2784-3.1-no-return", NULL, AUDIT_VIOLATION, SIGHT_HAIRPIN, 0, sent_back,
     "Data is sent back to the station that it came from", NULL, NULL, 0},
    {"data-still-through-hub", "draft-4.7-shortcut-used",
     "rfc2332-2.2-direct-after-reply draft-4.6-prefix-installed", AUDIT_VIOLATION, SIGHT_HAIRPIN, 0,
     still_through_hub, "Data goes through the hub although its destination was resolved", NULL,
     "IB-112 IB-114", 0},
    {"data-after-expiry", "rfc2332-5.2.0.1-hold-expiry",
     "draft-4.7-shortcut-expires rfc2332-6.2.1-expired-purged", AUDIT_VIOLATION, SIGHT_DATA, 0,
     used_after_expiry, "A mapping is used after its holding time", NULL, "IB-114 IB-179", 0},
    {"data-after-refusal", "rfc2332-5.2.0.1-nak-is-refusal", NULL, AUDIT_VIOLATION, SIGHT_DATA, 0,
     used_though_refused, "A refused resolution is used", NULL, "IB-069", 0},
    {"data-one-way", "defacto-shortcut-both-ways", NULL, AUDIT_MISTAKE, SIGHT_HAIRPIN, 0, one_way_only,
     "Two spokes reach each other directly in one direction only",
     "Switch on shortcuts at both spokes (`ip nhrp shortcut`), and compare their routes.", "IB-161 IB-056",
     0},
    {"data-to-nowhere", "defacto-outer-addresses", NULL, AUDIT_VIOLATION, SIGHT_GRE, 0, to_nowhere,
     "A tunnel packet is sent to no address", NULL, "IB-112", FACT_TUNNEL},
    {0},
};
