/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case_schema: the sidecar as libcyaml loads it: texts are still texts. Only case.c turns it into a
 * conform_case.
 */
#ifndef DMVPNKIT_CONFORMANCE_CASE_SCHEMA_H
#define DMVPNKIT_CONFORMANCE_CASE_SCHEMA_H

#include "files/yaml.h"

#include "case.h"

enum tunnel_word { WORD_MULTIPOINT, WORD_POINT_TO_POINT };
enum resolution_word { WORD_ANSWER, WORD_FORWARD };

struct case_file_nhs {
    char *protocol;
    char *nbma;
};

struct case_file_route {
    char *to;
    char *via;
};

struct case_file_lan {
    char *prefix;
};

struct case_file_frame {
    uint32_t number;
    bool ignore;
    enum host_stimulus host;
    char **mask;
    unsigned mask_count;
    uint32_t *tolerance_ms;
    char *because;
};

struct case_file_tunnel {
    char *address;
    enum tunnel_word mode;
    char *destination;
    uint32_t *key;
    bool checksum;
    bool sequence;
    uint16_t *mtu_octets;
    uint8_t *ttl;
};

struct case_file_nhrp {
    uint16_t hold_s;
    uint8_t *hop_count;
    char *authentication;
    bool unique;
    bool redirect;
    bool shortcut;
    enum resolution_word resolution;
    struct case_file_nhs *nhs;
    unsigned nhs_count;
};

/* The keys are those of a node in a scenario file, so that one can be copied from the other. */
struct case_file_iut {
    char *name;
    char *nbma;
    struct case_file_tunnel tunnel;
    struct case_file_nhrp nhrp;
    struct case_file_route *routes;
    unsigned routes_count;
    struct case_file_lan *lans;
    unsigned lans_count;
};

/* One of the verbs is there; which keys go with which, case.c knows. */
struct case_file_step {
    uint32_t *given;
    unsigned given_count;
    uint32_t *replay;
    unsigned replay_count;
    uint32_t *send;
    uint32_t *host;
    uint32_t *deliver;
    char *expect;
    char *quiet;
    uint32_t *advance_ms;
    uint32_t *like;
    uint32_t *probe;
    char **set;
    unsigned set_count;
    char **where;
    unsigned where_count;
    char **mask;
    unsigned mask_count;
    bool as_is;
    bool should;
    uint32_t *times;
    uint32_t *within_ms;
    char *requirement;
    char *story;
};

/* A configuration class: what a human enters once for many cases. */
struct class_file {
    char *story;
    struct case_file_iut implementation;
};

struct case_file {
    char *title;
    char *story;
    char *capture;
    uint32_t phase;
    enum case_role role;
    char **requirements;
    unsigned requirements_count;
    struct case_file_iut *implementation; /* or configuration */
    char *configuration;
    char **features;
    unsigned features_count;
    char **tags;
    unsigned tags_count;
    struct case_file_step *steps;
    unsigned steps_count;
    bool watch_renewals;
    uint32_t *tolerance_ms;
    uint32_t *start_ms;
    struct case_file_frame *frames;
    unsigned frames_count;
};

extern const cyaml_schema_value_t case_file_schema;
extern const cyaml_schema_value_t class_file_schema;

#endif
