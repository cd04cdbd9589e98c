/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_schema: the daemon's configuration file as YAML gives it, field for field; pointers are NULL where a
 * key is absent. Internal to config.c. The keys under `tunnel`, `nhrp` and `routes` are those of a node in a
 * scenario file.
 */
#ifndef DMVPNKIT_LIVE_CONFIG_SCHEMA_H
#define DMVPNKIT_LIVE_CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include <cyaml/cyaml.h>

#include "drivers/live/config.h"

struct file_route {
    char *to;
    char *via;
};

struct file_nhs {
    char *protocol;
    char *nbma;
    uint8_t priority;
};

struct file_encapsulation {
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
    uint32_t max_bindings;
    uint32_t max_requests;
    uint32_t max_routes;
    uint32_t nhs_max;
    uint32_t error_limit_per_s;
    uint32_t request_limit_per_s;
    struct file_nhs *nhs;
    unsigned nhs_count;
};

struct file_association {
    enum esp_direction direction;
    char *algorithm;
    char *peer;
    uint32_t spi;
    char *key;
    char *auth_key;
    uint16_t peer_port;
    bool udp;
    bool extended_sequence;
    uint16_t *replay_window;
};

struct file_ipsec {
    struct file_association *associations;
    unsigned associations_count;
};

struct file_tunnel {
    char *name;
    char *nbma;
    char *nbma_device;
    struct file_encapsulation tunnel;
    struct file_nhrp nhrp;
    struct file_ipsec *ipsec;
    struct file_route *routes;
    unsigned routes_count;
    char **prefixes;
    unsigned prefixes_count;
};

struct file_log {
    enum log_form format;
    enum log_level *level;
    bool trace;
};

struct file_kernel_routes {
    bool *mirror;
    uint32_t *mirror_table;
    bool mirror_underlay;
    bool *install;
    uint32_t *install_table;
};

struct config_file {
    struct file_log log;
    char *user;
    char *control;
    char *state;
    struct file_kernel_routes kernel_routes;
    struct file_tunnel *tunnels;
    unsigned tunnels_count;
};

/* Of a pointer to struct config_file. */
extern const cyaml_schema_value_t config_schema;

#endif
