/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "harness.h"

#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY        42
#define ROUTES_MAX 8
#define SENT_MAX   16384 /* room made once, so that tests may point into it */

struct flight {
    struct instant at;
    int station; /* -1: arrived */
    struct span bytes;
};

/* What outlives its test, in a list so that nothing is lost; each test runs in a process of its own. */
struct kept {
    struct kept *next;
    max_align_t bytes[];
};
static struct kept *all_kept;

static void *keep_room(size_t len)
{
    struct kept *kept = calloc(1, sizeof *kept + len);
    kept->next = all_kept;
    all_kept = kept;
    return kept->bytes;
}

static struct span keep(struct span bytes)
{
    return bytes.len == 0 ? bytes : span_of(memcpy(keep_room(bytes.len), bytes.data, bytes.len), bytes.len);
}

static struct addr *keep_addr(struct addr a)
{
    return memcpy(keep_room(sizeof a), &a, sizeof a);
}

/* ---- configurations ---- */

struct addr tunnel_addr(unsigned host)
{
    return addr_ipv4(10, 255, 0, (uint8_t)host);
}

struct addr nbma_addr(unsigned host)
{
    return addr_ipv4(192, 0, 2, (uint8_t)host);
}

struct addr lan_addr(unsigned site, unsigned host)
{
    return addr_ipv4(10, (uint8_t)site, 0, (uint8_t)host);
}

static struct node_config base_config(unsigned host)
{
    return (struct node_config){
        .tunnel = {.nbma = nbma_addr(host), .has_key = true, .key = KEY, .mtu = 1400},
        .protocol = tunnel_addr(host),
        .protocol_len = 24,
        .hold_s = 600,
        .routes = keep_room(ROUTES_MAX * sizeof(struct route_config)),
    };
}

void config_route(struct node_config *config, const char *prefix, struct addr via)
{
    ck_assert_uint_lt(config->route_count, ROUTES_MAX);
    struct route_config *route = (struct route_config *)&config->routes[config->route_count++];
    ck_assert(prefix_parse(prefix, &route->prefix));
    route->via = via;
}

struct node_config hub_config(void)
{
    struct node_config config = base_config(1);
    config_route(&config, "10.1.0.0/24", (struct addr){0});
    snprintf(config.name, sizeof config.name, "hub");
    return config;
}

struct node_config spoke_config(unsigned host)
{
    struct node_config config = base_config(host);
    struct nhs_config *nhs = keep_room(sizeof *nhs);
    *nhs = (struct nhs_config){.protocol = tunnel_addr(1), .nbma = nbma_addr(1)};
    config.nhs = nhs;
    config.nhs_count = 1;
    config.unique = true;
    char lan[PREFIX_TEXT_MAX];
    prefix_format(prefix_of(lan_addr(host, 0), 24), lan);
    config_route(&config, lan, (struct addr){0});
    snprintf(config.name, sizeof config.name, "spoke%u", host);
    return config;
}

/* ---- the world ---- */

struct world *world_new(void)
{
    struct world *world = calloc(1, sizeof *world);
    world->now = (struct instant){.us = 1000 * US_PER_S};
    world->sent = calloc(SENT_MAX, sizeof *world->sent);
    return world;
}

void world_free(struct world *world)
{
    for (int i = 0; i < world->stations; i++)
        node_free(world->nodes[i]);
    free(world->sent);
    free(world->delivered);
    free(world->traced);
    free(world->flights);
    free(world);
}

#define APPEND(array, count) \
    ((array) = realloc((array), ((count) + 1) * sizeof *(array)), &(array)[(count)++])

static void take_off(struct world *world, int to, struct span bytes, int64_t delay_us)
{
    struct flight *flight = APPEND(world->flights, world->flight_count);
    *flight = (struct flight){instant_after_us(world->now, delay_us), to, bytes};
}

static int station_at(const struct world *world, struct addr nbma)
{
    for (int i = 0; i < world->stations; i++)
        if (addr_equal(world->nbma[i], nbma))
            return i;
    return -1;
}

static void record_sent(struct world *world, int station, const struct node_output *out)
{
    ck_assert_uint_lt(world->sent_count, SENT_MAX);
    struct sent *sent = &world->sent[world->sent_count++];
    *sent = (struct sent){.at = world->now, .station = station, .reason = out->underlay.reason};
    sent->bytes = keep(out->underlay.packet);
    packet_decode(sent->bytes, &sent->packet);
    ck_assert_msg(sent->packet.kind == PACKET_NHRP || sent->packet.kind == PACKET_DATA,
                  "station %d sent something that cannot be decoded", station);
    ck_assert(send_reason_words(sent->reason) && send_reason_clause(sent->reason));
    sent->lost = world->lose && world->lose(sent);
    int to = station_at(world, sent->packet.outer.destination);
    if (!sent->lost && to >= 0)
        take_off(world, to, sent->bytes, LATENCY_US);
}

static void answer_ping(struct world *world, int station, const struct ip *ip)
{
    struct icmp_echo echo;
    if (!world->echo || icmp_echo_decode(ip, &echo).status != CODEC_OK || echo.reply)
        return;
    uint8_t buf[2048], payload[2048];
    struct ip reply = {
        .source = ip->destination, .destination = ip->source, .protocol = ip->protocol, .ttl = 64};
    struct writer p = writer_of(payload, sizeof payload), w = writer_of(buf, sizeof buf);
    echo.reply = true;
    icmp_echo_write(&p, &reply, &echo);
    ip_write(&w, &reply, span_of(payload, p.pos));
    struct node_input input = {.kind = INPUT_OVERLAY, .packet = span_of(buf, w.pos)};
    world_input(world, station, &input);
}

static void drain(struct world *world, int station)
{
    struct node_output out;
    size_t first = world->delivered_count;
    while (node_output(world->nodes[station], &out)) {
        if (out.kind == OUTPUT_UNDERLAY) {
            record_sent(world, station, &out);
        } else if (out.kind == OUTPUT_OVERLAY) {
            struct delivered *d = APPEND(world->delivered, world->delivered_count);
            *d = (struct delivered){.at = world->now, .station = station, .bytes = keep(out.overlay)};
            ck_assert_int_eq(ip_decode(d->bytes, &d->ip).status, CODEC_OK);
        } else {
            struct traced *t = APPEND(world->traced, world->traced_count);
            *t = (struct traced){world->now, station, out};
        }
    }
    for (size_t i = first, end = world->delivered_count; i < end; i++)
        answer_ping(world, station, &world->delivered[i].ip);
}

void world_input(struct world *world, int station, const struct node_input *input)
{
    node_input(world->nodes[station], world->now, input);
    drain(world, station);
}

int world_add(struct world *world, const struct node_config *config)
{
    const char *why;
    int station = world->stations++;
    ck_assert_int_lt(station, STATIONS_MAX);
    world->nodes[station] = node_create(config, 7, &why);
    ck_assert_msg(world->nodes[station] != NULL, "%s", why);
    world->nbma[station] = config->tunnel.nbma;
    world_input(world, station, &(struct node_input){.kind = INPUT_TIME});
    return station;
}

/* The next thing to happen up to the end: a packet that arrives, or a deadline. False if nothing does. */
static bool next_event(struct world *world, struct instant end)
{
    struct instant first = INSTANT_NEVER;
    size_t flight = world->flight_count;
    int station = -1;
    for (size_t i = 0; i < world->flight_count; i++)
        if (world->flights[i].station >= 0 && instant_before(world->flights[i].at, first))
            first = world->flights[flight = i].at;
    for (int i = 0; i < world->stations; i++)
        if (instant_before(node_deadline(world->nodes[i]), first))
            first = node_deadline(world->nodes[station = i]);
    if (instant_before(end, first))
        return false;
    if (instant_before(world->now, first))
        world->now = first;
    if (station >= 0) {
        world_input(world, station, &(struct node_input){.kind = INPUT_TIME});
    } else {
        struct flight arrived = world->flights[flight];
        world->flights[flight].station = -1;
        struct node_input input = {.kind = INPUT_UNDERLAY, .packet = arrived.bytes};
        world_input(world, arrived.station, &input);
    }
    return true;
}

void world_run_us(struct world *world, int64_t us)
{
    struct instant end = instant_after_us(world->now, us);
    unsigned events = 0;
    while (next_event(world, end))
        ck_assert_msg(++events < 100000, "the nodes do not come to rest");
    world->now = end;
    size_t flying = 0;
    for (size_t i = 0; i < world->flight_count; i++)
        if (world->flights[i].station >= 0)
            world->flights[flying++] = world->flights[i];
    world->flight_count = flying;
}

void world_run_s(struct world *world, int64_t s)
{
    world_run_us(world, s * US_PER_S);
}

void world_ping(struct world *world, int station, struct addr from, struct addr to)
{
    uint8_t buf[256], payload[128];
    struct ip ip = {.source = from, .destination = to, .ttl = 64};
    ip.protocol = from.family == ADDR_IPV4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6;
    struct icmp_echo echo = {
        .id = 7, .sequence = world->ping_sequence++, .data = span_of("0123456789abcdef0123456789", 26)};
    struct writer p = writer_of(payload, sizeof payload), w = writer_of(buf, sizeof buf);
    icmp_echo_write(&p, &ip, &echo);
    ip_write(&w, &ip, span_of(payload, p.pos));
    struct node_input input = {.kind = INPUT_OVERLAY, .packet = span_of(buf, w.pos)};
    ck_assert(!w.failed);
    world_input(world, station, &input);
}

void world_inject(struct world *world, int station, struct span packet)
{
    struct node_input input = {.kind = INPUT_UNDERLAY, .packet = packet};
    world_input(world, station, &input);
}

void world_inject_nhrp(struct world *world, struct addr from, int station, const struct nhrp_message *message)
{
    uint8_t nhrp[4096], gre[4200], buf[4300];
    struct span encoded;
    ck_assert(nhrp_encode(message, nhrp, sizeof nhrp, &encoded));
    struct writer g = writer_of(gre, sizeof gre), w = writer_of(buf, sizeof buf);
    gre_write(&g, &(struct gre){.has_key = true, .key = KEY, .protocol = GRE_PROTOCOL_NHRP}, encoded);
    struct ip ip = {
        .source = from, .destination = world->nbma[station], .protocol = IP_PROTOCOL_GRE, .ttl = 64};
    ip_write(&w, &ip, span_of(gre, g.pos));
    ck_assert(!w.failed);
    world_inject(world, station, span_of(buf, w.pos));
}

/* ---- looking ---- */

const struct sent *world_sent(const struct world *world, int station, enum send_reason reason, size_t n)
{
    for (size_t i = 0; i < world->sent_count; i++) {
        const struct sent *sent = &world->sent[i];
        if (sent->reason == reason && (station < 0 || sent->station == station) && n-- == 0)
            return sent;
    }
    return NULL;
}

size_t world_sent_count(const struct world *world, int station, enum send_reason reason)
{
    size_t count = 0;
    while (world_sent(world, station, reason, count))
        count++;
    return count;
}

const struct node_output *world_traced(const struct world *world, int station, enum trace_event event)
{
    for (size_t i = world->traced_count; i-- > 0;) {
        const struct traced *t = &world->traced[i];
        if (t->station == station && t->output.kind == OUTPUT_TRACE && t->output.trace.event == event)
            return &t->output;
    }
    return NULL;
}

size_t world_traced_count(const struct world *world, int station, enum trace_event event)
{
    size_t count = 0;
    for (size_t i = 0; i < world->traced_count; i++) {
        const struct traced *t = &world->traced[i];
        count += t->station == station && t->output.kind == OUTPUT_TRACE && t->output.trace.event == event;
    }
    return count;
}

uint64_t world_drops(const struct world *world, int station, enum drop_reason reason)
{
    return node_drop_count(world->nodes[station], reason);
}

void world_forget(struct world *world)
{
    world->sent_count = world->delivered_count = world->traced_count = 0;
}

/* ---- messages of the test's own ---- */

struct nhrp_message test_message(enum nhrp_type type, struct addr source_nbma, struct addr source,
                                 struct addr destination)
{
    return (struct nhrp_message){
        .fixed =
            {
                .afn = source_nbma.family == ADDR_IPV6 ? NHRP_AFN_IPV6 : NHRP_AFN_IPV4,
                .protocol_type = source.family == ADDR_IPV6 ? NHRP_PROTOCOL_IPV6 : NHRP_PROTOCOL_IPV4,
                .hop_count = 255,
                .version = NHRP_VERSION,
                .type = (uint8_t)type,
            },
        .request_id = type == NHRP_ERROR_INDICATION || type == NHRP_TRAFFIC_INDICATION ? 0 : 99,
        .source_nbma = addr_span(keep_addr(source_nbma)),
        .source_protocol = addr_span(keep_addr(source)),
        .destination_protocol = addr_span(keep_addr(destination)),
    };
}

struct span test_cies(const struct nhrp_cie *cie)
{
    uint8_t buf[256];
    struct writer w = writer_of(buf, sizeof buf);
    nhrp_cie_write(&w, cie);
    ck_assert(!w.failed);
    return keep(span_of(buf, w.pos));
}

struct span test_hex(const char *hex)
{
    uint8_t buf[2048];
    size_t len = 0;
    unsigned octet;
    for (; *hex; hex += 2) {
        hex += strspn(hex, " ");
        ck_assert_int_eq(sscanf(hex, "%2x", &octet), 1);
        buf[len++] = (uint8_t)octet;
    }
    return keep(span_of(buf, len));
}

struct nhrp_cie first_cie(const struct nhrp_message *message)
{
    struct nhrp_cie cie;
    struct span list = message->cies;
    ck_assert(nhrp_cie_next(&list, &cie));
    return cie;
}

const char *extension_types(const struct nhrp_message *message)
{
    static char text[256];
    size_t len = 0;
    struct span list = message->extensions;
    struct nhrp_ext ext;
    text[0] = 0;
    while (nhrp_ext_next(&list, &ext))
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%04x", len ? " " : "",
                                (unsigned)(ext.type | (ext.compulsory ? 0x8000 : 0)));
    return text;
}
