/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both directions between two nodes are made at once. A node that asks again for a peer (after a restart, or
 * with another address) gets a new pair, and the old one is taken from both.
 */
#include "drivers/sim/security.h"

#include <stdlib.h>
#include <string.h>

#include "codec/esp.h"
#include "drivers/sim/simulation_state.h"
#include "engine/esp_wireshark.h"

#define SPI_FIRST      0xc0000001u /* any above 255 would do */
#define ROUND_TRIPS    2           /* IKE_SA_INIT and IKE_AUTH, there and back */
#define READER_WINDOW  64
#define KEY_MAX        64
#define PROBE_MAX      64
#define AGREE_LEAST_US 1000

void security_free(struct security *security)
{
    for (size_t i = 0; i < security->count; i++)
        for (size_t end = 0; end < 2; end++)
            esp_sa_free(security->pairs[i].readers[end]);
    free(security->pairs);
    free(security->table);
    *security = (struct security){0};
}

/* ---- reading along ---- */

/* The ESP packet inside an IP packet, in UDP or not. */
static bool find_esp(const struct ip *outer, struct span *esp)
{
    struct udp udp;
    *esp = outer->payload;
    if (outer->protocol == IP_PROTOCOL_UDP && udp_decode(outer->payload, &udp).status == CODEC_OK)
        *esp = udp.payload;
    else if (outer->protocol != IP_PROTOCOL_ESP)
        return false;
    return esp->len >= sizeof(uint32_t);
}

bool security_read(struct simulation *sim, struct span packet, uint8_t *buf, size_t cap, struct span *out)
{
    struct ip outer;
    struct span esp, payload;
    if (ip_decode(packet, &outer).status != CODEC_OK || !find_esp(&outer, &esp))
        return false;
    struct reader r = reader_of(esp);
    size_t index = reader_u32(&r) - SPI_FIRST;
    if (index / 2 >= sim->security.count || !sim->security.pairs[index / 2].readers[index % 2])
        return false;
    uint8_t *plain = malloc(esp.len);
    bool ok = plain && esp_sa_unprotect(sim->security.pairs[index / 2].readers[index % 2], esp, plain,
                                        &payload, &outer.protocol) == ESP_OK;
    if (ok) {
        struct writer w = writer_of(buf, cap);
        ip_write(&w, &outer, payload);
        ok = writer_done(&w, out);
    }
    free(plain);
    return ok;
}

/* ---- who is where ---- */

/* A UDP packet from the node to the peer, as IKE would send: the NAT on the way makes a translation for it.
 */
static bool probe(struct simulation *sim, struct security_end *end, struct addr peer)
{
    uint8_t made[PROBE_MAX], translated[PROBE_MAX];
    size_t realm = sim->scenario->nodes[end->node].realm;
    struct ip header = {.source = end->own.nbma, .destination = peer, .protocol = IP_PROTOCOL_UDP, .ttl = 64};
    struct udp udp = {.source_port = ESP_UDP_PORT, .destination_port = ESP_UDP_PORT};
    uint8_t datagram[8];
    struct writer inner = writer_of(datagram, sizeof datagram), w = writer_of(made, sizeof made);
    struct span payload, packet, out;
    udp_write(&inner, &header, &udp, (struct span){0});
    if (!writer_done(&inner, &payload))
        return false;
    ip_write(&w, &header, payload);
    if (!writer_done(&w, &packet) ||
        !nat_box_out(&sim->nats[realm - 1], sim->clock.now, packet, translated, sizeof translated, &out) ||
        ip_decode(out, &header).status != CODEC_OK || udp_decode(header.payload, &udp).status != CODEC_OK)
        return false;
    end->seen = (struct endpoint){header.source, udp.source_port};
    return true;
}

/* The node's own end, towards a peer that may be on the same side of a NAT. */
static bool find_own_end(struct simulation *sim, size_t node, struct addr peer, struct security_end *out)
{
    size_t realm = sim->scenario->nodes[node].realm, neighbour;
    *out = (struct security_end){.node = node, .own = {sim->topology.nbma[node], ESP_UDP_PORT}};
    out->seen = out->own;
    if (realm == 0 || topology_find_node(&sim->topology, realm, peer, &neighbour))
        return true;
    return probe(sim, out, peer);
}

/* The peer's end, as an endpoint names it: a node, or a NAT that knows whom it means. */
static bool find_peer_end(struct simulation *sim, size_t node, struct endpoint peer, struct security_end *out)
{
    size_t realm = sim->scenario->nodes[node].realm;
    uint16_t port = peer.port ? peer.port : ESP_UDP_PORT;
    *out = (struct security_end){.seen = {peer.nbma, port}};
    if ((realm > 0 && topology_find_node(&sim->topology, realm, peer.nbma, &out->node)) ||
        topology_find_node(&sim->topology, 0, peer.nbma, &out->node)) {
        out->own = out->seen;
        return true;
    }
    for (size_t i = 0; i < sim->scenario->nat_count; i++) {
        if (!nat_box_owns(&sim->nats[i], peer.nbma) ||
            !nat_box_inside(&sim->nats[i], peer.nbma, port, &out->own.nbma))
            continue;
        out->own.port = ESP_UDP_PORT;
        return topology_find_node(&sim->topology, i + 1, out->own.nbma, &out->node);
    }
    return false;
}

static bool is_translated(const struct security_end *end)
{
    return !endpoint_equal(end->own, end->seen);
}

/* ---- asking ---- */

static struct security_pair *new_pair(struct simulation *sim)
{
    struct security *all = &sim->security;
    if (all->count == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 16;
        struct security_pair *pairs = realloc(all->pairs, cap * sizeof *pairs);
        if (!pairs)
            return NULL;
        all->pairs = pairs;
        all->cap = cap;
    }
    struct security_pair *pair = &all->pairs[all->count++];
    *pair = (struct security_pair){0};
    for (size_t i = 0; i < 2; i++)
        pair->spis[i] = SPI_FIRST + (uint32_t)((all->count - 1) * 2 + i);
    return pair;
}

static bool is_between(const struct security_pair *pair, size_t a, size_t b)
{
    return (pair->ends[0].node == a && pair->ends[1].node == b) ||
           (pair->ends[0].node == b && pair->ends[1].node == a);
}

void security_want(struct simulation *sim, size_t node, struct endpoint peer)
{
    struct security_end own, other;
    if (!find_own_end(sim, node, peer.nbma, &own) || !find_peer_end(sim, node, peer, &other) ||
        sim->scenario->nodes[other.node].role == ROLE_PEER)
        return; /* nobody there who could answer */
    for (size_t i = 0; i < sim->security.count; i++)
        if (!sim->security.pairs[i].agreed && is_between(&sim->security.pairs[i], node, other.node))
            return; /* they are at it */
    struct security_pair *pair = new_pair(sim);
    if (!pair) {
        simulation_fail(sim, "simulation", "out of memory");
        return;
    }
    pair->ends[0] = own;
    pair->ends[1] = other;
    const struct link_config *link = &sim->links[topology_link(&sim->topology, node, other.node)];
    int64_t wait_us = link->delay_us * 2 * ROUND_TRIPS;
    simulation_add(
        sim, (struct clock_event){
                 .at = instant_after_us(sim->clock.now, wait_us > AGREE_LEAST_US ? wait_us : AGREE_LEAST_US),
                 .kind = HAPPENING_AGREED,
                 .target = (uint32_t)(sim->security.count - 1),
             });
}

/* ---- agreeing ---- */

static void fill_random(struct simulation *sim, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)random_u64(&sim->chance);
}

static bool add_line(struct security *security, const struct esp_sa_config *config)
{
    char line[ESP_WIRESHARK_LINE_MAX];
    struct text text = text_of(line, sizeof line);
    esp_wireshark_line(&text, config);
    char *longer = realloc(security->table, security->table_len + text.len + 1);
    if (!longer)
        return false;
    memcpy(longer + security->table_len, line, text.len + 1);
    security->table = longer;
    security->table_len += text.len;
    return true;
}

static void give(struct simulation *sim, size_t node, struct esp_sa_config *config,
                 enum esp_direction direction, struct endpoint from, struct endpoint to)
{
    bool udp = config->destination_port != 0;
    config->direction = direction;
    config->source = from.nbma;
    config->destination = to.nbma;
    config->source_port = udp ? from.port : 0;
    config->destination_port = udp ? to.port : 0;
    config->replay_window = direction == ESP_INBOUND ? sim->scenario->ipsec.replay_window : 0;
    simulation_feed(sim, node, &(struct node_input){.kind = INPUT_SA, .sa = {.add = true, .config = config}});
}

/* One direction of a pair: the same association at both ends, each with the addresses that it sees. */
static void agree_on(struct simulation *sim, const struct security_end *from, const struct security_end *to,
                     uint32_t spi, bool udp)
{
    size_t number = spi - SPI_FIRST;
    const struct scenario_ipsec *ipsec = &sim->scenario->ipsec;
    const struct esp_algorithm_facts *facts = esp_algorithm_facts(ipsec->algorithm);
    uint8_t key[KEY_MAX], auth_key[KEY_MAX];
    size_t key_len = (size_t)facts->key_len + facts->salt_len;
    fill_random(sim, key, key_len);
    fill_random(sim, auth_key, facts->auth_key_len);
    struct esp_sa_config config = {
        .algorithm = ipsec->algorithm,
        .spi = spi,
        .source = from->seen.nbma,
        .destination = to->seen.nbma,
        .source_port = udp ? from->seen.port : 0,
        .destination_port = udp ? to->seen.port : 0,
        .key = span_of(key, key_len),
        .auth_key = span_of(auth_key, facts->auth_key_len),
        .extended_sequence = ipsec->extended_sequence,
    };
    struct esp_sa_config reader = config;
    reader.direction = ESP_INBOUND;
    reader.replay_window = READER_WINDOW;
    struct esp_sa **kept = &sim->security.pairs[number / 2].readers[number % 2];
    *kept = esp_sa_create(&reader, NULL);
    if (!*kept || !add_line(&sim->security, &config)) {
        simulation_fail(sim, "simulation", "out of memory");
        return;
    }
    give(sim, to->node, &config, ESP_INBOUND, from->seen, to->own);
    give(sim, from->node, &config, ESP_OUTBOUND, from->own, to->seen);
}

/* Take one direction of an older pair from the node at an end. */
static void take_back(struct simulation *sim, const struct security_pair *pair, size_t end)
{
    struct endpoint peer = pair->ends[1 - end].seen;
    size_t node = pair->ends[end].node;
    simulation_feed(
        sim, node,
        &(struct node_input){.kind = INPUT_SA,
                             .sa = {.direction = ESP_INBOUND, .spi = pair->spis[1 - end], .peer = peer}});
    simulation_feed(
        sim, node,
        &(struct node_input){.kind = INPUT_SA,
                             .sa = {.direction = ESP_OUTBOUND, .spi = pair->spis[end], .peer = peer}});
}

void security_agree(struct simulation *sim, size_t index)
{
    struct security_pair *pair = &sim->security.pairs[index];
    if (!sim->running[pair->ends[0].node].node || !sim->running[pair->ends[1].node].node) {
        pair->agreed = true; /* one of them is gone meanwhile: it came to nothing */
        return;
    }
    bool udp = sim->scenario->ipsec.udp || is_translated(&pair->ends[0]) || is_translated(&pair->ends[1]);
    pair->agreed = true;
    struct security_pair new = *pair;
    for (size_t i = 0; i < 2; i++)
        agree_on(sim, &new.ends[i], &new.ends[1 - i], new.spis[i], udp);
    for (size_t i = 0; i < index; i++) {
        struct security_pair *old = &sim->security.pairs[i];
        if (!is_between(old, new.ends[0].node, new.ends[1].node) || old->spis[0] == 0)
            continue;
        struct security_pair gone = *old;
        old->spis[0] = 0;
        for (size_t end = 0; end < 2; end++)
            take_back(sim, &gone, end);
    }
}
