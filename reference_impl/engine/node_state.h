/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node_state: what a node consists of, for the engine's own rooms; drivers see node.h.
 *
 * Each part has one room that changes it; the others read. A room takes the node, acts, and puts what it
 * wants done into the output queue.
 */
#ifndef DMVPNKIT_ENGINE_NODE_STATE_H
#define DMVPNKIT_ENGINE_NODE_STATE_H

#include "codec/nhrp.h"
#include "engine/cache.h"
#include "engine/endpoint.h"
#include "engine/flows.h"
#include "engine/limiter.h"
#include "engine/node.h"
#include "engine/output_queue.h"
#include "engine/registration_client.h"
#include "engine/resolution_client.h"
#include "engine/routes.h"
#include "engine/told.h"
#include "engine/tunnel.h"
#include "engine/wheel.h"

struct node {
    struct node_config config; /* the node's own copy; defaults filled in */
    uint64_t seed;
    void *lists; /* what the configuration's pointers point into */
    struct instant now;
    bool started;              /* had its first input, */
    struct instant started_at; /* then */
    bool stopping;             /* on the way there: the tables are being emptied */
    bool stopped;              /* told to stop: sends nothing, takes nothing */
    bool link_up;

    struct wheel wheel;          /* timers.h */
    struct output_queue outputs; /* node.c, tunnel.c */
    struct cache cache;          /* bindings.h */
    struct peers peers;          /* bindings.h; windows: tunnel.h */
    struct routes routes;        /* node.c; shortcuts: resolution_client.h */
    struct next_hop_server *nhs; /* registration_client.h; config.nhs_count of them, by priority */
    const struct next_hop_server *server_in_use; /* registration_client.h */
    struct told_table told;                      /* told.h */
    struct esp_sa_table *associations;           /* ipsec.h; NULL without IPsec */
    struct keyed_hash_table *hash_keys;          /* authentication.h; NULL without */
    struct rip *rip;                             /* routing.h; NULL without RIPv2 */
    struct timer rip_timer;
    bool rip_up;
    size_t registrations;                 /* bindings.h: how many bindings were registered */
    struct resolutions resolutions;       /* resolution_client.h */
    struct flows redirected;              /* indication.h */
    uint32_t next_request_id;             /* compose.h */
    uint32_t gre_sequence;                /* tunnel.h: of the next packet sent */
    struct gre_window gre_received;       /* tunnel.h */
    uint16_t ip_id;                       /* tunnel.h: of the next packet sent */
    struct limiter icmp_limit;            /* forwarding.c */
    struct limiter error_limit;           /* error_indication.c */
    struct limiter_table *request_limits; /* receive.c; NULL without a limit */
    struct node_counters counters;        /* each where it happens */
    uint64_t drops[DROP_REASON_COUNT];    /* node_drop() */
};

/* A message that was received, while it is being handled. */
struct received {
    struct endpoint from; /* where it came from, which is the previous hop */
    struct span bytes;    /* from ar$afn to ar$pktsz */
    struct nhrp_message message;
    struct addr source_nbma;          /* ADDR_NONE if absent, or if no IP address */
    struct addr source_protocol;      /* likewise */
    struct addr destination_protocol; /* likewise */
};

/* Whom a drop or an event is about; members may stay ADDR_NONE. */
struct about {
    struct addr protocol;
    struct addr nbma;
    uint32_t number;
};

/* Count a drop and put it into the trace. */
void node_drop(struct node *node, enum drop_reason reason, struct about about);
void node_trace(struct node *node, enum trace_event event, struct about about);

/* Is a this node's own protocol address? */
bool node_owns(const struct node *node, struct addr a);

#endif
