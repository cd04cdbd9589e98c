/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario: what a simulation plays, read from a YAML file: who is there, how they are configured and linked,
 * what happens when, and what must have come of it. Everything is checked on loading, so that a loaded
 * scenario can be played.
 */
#ifndef DMVPNKIT_SIM_SCENARIO_H
#define DMVPNKIT_SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/instant.h"
#include "drivers/sim/link.h"
#include "drivers/sim/names.h"
#include "engine/config.h"

#define SCENARIO_ERROR_MAX 512

/* A peer plays no role of its own: it sends what the scenario says, and answers nothing. */
enum scenario_role { ROLE_HUB, ROLE_SPOKE, ROLE_PEER };

struct scenario_node {
    const char *name;
    enum scenario_role role;
    struct instant start;
    size_t realm; /* where its NBMA address is: 0 the public underlay, else behind nats[realm - 1] */
    struct node_config config; /* ready for node_create(); its arrays belong to the scenario. Of a peer only
                                  the tunnel's NBMA address and key count */
};

/* A machine on a node's host side, or (the first ones, one a node) the node itself at its tunnel address. */
struct scenario_host {
    const char *name;
    char *owned_name; /* NULL when the name is the file's */
    struct addr address;
    size_t node;
};

/* An address translator between a realm of private NBMA addresses and the public underlay. */
enum scenario_nat_kind {
    NAT_STATIC, /* one outside address for each inside address */
    NAT_PORT,   /* one outside address for all; UDP ports tell them apart */
};

struct scenario_nat_pair {
    struct addr inside;
    struct addr outside;
};

struct scenario_nat {
    const char *name;
    enum scenario_nat_kind kind;
    struct addr outside;             /* NAT_PORT */
    struct scenario_nat_pair *pairs; /* NAT_STATIC; owned by the scenario */
    size_t pair_count;
    int64_t idle_us; /* NAT_PORT: how long an unused translation is kept */
};

struct scenario_link {
    size_t ends[2]; /* nodes; the link is the same both ways */
    struct link_config config;
};

enum scenario_event_kind {
    EVENT_PING,
    EVENT_STOP,    /* a clean stop: the node purges what it registered */
    EVENT_CRASH,   /* gone without a word */
    EVENT_START,   /* again; what it registered with before it has forgotten, its request ids it has not */
    EVENT_CLEAR,   /* forget what was learned */
    EVENT_DOWN,    /* the node's underlay goes down */
    EVENT_UP,      /* and comes back */
    EVENT_ADDRESS, /* the node has another NBMA address from now on */
    EVENT_ROUTE,
    EVENT_CLOCK,   /* the node's clock jumps ahead, as after a sleep */
    EVENT_QUALITY, /* a link, or the underlay as a whole, gets better or worse */
    EVENT_SEND,    /* a scripted packet */
};

struct scenario_event {
    struct instant at;
    enum scenario_event_kind kind;
    size_t node; /* all but pings and qualities */
    union {
        struct {
            size_t from; /* host */
            struct addr to;
            uint16_t count;
            int64_t interval_us;
            uint16_t data_octets;
        } ping;
        struct addr address;
        struct {
            bool add;
            struct prefix prefix;
            struct addr via; /* ADDR_NONE: host side */
        } route;
        int64_t jump_us;
        struct {
            size_t link; /* link_count: the underlay */
            struct link_config config;
        } quality;
        struct {
            uint8_t *packet; /* outer IP header first; owned by the scenario */
            size_t packet_len;
            const char *why;
            const char *clause;
        } send;
    };
};

enum scenario_expectation_kind {
    EXPECT_PINGS,    /* answered pings, between two hosts or all */
    EXPECT_TRACE,    /* trace lines that match */
    EXPECT_PACKETS,  /* packets sent on the underlay that match */
    EXPECT_BINDING,  /* a node's NHRP neighbour is there, or is not */
    EXPECT_SHORTCUT, /* a node's NHRP route is there, or is not */
};

/* How the nodes' packets are protected. The associations come about when nodes ask for them. */
struct scenario_ipsec {
    enum esp_algorithm algorithm;
    bool udp; /* in UDP even where no NAT is in between */
    bool extended_sequence;
    uint16_t replay_window;
};

#define SCENARIO_ANY SIZE_MAX

/* What must be true at one instant. Members that are SCENARIO_ANY, NULL, ADDR_NONE or false restrict nothing.
 */
struct scenario_expectation {
    enum scenario_expectation_kind kind;
    struct instant at;    /* INSTANT_NEVER: at the end */
    uint64_t least;       /* how many at least */
    uint64_t most;        /* and at most; UINT64_MAX: no limit */
    size_t from;          /* pings: host; packets: sending node */
    size_t to;            /* pings: host; packets: receiving node */
    size_t node;          /* trace, binding, shortcut */
    const char *event;    /* trace */
    const char *reason;   /* trace, packets: as the trace spells it */
    struct addr protocol; /* trace, binding */
    struct addr nbma;     /* trace, binding */
    bool has_number;      /* trace */
    uint64_t number;
    struct prefix prefix; /* shortcut */
    struct addr via;      /* shortcut */
};

struct scenario {
    const char *title;
    const char *story;
    unsigned phase; /* 1 to 3; 0 when the story is about none */
    const char *const *clauses;
    size_t clause_count;
    struct instant end;
    struct link_config underlay; /* between any two nodes that have no link of their own */
    struct addr routers[2];      /* IPv4, IPv6: who reports packets that are too big */
    bool has_ipsec;
    struct scenario_ipsec ipsec;
    struct scenario_link *links;
    size_t link_count;
    struct scenario_nat *nats;
    size_t nat_count;
    struct scenario_node *nodes;
    size_t node_count;
    struct scenario_host *hosts; /* the first node_count are the nodes themselves */
    size_t host_count;
    struct scenario_event *events;
    size_t event_count;
    struct scenario_expectation *expectations;
    size_t expectation_count;
    struct names names;         /* of nodes and hosts: the value is the host's index */
    struct scenario_file *file; /* the text that the pointers above point to */
};

/* Load and check; free with scenario_free(). NULL, and one line "FILE:LINE: what" in error, if anything is
 * wrong. */
struct scenario *scenario_load(const char *path, char error[SCENARIO_ERROR_MAX]);
void scenario_free(struct scenario *scenario);

#endif
