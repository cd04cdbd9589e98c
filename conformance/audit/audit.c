/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audit: the life of an audit: packets taken to pieces and given to the observer, what is over forgotten, and
 * what was found read out. Must not judge; the rooms of rules do.
 */
#include "audit/audit.h"

#include <stdlib.h>
#include <string.h>

#include "audit/observe.h"
#include "memory.h"

#define ETHERTYPE_IPV4     0x0800
#define ETHERTYPE_IPV6     0x86dd
#define ETHERTYPE_NHRP     0x2001
#define PORT_NAT_TRAVERSAL 4500

struct audit *audit_new(void)
{
    struct audit *a = memory_zeroed(1, sizeof(*a));
    a->station_slab.size = sizeof(struct station);
    a->request_slab.size = sizeof(struct request);
    a->flow_slab.size = sizeof(struct flow);
    a->mapping_slab.size = sizeof(struct mapping);
    a->pair_slab.size = sizeof(struct pair);
    a->found = memory_zeroed(rules_count(), sizeof(*a->found));
    return a;
}

void audit_free(struct audit *a)
{
    if (a == NULL)
        return;
    requests_forget(a, true);
    flows_forget(a, true);
    stations_forget(a, true);
    table_free(&a->stations);
    table_free(&a->nbma);
    table_free(&a->waiting);
    table_free(&a->settled);
    table_free(&a->flows);
    table_free(&a->mappings);
    table_free(&a->pairs);
    slab_free(&a->station_slab);
    slab_free(&a->request_slab);
    slab_free(&a->flow_slab);
    slab_free(&a->mapping_slab);
    slab_free(&a->pair_slab);
    for (size_t i = 0; i < rules_count(); i++)
        free(a->found[i].slots);
    free(a->found);
    rules_forget_lists(a);
    free(a);
}

/* Time is up for a request whose last try is long enough ago. */
static void settle_accounts(struct audit *a, bool all)
{
    for (struct table_node *node = a->waiting.oldest; node != NULL; node = node->newer) {
        struct request *r = TABLE_OWNER(node, struct request, node);
        int64_t waited_us = instant_diff_us(r->last_at, a->now);
        if (waited_us <= (all ? ANSWER_WITHIN_MS * US_PER_MS : REQUEST_WAIT_S * US_PER_S))
            return;
        if (!r->reported && !r->failed)
            observe_unanswered(a, r);
    }
}

static void forget(struct audit *a)
{
    if (instant_diff_us(a->forgot_at, a->now) < FORGET_EACH_MS * US_PER_MS)
        return;
    a->forgot_at = a->now;
    settle_accounts(a, false);
    requests_forget(a, false);
    flows_forget(a, false);
    stations_forget(a, false);
}

static void remember_tunnel(struct sight *s)
{
    struct side *side = s->out;
    const struct gre *gre = &s->packet->gre;
    side->has_gre = true;
    side->has_key = gre->has_key;
    side->key = gre->key;
    side->sequence = gre->has_sequence;
    side->last_sequence = gre->sequence;
    side->last_ip_id = s->packet->outer.id;
}

static void take_gre(struct sight *s)
{
    struct audit *a = s->audit;
    const struct packet *p = s->packet;
    a->totals.gre++;
    s->cloud = audit_cloud(a, p->gre.has_key, p->gre.key);
    s->cloud->packets++;
    s->events |= SIGHT_GRE;
    switch (p->kind) {
    case PACKET_NHRP:
        a->totals.messages++;
        s->m = &p->nhrp;
        observe_message(s, p->gre.payload);
        break;
    case PACKET_DATA:
        a->totals.data++;
        observe_data(s);
        break;
    default:
        observe_tunnel(s, NULL);
        a->totals.keepalives += p->kind == PACKET_KEEPALIVE;
        rules_judge(a, s);
        break;
    }
    remember_tunnel(s);
}

static void take_underlay(struct sight *s)
{
    struct audit *a = s->audit;
    const struct packet *p = s->packet;
    struct udp udp;
    s->events |= SIGHT_UNDERLAY;
    observe_tunnel(s, NULL);
    rules_judge(a, s);
    struct side *side = s->out;
    bool in_udp = p->outer.protocol == IP_PROTOCOL_UDP && p->outer.fragment_offset == 0 &&
                  udp_decode(p->outer.payload, &udp).status == CODEC_OK &&
                  udp.destination_port == PORT_NAT_TRAVERSAL;
    if (p->outer.protocol == IP_PROTOCOL_ESP || in_udp) {
        a->totals.esp++;
        side->esp = true;
        side->esp_in_udp = in_udp;
    } else {
        a->totals.other++;
    }
}

/* What cannot be decoded does not tell its cloud. */
static struct station *station_of_any_cloud(const struct sight *s)
{
    struct station *station = NULL;
    for (size_t i = 0; i < s->audit->cloud_count && station == NULL; i++)
        station = station_at(s->audit, &s->audit->clouds[i], s->from);
    return station;
}

static void take_ip(struct sight *s, struct span bytes, bool cut)
{
    struct audit *a = s->audit;
    struct packet packet;
    packet_decode(bytes, &packet);
    s->packet = &packet;
    if (packet.kind == PACKET_BAD && (cut || packet.bad_layer == PACKET_OUTER)) {
        a->totals.undecodable += !cut;
        a->totals.cut += cut;
        return;
    }
    s->from = packet.outer.source;
    s->to = packet.outer.destination;
    if (packet.kind == PACKET_BAD) {
        a->totals.undecodable++;
        observe_tunnel(s, station_of_any_cloud(s));
        s->events |= SIGHT_BAD;
        if (packet.has_gre) {
            s->cloud = audit_cloud(a, packet.gre.has_key, packet.gre.key);
            s->cloud->packets++;
            s->sender = station_at(a, s->cloud, s->from);
            a->totals.gre++;
        }
        rules_judge(a, s);
    } else if (packet.has_gre) {
        take_gre(s);
    } else if (packet.kind == PACKET_NHRP) {
        a->totals.messages++;
        s->cloud = audit_cloud(a, false, 0);
        s->m = &packet.nhrp;
        observe_message(s, packet.outer.payload);
    } else {
        take_underlay(s);
    }
}

/* A message without outer header: it is known who sent it from what it says only. */
static void take_message(struct sight *s, struct span bytes, bool cut)
{
    struct audit *a = s->audit;
    struct packet packet = {.kind = PACKET_NHRP};
    packet.error = nhrp_decode(bytes, NHRP_DECODE_STRICT, &packet.nhrp);
    s->packet = &packet;
    s->cloud = audit_cloud(a, false, 0);
    s->cloud->packets++;
    if (packet.error.status != CODEC_OK) {
        a->totals.undecodable += !cut;
        a->totals.cut += cut;
        packet.kind = PACKET_BAD;
        packet.bad_layer = PACKET_MESSAGE;
        packet.outer.payload = bytes;
        s->events |= SIGHT_BAD;
        if (!cut)
            rules_judge(a, s);
        return;
    }
    a->totals.messages++;
    s->m = &packet.nhrp;
    observe_message(s, bytes);
}

void audit_packet(struct audit *a, size_t frame, struct instant at, uint16_t ethertype, struct span packet,
                  bool cut)
{
    if (!a->started)
        a->first_at = at;
    a->started = true;
    /* A capture merged from several files may step back; time here does not. */
    if (instant_before(a->now, at))
        a->now = at;
    a->totals.frames++;
    a->totals.bytes += packet.len;
    forget(a);
    struct sight s = {.audit = a, .frame = frame, .at = a->now, .totals = &a->totals};
    if (ethertype == ETHERTYPE_NHRP)
        take_message(&s, packet, cut);
    else if (ethertype == ETHERTYPE_IPV4 || ethertype == ETHERTYPE_IPV6)
        take_ip(&s, packet, cut);
    else
        a->totals.other++;
}

void audit_end(struct audit *a)
{
    settle_accounts(a, true);
}

const struct audit_finding *audit_finding_at(const struct audit *a, size_t index)
{
    for (int severity = AUDIT_VIOLATION; severity >= AUDIT_NOTE; severity--)
        for (size_t r = 0; r < rules_count(); r++) {
            const struct rule_findings *found = &a->found[r];
            if (found->count == 0 || (int)audit_rule_severity(audit_rule_at(r)) != severity)
                continue;
            if (index < found->count)
                return &found->slots[index].finding;
            index -= found->count;
        }
    return NULL;
}

bool audit_has_failed(const struct audit *a)
{
    const struct audit_finding *first = audit_finding_at(a, 0);
    return first != NULL && audit_rule_severity(first->rule) != AUDIT_NOTE;
}

const struct audit_totals *audit_totals(const struct audit *a)
{
    return &a->totals;
}

static unsigned phase_of(const struct cloud *cloud, const char **why)
{
    if (cloud->of_type[NHRP_TRAFFIC_INDICATION] > 0) {
        *why = "a hub tells spokes of a shorter way";
        return 3;
    }
    if (cloud->of_type[NHRP_RESOLUTION_REQUEST] > 0) {
        *why = "spokes ask for addresses without being told of a shorter way";
        return 2;
    }
    if (cloud->hairpins > 0) {
        *why = "data between spokes goes through the hub, and nobody asks for a shorter way";
        return 1;
    }
    *why = "nothing shows it: no data between spokes and no resolution";
    return 0;
}

bool audit_cloud_at(const struct audit *a, size_t index, struct audit_cloud *out)
{
    if (index >= a->cloud_count)
        return false;
    const struct cloud *cloud = &a->clouds[index];
    *out = (struct audit_cloud){.has_key = cloud->has_key,
                                .key = cloud->key,
                                .messages = cloud->messages,
                                .data = cloud->data,
                                .hairpins = cloud->hairpins,
                                .direct = cloud->direct,
                                .authenticated = cloud->authenticated > 0,
                                .stations = cloud->stations};
    out->phase = phase_of(cloud, &out->why);
    return true;
}

void audit_each_station(const struct audit *a, size_t cloud, audit_station_fn *fn, void *arg)
{
    for (struct table_node *node = a->stations.oldest; node != NULL; node = node->newer) {
        const struct station *station = TABLE_OWNER(node, struct station, by_protocol);
        if (station->cloud != &a->clouds[cloud])
            continue;
        struct audit_station out = {.protocol = station->protocol,
                                    .nbma = station->claimed,
                                    .outer = station->outer,
                                    .roles = station->roles,
                                    .registered = station->binding == BINDING_ACCEPTED,
                                    .hold_s = station->hold_s};
        fn(arg, &out);
    }
}

const char *audit_roles_words(unsigned roles, char *buf, size_t cap)
{
    static const struct {
        unsigned role;
        const char *words;
    } names[] = {{AUDIT_SERVER, "server"},
                 {AUDIT_TRANSIT, "hub"},
                 {AUDIT_CLIENT, "client"},
                 {AUDIT_INGRESS, "ingress"},
                 {AUDIT_EGRESS, "egress"}};
    struct text text = text_of(buf, cap);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (roles & names[i].role)
            text_add(&text, "%s%s", text.len > 0 ? ", " : "", names[i].words);
    if (text.len == 0)
        text_add(&text, "member");
    return buf;
}
