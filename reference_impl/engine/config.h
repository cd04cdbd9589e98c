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
#include "engine/esp_sa.h"

#define NODE_NAME_MAX 32
#define PASSWORD_MAX  8  /* Cisco's limit for the cleartext form (DEFACTO) */
#define HASH_KEY_MAX  64 /* octets of a key of the keyed hash; a block of MD5 */

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
    /* The host side is a kernel that counts the hop between itself and the tunnel: the node must not again.
     */
    bool host_counts_hops;
};

/* How the tunnel's packets are protected (RFC 4303, transport mode: DRAFT section 1). */
enum ipsec_mode {
    IPSEC_NONE,     /* plain GRE only */
    IPSEC_REQUIRED, /* ESP only; a packet in clear is dropped, and one without an association is not sent */
};

struct ipsec_config {
    enum ipsec_mode mode;
    const struct esp_sa_config *associations; /* static ones; others come as INPUT_SA */
    size_t association_count;
    size_t max_associations; /* 0: the default */
};

/* A next hop server that this node registers with. */
struct nhs_config {
    struct addr
        protocol; /* ADDR_NONE: not known; the client registers with its own as destination (§5.2.3) */
    struct addr nbma;
    uint8_t priority; /* 0 is the most preferred, as with Cisco; of equals the first in the list */
};

/* A further address, or a whole prefix around it, that this node registers beside its own. */
struct registered_address {
    struct addr protocol;
    uint8_t prefix_len; /* bits; the family's width is a host */
    uint8_t preference; /* higher is better (RFC2332 §5.2.0.1) */
};

/*
 * One security parameters tuple of the keyed hash (RFC2332 §5.3.4.2): HMAC-MD5. Several may be valid at once,
 * so that keys can be rolled over; the one that became valid last is sent with.
 */
struct hash_key_config {
    uint16_t spi;       /* not 1 with an empty source: Cisco's cleartext form has that number */
    struct addr source; /* whose messages it is for, by tunnel address; ADDR_NONE: everybody's */
    uint8_t key[HASH_KEY_MAX];
    uint8_t key_len;     /* octets */
    uint32_t start_s;    /* valid from so long after the node's first input */
    uint32_t lifetime_s; /* and for so long; 0: for ever */
};

/* Who may register here, and how many; what is not listed is refused (code 4, or 5 for the number). */
struct admission_config {
    const struct prefix *protocols; /* protocol addresses that may be registered; none listed: any */
    size_t protocol_count;
    const struct prefix *nbmas; /* NBMA addresses, as seen, that may register; none listed: any */
    size_t nbma_count;
    size_t max_registrations; /* 0: as many as max_bindings allows */
};

/* RIPv2 over the tunnel (engine/rip.h), by what this node tells its neighbours. */
enum rip_mode {
    RIP_MODE_OFF,
    RIP_MODE_SPOKE,         /* its own host-side prefixes, and nothing that it has learned */
    RIP_MODE_DEFAULT_ROUTE, /* a Phase 1 hub: the default route only */
    RIP_MODE_NEXT_HOP_KEPT, /* a Phase 2 hub: every route, with the next hop that it was learned from */
    RIP_MODE_SUMMARY,       /* a Phase 3 hub: summaries, and what they do not cover */
};

struct routing_config {
    enum rip_mode rip;
    const struct prefix *summaries;
    size_t summary_count;
    uint16_t update_s; /* 0: 30; timeout and garbage collection are six and four times as long (RFC 2453) */
};

/* How often this node does what others can make it do; what is over is left undone, and counted. */
struct limits_config {
    uint32_t errors_per_s;   /* Error Indications in all; 0: 10 */
    uint32_t requests_per_s; /* taken from each NBMA address that no binding leads to; 0: no limit */
};

/* Who answers a Resolution Request for an address that this server has a registration for. */
enum resolution_policy {
    RESOLUTION_ANSWER,  /* the serving NHS, authoritatively (RFC2332 §5.2.2) */
    RESOLUTION_FORWARD, /* the egress router; the server passes the request on (DRAFT §4.4; Cisco, FRR) */
};

/* What is the destination of a reply to a client that, knowing no server, registered with its own address? */
enum discovery_reply {
    DISCOVERY_COPY,   /* the request's, like every other field (RFC2332 §5.2.4) */
    DISCOVERY_SERVER, /* this server's: there FRR's "nhs dynamic" looks for it (DEFACTO) */
};

/*
 * A static route. via ADDR_NONE: the prefix is on the host side, this node is its egress. via the unspecified
 * address (0.0.0.0 or ::): through the next hop server that is in use, whichever it is (failover).
 */
struct route_config {
    struct prefix prefix;
    struct addr via; /* protocol address of the next hop on the tunnel */
};

struct node_config {
    char name[NODE_NAME_MAX];
    struct tunnel_config tunnel;
    struct ipsec_config ipsec;
    struct addr protocol; /* the tunnel's own protocol address */
    uint8_t protocol_len; /* length of the tunnel subnet's prefix, in bits */
    uint16_t hold_s;      /* holding time that this node registers with and hands out */
    uint8_t hop_count;    /* of messages it originates */
    bool unique;          /* register with the U bit */
    bool redirect;        /* send Traffic Indications (Phase 3 hub) */
    bool shortcut;        /* act on them (Phase 3 spoke), and answer resolutions for its own prefixes */
    enum resolution_policy resolution;
    enum discovery_reply discovery;
    char password[PASSWORD_MAX + 1];         /* cleartext authentication; empty: none */
    const struct hash_key_config *hash_keys; /* keyed hash authentication; not beside a password */
    size_t hash_key_count;
    uint32_t first_request_id; /* 0: start at 1 (§5.2.3 wants it to survive restarts: the driver stores it) */

    const struct nhs_config *nhs;
    size_t nhs_count;
    size_t nhs_max; /* register with the best so many that answer, the others stand by; 0: with all */
    const struct registered_address *registered;
    size_t registered_count; /* none with unique: such a registration is of one address (§5.2.3) */
    struct admission_config admission;
    struct limits_config limits;
    struct routing_config routing;
    const struct route_config *routes;
    size_t route_count;

    /* Sizes of the tables; 0 takes a default. A full table is an ordinary, reported error. */
    size_t max_bindings;
    size_t max_requests;
    size_t max_routes;
    size_t max_told; /* mappings handed out that a purge may have to take back */
};

#endif
