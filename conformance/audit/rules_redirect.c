/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_redirect: Traffic Indications (DRAFT sections 4.3, 4.4 and 5.1). */
#include "audit/rules.h"

#define IPV4_HEADER_LEN 20
#define EMBEDDED_LEAST  28
#define EMBEDDED_MOST   128
#define TOLD_PER_S_MAX  4
#define TOLD_IN_VAIN    3
#define TOLD_FOR_S      10
#define LASTING_PACKETS 20
#define LASTING_S       10

static bool read_embedded(const struct sight *s, struct ip *data)
{
    return ip_decode_head(s->m->contents, data).status == CODEC_OK;
}

static bool embedded_missing(const struct sight *s, struct claim *c)
{
    struct ip data;
    text_add(&c->words, "%zu octets of the data packet, from which no IP header can be read",
             s->m->contents.len);
    return !read_embedded(s, &data);
}

static bool embedded_too_long(const struct sight *s, struct claim *c)
{
    struct span head = s->m->contents;
    if (head.len < IPV4_HEADER_LEN || head.data[0] >> 4 != 4)
        return false;
    unsigned total = (unsigned)head.data[2] << 8 | head.data[3];
    text_add(&c->words, "%zu octets of a data packet of %u", head.len, total);
    return head.len > total;
}

static bool embedded_size(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%zu octets of the data packet", s->m->contents.len);
    return s->m->contents.len > EMBEDDED_MOST ||
           (s->m->contents.len >= IPV4_HEADER_LEN && s->m->contents.len < EMBEDDED_LEAST);
}

static bool about_multicast(const struct sight *s, struct claim *c)
{
    struct ip data;
    if (!read_embedded(s, &data) || !addr_is_multicast(data.destination))
        return false;
    claim_add_addr(c, "about a packet to ", data.destination, "");
    return true;
}

static bool bad_traffic_code(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "traffic code %u, unused fields 0x%04x and 0x%04x", s->m->traffic.code,
             s->m->traffic.unused, s->m->traffic.unused2);
    return s->m->traffic.code != 0 || s->m->traffic.unused != 0 || s->m->traffic.unused2 != 0;
}

static bool told_stranger(const struct sight *s, struct claim *c)
{
    struct ip data;
    if (!read_embedded(s, &data))
        return false;
    claim_add_addr(c, "for ", s->destination, "");
    claim_add_addr(c, ", about a packet from ", data.source, "");
    claim_add_addr(c, " to ", data.destination, "");
    return !addr_equal(s->destination, data.source) && !addr_equal(s->destination, data.destination);
}

static const struct flow *flow_told(const struct sight *s, struct ip *data)
{
    return read_embedded(s, data) ? flow_find(s->audit, s->cloud, data->source, data->destination) : NULL;
}

static bool told_wrong_station(const struct sight *s, struct claim *c)
{
    struct ip data;
    const struct flow *flow = flow_told(s, &data);
    if (flow == NULL || flow->hairpins == 0 || addr_is_none(s->to) || !addr_equal(flow->via, s->from) ||
        addr_equal(flow->ingress, s->to))
        return false;
    claim_add_addr(c, "the data came from ", flow->ingress, "");
    claim_add_addr(c, ", the indication goes to ", s->to, "");
    return true;
}

static bool told_too_often(const struct sight *s, struct claim *c)
{
    struct ip data;
    const struct flow *flow = flow_told(s, &data);
    if (flow == NULL || flow->told == 0 || instant_diff_us(flow->told_since, s->at) > US_PER_S)
        return false;
    text_add(&c->words, "%u indications about one flow within a second", flow->told_lately + 1);
    return flow->told_lately + 1 > TOLD_PER_S_MAX;
}

static bool told_twice(const struct sight *s, struct claim *c)
{
    struct ip data;
    const struct flow *flow = flow_told(s, &data);
    if (flow == NULL || flow->told == 0 || data.id == 0 || addr_is_none(s->from))
        return false;
    text_add(&c->words, "two indications about one data packet (identification %u)", (unsigned)data.id);
    return flow->told_signature == ((uint64_t)data.id << 1 | 1) &&
           instant_diff_us(flow->told_at, s->at) <= US_PER_S && addr_equal(flow->told_from, s->from) &&
           addr_equal(flow->told_to, s->to);
}

static bool source_not_sender(const struct sight *s, struct claim *c)
{
    struct addr claimed = addr_from_span(s->m->source_nbma);
    if (!s->own || addr_is_none(s->from) || addr_equal(claimed, s->from))
        return false;
    claim_add_addr(c, "source NBMA address ", claimed, "");
    claim_add_addr(c, ", sent from ", s->from, "");
    return true;
}

/* It was told where the destination is, and that has ended since. */
static bool resolution_has_ended(const struct sight *s, const struct station *told)
{
    struct ip data;
    const struct mapping *mapping =
        read_embedded(s, &data) ? mapping_find(s->audit, s->cloud, told->protocol, data.destination) : NULL;
    return mapping != NULL && mapping->at.us != 0 && !mapping->refused &&
           instant_reached(told->told_first_at, mapping->expires_at);
}

static bool told_in_vain(const struct sight *s, struct claim *c)
{
    const struct station *told = station_at(s->audit, s->cloud, s->to);
    if (told == NULL || told->told + 1 < TOLD_IN_VAIN ||
        seconds_between(told->told_first_at, s->at) < TOLD_FOR_S ||
        (told->asked_about > 0 && !resolution_has_ended(s, told)))
        return false;
    c->about = told->protocol;
    text_add(&c->words, "told %u times in %lld s, and %s", (unsigned)told->told + 1,
             (long long)seconds_between(told->told_first_at, s->at),
             told->asked_about > 0 ? "not asked since its resolution has ended" : "never asked");
    return true;
}

static bool passed_on(const struct sight *s, struct claim *c)
{
    struct nhrp_cie last;
    if (!record_last(s->m, NHRP_EXT_FORWARD_TRANSIT, &last))
        return false;
    claim_add_addr(c, "passed on by ", addr_from_span(last.protocol), "");
    return true;
}

/* Data for other spokes comes back out of the hub, and in this cloud spokes are told of shorter ways or ask.
 */
static bool never_told(const struct sight *s, struct claim *c)
{
    const struct flow *flow = s->flow;
    if (flow->told > 0 || flow->hairpins + 1 < LASTING_PACKETS ||
        seconds_between(flow->first_hairpin_at, s->at) < LASTING_S ||
        s->cloud->of_type[NHRP_TRAFFIC_INDICATION] == 0)
        return false;
    text_add(&c->words, "%u packets in %lld s go back into the tunnel", (unsigned)flow->hairpins + 1,
             (long long)seconds_between(flow->first_hairpin_at, s->at));
    return !addr_is_multicast(flow->destination);
}

static bool no_shorter_way(const struct sight *s, struct claim *c)
{
    const struct flow *flow = s->flow;
    if (flow->hairpins + 1 < LASTING_PACKETS || seconds_between(flow->first_hairpin_at, s->at) < LASTING_S ||
        s->cloud->of_type[NHRP_TRAFFIC_INDICATION] > 0 || addr_is_multicast(flow->destination))
        return false;
    text_add(&c->words, "%u packets in %lld s go through the hub, and nobody is told of a shorter way",
             (unsigned)flow->hairpins + 1, (long long)seconds_between(flow->first_hairpin_at, s->at));
    return true;
}

const struct audit_rule rules_redirect[] = {
    {"redirect-embedded", "draft-4.3-embedded-packet", "draft-4.4-no-request-for-fragment", AUDIT_VIOLATION,
     SIGHT_ORIGINAL, TYPES(8), embedded_missing,
     "A Traffic Indication does not carry the head of a data packet", NULL, "IB-127 IB-106", 0},
    {"redirect-embedded-long", "draft-4.3-embedded-within-packet", "draft-5.1-no-entries", AUDIT_VIOLATION,
     SIGHT_ORIGINAL, TYPES(8), embedded_too_long,
     "A Traffic Indication carries more than the data packet had", NULL, "IB-106", 0},
    {"redirect-embedded-size", "defacto-embedded-size", NULL, AUDIT_NOTE, SIGHT_ORIGINAL, TYPES(8),
     embedded_size, "A Traffic Indication carries less or more of the data packet than is usual",
     "On a Linux hub set the NFLOG rule's size to 128.", "IB-177 IB-105", 0},
    {"redirect-multicast", "draft-4.3-unicast-only", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(8),
     about_multicast, "A Traffic Indication is about multicast", NULL, "IB-107", 0},
    {"redirect-code", "draft-5.1-traffic-code", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(8),
     bad_traffic_code, "The traffic code or an unused field of a Traffic Indication is not 0", NULL, NULL, 0},
    {"redirect-told", "draft-5.1-told-station", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(8),
     told_stranger, "A Traffic Indication is for neither end of the data packet", NULL, NULL, 0},
    {"redirect-ingress", "draft-4.3-redirect-to-ingress", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(8),
     told_wrong_station, "A Traffic Indication does not go to the station that the data came from", NULL,
     NULL, 0},
    {"redirect-rate", "draft-4.3-redirect-rate-limit", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(8),
     told_too_often, "Traffic Indications are not rate limited",
     "On a Linux hub limit the NFLOG rule (hashlimit).", "IB-110 IB-177", 0},
    {"redirect-twice", "draft-4.3-redirect-rate-limit", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(8),
     told_twice, "Two Traffic Indications about one data packet", NULL, "IB-108", 0},
    {"redirect-source", "draft-5.1-source-addresses", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(8),
     source_not_sender, "A Traffic Indication names another source than its sender", NULL, NULL, 0},
    {"redirect-passed-on", "draft-4.4-intermediate-drops-indication", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES(8), passed_on, "A Traffic Indication is passed on", NULL, "IB-108", FACT_RECORD},
    {"redirect-in-vain", "defacto-shortcut-enabled", NULL, AUDIT_MISTAKE, SIGHT_ORIGINAL, TYPES(8),
     told_in_vain, "A spoke is told of a shorter way again and again, and does not ask for it",
     "Switch on shortcuts at the spoke (`ip nhrp shortcut`).", "IB-160 IB-002 IB-114", 0},
    {"redirect-missing", "draft-4.3-redirect", "defacto-redirect-enabled", AUDIT_MISTAKE, SIGHT_HAIRPIN, 0,
     never_told, "Lasting traffic between spokes goes through the hub without a Traffic Indication",
     "Switch on redirects at the hub (`ip nhrp redirect`; on Linux the NFLOG rule as well).",
     "IB-159 IB-155 IB-177", 0},
    {"redirect-nowhere", "defacto-redirect-enabled", NULL, AUDIT_NOTE, SIGHT_HAIRPIN, 0, no_shorter_way,
     "Lasting traffic between spokes goes through the hub, as in Phase 1",
     "If it is meant to be Phase 3: switch on redirects at the hub (`ip nhrp redirect`; on Linux the NFLOG "
     "rule "
     "as well).",
     "IB-159 IB-177", 0},
    {0},
};
