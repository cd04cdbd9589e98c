/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_load: what the loader's files share. Internal to the loader.
 */
#ifndef DMVPNKIT_SIM_SCENARIO_LOAD_H
#define DMVPNKIT_SIM_SCENARIO_LOAD_H

#include "base/cursor.h"
#include "drivers/sim/scenario.h"
#include "drivers/sim/scenario_schema.h"

#define LOAD_PLACE_MAX 128

struct load {
    const char *path;
    const struct scenario_file *file;
    struct scenario *scenario;
    struct names nbmas; /* NBMA addresses that are taken, by realm */
    char *error;        /* SCENARIO_ERROR_MAX */
    char place[LOAD_PLACE_MAX];
};

/* Each takes over one part of the file, checked; false, and a line in error, if something is wrong with it.
 */
bool load_nats(struct load *load);
bool load_nodes(struct load *load);
bool load_peers(struct load *load);
bool load_hosts(struct load *load);
bool load_links(struct load *load);
bool load_events(struct load *load);
bool load_expectations(struct load *load);

/* place is the mapping that the values stand in. */
bool load_quality(struct load *load, const struct file_link_quality *file, const char *place,
                  struct link_config *out);
/* The link between two nodes that are named at place; link_count of the scenario if they share the common
 * one. */
bool load_ends(struct load *load, char *const names[2], const char *place, size_t ends[2]);
/* The parts of a node's configuration that are neither tunnel nor routes; place is the node's mapping. */
bool load_policy(struct load *load, const char *place, const struct file_node *file,
                 struct node_config *config);
/* The arrays that load_policy() made. */
void load_policy_free(struct node_config *config);
/* One scripted packet, as it will be on the underlay; place is its mapping. */
bool load_send(struct load *load, const struct file_send *file, const char *place,
               struct scenario_event *event);

/* An array of count elements, zeroed, never NULL for count 0; NULL and a line in error when memory runs out.
 */
void *load_array(struct load *load, size_t count, size_t size);
/* Where in the file: load->place, from a format. */
__attribute__((format(printf, 2, 3))) const char *load_place(struct load *load, const char *format, ...);

/* Values at load->place; key is the last word of the place, for the error line. */
bool load_address(struct load *load, const char *text, const char *key, struct addr *out);
bool load_same_family(struct load *load, const char *key, struct addr a, struct addr b);
bool load_prefix(struct load *load, const char *text, const char *key, struct prefix *out);
bool load_node_named(struct load *load, const char *name, const char *key, size_t *node);
bool load_router_named(struct load *load, const char *name, const char *key, size_t *node); /* no peer */
bool load_host_named(struct load *load, const char *name, const char *key, size_t *host);

/*
 * The address steps further on, counting in units of 1 << unit_bits. False, and nothing changed, if that runs
 * past the last address of the family.
 */
bool load_step_address(struct addr *address, uint64_t steps, unsigned unit_bits);

#endif
