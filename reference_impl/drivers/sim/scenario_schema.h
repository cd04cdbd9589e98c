/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_schema: a scenario file as YAML gives it, field for field; pointers are NULL where a key is
 * absent. Internal to the loader.
 */
#ifndef DMVPNKIT_SIM_SCENARIO_SCHEMA_H
#define DMVPNKIT_SIM_SCENARIO_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include <cyaml/cyaml.h>

#include "drivers/sim/scenario.h"

struct file_host {
    char *name;
    char *address;
};

struct file_lan {
    char *prefix;
    struct file_host *hosts;
    unsigned hosts_count;
};

struct file_route {
    char *to;
    char *via;
};

struct file_nhs {
    char *protocol;
    char *nbma;
};

struct file_tunnel {
    char *address;
    enum tunnel_mode mode;
    char *destination;
    uint32_t *key;
    bool checksum;
    bool sequence;
    uint16_t *mtu_octets;
    uint8_t *ttl;
};

struct file_nhrp {
    uint16_t *hold_s;
    uint8_t *hop_count;
    char *authentication;
    bool unique;
    bool redirect;
    bool shortcut;
    enum resolution_policy resolution;
    uint32_t first_request_id;
    struct file_nhs *nhs;
    unsigned nhs_count;
};

struct file_node {
    char *name;
    enum scenario_role role;
    char *nbma;
    uint32_t start_ms;
    struct file_tunnel tunnel;
    struct file_nhrp nhrp;
    struct file_route *routes;
    unsigned routes_count;
    struct file_lan *lans;
    unsigned lans_count;
};

struct file_link_quality {
    uint32_t delay_ms;
    uint32_t jitter_ms;
    double loss_percent;
    double duplicate_percent;
};

struct file_link {
    char **between;
    unsigned between_count;
    struct file_link_quality quality;
};

struct file_ping {
    char *from;
    char *to;
    uint16_t *count;
    uint32_t *interval_ms;
    uint16_t *data_octets;
};

struct file_event {
    uint32_t at_ms;
    struct file_ping *ping;
};

struct scenario_file {
    char *story;
    unsigned *phase;
    char **clauses;
    unsigned clauses_count;
    uint32_t duration_s;
    struct file_link_quality underlay;
    struct file_link *links;
    unsigned links_count;
    struct file_node *nodes;
    unsigned nodes_count;
    struct file_event *events;
    unsigned events_count;
};

/* Of a pointer to struct scenario_file. */
extern const cyaml_schema_value_t scenario_schema;

#endif
