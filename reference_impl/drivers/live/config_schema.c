/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_schema: the keys of a configuration file, as tables. What the keys mean together is config.c's
 * business.
 */
#include "drivers/live/config_schema.h"

#define NAME_LONGEST    (LIVE_NAME_MAX - 1)
#define ADDRESS_LONGEST (PREFIX_TEXT_MAX - 1)
#define PATH_LONGEST    (LIVE_PATH_MAX - 1)
#define KEY_LONGEST     200 /* hexadecimal digits */
#define SAS_MOST        4096
#define NHS_MOST        16
#define ROUTES_MOST     100000

#define TEXT(key, structure, member, most) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, 1, most)
#define TEXT_OPTIONAL(key, structure, member, most) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, 1, most)
#define NUMBER_OPTIONAL(key, structure, member) \
    CYAML_FIELD_UINT_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member)
#define NUMBER(key, structure, member) CYAML_FIELD_UINT(key, CYAML_FLAG_OPTIONAL, structure, member)
#define SWITCH(key, structure, member) CYAML_FIELD_BOOL(key, CYAML_FLAG_OPTIONAL, structure, member)
#define SWITCH_OPTIONAL(key, structure, member) \
    CYAML_FIELD_BOOL_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member)
#define LIST_OPTIONAL(key, structure, member, entry, most) \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, entry, 1, most)

static const cyaml_schema_field_t route_fields[] = {
    TEXT("to", struct file_route, to, ADDRESS_LONGEST),
    TEXT("via", struct file_route, via, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t route_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_route, route_fields),
};

static const cyaml_schema_value_t prefix_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, ADDRESS_LONGEST),
};

static const cyaml_schema_field_t nhs_fields[] = {
    TEXT_OPTIONAL("protocol", struct file_nhs, protocol, ADDRESS_LONGEST),
    TEXT("nbma", struct file_nhs, nbma, ADDRESS_LONGEST),
    NUMBER("priority", struct file_nhs, priority),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t nhs_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_nhs, nhs_fields),
};

static const cyaml_strval_t directions[] = {{"out", ESP_OUTBOUND}, {"in", ESP_INBOUND}};
static const cyaml_schema_field_t association_fields[] = {
    CYAML_FIELD_ENUM("direction", CYAML_FLAG_STRICT, struct file_association, direction, directions, 2),
    TEXT("algorithm", struct file_association, algorithm, 60),
    TEXT("peer", struct file_association, peer, ADDRESS_LONGEST),
    CYAML_FIELD_UINT("spi", CYAML_FLAG_DEFAULT, struct file_association, spi),
    TEXT("key", struct file_association, key, KEY_LONGEST),
    TEXT_OPTIONAL("auth_key", struct file_association, auth_key, KEY_LONGEST),
    SWITCH("udp", struct file_association, udp),
    NUMBER("peer_port", struct file_association, peer_port),
    SWITCH("extended_sequence", struct file_association, extended_sequence),
    NUMBER_OPTIONAL("replay_window", struct file_association, replay_window),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t association_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_association, association_fields),
};
static const cyaml_schema_field_t ipsec_fields[] = {
    CYAML_FIELD_SEQUENCE("associations", CYAML_FLAG_POINTER, struct file_ipsec, associations,
                         &association_schema, 1, SAS_MOST),
    CYAML_FIELD_END,
};

static const cyaml_strval_t modes[] = {
    {"multipoint", TUNNEL_MULTIPOINT},
    {"point-to-point", TUNNEL_POINT_TO_POINT},
};
static const cyaml_schema_field_t encapsulation_fields[] = {
    TEXT("address", struct file_encapsulation, address, ADDRESS_LONGEST),
    CYAML_FIELD_ENUM("mode", CYAML_FLAG_STRICT, struct file_encapsulation, mode, modes, 2),
    TEXT_OPTIONAL("destination", struct file_encapsulation, destination, ADDRESS_LONGEST),
    NUMBER_OPTIONAL("key", struct file_encapsulation, key),
    SWITCH("checksum", struct file_encapsulation, checksum),
    SWITCH("sequence", struct file_encapsulation, sequence),
    NUMBER_OPTIONAL("mtu_octets", struct file_encapsulation, mtu_octets),
    NUMBER_OPTIONAL("ttl", struct file_encapsulation, ttl),
    CYAML_FIELD_END,
};

static const cyaml_strval_t policies[] = {
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
    TEXT_OPTIONAL("authentication", struct file_nhrp, authentication, PASSWORD_MAX),
    SWITCH("unique", struct file_nhrp, unique),
    SWITCH("redirect", struct file_nhrp, redirect),
    SWITCH("shortcut", struct file_nhrp, shortcut),
    CYAML_FIELD_ENUM("resolution", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct file_nhrp, resolution,
                     policies, 2),
    CYAML_FIELD_ENUM("discovery", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct file_nhrp, discovery,
                     discovery_replies, 2),
    NUMBER("max_bindings", struct file_nhrp, max_bindings),
    NUMBER("max_requests", struct file_nhrp, max_requests),
    NUMBER("max_routes", struct file_nhrp, max_routes),
    NUMBER("nhs_max", struct file_nhrp, nhs_max),
    NUMBER("error_limit_per_s", struct file_nhrp, error_limit_per_s),
    NUMBER("request_limit_per_s", struct file_nhrp, request_limit_per_s),
    LIST_OPTIONAL("nhs", struct file_nhrp, nhs, &nhs_schema, NHS_MOST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t tunnel_fields[] = {
    TEXT("name", struct file_tunnel, name, NAME_LONGEST),
    TEXT_OPTIONAL("nbma", struct file_tunnel, nbma, ADDRESS_LONGEST),
    TEXT_OPTIONAL("nbma_device", struct file_tunnel, nbma_device, NAME_LONGEST),
    CYAML_FIELD_MAPPING("tunnel", CYAML_FLAG_DEFAULT, struct file_tunnel, tunnel, encapsulation_fields),
    CYAML_FIELD_MAPPING("nhrp", CYAML_FLAG_OPTIONAL, struct file_tunnel, nhrp, nhrp_fields),
    CYAML_FIELD_MAPPING_PTR("ipsec", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_tunnel, ipsec,
                            ipsec_fields),
    LIST_OPTIONAL("routes", struct file_tunnel, routes, &route_schema, ROUTES_MOST),
    LIST_OPTIONAL("prefixes", struct file_tunnel, prefixes, &prefix_schema, ROUTES_MOST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t tunnel_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_tunnel, tunnel_fields),
};

static const cyaml_strval_t forms[] = {{"text", LOG_FORM_TEXT}, {"json", LOG_FORM_JSON}};
static const cyaml_strval_t levels[] = {
    {"error", LOG_ERROR},
    {"warning", LOG_WARNING},
    {"info", LOG_INFO},
    {"debug", LOG_DEBUG},
};
static const cyaml_schema_field_t log_fields[] = {
    CYAML_FIELD_ENUM("format", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL, struct file_log, format, forms, 2),
    CYAML_FIELD_ENUM_PTR("level", CYAML_FLAG_STRICT | CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
                         struct file_log, level, levels, 4),
    SWITCH("trace", struct file_log, trace),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t kernel_fields[] = {
    SWITCH_OPTIONAL("mirror", struct file_kernel_routes, mirror),
    NUMBER_OPTIONAL("mirror_table", struct file_kernel_routes, mirror_table),
    SWITCH("mirror_underlay", struct file_kernel_routes, mirror_underlay),
    SWITCH_OPTIONAL("install", struct file_kernel_routes, install),
    NUMBER_OPTIONAL("install_table", struct file_kernel_routes, install_table),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t config_fields[] = {
    CYAML_FIELD_MAPPING("log", CYAML_FLAG_OPTIONAL, struct config_file, log, log_fields),
    TEXT_OPTIONAL("user", struct config_file, user, NAME_LONGEST),
    TEXT_OPTIONAL("control", struct config_file, control, PATH_LONGEST),
    TEXT_OPTIONAL("state", struct config_file, state, PATH_LONGEST),
    CYAML_FIELD_MAPPING("kernel_routes", CYAML_FLAG_OPTIONAL, struct config_file, kernel_routes,
                        kernel_fields),
    CYAML_FIELD_SEQUENCE("tunnels", CYAML_FLAG_POINTER, struct config_file, tunnels, &tunnel_schema, 1,
                         LIVE_TUNNELS_MOST),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t config_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config_file, config_fields),
};
