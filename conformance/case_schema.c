/* SPDX-License-Identifier: GPL-2.0-or-later */
/* case_schema: the keys of a sidecar. docs/conformance.md explains each. */
#include "case_schema.h"

#define REQUIRED         CYAML_FLAG_DEFAULT
#define OPTIONAL         CYAML_FLAG_OPTIONAL
#define OPTIONAL_POINTER (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

#define NAME_LONGEST     31
#define ADDRESS_LONGEST  51
#define PASSWORD_LONGEST 8 /* DEFACTO: Cisco's limit */
#define PREFIXES_MOST    1024

#define TEXT(key, structure, member, most) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, 1, most)
#define TEXT_OPTIONAL(key, structure, member, most) \
    CYAML_FIELD_STRING_PTR(key, OPTIONAL_POINTER, structure, member, 1, most)
#define NUMBER_OPTIONAL(key, structure, member) CYAML_FIELD_UINT_PTR(key, OPTIONAL_POINTER, structure, member)

static const cyaml_strval_t role_words[] = {
    {"hub", ROLE_HUB}, {"spoke", ROLE_SPOKE}, {"transit", ROLE_TRANSIT}};
static const cyaml_strval_t tunnel_words[] = {{"multipoint", WORD_MULTIPOINT},
                                              {"point-to-point", WORD_POINT_TO_POINT}};
static const cyaml_strval_t resolution_words[] = {{"forward", WORD_FORWARD}, {"answer", WORD_ANSWER}};
static const cyaml_strval_t host_words[] = {{"inject", HOST_INJECT}, {"none", HOST_NONE}};

static const cyaml_schema_value_t text_entry = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 200)};

static const cyaml_schema_field_t nhs_fields[] = {
    TEXT("protocol", struct case_file_nhs, protocol, ADDRESS_LONGEST),
    TEXT("nbma", struct case_file_nhs, nbma, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t nhs_entry = {
    CYAML_VALUE_MAPPING(REQUIRED, struct case_file_nhs, nhs_fields)};

static const cyaml_schema_field_t route_fields[] = {
    TEXT("to", struct case_file_route, to, ADDRESS_LONGEST),
    TEXT("via", struct case_file_route, via, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t route_entry = {
    CYAML_VALUE_MAPPING(REQUIRED, struct case_file_route, route_fields)};

static const cyaml_schema_field_t lan_fields[] = {
    TEXT("prefix", struct case_file_lan, prefix, ADDRESS_LONGEST),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t lan_entry = {
    CYAML_VALUE_MAPPING(REQUIRED, struct case_file_lan, lan_fields)};

static const cyaml_schema_field_t tunnel_fields[] = {
    TEXT("address", struct case_file_tunnel, address, ADDRESS_LONGEST),
    CYAML_FIELD_ENUM("mode", CYAML_FLAG_STRICT, struct case_file_tunnel, mode, tunnel_words,
                     CYAML_ARRAY_LEN(tunnel_words)),
    TEXT_OPTIONAL("destination", struct case_file_tunnel, destination, ADDRESS_LONGEST),
    NUMBER_OPTIONAL("key", struct case_file_tunnel, key),
    CYAML_FIELD_BOOL("checksum", OPTIONAL, struct case_file_tunnel, checksum),
    CYAML_FIELD_BOOL("sequence", OPTIONAL, struct case_file_tunnel, sequence),
    NUMBER_OPTIONAL("mtu_octets", struct case_file_tunnel, mtu_octets),
    NUMBER_OPTIONAL("ttl", struct case_file_tunnel, ttl),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t nhrp_fields[] = {
    CYAML_FIELD_UINT("hold_s", REQUIRED, struct case_file_nhrp, hold_s),
    NUMBER_OPTIONAL("hop_count", struct case_file_nhrp, hop_count),
    TEXT_OPTIONAL("authentication", struct case_file_nhrp, authentication, PASSWORD_LONGEST),
    CYAML_FIELD_BOOL("unique", OPTIONAL, struct case_file_nhrp, unique),
    CYAML_FIELD_BOOL("redirect", OPTIONAL, struct case_file_nhrp, redirect),
    CYAML_FIELD_BOOL("shortcut", OPTIONAL, struct case_file_nhrp, shortcut),
    CYAML_FIELD_ENUM("resolution", OPTIONAL | CYAML_FLAG_STRICT, struct case_file_nhrp, resolution,
                     resolution_words, CYAML_ARRAY_LEN(resolution_words)),
    CYAML_FIELD_SEQUENCE("nhs", OPTIONAL_POINTER, struct case_file_nhrp, nhs, &nhs_entry, 1, 16),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t iut_fields[] = {
    TEXT("name", struct case_file_iut, name, NAME_LONGEST),
    TEXT("nbma", struct case_file_iut, nbma, ADDRESS_LONGEST),
    CYAML_FIELD_MAPPING("tunnel", REQUIRED, struct case_file_iut, tunnel, tunnel_fields),
    CYAML_FIELD_MAPPING("nhrp", REQUIRED, struct case_file_iut, nhrp, nhrp_fields),
    CYAML_FIELD_SEQUENCE("routes", OPTIONAL_POINTER, struct case_file_iut, routes, &route_entry, 1,
                         PREFIXES_MOST),
    CYAML_FIELD_SEQUENCE("lans", OPTIONAL_POINTER, struct case_file_iut, lans, &lan_entry, 1, PREFIXES_MOST),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t frame_fields[] = {
    CYAML_FIELD_UINT("number", REQUIRED, struct case_file_frame, number),
    CYAML_FIELD_BOOL("ignore", OPTIONAL, struct case_file_frame, ignore),
    CYAML_FIELD_ENUM("host", OPTIONAL | CYAML_FLAG_STRICT, struct case_file_frame, host, host_words,
                     CYAML_ARRAY_LEN(host_words)),
    CYAML_FIELD_SEQUENCE("mask", OPTIONAL_POINTER, struct case_file_frame, mask, &text_entry, 1, 64),
    NUMBER_OPTIONAL("tolerance_ms", struct case_file_frame, tolerance_ms),
    TEXT("because", struct case_file_frame, because, 500),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t frame_entry = {
    CYAML_VALUE_MAPPING(REQUIRED, struct case_file_frame, frame_fields)};

static const cyaml_schema_value_t number_entry = {CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint32_t)};
static const cyaml_schema_value_t statement_entry = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 4200)};
#define FRAMES(key, member) \
    CYAML_FIELD_SEQUENCE(key, OPTIONAL_POINTER, struct case_file_step, member, &number_entry, 1, 1000)
#define STATEMENTS(key, member) \
    CYAML_FIELD_SEQUENCE(key, OPTIONAL_POINTER, struct case_file_step, member, &statement_entry, 1, 64)

static const cyaml_schema_field_t step_fields[] = {
    FRAMES("given", given),
    FRAMES("replay", replay),
    NUMBER_OPTIONAL("send", struct case_file_step, send),
    NUMBER_OPTIONAL("host", struct case_file_step, host),
    NUMBER_OPTIONAL("deliver", struct case_file_step, deliver),
    TEXT_OPTIONAL("expect", struct case_file_step, expect, 200),
    TEXT_OPTIONAL("quiet", struct case_file_step, quiet, 200),
    NUMBER_OPTIONAL("advance_ms", struct case_file_step, advance_ms),
    NUMBER_OPTIONAL("like", struct case_file_step, like),
    NUMBER_OPTIONAL("probe", struct case_file_step, probe),
    STATEMENTS("set", set),
    STATEMENTS("where", where),
    STATEMENTS("mask", mask),
    CYAML_FIELD_BOOL("as_is", OPTIONAL, struct case_file_step, as_is),
    CYAML_FIELD_BOOL("should", OPTIONAL, struct case_file_step, should),
    NUMBER_OPTIONAL("times", struct case_file_step, times),
    NUMBER_OPTIONAL("within_ms", struct case_file_step, within_ms),
    TEXT_OPTIONAL("requirement", struct case_file_step, requirement, 200),
    TEXT_OPTIONAL("story", struct case_file_step, story, 1000),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t step_entry = {
    CYAML_VALUE_MAPPING(REQUIRED, struct case_file_step, step_fields)};

static const cyaml_schema_field_t class_fields[] = {
    TEXT("story", struct class_file, story, 1000),
    CYAML_FIELD_MAPPING("implementation", REQUIRED, struct class_file, implementation, iut_fields),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t class_file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct class_file, class_fields)};

static const cyaml_schema_field_t case_fields[] = {
    TEXT("title", struct case_file, title, 100),
    TEXT("story", struct case_file, story, 4000),
    TEXT("capture", struct case_file, capture, 500),
    CYAML_FIELD_UINT("phase", REQUIRED, struct case_file, phase),
    CYAML_FIELD_ENUM("role", CYAML_FLAG_STRICT, struct case_file, role, role_words,
                     CYAML_ARRAY_LEN(role_words)),
    CYAML_FIELD_SEQUENCE("requirements", CYAML_FLAG_POINTER, struct case_file, requirements, &text_entry, 1,
                         200),
    CYAML_FIELD_MAPPING_PTR("implementation", OPTIONAL_POINTER, struct case_file, implementation, iut_fields),
    TEXT_OPTIONAL("configuration", struct case_file, configuration, 100),
    CYAML_FIELD_SEQUENCE("features", OPTIONAL_POINTER, struct case_file, features, &text_entry, 1, 32),
    CYAML_FIELD_SEQUENCE("tags", OPTIONAL_POINTER, struct case_file, tags, &text_entry, 1, 64),
    CYAML_FIELD_SEQUENCE("steps", OPTIONAL_POINTER, struct case_file, steps, &step_entry, 1, 200),
    CYAML_FIELD_BOOL("watch_renewals", OPTIONAL, struct case_file, watch_renewals),
    NUMBER_OPTIONAL("tolerance_ms", struct case_file, tolerance_ms),
    NUMBER_OPTIONAL("start_ms", struct case_file, start_ms),
    CYAML_FIELD_SEQUENCE("frames", OPTIONAL_POINTER, struct case_file, frames, &frame_entry, 0, 10000),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t case_file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct case_file, case_fields)};
