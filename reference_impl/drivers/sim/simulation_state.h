/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation_state: what a running simulation consists of, for its own rooms: simulation.c (the loop and the
 * nodes), underlay.c (packets between nodes), hosts.c (packets behind nodes).
 */
#ifndef DMVPNKIT_SIM_SIMULATION_STATE_H
#define DMVPNKIT_SIM_SIMULATION_STATE_H

#include "base/random.h"
#include "drivers/sim/clock.h"
#include "drivers/sim/judge.h"
#include "drivers/sim/nat_box.h"
#include "drivers/sim/reassembly.h"
#include "drivers/sim/security.h"
#include "drivers/sim/simulation.h"
#include "drivers/sim/topology.h"
#include "engine/node.h"

enum happening_kind {
    HAPPENING_START,     /* target: node */
    HAPPENING_WAKE,      /* target: node; number: which wake, since later ones replace earlier ones */
    HAPPENING_ARRIVAL,   /* target: node; a packet from the underlay */
    HAPPENING_REPORT,    /* target: node; a router's packet about one that the node sent */
    HAPPENING_FROM_HOST, /* target: node; a packet from its host side */
    HAPPENING_AT_HOST,   /* target: host; a packet for it */
    HAPPENING_PING,      /* target: the scenario's event; number: the sequence number */
    HAPPENING_EVENT,     /* target: the scenario's event */
    HAPPENING_AGREED,    /* target: a pair of security associations */
};

/* A node while it runs. */
struct running {
    struct node *node; /* NULL: switched off */
    struct instant wake;
    uint64_t wake_number;
    struct instant last_wake;
    unsigned wakes_at_once;
    int64_t ahead_us;         /* its clock, compared with ours */
    uint32_t next_request_id; /* to start with next time; 0: as configured */
    struct reassembly reassembly;
};

struct simulation {
    const struct scenario *scenario;
    struct topology topology;
    struct clock clock;
    struct random_state chance;
    struct running *running;
    struct nat_box *nats;
    struct link_config *links; /* as they are now; the last one is the underlay's common one */
    bool **answered;           /* by the scenario's event and sequence number */
    uint16_t next_ip_id;
    struct judge judge;
    struct security security;
    struct capture_writer *writer;
    const struct trace *trace;
    struct simulation_result result;
    uint8_t translated[UNDERLAY_PACKET_MAX]; /* by the sender's NAT */
    uint8_t received[UNDERLAY_PACKET_MAX];   /* translated by the receiver's */
    uint8_t piece[UNDERLAY_PACKET_MAX];
    uint8_t plain[UNDERLAY_PACKET_MAX]; /* without ESP, for comments */
    char *error;
    bool failed;
};

/* Remember the first thing that goes wrong with the simulation itself. */
void simulation_fail(struct simulation *sim, const char *who, const char *what);
void simulation_add(struct simulation *sim, struct clock_event event);
/* The same with a copy of a packet. */
void simulation_add_packet(struct simulation *sim, struct instant at, enum happening_kind kind, size_t target,
                           struct span packet);
/* Into the trace and before the judge; host may be a node. */
void simulation_note(struct simulation *sim, size_t host, const struct trace_note *note);
/* Give a node an input, and carry out what it wants done. */
void simulation_feed(struct simulation *sim, size_t node, const struct node_input *input);

/* Why a packet is sent. */
struct errand {
    const char *words;
    const char *clause;
    const char *reason; /* as the trace spells it */
    bool scripted;
};

/* A packet that a node sends on the underlay: translated, written, put on its way. */
void underlay_carry(struct simulation *sim, size_t from, struct span packet, const struct errand *errand);
/* A packet, or a piece of one, that arrives where the node is. */
void underlay_arrive(struct simulation *sim, size_t node, struct span packet);
/* A router's report arrives. */
void underlay_report(struct simulation *sim, size_t node, struct span packet);

/* A packet that a node hands to its host side. */
void hosts_deliver(struct simulation *sim, size_t node, struct span packet);
/* A packet comes to a host. */
void hosts_receive(struct simulation *sim, size_t host, struct span packet);
/* A host sends the next ping of that event of the scenario's. */
void hosts_ping(struct simulation *sim, size_t event, uint64_t sequence);

#endif
