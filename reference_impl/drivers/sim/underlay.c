/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * underlay: the network between the nodes: address translators, links, routers that split or report what is
 * too big. Packets are written as the public underlay sees them when they are sent, so a capture shows lost
 * ones too, and a sender behind a NAT at its outside address.
 */
#include "codec/ip.h"
#include "drivers/sim/narrator.h"
#include "drivers/sim/simulation_state.h"
#include "engine/icmp_error.h"
#include "engine/ip_fragment.h"

/* A packet on its way: where it goes, and what it meets there. */
struct passage {
    size_t from;
    size_t to; /* SCENARIO_ANY: nobody */
    struct ip outer;
    struct span packet; /* as the public underlay sees it */
    const struct errand *errand;
};

static void note_packet(struct simulation *sim, const struct passage *p, const char *event)
{
    simulation_note(sim, p->from, &(struct trace_note){.event = event, .address = p->outer.destination});
}

/* The NAT that has the address, or SCENARIO_ANY. */
static size_t nat_with(const struct simulation *sim, struct addr outside)
{
    for (size_t i = 0; i < sim->scenario->nat_count; i++)
        if (nat_box_owns(&sim->nats[i], outside))
            return i;
    return SCENARIO_ANY;
}

/* Who gets the packet: a node of the public underlay, or one behind the NAT that has the address. */
static size_t receiver_of(struct simulation *sim, struct span packet, struct addr destination)
{
    size_t node;
    if (topology_find_node(&sim->topology, 0, destination, &node))
        return node;
    size_t nat = nat_with(sim, destination);
    struct span inside;
    struct ip ip;
    if (nat != SCENARIO_ANY &&
        nat_box_in(&sim->nats[nat], sim->clock.now, packet, sim->received, sizeof sim->received, &inside) &&
        ip_decode(inside, &ip).status == CODEC_OK &&
        topology_find_node(&sim->topology, nat + 1, ip.destination, &node))
        return node;
    return SCENARIO_ANY;
}

/* False if the sender's NAT keeps the packet. */
static bool route(struct simulation *sim, struct passage *p)
{
    size_t realm = sim->scenario->nodes[p->from].realm;
    p->to = SCENARIO_ANY;
    if (ip_decode(p->packet, &p->outer).status != CODEC_OK)
        return true;
    if (realm > 0) {
        if (topology_find_node(&sim->topology, realm, p->outer.destination, &p->to))
            return true; /* a neighbour on the same side of the NAT */
        if (!nat_box_out(&sim->nats[realm - 1], sim->clock.now, p->packet, sim->translated,
                         sizeof sim->translated, &p->packet))
            return false;
    }
    p->to = receiver_of(sim, p->packet, p->outer.destination);
    return true;
}

static void write_packet(struct simulation *sim, const struct passage *p, struct narration narration)
{
    const struct scenario *s = sim->scenario;
    sim->result.packets++;
    judge_packet(&sim->judge, sim->clock.now, p->from, p->to, p->errand->reason);
    if (!sim->writer)
        return;
    char comment[NARRATOR_COMMENT_MAX];
    if (s->has_ipsec &&
        !security_read(sim, narration.packet, sim->plain, sizeof sim->plain, &narration.inside))
        narration.inside = (struct span){0};
    narration.from = s->nodes[p->from].name;
    narration.to = p->to == SCENARIO_ANY ? NULL : s->nodes[p->to].name;
    narration.words = p->errand->words;
    narration.clause = p->errand->clause;
    narration.scripted = p->errand->scripted;
    capture_write(sim->writer, instant_after_us(sim->clock.now, SIMULATION_EPOCH_US), narration.packet,
                  narrator_packet(&narration, comment));
}

/* One packet, or one piece of one, that fits the link. */
static void send_piece(struct simulation *sim, const struct passage *p, const struct link_config *link,
                       struct span packet, unsigned piece)
{
    struct link_fate fate = {0};
    if (p->to != SCENARIO_ANY)
        fate = link_send(link, sim->clock.now, &sim->chance);
    write_packet(sim, p, (struct narration){.packet = packet, .copies = fate.copies, .piece = piece});
    for (unsigned i = 0; i < fate.copies; i++)
        simulation_add_packet(sim, fate.arrivals[i], HAPPENING_ARRIVAL, p->to, packet);
    if (fate.copies == 0)
        note_packet(sim, p, p->to == SCENARIO_ANY ? TRACE_NOTE_UNREACHABLE : TRACE_NOTE_LOST);
}

/* It does not fit, and nobody may split it: the router says so to the sender, as fast as the link is. */
static void refuse_big(struct simulation *sim, const struct passage *p, const struct link_config *link)
{
    struct ip ip;
    struct span report;
    struct writer w = writer_of(sim->piece, sizeof sim->piece);
    write_packet(sim, p, (struct narration){.packet = p->packet, .link_mtu = link->mtu});
    note_packet(sim, p, TRACE_NOTE_TOO_BIG);
    if (ip_decode(p->packet, &ip).status != CODEC_OK || !icmp_error_is_due(&ip))
        return;
    icmp_error_write(&w, sim->scenario->routers[ip.source.family == ADDR_IPV6], p->packet, &ip,
                     ICMP_ERROR_TOO_BIG, (uint16_t)link->mtu);
    if (writer_done(&w, &report))
        simulation_add_packet(sim, instant_after_us(sim->clock.now, link->delay_us), HAPPENING_REPORT,
                              p->from, report);
}

static void split(struct simulation *sim, const struct passage *p, const struct ip *ip,
                  const struct link_config *link)
{
    size_t done = 0;
    struct span piece;
    note_packet(sim, p, TRACE_NOTE_SPLIT);
    for (unsigned number = 1;; number++) {
        struct writer w = writer_of(sim->piece, sizeof sim->piece);
        if (!ip_fragment_next(p->packet, ip, link->mtu, &done, &w) || !writer_done(&w, &piece))
            return;
        send_piece(sim, p, link, piece, number);
    }
}

void underlay_carry(struct simulation *sim, size_t from, struct span packet, const struct errand *errand)
{
    struct passage p = {.from = from, .packet = packet, .errand = errand};
    struct ip ip;
    if (!route(sim, &p)) {
        note_packet(sim, &p, TRACE_NOTE_NAT_DROPPED);
        return;
    }
    const struct link_config *link = &sim->links[sim->scenario->link_count];
    if (p.to != SCENARIO_ANY)
        link = &sim->links[topology_link(&sim->topology, from, p.to)];
    if (link->mtu == 0 || p.packet.len <= link->mtu)
        send_piece(sim, &p, link, p.packet, 0);
    else if (ip_decode(p.packet, &ip).status == CODEC_OK && ip_fragment_is_possible(p.packet, &ip, link->mtu))
        split(sim, &p, &ip, link);
    else
        refuse_big(sim, &p, link);
}

/* What came to the NAT's outside address goes on to the one behind it. */
static bool translate_in(struct simulation *sim, size_t node, struct span *packet)
{
    size_t realm = sim->scenario->nodes[node].realm;
    struct ip outer;
    if (realm == 0 || ip_decode(*packet, &outer).status != CODEC_OK ||
        !nat_box_owns(&sim->nats[realm - 1], outer.destination))
        return true;
    if (nat_box_in(&sim->nats[realm - 1], sim->clock.now, *packet, sim->received, sizeof sim->received,
                   packet))
        return true;
    simulation_note(sim, node,
                    &(struct trace_note){.event = TRACE_NOTE_NAT_DROPPED, .address = outer.destination});
    return false;
}

void underlay_arrive(struct simulation *sim, size_t node, struct span packet)
{
    struct span whole;
    if (reassembly_take(&sim->running[node].reassembly, sim->clock.now, packet, &whole) &&
        translate_in(sim, node, &whole))
        simulation_feed(sim, node, &(struct node_input){.kind = INPUT_UNDERLAY, .packet = whole});
}

void underlay_report(struct simulation *sim, size_t node, struct span packet)
{
    const struct scenario *s = sim->scenario;
    sim->result.packets++;
    judge_packet(&sim->judge, sim->clock.now, SCENARIO_ANY, node, TRACE_NOTE_REPORT);
    if (sim->writer) {
        char comment[NARRATOR_COMMENT_MAX];
        struct narration narration = {
            .from = "router",
            .to = s->nodes[node].name,
            .words = "reports that a packet is too big for a link",
            .clause = packet.data[0] >> 4 == 6 ? "RFC8201 §4" : "RFC1191 §4",
            .packet = packet,
            .copies = 1,
        };
        capture_write(sim->writer, instant_after_us(sim->clock.now, SIMULATION_EPOCH_US), packet,
                      narrator_packet(&narration, comment));
    }
    if (s->nodes[node].realm == 0)
        simulation_feed(sim, node, &(struct node_input){.kind = INPUT_UNDERLAY, .packet = packet});
}
