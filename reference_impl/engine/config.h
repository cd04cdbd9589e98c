/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config: what a node is told before it starts. Plain data; node_create() copies it whole.
 *
 * A node is one router's end of one tunnel: an NHC, an NHS, or both. The DMVPN phase is no setting: it
 * follows from the tunnel's mode, from redirect and shortcut, and from the routes.
 */
#ifndef DMVPNKIT_ENGINE_CONFIG_H
#define DMVPNKIT_ENGINE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

#define NODE_NAME_MAX 32
#define PASSWORD_MAX  8 /* Cisco's limit for the cleartext form (DEFACTO) */

enum tunnel_mode {
    TUNNEL_MULTIPOINT,
    TUNNEL_POINT_TO_POINT, /* everything goes to one NBMA address; no resolutions (Phase 1 spokes) */
};

struct tunnel_config {
    enum tunnel_mode mode;
    struct addr nbma;        /* this end's address on the underlay: the tunnel's source */
    struct addr destination; /* point to point: the other end */
    bool has_key;
    uint32_t key; /* the DMVPN cloud (RFC 2890); a packet with another key, or none, is dropped */
    bool checksum;
    bool sequence;
    uint16_t mtu; /* of the tunnel, for inner packets; octets */
    uint8_t ttl;  /* of outer packets */
};

/* A next hop server that this node registers with. */
struct nhs_config {
    struct addr protocol;
    struct addr nbma;
};

/* Who answers a Resolution Request for an address that this server has a registration for. */
enum resolution_policy {
    RESOLUTION_ANSWER,  /* the serving NHS, authoritatively (RFC2332 §5.2.2) */
    RESOLUTION_FORWARD, /* the egress router; the server passes the request on (DRAFT §4.4; Cisco, FRR) */
};

/* A static route. via ADDR_NONE: the prefix is on the host side, this node is its egress. */
struct route_config {
    struct prefix prefix;
    struct addr via; /* protocol address of the next hop on the tunnel */
};

struct node_config {
    char name[NODE_NAME_MAX];
    struct tunnel_config tunnel;
    struct addr protocol; /* the tunnel's own protocol address */
    uint8_t protocol_len; /* length of the tunnel subnet's prefix, in bits */
    uint16_t hold_s;      /* holding time that this node registers with and hands out */
    uint8_t hop_count;    /* of messages it originates */
    bool unique;          /* register with the U bit */
    bool redirect;        /* send Traffic Indications (Phase 3 hub) */
    bool shortcut;        /* act on them (Phase 3 spoke), and answer resolutions for its own prefixes */
    enum resolution_policy resolution;
    char password[PASSWORD_MAX + 1]; /* cleartext authentication; empty: none */
    uint32_t first_request_id; /* 0: start at 1 (§5.2.3 wants it to survive restarts: the driver stores it) */

    const struct nhs_config *nhs;
    size_t nhs_count;
    const struct route_config *routes;
    size_t route_count;

    /* Sizes of the tables; 0 takes a default. A full table is an ordinary, reported error. */
    size_t max_bindings;
    size_t max_requests;
    size_t max_routes;
};

#endif
