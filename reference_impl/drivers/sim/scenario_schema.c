/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_schema: the keys of a scenario file, as tables. What the keys mean together is scenario.c's
 * business.
 */
#include "drivers/sim/scenario_schema.h"

#define TITLE_LONGEST 120
#define STORY_LONGEST 8000
#define EVENTS_MOST   60000 /* each ping has its number as ICMP identifier */
#define EXPECT_MOST   10000

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
    NUMBER_OPTIONAL("count", struct file_route, count),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t route_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_route, route_fields),
};

static const cyaml_schema_field_t nhs_fields[] = {
    TEXT_OPTIONAL("protocol", struct file_nhs, protocol, 1, ADDRESS_LONGEST),
    TEXT("nbma", struct file_nhs, nbma, 1, ADDRESS_LONGEST),
    NUMBER("priority", struct file_nhs, priority),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t nhs_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_nhs, nhs_fields),
};

static const cyaml_schema_value_t prefix_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, ADDRESS_LONGEST),
};

static const cyaml_schema_field_t registered_fields[] = {
    TEXT("address", struct file_registered, address, 1, ADDRESS_LONGEST),
    NUMBER_OPTIONAL("prefix_len", struct file_registered, prefix_len),
    NUMBER("preference", struct file_registered, preference),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t registered_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_registered, registered_fields),
};

static const cyaml_schema_field_t hash_key_fields[] = {
    CYAML_FIELD_UINT("spi", CYAML_FLAG_DEFAULT, struct file_hash_key, spi),
    TEXT("secret", struct file_hash_key, secret, 1, HASH_KEY_MAX),
    TEXT_OPTIONAL("source", struct file_hash_key, source, 1, ADDRESS_LONGEST),
    NUMBER("start_s", struct file_hash_key, start_s),
    NUMBER("lifetime_s", struct file_hash_key, lifetime_s),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t hash_key_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_hash_key, hash_key_fields),
};

static const cyaml_schema_field_t admission_fields[] = {
    LIST_OPTIONAL("addresses", struct file_admission, addresses, &prefix_schema, 1, PER_NODE_MOST),
    LIST_OPTIONAL("nbmas", struct file_admission, nbmas, &prefix_schema, 1, PER_NODE_MOST),
    NUMBER("registrations", struct file_admission, registrations),
    CYAML_FIELD_END,
};

static const cyaml_strval_t rip_modes[] = {
    {"off", RIP_MODE_OFF},
    {"spoke", RIP_MODE_SPOKE},
    {"default-route", RIP_MODE_DEFAULT_ROUTE},
    {"next-hop-kept", RIP_MODE_NEXT_HOP_KEPT},
    {"summary", RIP_MODE_SUMMARY},
};
static const cyaml_schema_field_t rip_fields[] = {
    CYAML_FIELD_ENUM("mode", CYAML_FLAG_STRICT, struct file_rip, mode, rip_modes, 5),
    LIST_OPTIONAL("summaries", struct file_rip, summaries, &prefix_schema, 1, PER_NODE_MOST),
    NUMBER("update_s", struct file_rip, update_s),
    CYAML_FIELD_END,
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
static const cyaml_strval_t discovery_replies[] = {
    {"copy", DISCOVERY_COPY},
    {"server", DISCOVERY_SERVER},
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
    CYAML_FIELD_ENUM("discovery", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct file_nhrp, discovery,
                     discovery_replies, 2),
    NUMBER("first_request_id", struct file_nhrp, first_request_id),
    NUMBER("max_bindings", struct file_nhrp, max_bindings),
    NUMBER("max_told", struct file_nhrp, max_told),
    NUMBER("nhs_max", struct file_nhrp, nhs_max),
    LIST_OPTIONAL("addresses", struct file_nhrp, addresses, &registered_schema, 1, PER_NODE_MOST),
    LIST_OPTIONAL("keys", struct file_nhrp, keys, &hash_key_schema, 1, PER_NODE_MOST),
    CYAML_FIELD_MAPPING("admission", CYAML_FLAG_OPTIONAL, struct file_nhrp, admission, admission_fields),
    LIST_OPTIONAL("nhs", struct file_nhrp, nhs, &nhs_schema, 1, 16),
    CYAML_FIELD_END,
};

static const cyaml_strval_t roles[] = {{"hub", ROLE_HUB}, {"spoke", ROLE_SPOKE}};
static const cyaml_schema_field_t node_fields[] = {
    TEXT("name", struct file_node, name, 1, NAME_LONGEST),
    CYAML_FIELD_ENUM("role", CYAML_FLAG_STRICT, struct file_node, role, roles, 2),
    TEXT("nbma", struct file_node, nbma, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("behind", struct file_node, behind, 1, NAME_LONGEST),
    NUMBER("start_ms", struct file_node, start_ms),
    NUMBER("start_step_ms", struct file_node, start_step_ms),
    CYAML_FIELD_MAPPING("tunnel", CYAML_FLAG_DEFAULT, struct file_node, tunnel, tunnel_fields),
    CYAML_FIELD_MAPPING("nhrp", CYAML_FLAG_OPTIONAL, struct file_node, nhrp, nhrp_fields),
    CYAML_FIELD_MAPPING("rip", CYAML_FLAG_OPTIONAL, struct file_node, rip, rip_fields),
    SWITCH("clear", struct file_node, clear),
    LIST_OPTIONAL("routes", struct file_node, routes, &route_schema, 1, PER_NODE_MOST),
    LIST_OPTIONAL("lans", struct file_node, lans, &lan_schema, 1, PER_NODE_MOST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t node_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_node, node_fields),
};

static const cyaml_schema_field_t ipsec_fields[] = {
    TEXT("algorithm", struct file_ipsec, algorithm, 1, 60),
    SWITCH("udp", struct file_ipsec, udp),
    SWITCH("extended_sequence", struct file_ipsec, extended_sequence),
    NUMBER_OPTIONAL("replay_window", struct file_ipsec, replay_window),
    CYAML_FIELD_END,
};

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

static const cyaml_schema_field_t peer_fields[] = {
    TEXT("name", struct file_peer, name, 1, NAME_LONGEST),
    TEXT("nbma", struct file_peer, nbma, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("behind", struct file_peer, behind, 1, NAME_LONGEST),
    NUMBER_OPTIONAL("key", struct file_peer, key),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t peer_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_peer, peer_fields),
};

static const cyaml_schema_field_t nat_pair_fields[] = {
    TEXT("inside", struct file_nat_pair, inside, 1, ADDRESS_LONGEST),
    TEXT("outside", struct file_nat_pair, outside, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t nat_pair_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_nat_pair, nat_pair_fields),
};

static const cyaml_schema_field_t nat_fields[] = {
    TEXT("name", struct file_nat, name, 1, NAME_LONGEST),
    TEXT_OPTIONAL("outside", struct file_nat, outside, 1, ADDRESS_LONGEST),
    NUMBER_OPTIONAL("idle_s", struct file_nat, idle_s),
    LIST_OPTIONAL("static", struct file_nat, fixed, &nat_pair_schema, 1, PER_NODE_MOST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t nat_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_nat, nat_fields),
};

static const cyaml_schema_field_t scenario_fields[] = {
    TEXT("title", struct scenario_file, title, 1, TITLE_LONGEST),
    TEXT("story", struct scenario_file, story, 1, STORY_LONGEST),
    NUMBER_OPTIONAL("phase", struct scenario_file, phase),
    CYAML_FIELD_SEQUENCE("clauses", CYAML_FLAG_POINTER, struct scenario_file, clauses, &clause_schema, 1,
                         100),
    CYAML_FIELD_UINT("duration_s", CYAML_FLAG_DEFAULT, struct scenario_file, duration_s),
    CYAML_FIELD_MAPPING("underlay", CYAML_FLAG_OPTIONAL, struct scenario_file, underlay, underlay_fields),
    TEXT_OPTIONAL("router", struct scenario_file, router, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("router6", struct scenario_file, router6, 1, ADDRESS_LONGEST),
    MAPPING_OPTIONAL("ipsec", struct scenario_file, ipsec, ipsec_fields),
    LIST_OPTIONAL("nats", struct scenario_file, nats, &nat_schema, 1, PER_NODE_MOST),
    LIST_OPTIONAL("links", struct scenario_file, links, &link_schema, 1, NODES_MOST),
    NUMBER("hubs", struct scenario_file, hubs),
    MAPPING_OPTIONAL("hub", struct scenario_file, hub, node_fields),
    NUMBER("spokes", struct scenario_file, spokes),
    MAPPING_OPTIONAL("spoke", struct scenario_file, spoke, node_fields),
    LIST_OPTIONAL("nodes", struct scenario_file, nodes, &node_schema, 1, NODES_MOST),
    LIST_OPTIONAL("peers", struct scenario_file, peers, &peer_schema, 1, NODES_MOST),
    LIST_OPTIONAL("events", struct scenario_file, events, &scenario_event_schema, 1, EVENTS_MOST),
    LIST_OPTIONAL("expect", struct scenario_file, expect, &scenario_expectation_schema, 1, EXPECT_MOST),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t scenario_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct scenario_file, scenario_fields),
};
