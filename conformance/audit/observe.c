/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observe: turns packets into sights, has them judged, and then remembers them. What a sight shows of the
 * past is how things stood before it; rules look, this file writes.
 */
#include "audit/observe.h"

#include <stdlib.h>
#include <string.h>

#include "audit/rules.h"

/* A router passes a packet on within this. */
#define PASSED_ON_WITHIN_US US_PER_S

static bool has_record(const struct nhrp_message *m)
{
    uint16_t type = TYPES(m->fixed.type) & TYPES_REPLY ? NHRP_EXT_REVERSE_TRANSIT : NHRP_EXT_FORWARD_TRANSIT;
    return record_length(m, type) > 0;
}

/* Is it as its originator sent it? A forwarder leaves its record, or at least sends from elsewhere. */
static bool is_own(const struct sight *s)
{
    if (s->events & SIGHT_FORWARD)
        return false;
    if (!(s->facts & FACT_RECORD) || !has_record(s->m))
        return true;
    return TYPES(s->m->fixed.type) & TYPES_REQUEST && !(s->facts & FACT_ELSEWHERE) && !addr_is_none(s->from);
}

/* Another NBMA address holds the tunnel address as unique. */
static bool is_held_by_another(const struct sight *s, struct addr claimed)
{
    return s->m->fixed.type == NHRP_REGISTRATION_REPLY && s->m->registration.unique && s->client != NULL &&
           !addr_is_none(s->client->holder) && instant_before(s->at, s->client->holder_until) &&
           !addr_equal(s->client->holder, claimed);
}

/* Facts about the two ends. */
static unsigned facts_of_parties(const struct sight *s)
{
    struct addr claimed = addr_from_span(s->m->source_nbma);
    unsigned facts = 0;
    if (!addr_is_none(s->from) && !addr_equal(s->from, claimed))
        facts |= FACT_ELSEWHERE;
    if (s->sender != NULL && s->sender != s->client)
        facts |= FACT_NEIGHBOUR;
    if (s->client != NULL && !addr_equal(s->client->claimed, claimed))
        facts |= FACT_MOVED;
    if (is_held_by_another(s, claimed))
        facts |= FACT_HELD;
    return facts;
}

/* Facts about a reply beside its request. */
static unsigned facts_of_reply(const struct sight *s)
{
    const uint32_t exempt = TYPES(NHRP_EXT_END) | TYPES(NHRP_EXT_AUTHENTICATION);
    const struct kept *asked = s->request->asked;
    unsigned facts = asked->facts & (FACT_AUTH | FACT_FOREIGN);
    if (s->extensions & ~asked->extensions & ~exempt)
        facts |= FACT_ADDED;
    if (asked->extensions & ~s->extensions & ~exempt)
        facts |= FACT_LOST;
    if (!span_equal(s->asked->source_nbma, s->m->source_nbma) ||
        !span_equal(s->asked->destination_protocol, s->m->destination_protocol) ||
        s->asked->registration.unique != s->m->registration.unique || (asked->facts | s->facts) & FACT_ENTRIES ||
        !addr_equal(s->request->from, s->to))
        facts |= FACT_DIFFERS;
    return facts;
}

static void gather_facts(struct sight *s)
{
    s->facts |= message_facts(s->m, &s->extensions) | facts_of_parties(s);
    if (s->request != NULL && (s->request->tries > 1 || s->request->failed))
        s->facts |= FACT_TROUBLE;
    if (s->asked != NULL && (s->events & SIGHT_REPLY))
        s->facts |= facts_of_reply(s);
}

static bool same_leg(const struct sight *s, struct addr from, struct addr to)
{
    return addr_equal(s->from, from) && addr_equal(s->to, to);
}

static void look_at_request(struct sight *s)
{
    s->request = request_find(s->audit, s->cloud, s->m->fixed.type, s->m->request_id, s->source);
    if (s->request == NULL) {
        s->events |= SIGHT_ORIGINAL;
        return;
    }
    const struct nhrp_message *kept = request_message(s->request);
    bool passed_on = addr_is_none(s->from) ? kept != NULL && record_length(s->m, NHRP_EXT_FORWARD_TRANSIT) >
                                                                 record_length(kept, NHRP_EXT_FORWARD_TRANSIT)
                                           : !same_leg(s, s->request->from, s->request->to);
    if (passed_on) {
        s->events |= SIGHT_FORWARD;
        s->earlier = kept;
    } else {
        s->events |= SIGHT_RETRY;
    }
}

static void look_at_reply(struct sight *s)
{
    s->request =
        request_find(s->audit, s->cloud, (uint8_t)(s->m->fixed.type - 1), s->m->request_id, s->source);
    if (s->request == NULL) {
        s->events |= SIGHT_ORPHAN;
    } else if (s->request->replies == 0) {
        s->events |= SIGHT_REPLY;
        s->asked = request_message(s->request);
    } else if (same_leg(s, s->request->reply_from, s->request->reply_to)) {
        s->events |= SIGHT_REPLY_AGAIN;
    } else {
        s->events |= SIGHT_FORWARD;
        s->earlier = s->request->answer != NULL ? &s->request->answer->message : NULL;
    }
}

/* The request that an Error Indication is about. */
static void look_at_error(struct sight *s, struct nhrp_message *head)
{
    s->events |= SIGHT_ORIGINAL;
    if (nhrp_decode_head(s->m->contents, head).status != CODEC_OK)
        return;
    s->asked = head;
    uint8_t type = head->fixed.type;
    if (type >= NHRP_RESOLUTION_REQUEST && type <= NHRP_PURGE_REPLY)
        s->request = request_find(s->audit, s->cloud, (uint8_t)(type - (type % 2 == 0)), head->request_id,
                                  addr_from_span(head->source_protocol));
}

static void remember_request_id(struct station *station, const struct nhrp_message *m)
{
    unsigned family = (m->fixed.type - 1u) / 2;
    station->last_id[family] = m->request_id;
    station->has_last_id[family] = true;
}

/* The station of the message's source. */
static struct station *station_heard(struct sight *s, struct addr outer)
{
    if (s->client == NULL || (!addr_is_none(outer) && !addr_equal(outer, s->client->outer)))
        return station_meet(s->audit, s->cloud, s->source, outer);
    station_touch(s->audit, s->client);
    return s->client;
}

static void remember_registration(const struct sight *s, struct station *station)
{
    struct nhrp_cie cie;
    station->roles |= AUDIT_CLIENT;
    station->claimed = addr_from_span(s->m->source_nbma);
    station->asked_at = s->at;
    station->server = s->to;
    station->unique = s->m->registration.unique;
    if (station->binding == BINDING_NONE)
        station->binding = BINDING_ASKED;
    if (first_cie(s->m, &cie))
        station->hold_s = cie.hold_s;
    if (s->out != NULL)
        s->out->registrations++;
}

static void remember_new_request(struct sight *s)
{
    struct audit *a = s->audit;
    s->request = request_add(a, s->cloud, s->m);
    s->request->from = s->from;
    s->request->to = s->to;
    s->request->frame = s->frame;
    s->request->at = s->at;
    s->request->forwarded = !s->own;
}

static bool purges_itself(const struct sight *s)
{
    struct nhrp_cie cie;
    return first_cie(s->m, &cie) && addr_equal(addr_from_span(cie.protocol), s->source);
}

static void remember_request(struct sight *s, struct span message)
{
    struct audit *a = s->audit;
    if (s->events & SIGHT_ORIGINAL)
        remember_new_request(s);
    struct request *r = s->request;
    if (s->events & SIGHT_FORWARD)
        r->forwarded = true;
    else
        r->tries++;
    r->last_at = s->at;
    r->last_from = s->from;
    r->last_to = s->to;
    free(r->asked);
    r->asked = message_keep(s->m, message);
    if (r->asked != NULL) {
        r->asked->facts = s->facts;
        r->asked->extensions = s->extensions;
    }
    table_touch(r->answered ? &a->settled : &a->waiting, &r->node);

    struct station *station = station_heard(s, s->own ? s->from : (struct addr){0});
    if (station == NULL)
        return;
    if (s->events & SIGHT_ORIGINAL)
        remember_request_id(station, s->m);
    if (s->own && addr_is_none(station->claimed))
        station->claimed = addr_from_span(s->m->source_nbma);
    if (s->m->fixed.type == NHRP_REGISTRATION_REQUEST && s->own)
        remember_registration(s, station);
    if (s->m->fixed.type == NHRP_PURGE_REQUEST && s->own && purges_itself(s) &&
        addr_equal(s->to, station->server)) {
        station->purged_at = s->at;
        station->binding = BINDING_NONE;
        station->holder = (struct addr){0};
    }
    if (s->m->fixed.type == NHRP_RESOLUTION_REQUEST && (s->events & SIGHT_ORIGINAL)) {
        station->roles |= AUDIT_INGRESS;
        station->asked_about++;
        station->told = 0;
        struct mapping *mapping = mapping_meet(a, s->cloud, s->source, s->destination);
        mapping->asked_at = s->at;
        if (!instant_reached(mapping->expires_at, s->at))
            mapping->expires_at = s->at;
    }
}

/* From now on the client's tunnel is kept with the client. */
static void keep_tunnel(struct sight *s, struct station *client)
{
    if (s->out == NULL || s->out == &client->side[1] || !addr_equal(client->outer, s->to) ||
        !addr_equal(client->server, s->from))
        return;
    client->side[0] = *s->back;
    client->side[1] = *s->out;
    s->back = &client->side[0];
    s->out = &client->side[1];
    pair_forget(s->audit, s->from, s->to);
}

/* Who answers: the destination, unless a client that knew no server has put itself there (RFC2332 §5.2.3). */
static struct addr server_of(const struct sight *s)
{
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    if (!addr_equal(s->destination, s->source))
        return s->destination;
    bool told =
        nhrp_ext_find(s->m->extensions, NHRP_EXT_RESPONDER_ADDRESS, &ext) && nhrp_cie_next(&ext.value, &cie);
    return told ? addr_from_span(cie.protocol) : (struct addr){0};
}

/* The server of a reply is the station that sent it, as a rule: it need not be looked for. */
static struct station *server_heard(struct sight *s, struct addr answers)
{
    if (addr_is_none(answers))
        return NULL;
    if (s->sender == NULL || !addr_equal(s->sender->protocol, answers))
        return station_meet(s->audit, s->cloud, answers, s->from);
    station_touch(s->audit, s->sender);
    return s->sender;
}

static void remember_registration_reply(struct sight *s)
{
    struct nhrp_cie cie;
    struct station *client = station_heard(s, (struct addr){0});
    struct station *server = server_heard(s, server_of(s));
    if (server != NULL)
        server->roles |= AUDIT_SERVER;
    if (client == NULL || !first_cie(s->m, &cie))
        return;
    client->refusal = cie.code;
    client->binding = cie.code == NHRP_CIE_OK ? BINDING_ACCEPTED : BINDING_REFUSED;
    client->registered_again = s->request != NULL && s->request->tries == 1;
    if (cie.code != NHRP_CIE_OK)
        return;
    client->accepted_at = s->at;
    keep_tunnel(s, client);
    client->hold_s = cie.hold_s;
    client->roles |= AUDIT_CLIENT;
    if (s->m->registration.unique) {
        client->holder = addr_from_span(s->m->source_nbma);
        client->holder_until = instant_after_s(s->at, cie.hold_s);
    }
}

static void remember_resolution_reply(const struct sight *s)
{
    struct nhrp_cie cie;
    if (!first_cie(s->m, &cie))
        return;
    struct mapping *mapping = mapping_meet(s->audit, s->cloud, s->source, s->destination);
    mapping->at = s->at;
    mapping->refused = cie.code != NHRP_CIE_OK;
    mapping->hold_s = cie.hold_s;
    mapping->next_hop_nbma = addr_from_span(cie.nbma);
    mapping->expires_at = instant_after_s(s->at, cie.hold_s);
    struct nhrp_cie nat;
    if (record_last(s->m, NHRP_EXT_NAT_ADDRESS, &nat) && nat.nbma.len > 0)
        mapping->next_hop_nbma = addr_from_span(nat.nbma);
    if (cie.code == NHRP_CIE_OK) {
        struct station *egress =
            station_meet(s->audit, s->cloud, addr_from_span(cie.protocol), (struct addr){0});
        if (egress != NULL) {
            egress->roles |= AUDIT_EGRESS;
            if (addr_is_none(egress->claimed))
                egress->claimed = addr_from_span(cie.nbma);
        }
    }
}

static void remember_reply(struct sight *s, struct span message)
{
    struct request *r = s->request;
    struct nhrp_cie cie;
    if (r != NULL) {
        if (s->events & SIGHT_REPLY) {
            r->responder = s->from;
            r->refused = first_cie(s->m, &cie) && cie.code != NHRP_CIE_OK;
        }
        if (s->events & (SIGHT_REPLY | SIGHT_REPLY_AGAIN))
            r->replies++;
        r->reply_from = s->from;
        r->reply_to = s->to;
        free(r->answer);
        /* Registrations are answered straight to the client: no further leg to compare. */
        r->answer = s->m->fixed.type == NHRP_REGISTRATION_REPLY ? NULL : message_keep(s->m, message);
        request_settle(s->audit, r);
    }
    if (s->m->fixed.type == NHRP_REGISTRATION_REPLY)
        remember_registration_reply(s);
    else if (s->m->fixed.type == NHRP_RESOLUTION_REPLY)
        remember_resolution_reply(s);
    else if (s->client != NULL && s->client->binding == BINDING_ACCEPTED && s->own)
        station_meet(s->audit, s->cloud, s->destination, s->from);
}

static void remember_indication(struct sight *s)
{
    struct ip data;
    struct station *teller = station_meet(s->audit, s->cloud, s->source, s->own ? s->from : (struct addr){0});
    if (teller != NULL)
        teller->roles |= AUDIT_TRANSIT;
    struct station *told = station_at(s->audit, s->cloud, s->to);
    if (told != NULL) {
        if (told->told++ == 0)
            told->told_first_at = s->at;
        told->told_at = s->at;
    }
    if (ip_decode_head(s->m->contents, &data).status != CODEC_OK)
        return;
    if (told != NULL) {
        told->told_source = data.source;
        told->told_destination = data.destination;
    }
    struct flow *flow = flow_meet(s->audit, s->cloud, data.source, data.destination);
    if (flow->told == 0)
        flow->at = s->at;
    flow->told++;
    if (instant_diff_us(flow->told_since, s->at) > US_PER_S) {
        flow->told_since = s->at;
        flow->told_lately = 0;
    }
    flow->told_lately++;
    flow->told_at = s->at;
    flow->told_from = s->from;
    flow->told_to = s->to;
    flow->told_signature = (uint64_t)data.id << 1 | 1;
}

static void remember_error(struct sight *s)
{
    s->request->failed = true;
    s->request->errors++;
    s->request->error_from = s->from;
}

static void remember_message(struct sight *s, struct span message)
{
    uint8_t type = s->m->fixed.type;
    if (TYPES(type) & TYPES_REQUEST)
        remember_request(s, message);
    else if (TYPES(type) & TYPES_REPLY)
        remember_reply(s, message);
    else if (type == NHRP_TRAFFIC_INDICATION)
        remember_indication(s);
    else if (s->request != NULL && s->own)
        remember_error(s);
    if ((s->events & SIGHT_FORWARD) && s->sender != NULL)
        s->sender->roles |= AUDIT_TRANSIT;
}

static bool has_odd_tunnel(const struct sight *s)
{
    const struct gre *gre = &s->packet->gre;
    return gre->has_sequence || gre->has_checksum || gre->ignored_bits != 0 || addr_is_unspecified(s->to);
}

/* The tunnel of a registered client is kept with the client; any other is found by its addresses. */
void observe_tunnel(struct sight *s, struct station *client)
{
    bool registered = client != NULL && client->binding == BINDING_ACCEPTED;
    if (addr_is_none(s->from))
        return;
    if (registered && addr_equal(client->outer, s->from) && addr_equal(client->server, s->to)) {
        s->out = &client->side[0];
        s->back = &client->side[1];
    } else if (registered && addr_equal(client->outer, s->to) && addr_equal(client->server, s->from)) {
        s->out = &client->side[1];
        s->back = &client->side[0];
    } else {
        struct pair *pair = pair_meet(s->audit, s->from, s->to);
        s->out = pair_side(pair, s->from);
        s->back = pair_side(pair, s->to);
    }
    if (s->events & SIGHT_GRE && (s->out->sequence || has_odd_tunnel(s)))
        s->facts |= FACT_TUNNEL;
}

void observe_message(struct sight *s, struct span message)
{
    struct nhrp_message embedded;
    s->source = addr_from_span(s->m->source_protocol);
    s->destination = addr_from_span(s->m->destination_protocol);
    s->client = station_find(s->audit, s->cloud, s->source);
    s->sender = s->client != NULL && !addr_is_none(s->from) && addr_equal(s->client->outer, s->from)
                    ? s->client
                    : station_at(s->audit, s->cloud, s->from);
    s->events |= SIGHT_MESSAGE;
    observe_tunnel(s, s->client);
    if (TYPES(s->m->fixed.type) & TYPES_REQUEST)
        look_at_request(s);
    else if (TYPES(s->m->fixed.type) & TYPES_REPLY)
        look_at_reply(s);
    else if (s->m->fixed.type == NHRP_ERROR_INDICATION)
        look_at_error(s, &embedded);
    else
        s->events |= SIGHT_ORIGINAL;
    gather_facts(s);
    s->own = is_own(s);
    rules_judge(s->audit, s);
    remember_message(s, message);
    s->cloud->messages++;
    s->cloud->authenticated += (s->facts & FACT_AUTH) != 0;
    s->cloud->of_type[s->m->fixed.type]++;
}

static void remember_data(struct sight *s, uint64_t signature)
{
    struct flow *flow = s->flow;
    if (s->events & SIGHT_HAIRPIN) {
        if (flow->hairpins++ == 0)
            flow->first_hairpin_at = s->at;
        flow->ingress = flow->from;
        flow->came_frame = flow->frame;
        flow->via = s->from;
        s->cloud->hairpins++;
        if (s->sender != NULL)
            s->sender->roles |= AUDIT_TRANSIT;
    } else {
        flow->packets++;
    }
    flow->signature = signature;
    flow->from = s->from;
    flow->to = s->to;
    flow->ttl = s->packet->inner.ttl;
    flow->at = s->at;
    flow->frame = s->frame;
    struct station *receiver = station_at(s->audit, s->cloud, s->to);
    if (s->sender != NULL && receiver != NULL && !((s->sender->roles | receiver->roles) & AUDIT_SERVER) &&
        (receiver->roles & AUDIT_EGRESS)) {
        s->cloud->direct++;
        if (flow->direct_first_at.us == 0)
            flow->direct_first_at = s->at;
        flow->direct_at = s->at;
    }
}

void observe_data(struct sight *s)
{
    const struct ip *inner = &s->packet->inner;
    uint64_t signature = packet_signature(inner);
    s->events |= SIGHT_DATA;
    s->sender = station_at(s->audit, s->cloud, s->from);
    struct station *receiver = station_at(s->audit, s->cloud, s->to);
    observe_tunnel(s, s->sender != NULL && addr_equal(s->sender->server, s->to) ? s->sender : receiver);
    s->flow = flow_meet(s->audit, s->cloud, inner->source, inner->destination);
    if (s->flow->signature == signature && addr_equal(s->flow->to, s->from) &&
        instant_diff_us(s->flow->at, s->at) <= PASSED_ON_WITHIN_US)
        s->events |= SIGHT_HAIRPIN;
    rules_judge(s->audit, s);
    remember_data(s, signature);
    s->cloud->data++;
    if (s->sender != NULL)
        station_touch(s->audit, s->sender);
    if (addr_is_multicast(inner->destination))
        s->out->multicast++;
}

void observe_unanswered(struct audit *a, struct request *r)
{
    struct sight s = {.audit = a,
                      .events = SIGHT_UNANSWERED,
                      .frame = r->frame,
                      .at = r->at,
                      .cloud = r->cloud,
                      .from = r->last_from,
                      .to = r->last_to,
                      .source = r->source,
                      .request = r,
                      .client = station_find(a, r->cloud, r->source),
                      .sender = station_at(a, r->cloud, r->last_to),
                      .totals = &a->totals};
    r->reported = true;
    observe_tunnel(&s, s.client);
    rules_judge(a, &s);
}
