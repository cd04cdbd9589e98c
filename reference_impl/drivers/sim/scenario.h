/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario: what a simulation plays, read from a YAML file: who is there, how they are configured and linked,
 * what happens when. Everything is checked on loading, so that a loaded scenario can be played.
 */
#ifndef DMVPNKIT_SIM_SCENARIO_H
#define DMVPNKIT_SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/instant.h"
#include "drivers/sim/link.h"
#include "engine/config.h"

#define SCENARIO_ERROR_MAX 512

enum scenario_role { ROLE_HUB, ROLE_SPOKE };

struct scenario_node {
    const char *name;
    enum scenario_role role;
    struct instant start;
    struct node_config config; /* ready for node_create(); its arrays belong to the scenario */
};

/* A machine on a node's host side, or (the first ones, one a node) the node itself at its tunnel address. */
struct scenario_host {
    const char *name;
    struct addr address;
    size_t node;
};

struct scenario_link {
    size_t ends[2]; /* nodes; the link is the same both ways */
    struct link_config config;
};

enum scenario_event_kind { EVENT_PING };

struct scenario_event {
    struct instant at;
    enum scenario_event_kind kind;
    struct {
        size_t from; /* host */
        struct addr to;
        uint16_t count;
        int64_t interval_us;
        uint16_t data_octets;
    } ping;
};

struct scenario {
    const char *story;
    unsigned phase; /* 1 to 3; 0 when the story is about none */
    const char *const *clauses;
    size_t clause_count;
    struct instant end;
    struct link_config underlay; /* between any two nodes that have no link of their own */
    struct scenario_link *links;
    size_t link_count;
    struct scenario_node *nodes;
    size_t node_count;
    struct scenario_host *hosts; /* the first node_count are the nodes themselves */
    size_t host_count;
    struct scenario_event *events;
    size_t event_count;
    struct scenario_file *file; /* the text that the pointers above point to */
};

/* Load and check; free with scenario_free(). NULL, and one line "FILE:LINE: what" in error, if anything is
 * wrong. */
struct scenario *scenario_load(const char *path, char error[SCENARIO_ERROR_MAX]);
void scenario_free(struct scenario *scenario);

#endif
