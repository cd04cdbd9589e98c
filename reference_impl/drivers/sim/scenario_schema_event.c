/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_schema_event: the keys of events, of scripted messages and of expectations.
 */
#include "codec/nhrp.h"
#include "drivers/sim/scenario_schema.h"

#define MESSAGE_HEX_LONGEST 140000 /* characters: the longest IP packet, with a space between octets */
#define WHY_LONGEST         300
#define WORD_LONGEST        60

static const cyaml_schema_value_t name_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, NAME_LONGEST),
};

/* ---- scripted messages ---- */

static const cyaml_schema_field_t cie_fields[] = {
    NUMBER("code", struct file_cie, code),
    NUMBER("prefix_len", struct file_cie, prefix_len),
    NUMBER("mtu", struct file_cie, mtu),
    NUMBER("hold_s", struct file_cie, hold_s),
    NUMBER("preference", struct file_cie, preference),
    TEXT_OPTIONAL("nbma", struct file_cie, nbma, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("protocol", struct file_cie, protocol, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t cie_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_cie, cie_fields),
};

static const cyaml_schema_field_t extension_fields[] = {
    CYAML_FIELD_UINT("type", CYAML_FLAG_DEFAULT, struct file_extension, type),
    SWITCH("optional", struct file_extension, optional),
    TEXT_OPTIONAL("hex", struct file_extension, hex, 2, MESSAGE_HEX_LONGEST),
    TEXT_OPTIONAL("password", struct file_extension, password, 1, WORD_LONGEST),
    LIST_OPTIONAL("cies", struct file_extension, cies, &cie_schema, 1, PER_NODE_MOST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t extension_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_extension, extension_fields),
};

static const cyaml_strval_t message_types[] = {
    {"resolution-request", NHRP_RESOLUTION_REQUEST},
    {"resolution-reply", NHRP_RESOLUTION_REPLY},
    {"registration-request", NHRP_REGISTRATION_REQUEST},
    {"registration-reply", NHRP_REGISTRATION_REPLY},
    {"purge-request", NHRP_PURGE_REQUEST},
    {"purge-reply", NHRP_PURGE_REPLY},
    {"error-indication", NHRP_ERROR_INDICATION},
    {"traffic-indication", NHRP_TRAFFIC_INDICATION},
};
static const cyaml_schema_field_t message_fields[] = {
    CYAML_FIELD_ENUM("type", CYAML_FLAG_STRICT, struct file_message, type, message_types, 8),
    NUMBER_OPTIONAL("hop_count", struct file_message, hop_count),
    NUMBER("flags", struct file_message, flags),
    NUMBER("request_id", struct file_message, request_id),
    TEXT_OPTIONAL("source_nbma", struct file_message, source_nbma, 1, ADDRESS_LONGEST),
    TEXT("source", struct file_message, source, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("destination", struct file_message, destination, 1, ADDRESS_LONGEST),
    NUMBER("code", struct file_message, code),
    NUMBER("offset", struct file_message, offset),
    TEXT_OPTIONAL("contents", struct file_message, contents, 2, MESSAGE_HEX_LONGEST),
    LIST_OPTIONAL("cies", struct file_message, cies, &cie_schema, 1, PER_NODE_MOST),
    LIST_OPTIONAL("extensions", struct file_message, extensions, &extension_schema, 1, PER_NODE_MOST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t payload_fields[] = {
    CYAML_FIELD_UINT("protocol", CYAML_FLAG_DEFAULT, struct file_payload, protocol),
    TEXT("hex", struct file_payload, hex, 2, MESSAGE_HEX_LONGEST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t patch_fields[] = {
    CYAML_FIELD_UINT("at", CYAML_FLAG_DEFAULT, struct file_patch, at),
    TEXT("hex", struct file_patch, hex, 2, MESSAGE_HEX_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t patch_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_patch, patch_fields),
};

static const cyaml_schema_field_t send_fields[] = {
    TEXT("from", struct file_send, from, 1, NAME_LONGEST),
    TEXT("to", struct file_send, to, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("source", struct file_send, source, 1, ADDRESS_LONGEST),
    TEXT("why", struct file_send, why, 1, WHY_LONGEST),
    TEXT("clause", struct file_send, clause, 1, CLAUSE_LONGEST),
    NUMBER_OPTIONAL("key", struct file_send, key),
    MAPPING_OPTIONAL("nhrp", struct file_send, nhrp, message_fields),
    MAPPING_OPTIONAL("payload", struct file_send, payload, payload_fields),
    LIST_OPTIONAL("patches", struct file_send, patches, &patch_schema, 1, PER_NODE_MOST),
    CYAML_FIELD_END,
};

/* ---- events ---- */

static const cyaml_schema_field_t ping_fields[] = {
    TEXT("from", struct file_ping, from, 1, NAME_LONGEST),
    TEXT("to", struct file_ping, to, 1, ADDRESS_LONGEST),
    NUMBER_OPTIONAL("count", struct file_ping, count),
    NUMBER_OPTIONAL("interval_ms", struct file_ping, interval_ms),
    NUMBER_OPTIONAL("data_octets", struct file_ping, data_octets),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t move_fields[] = {
    TEXT("node", struct file_move, node, 1, NAME_LONGEST),
    TEXT("nbma", struct file_move, nbma, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t route_change_fields[] = {
    TEXT("node", struct file_route_change, node, 1, NAME_LONGEST),
    TEXT_OPTIONAL("add", struct file_route_change, add, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("remove", struct file_route_change, remove, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("via", struct file_route_change, via, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t jump_fields[] = {
    TEXT("node", struct file_jump, node, 1, NAME_LONGEST),
    CYAML_FIELD_UINT("ahead_s", CYAML_FLAG_DEFAULT, struct file_jump, ahead_s),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t quality_change_fields[] = {
    LIST_OPTIONAL("between", struct file_quality_change, between, &name_schema, 2, 2),
    LINK_QUALITY(struct file_quality_change, quality.),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t event_fields[] = {
    CYAML_FIELD_UINT("at_ms", CYAML_FLAG_DEFAULT, struct file_event, at_ms),
    MAPPING_OPTIONAL("ping", struct file_event, ping, ping_fields),
    TEXT_OPTIONAL("stop", struct file_event, stop, 1, NAME_LONGEST),
    TEXT_OPTIONAL("crash", struct file_event, crash, 1, NAME_LONGEST),
    TEXT_OPTIONAL("start", struct file_event, start, 1, NAME_LONGEST),
    TEXT_OPTIONAL("clear", struct file_event, clear, 1, NAME_LONGEST),
    TEXT_OPTIONAL("down", struct file_event, down, 1, NAME_LONGEST),
    TEXT_OPTIONAL("up", struct file_event, up, 1, NAME_LONGEST),
    MAPPING_OPTIONAL("address", struct file_event, address, move_fields),
    MAPPING_OPTIONAL("route", struct file_event, route, route_change_fields),
    MAPPING_OPTIONAL("clock", struct file_event, clock, jump_fields),
    MAPPING_OPTIONAL("link", struct file_event, link, quality_change_fields),
    MAPPING_OPTIONAL("send", struct file_event, send, send_fields),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t scenario_event_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_event, event_fields),
};

/* ---- expectations ---- */

static const cyaml_schema_field_t expect_pings_fields[] = {
    TEXT_OPTIONAL("from", struct file_expect_pings, from, 1, NAME_LONGEST),
    TEXT_OPTIONAL("to", struct file_expect_pings, to, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t expect_trace_fields[] = {
    TEXT_OPTIONAL("node", struct file_expect_trace, node, 1, NAME_LONGEST),
    TEXT_OPTIONAL("event", struct file_expect_trace, event, 1, WORD_LONGEST),
    TEXT_OPTIONAL("reason", struct file_expect_trace, reason, 1, WORD_LONGEST),
    TEXT_OPTIONAL("protocol", struct file_expect_trace, protocol, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("nbma", struct file_expect_trace, nbma, 1, ADDRESS_LONGEST),
    NUMBER_OPTIONAL("number", struct file_expect_trace, number),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t expect_packets_fields[] = {
    TEXT_OPTIONAL("from", struct file_expect_packets, from, 1, NAME_LONGEST),
    TEXT_OPTIONAL("to", struct file_expect_packets, to, 1, NAME_LONGEST),
    TEXT_OPTIONAL("reason", struct file_expect_packets, reason, 1, WORD_LONGEST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t expect_binding_fields[] = {
    TEXT("node", struct file_expect_binding, node, 1, NAME_LONGEST),
    TEXT("protocol", struct file_expect_binding, protocol, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("nbma", struct file_expect_binding, nbma, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t expect_shortcut_fields[] = {
    TEXT("node", struct file_expect_shortcut, node, 1, NAME_LONGEST),
    TEXT("prefix", struct file_expect_shortcut, prefix, 1, ADDRESS_LONGEST),
    TEXT_OPTIONAL("via", struct file_expect_shortcut, via, 1, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t expectation_fields[] = {
    NUMBER_OPTIONAL("at_ms", struct file_expectation, at_ms),
    NUMBER_OPTIONAL("count", struct file_expectation, count),
    NUMBER_OPTIONAL("at_least", struct file_expectation, at_least),
    NUMBER_OPTIONAL("at_most", struct file_expectation, at_most),
    MAPPING_OPTIONAL("pings", struct file_expectation, pings, expect_pings_fields),
    MAPPING_OPTIONAL("trace", struct file_expectation, trace, expect_trace_fields),
    MAPPING_OPTIONAL("packets", struct file_expectation, packets, expect_packets_fields),
    MAPPING_OPTIONAL("binding", struct file_expectation, binding, expect_binding_fields),
    MAPPING_OPTIONAL("shortcut", struct file_expectation, shortcut, expect_shortcut_fields),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t scenario_expectation_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_expectation, expectation_fields),
};
