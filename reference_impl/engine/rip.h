/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rip: RIPv2 (RFC 2453) on one tunnel, without I/O: packets, local routes and the time go in; packets and
 * routes come out of a queue that the caller drains. The same configuration, seed and inputs give the same
 * outputs.
 *
 * Owns its table of routes and everything that happens to it. Where packets to the group go, namely to the
 * next hop servers from a spoke and to every registered spoke from a hub, and what the routes are used for,
 * is the node's business. The three phases of DMVPN are settings of the hub: a default or a summary (1 and
 * 3), or specific routes with their next hops kept (2); split horizon is off for all but summaries, since
 * spokes hear of each other through the hub.
 *
 * Timers, each with a name in the configuration:
 *   update    every 30 s, give or take up to 5 s by chance: the whole table to the group (section 3.8)
 *   timeout   180 s after a route was last heard of: it is withdrawn (section 3.8)
 *   garbage   120 s after that: it is forgotten; until then it is told with an infinite metric (section 3.8)
 *   hold      1 to 5 s by chance after a triggered update: the next one waits (section 3.10.1)
 */
#ifndef DMVPNKIT_ENGINE_RIP_H
#define DMVPNKIT_ENGINE_RIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/instant.h"
#include "codec/ip.h"
#include "codec/rip.h"

/* Section 3.4.3. Every learned route came through the one tunnel, so this is about all of them. */
enum rip_split_horizon {
    RIP_SPLIT_HORIZON_ON,     /* learned routes are not told */
    RIP_SPLIT_HORIZON_POISON, /* learned routes are told with an infinite metric */
    RIP_SPLIT_HORIZON_OFF,    /* learned routes are told: a hub that reflects its spokes' routes */
};

/* A route that is told instead of all longer ones inside it. */
struct rip_summary {
    struct prefix prefix;
    uint8_t metric; /* 1 to 15; 0 takes 1 */
};

struct rip_settings {
    struct addr address; /* this router's on the tunnel; IPv4 */
    uint8_t subnet_len;  /* of the tunnel's subnet, in bits: neighbours and next hops are inside it */
    enum rip_split_horizon split_horizon;
    bool keep_next_hop; /* tell learned routes with the next hop that they have here (Phase 2), not as our own
                         */
    bool originate_default; /* tell 0.0.0.0/0 beside the other routes; as a summary it would replace them all
                             */
    const struct rip_summary *summaries;
    size_t summary_count;
    struct span password; /* section 4.1, at most 16 octets; empty: no authentication */
    uint16_t update_s;    /* 0 takes 30; else more than 5 */
    uint16_t timeout_s;   /* 0 takes 180 */
    uint16_t garbage_s;   /* 0 takes 120 */
    size_t max_routes;    /* 0 takes 1024 */
};

enum rip_input_kind {
    RIP_INPUT_TIME,   /* nothing but time has passed */
    RIP_INPUT_PACKET, /* an IP packet that rip_wants() */
    RIP_INPUT_LOCAL,  /* a route that this router has by other means came, changed, or went */
    RIP_INPUT_LINK,   /* the tunnel came up (a registration was accepted, say) or went down */
};

struct rip_input {
    enum rip_input_kind kind;
    union {
        struct span packet; /* inner IP header first; read during the call only */
        struct {
            bool add;
            struct prefix prefix;
            uint8_t metric; /* 1 to 15; 0 takes 1 */
            uint16_t tag;
        } local;
        bool link_up;
    };
};

enum rip_reason {
#define RIP_REASON(name, words) RIP_REASON_##name,
#include "engine/rip_reason.def"
    RIP_REASON_COUNT
};
/* Never NULL. */
const char *rip_reason_words(enum rip_reason reason);

enum rip_send {
#define RIP_SEND(name, words, clause) RIP_SEND_##name,
#include "engine/rip_send.def"
};
/* Never NULL. */
const char *rip_send_words(enum rip_send send);
const char *rip_send_clause(enum rip_send send);

enum rip_output_kind {
    RIP_OUTPUT_SEND,    /* a packet for the tunnel: to the group 224.0.0.9, or to one neighbour */
    RIP_OUTPUT_ROUTE,   /* a learned route is to be used, used otherwise, or no more */
    RIP_OUTPUT_IGNORED, /* a message or an entry was ignored */
};

struct rip_output {
    enum rip_output_kind kind;
    union {
        struct {
            struct span packet; /* inner IP header first; valid until the next call for this object */
            struct addr destination;
            enum rip_send reason;
        } send;
        struct {
            bool install; /* false: withdraw */
            struct prefix prefix;
            struct addr via; /* on the tunnel */
            uint8_t metric;
            uint16_t tag;
        } route;
        struct {
            enum rip_reason reason;
            struct addr from;     /* ADDR_NONE if it was not even IP */
            struct prefix prefix; /* an entry's destination; empty if the whole message was ignored */
        } ignored;
    };
};

struct rip;

/*
 * A router with an empty table, its tunnel down. NULL, and *why (if not NULL) set to a sentence, when the
 * configuration contradicts itself or memory runs out. The configuration is copied whole. Free it with
 * rip_free().
 */
struct rip *rip_create(const struct rip_settings *settings, uint64_t seed, const char **why);
void rip_free(struct rip *rip);

/* Is this inner packet one for RIP_INPUT_PACKET: UDP port 520, to the group or to this router? */
bool rip_wants(const struct rip *rip, const struct ip *packet);

/*
 * Take one input at the time now, which never runs backwards; timers that are due act first. A local route
 * that the table has no room for is reported as ignored.
 */
void rip_input(struct rip *rip, struct instant now, const struct rip_input *input);

/* Take the next output; false when there are no more. Messages are composed as they are taken. */
bool rip_output(struct rip *rip, struct rip_output *out);

/* When rip_input() must be called again at the latest; INSTANT_NEVER while the tunnel is down and no route
 * ages. */
struct instant rip_deadline(const struct rip *rip);

/* How often each reason applied. */
uint64_t rip_ignored_count(const struct rip *rip, enum rip_reason reason);
/* Routes in the table, those on their way out included. */
size_t rip_route_count(const struct rip *rip);

#endif
