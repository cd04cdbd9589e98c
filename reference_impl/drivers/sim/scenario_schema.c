/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_schema: the keys of a scenario file, as tables. What the keys mean together is scenario.c's
 * business.
 */
#include "drivers/sim/scenario_schema.h"

#define NAME_LONGEST    (NODE_NAME_MAX - 1)
#define ADDRESS_LONGEST (PREFIX_TEXT_MAX - 1)
#define STORY_LONGEST   8000
#define CLAUSE_LONGEST  60
#define NODES_MOST      100000
#define PER_NODE_MOST   10000
#define EVENTS_MOST     60000 /* each ping has its number as ICMP identifier */

#define TEXT(key, structure, member, least, most) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, least, most)
#define TEXT_OPTIONAL(key, structure, member, least, most) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, least, most)
#define NUMBER_OPTIONAL(key, structure, member) \
    CYAML_FIELD_UINT_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member)
#define SWITCH(key, structure, member) CYAML_FIELD_BOOL(key, CYAML_FLAG_OPTIONAL, structure, member)
#define LIST_OPTIONAL(key, structure, member, entry, least, most) \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, entry, least, most)

static const cyaml_schema_value_t name_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, NAME_LONGEST),
};
static const cyaml_schema_value_t clause_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CLAUSE_LONGEST),
};

static const cyaml_schema_field_t host_fields[] = {
    TEXT("name", struct file_host, name, 1, NAME_LONGEST),
    TEXT("address", struct file_host, address, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t host_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_host, host_fields),
};

static const cyaml_schema_field_t lan_fields[] = {
    TEXT("prefix", struct file_lan, prefix, 1, ADDRESS_LONGEST),
    LIST_OPTIONAL("hosts", struct file_lan, hosts, &host_schema, 1, PER_NODE_MOST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t lan_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_lan, lan_fields),
};

static const cyaml_schema_field_t route_fields[] = {
    TEXT("to", struct file_route, to, 1, ADDRESS_LONGEST),
    TEXT("via", struct file_route, via, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t route_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_route, route_fields),
};

static const cyaml_schema_field_t nhs_fields[] = {
    TEXT("protocol", struct file_nhs, protocol, 1, ADDRESS_LONGEST),
    TEXT("nbma", struct file_nhs, nbma, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t nhs_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_nhs, nhs_fields),
};

static const cyaml_strval_t tunnel_modes[] = {
    {"multipoint", TUNNEL_MULTIPOINT},
    {"point-to-point", TUNNEL_POINT_TO_POINT},
};
static const cyaml_schema_field_t tunnel_fields[] = {
    TEXT("address", struct file_tunnel, address, 1, ADDRESS_LONGEST),
    CYAML_FIELD_ENUM("mode", CYAML_FLAG_STRICT, struct file_tunnel, mode, tunnel_modes, 2),
    TEXT_OPTIONAL("destination", struct file_tunnel, destination, 1, ADDRESS_LONGEST),
    NUMBER_OPTIONAL("key", struct file_tunnel, key),
    SWITCH("checksum", struct file_tunnel, checksum),
    SWITCH("sequence", struct file_tunnel, sequence),
    NUMBER_OPTIONAL("mtu_octets", struct file_tunnel, mtu_octets),
    NUMBER_OPTIONAL("ttl", struct file_tunnel, ttl),
    CYAML_FIELD_END,
};

static const cyaml_strval_t resolution_policies[] = {
    {"answer", RESOLUTION_ANSWER},
    {"forward", RESOLUTION_FORWARD},
};
static const cyaml_schema_field_t nhrp_fields[] = {
    NUMBER_OPTIONAL("hold_s", struct file_nhrp, hold_s),
    NUMBER_OPTIONAL("hop_count", struct file_nhrp, hop_count),
    TEXT_OPTIONAL("authentication", struct file_nhrp, authentication, 1, PASSWORD_MAX),
    SWITCH("unique", struct file_nhrp, unique),
    SWITCH("redirect", struct file_nhrp, redirect),
    SWITCH("shortcut", struct file_nhrp, shortcut),
    CYAML_FIELD_ENUM("resolution", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct file_nhrp, resolution,
                     resolution_policies, 2),
    CYAML_FIELD_UINT("first_request_id", CYAML_FLAG_OPTIONAL, struct file_nhrp, first_request_id),
    LIST_OPTIONAL("nhs", struct file_nhrp, nhs, &nhs_schema, 1, 16),
    CYAML_FIELD_END,
};

static const cyaml_strval_t roles[] = {{"hub", ROLE_HUB}, {"spoke", ROLE_SPOKE}};
static const cyaml_schema_field_t node_fields[] = {
    TEXT("name", struct file_node, name, 1, NAME_LONGEST),
    CYAML_FIELD_ENUM("role", CYAML_FLAG_STRICT, struct file_node, role, roles, 2),
    TEXT("nbma", struct file_node, nbma, 1, ADDRESS_LONGEST),
    CYAML_FIELD_UINT("start_ms", CYAML_FLAG_OPTIONAL, struct file_node, start_ms),
    CYAML_FIELD_MAPPING("tunnel", CYAML_FLAG_DEFAULT, struct file_node, tunnel, tunnel_fields),
    CYAML_FIELD_MAPPING("nhrp", CYAML_FLAG_OPTIONAL, struct file_node, nhrp, nhrp_fields),
    LIST_OPTIONAL("routes", struct file_node, routes, &route_schema, 1, PER_NODE_MOST),
    LIST_OPTIONAL("lans", struct file_node, lans, &lan_schema, 1, PER_NODE_MOST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t node_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_node, node_fields),
};

/* The same keys for the underlay as a whole and for one link. */
#define LINK_QUALITY(structure, member)                                                         \
    CYAML_FIELD_UINT("delay_ms", CYAML_FLAG_OPTIONAL, structure, member delay_ms),              \
        CYAML_FIELD_UINT("jitter_ms", CYAML_FLAG_OPTIONAL, structure, member jitter_ms),        \
        CYAML_FIELD_FLOAT("loss_percent", CYAML_FLAG_OPTIONAL, structure, member loss_percent), \
        CYAML_FIELD_FLOAT("duplicate_percent", CYAML_FLAG_OPTIONAL, structure, member duplicate_percent)

static const cyaml_schema_field_t underlay_fields[] = {
    LINK_QUALITY(struct file_link_quality, ),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t link_fields[] = {
    CYAML_FIELD_SEQUENCE("between", CYAML_FLAG_POINTER, struct file_link, between, &name_schema, 2, 2),
    LINK_QUALITY(struct file_link, quality.),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t link_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_link, link_fields),
};

static const cyaml_schema_field_t ping_fields[] = {
    TEXT("from", struct file_ping, from, 1, NAME_LONGEST),
    TEXT("to", struct file_ping, to, 1, ADDRESS_LONGEST),
    NUMBER_OPTIONAL("count", struct file_ping, count),
    NUMBER_OPTIONAL("interval_ms", struct file_ping, interval_ms),
    NUMBER_OPTIONAL("data_octets", struct file_ping, data_octets),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t event_fields[] = {
    CYAML_FIELD_UINT("at_ms", CYAML_FLAG_DEFAULT, struct file_event, at_ms),
    CYAML_FIELD_MAPPING_PTR("ping", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_event, ping,
                            ping_fields),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t event_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_event, event_fields),
};

static const cyaml_schema_field_t scenario_fields[] = {
    TEXT("story", struct scenario_file, story, 1, STORY_LONGEST),
    NUMBER_OPTIONAL("phase", struct scenario_file, phase),
    CYAML_FIELD_SEQUENCE("clauses", CYAML_FLAG_POINTER, struct scenario_file, clauses, &clause_schema, 1,
                         100),
    CYAML_FIELD_UINT("duration_s", CYAML_FLAG_DEFAULT, struct scenario_file, duration_s),
    CYAML_FIELD_MAPPING("underlay", CYAML_FLAG_OPTIONAL, struct scenario_file, underlay, underlay_fields),
    LIST_OPTIONAL("links", struct scenario_file, links, &link_schema, 1, NODES_MOST),
    CYAML_FIELD_SEQUENCE("nodes", CYAML_FLAG_POINTER, struct scenario_file, nodes, &node_schema, 1,
                         NODES_MOST),
    LIST_OPTIONAL("events", struct scenario_file, events, &event_schema, 1, EVENTS_MOST),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t scenario_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct scenario_file, scenario_fields),
};
