/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * intake: packets on their way to the observer. Each is decoded when it is put into the queue, and what is
 * known of its station is fetched while others are judged: with tens of thousands of stations, waiting for
 * memory is most of the work.
 */
#include "audit/intake.h"

#include <stdlib.h>
#include <string.h>

#include "audit/observe.h"
#include "base/checksum.h"
#include "memory.h"

#define ETHERTYPE_IPV4     0x0800
#define ETHERTYPE_IPV6     0x86dd
#define ETHERTYPE_NHRP     0x2001
#define PORT_NAT_TRAVERSAL 4500

/* Where the lengths stand. */
#define AT_IPV4_TOTAL_LEN   2
#define AT_IPV4_CHECKSUM    10
#define IPV4_HEADER_LEN     20
#define AT_IPV6_PAYLOAD_LEN 4
#define IPV6_HEADER_LEN     40
#define AT_NHRP_SIZE        10

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

/* RFC 3948 section 2: IKE on this port begins with four zero octets where ESP has its index. */
static bool is_esp_in_udp(const struct ip *outer)
{
    struct udp udp;
    if (outer->protocol != IP_PROTOCOL_UDP || outer->fragment_offset > 0 ||
        udp_decode(outer->payload, &udp).status != CODEC_OK || udp.destination_port != PORT_NAT_TRAVERSAL)
        return false;
    struct reader r = reader_of(udp.payload);
    return reader_u32(&r) != 0;
}

static void take_underlay(struct sight *s)
{
    struct audit *a = s->audit;
    const struct packet *p = s->packet;
    s->events |= SIGHT_UNDERLAY;
    observe_tunnel(s, NULL);
    rules_judge(a, s);
    struct side *side = s->out;
    bool in_udp = is_esp_in_udp(&p->outer);
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

static void take_ip(struct sight *s, bool cut)
{
    struct audit *a = s->audit;
    const struct packet *packet = s->packet;
    if (packet->kind == PACKET_BAD && (cut || packet->bad_layer == PACKET_OUTER)) {
        a->totals.undecodable += !cut;
        a->totals.broken += !cut;
        a->totals.cut += cut;
        return;
    }
    s->from = packet->outer.source;
    s->to = packet->outer.destination;
    if (packet->kind == PACKET_BAD) {
        a->totals.undecodable++;
        observe_tunnel(s, station_of_any_cloud(s));
        s->events |= SIGHT_BAD;
        if (packet->has_gre) {
            s->cloud = audit_cloud(a, packet->gre.has_key, packet->gre.key);
            s->cloud->packets++;
            s->sender = station_at(a, s->cloud, s->from);
            a->totals.gre++;
        }
        rules_judge(a, s);
    } else if (packet->has_gre) {
        take_gre(s);
    } else if (packet->kind == PACKET_NHRP) {
        a->totals.messages++;
        s->cloud = audit_cloud(a, false, 0);
        s->m = &packet->nhrp;
        observe_message(s, packet->outer.payload);
    } else {
        take_underlay(s);
    }
}

/* A message without outer header: it is known who sent it from what it says only. */
static void take_message(struct sight *s, bool cut)
{
    struct audit *a = s->audit;
    s->cloud = audit_cloud(a, false, 0);
    s->cloud->packets++;
    if (s->packet->kind == PACKET_BAD) {
        a->totals.undecodable += !cut;
        a->totals.cut += cut;
        s->events |= SIGHT_BAD;
        if (!cut)
            rules_judge(a, s);
        return;
    }
    a->totals.messages++;
    s->m = &s->packet->nhrp;
    observe_message(s, s->packet->outer.payload);
}

static bool is_ip(const struct queued *place)
{
    return place->ethertype == ETHERTYPE_IPV4 || place->ethertype == ETHERTYPE_IPV6;
}

/* Does the packet go on behind the octets that are there? */
static bool goes_on(const struct queued *place)
{
    const uint8_t *octets = place->bytes.data;
    size_t len = place->bytes.len;
    if (place->ethertype == ETHERTYPE_NHRP)
        return len < NHRP_FIXED_LEN || octets_u16(octets + AT_NHRP_SIZE) > len;
    if (place->ethertype == ETHERTYPE_IPV6)
        return len < IPV6_HEADER_LEN || octets_u16(octets + AT_IPV6_PAYLOAD_LEN) + (size_t)IPV6_HEADER_LEN > len;
    return len < IPV4_HEADER_LEN || octets_u16(octets + AT_IPV4_TOTAL_LEN) > len;
}

void intake_put(struct queued *place, struct span bytes)
{
    if (place->cap < bytes.len) {
        free(place->memory);
        place->memory = memory_copy(bytes.data, bytes.len);
        place->cap = bytes.len;
    } else if (bytes.len > 0) {
        memcpy(place->memory, bytes.data, bytes.len);
    }
    place->bytes = span_of(place->memory, bytes.len);
}

static void decode_message(struct queued *place)
{
    struct packet *packet = &place->packet;
    *packet = (struct packet){.kind = PACKET_NHRP, .outer = {.payload = place->bytes}};
    packet->error = nhrp_decode(place->bytes, NHRP_DECODE_STRICT, &packet->nhrp);
    if (packet->error.status == CODEC_OK)
        return;
    packet->kind = PACKET_BAD;
    packet->bad_layer = PACKET_MESSAGE;
}

/*
 * A network interface that computes checksums itself gets packets whose IPv4 header has none, and that is how a
 * capture on their sender has them: put it there.
 */
static bool fill_in_checksum(struct queued *place)
{
    const struct packet *p = &place->packet;
    if (p->kind != PACKET_BAD || p->bad_layer != PACKET_OUTER || p->error.status != CODEC_BAD_CHECKSUM ||
        octets_u16(place->memory + AT_IPV4_CHECKSUM) != 0)
        return false;
    uint16_t sum = checksum_of(span_of(place->memory, (place->memory[0] & 0x0f) * 4u));
    place->memory[AT_IPV4_CHECKSUM] = (uint8_t)(sum >> 8);
    place->memory[AT_IPV4_CHECKSUM + 1] = (uint8_t)sum;
    return true;
}

static void decode_packet(struct queued *place)
{
    packet_decode(place->bytes, &place->packet);
    if (fill_in_checksum(place))
        packet_decode(place->bytes, &place->packet);
}

void intake_decode(struct audit *a, struct queued *place)
{
    place->has_hash = false;
    place->cut = place->cut && goes_on(place);
    if (place->ethertype == ETHERTYPE_NHRP)
        decode_message(place);
    else if (is_ip(place))
        decode_packet(place);
    else
        return;
    const struct packet *p = &place->packet;
    if (p->kind != PACKET_NHRP)
        return;
    const struct cloud *cloud = audit_cloud(a, p->has_gre && p->gre.has_key, p->has_gre ? p->gre.key : 0);
    place->station_hash = station_hash(cloud, addr_from_span(p->nhrp.source_protocol));
    place->has_hash = true;
    table_fetch_slot(&a->stations, place->station_hash);
}

void intake_fetch(const struct audit *a, const struct queued *place)
{
    if (place->has_hash)
        table_fetch_node(&a->stations, place->station_hash, sizeof(struct station));
}

void intake_take(struct audit *a, const struct queued *place)
{
    struct sight s = {.audit = a,
                      .frame = place->frame,
                      .at = a->now,
                      .packet = &place->packet,
                      .cut = place->cut,
                      .totals = &a->totals};
    a->watched = false;
    if (place->ethertype == ETHERTYPE_NHRP) {
        take_message(&s, place->cut);
    } else if (is_ip(place)) {
        take_ip(&s, place->cut);
    } else {
        s.packet = NULL;
        a->totals.other++;
    }
    if (a->watch != NULL && !a->watched)
        a->watch(a->watch_arg, &s);
}
