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
    uint32_t *count; /* so many, the prefix and the next hop counting up */
};

struct file_nhs {
    char *protocol;
    char *nbma;
    uint8_t priority;
};

struct file_registered {
    char *address;
    uint8_t *prefix_len;
    uint8_t preference;
};

struct file_hash_key {
    uint16_t spi;
    char *secret;
    char *source;
    uint32_t start_s;
    uint32_t lifetime_s;
};

struct file_admission {
    char **addresses;
    unsigned addresses_count;
    char **nbmas;
    unsigned nbmas_count;
    uint32_t registrations;
};

struct file_rip {
    enum rip_mode mode;
    char **summaries;
    unsigned summaries_count;
    uint16_t update_s;
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
    enum discovery_reply discovery;
    uint32_t first_request_id;
    uint32_t max_bindings;
    uint32_t max_told;
    uint32_t nhs_max;
    struct file_registered *addresses;
    unsigned addresses_count;
    struct file_hash_key *keys;
    unsigned keys_count;
    struct file_admission admission;
    struct file_nhs *nhs;
    unsigned nhs_count;
};

struct file_node {
    char *name;
    enum scenario_role role;
    char *nbma;
    char *behind; /* a NAT */
    uint32_t start_ms;
    uint32_t start_step_ms; /* templates: each one so much later than the one before */
    struct file_tunnel tunnel;
    struct file_nhrp nhrp;
    struct file_rip rip;
    bool clear; /* no IPsec here, although the others have it */
    struct file_route *routes;
    unsigned routes_count;
    struct file_lan *lans;
    unsigned lans_count;
};

struct file_peer {
    char *name;
    char *nbma;
    char *behind;
    uint32_t *key;
};

struct file_nat_pair {
    char *inside;
    char *outside;
};

struct file_nat {
    char *name;
    char *outside; /* one for all: ports are translated */
    uint32_t *idle_s;
    struct file_nat_pair *fixed; /* one for each */
    unsigned fixed_count;
};

struct file_ipsec {
    char *algorithm;
    bool udp;
    bool extended_sequence;
    uint16_t *replay_window;
};

struct file_link_quality {
    uint32_t delay_ms;
    uint32_t jitter_ms;
    double loss_percent;
    double duplicate_percent;
    double reorder_percent;
    uint32_t reorder_ms;
    uint16_t mtu_octets;
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

struct file_cie {
    uint8_t code;
    uint8_t prefix_len;
    uint16_t mtu;
    uint16_t hold_s;
    uint8_t preference;
    char *nbma;
    char *protocol;
};

struct file_extension {
    uint16_t type;
    bool optional; /* the compulsory bit is clear */
    char *hex;     /* the value */
    char *password;
    struct file_cie *cies;
    unsigned cies_count;
};

/* An NHRP message in words; the addresses are text, what is left out is zero. */
struct file_message {
    int type;
    uint8_t *hop_count;
    uint16_t flags;
    uint32_t request_id;
    char *source_nbma; /* left out: the sender's own */
    char *source;
    char *destination;
    uint16_t code;
    uint16_t offset;
    char *contents;
    struct file_cie *cies;
    unsigned cies_count;
    struct file_extension *extensions;
    unsigned extensions_count;
};

struct file_payload {
    uint16_t protocol;
    char *hex;
};

struct file_patch {
    uint16_t at;
    char *hex;
};

struct file_send {
    char *from;
    char *to;
    char *source; /* left out: the sender's own NBMA address */
    char *why;
    char *clause;
    uint32_t *key;
    struct file_message *nhrp;
    struct file_payload *payload;
    struct file_patch *patches;
    unsigned patches_count;
};

struct file_move {
    char *node;
    char *nbma;
};

struct file_route_change {
    char *node;
    char *add;
    char *remove;
    char *via;
};

struct file_jump {
    char *node;
    uint32_t ahead_s;
};

struct file_quality_change {
    char **between;
    unsigned between_count;
    struct file_link_quality quality;
};

/* One of the pointers is set. */
struct file_event {
    uint32_t at_ms;
    struct file_ping *ping;
    char *stop;
    char *crash;
    char *start;
    char *clear;
    char *down;
    char *up;
    struct file_move *address;
    struct file_route_change *route;
    struct file_jump *clock;
    struct file_quality_change *link;
    struct file_send *send;
};

struct file_expect_pings {
    char *from;
    char *to;
};

struct file_expect_trace {
    char *node;
    char *event;
    char *reason;
    char *protocol;
    char *nbma;
    uint64_t *number;
};

struct file_expect_packets {
    char *from;
    char *to;
    char *reason;
};

struct file_expect_binding {
    char *node;
    char *protocol;
    char *nbma;
};

struct file_expect_shortcut {
    char *node;
    char *prefix;
    char *via;
};

/* One of the pointers to structs is set. */
struct file_expectation {
    uint32_t *at_ms;
    uint32_t *count;
    uint32_t *at_least;
    uint32_t *at_most;
    struct file_expect_pings *pings;
    struct file_expect_trace *trace;
    struct file_expect_packets *packets;
    struct file_expect_binding *binding;
    struct file_expect_shortcut *shortcut;
};

struct scenario_file {
    char *title;
    char *story;
    unsigned *phase;
    char **clauses;
    unsigned clauses_count;
    uint32_t duration_s;
    struct file_link_quality underlay;
    char *router;
    char *router6;
    struct file_ipsec *ipsec;
    struct file_nat *nats;
    unsigned nats_count;
    struct file_link *links;
    unsigned links_count;
    uint32_t hubs;
    struct file_node *hub;
    uint32_t spokes;
    struct file_node *spoke;
    struct file_node *nodes;
    unsigned nodes_count;
    struct file_peer *peers;
    unsigned peers_count;
    struct file_event *events;
    unsigned events_count;
    struct file_expectation *expect;
    unsigned expect_count;
};

/* Of a pointer to struct scenario_file. */
extern const cyaml_schema_value_t scenario_schema;
/* Entries of its lists (scenario_schema_event.c). */
extern const cyaml_schema_value_t scenario_event_schema;
extern const cyaml_schema_value_t scenario_expectation_schema;

/* Limits and short forms that both tables use. */
#define NAME_LONGEST    (NODE_NAME_MAX - 1)
#define ADDRESS_LONGEST (PREFIX_TEXT_MAX - 1)
#define CLAUSE_LONGEST  60
#define NODES_MOST      100000
#define PER_NODE_MOST   10000

#define TEXT(key, structure, member, least, most) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, least, most)
#define TEXT_OPTIONAL(key, structure, member, least, most) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, least, most)
#define NUMBER(key, structure, member) CYAML_FIELD_UINT(key, CYAML_FLAG_OPTIONAL, structure, member)
#define NUMBER_OPTIONAL(key, structure, member) \
    CYAML_FIELD_UINT_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member)
#define SWITCH(key, structure, member) CYAML_FIELD_BOOL(key, CYAML_FLAG_OPTIONAL, structure, member)
#define LIST_OPTIONAL(key, structure, member, entry, least, most) \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, entry, least, most)
#define MAPPING_OPTIONAL(key, structure, member, fields) \
    CYAML_FIELD_MAPPING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, fields)

/* The same keys for the underlay as a whole, for one link, and for a change of either. */
#define LINK_QUALITY(structure, member)                                                                   \
    NUMBER("delay_ms", structure, member delay_ms), NUMBER("jitter_ms", structure, member jitter_ms),     \
        CYAML_FIELD_FLOAT("loss_percent", CYAML_FLAG_OPTIONAL, structure, member loss_percent),           \
        CYAML_FIELD_FLOAT("duplicate_percent", CYAML_FLAG_OPTIONAL, structure, member duplicate_percent), \
        CYAML_FIELD_FLOAT("reorder_percent", CYAML_FLAG_OPTIONAL, structure, member reorder_percent),     \
        NUMBER("reorder_ms", structure, member reorder_ms),                                               \
        NUMBER("mtu_octets", structure, member mtu_octets)

#endif
