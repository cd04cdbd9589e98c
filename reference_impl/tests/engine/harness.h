/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * harness: a few nodes on a small underlay in virtual time, and a record of everything they send, deliver and
 * trace.
 *
 * Packets take LATENCY_US. An address without a node is a place the test speaks for itself: packets to it are
 * only recorded. Everything is owned by the world and goes with world_free().
 */
#ifndef DMVPNKIT_TESTS_ENGINE_HARNESS_H
#define DMVPNKIT_TESTS_ENGINE_HARNESS_H

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "codec/packet.h"
#include "engine/node.h"

#define LATENCY_US   1000
#define STATIONS_MAX 8

struct sent {
    struct instant at;
    int station;
    enum send_reason reason;
    bool lost; /* by the test's wish */
    struct span bytes;
    struct packet packet; /* decoded; spans into bytes */
};

struct delivered {
    struct instant at;
    int station;
    struct span bytes;
    struct ip ip;
};

struct traced {
    struct instant at;
    int station;
    struct node_output output; /* OUTPUT_TRACE, OUTPUT_ROUTE or OUTPUT_NEIGHBOUR */
};

struct world {
    struct instant now;
    struct node *nodes[STATIONS_MAX];
    struct addr nbma[STATIONS_MAX];
    int stations;
    bool echo; /* hosts answer pings */
    /* Lose this packet? NULL: none is lost. */
    bool (*lose)(const struct sent *sent);
    struct sent *sent;
    size_t sent_count;
    struct delivered *delivered;
    size_t delivered_count;
    struct traced *traced;
    size_t traced_count;
    uint16_t ping_sequence;
    struct flight *flights;
    size_t flight_count;
};

struct world *world_new(void);
void world_free(struct world *world);

/* Configurations to start from: 10.255.0.HOST/24 at 192.0.2.HOST, key 42, LAN 10.HOST.0.0/24, hub 10.255.0.1.
 */
struct addr tunnel_addr(unsigned host);
struct addr nbma_addr(unsigned host);
struct addr lan_addr(unsigned site, unsigned host);
struct node_config hub_config(void);
struct node_config spoke_config(unsigned host);
/* Add a route; at most ROUTES_MAX a configuration. */
void config_route(struct node_config *config, const char *prefix, struct addr via);

/* Fails the test when the node cannot be made. Returns the station's number. */
int world_add(struct world *world, const struct node_config *config);
void world_input(struct world *world, int station, const struct node_input *input);
/* Let everybody act and everything arrive, up to so many seconds or microseconds from now. */
void world_run_s(struct world *world, int64_t s);
void world_run_us(struct world *world, int64_t us);

/* A ping from a host behind a station. */
void world_ping(struct world *world, int station, struct addr from, struct addr to);
/* A packet out of nowhere, from the outer IP header on. */
void world_inject(struct world *world, int station, struct span packet);
/* An NHRP message from an NBMA address to a station, in GRE with key 42. */
void world_inject_nhrp(struct world *world, struct addr from, int station,
                       const struct nhrp_message *message);

/* The nth (from 0) packet sent for that reason, by that station (-1: any). NULL if there are not so many. */
const struct sent *world_sent(const struct world *world, int station, enum send_reason reason, size_t n);
size_t world_sent_count(const struct world *world, int station, enum send_reason reason);
size_t world_traced_count(const struct world *world, int station, enum trace_event event);
const struct node_output *world_traced(const struct world *world, int station, enum trace_event event);
uint64_t world_drops(const struct world *world, int station, enum drop_reason reason);
/* Forget what has been recorded so far. */
void world_forget(struct world *world);

/* A message with everything a request needs, from a made-up station; the spans last for ever. */
struct nhrp_message test_message(enum nhrp_type type, struct addr source_nbma, struct addr source,
                                 struct addr destination);
/* A list of one CIE; the span lasts for ever. */
struct span test_cies(const struct nhrp_cie *cie);
/* Extensions from hex text such as "80030000 80000000"; the span lasts for ever. */
struct span test_hex(const char *hex);
struct nhrp_cie first_cie(const struct nhrp_message *message);
/* The types of the extensions in their order, with C bit: "8003 8004 8000". */
const char *extension_types(const struct nhrp_message *message);

#endif
