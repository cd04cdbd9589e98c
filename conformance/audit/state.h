/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state: what the audit remembers of a capture: clouds, stations, requests, flows, resolved mappings, and
 * what was found. For the audit's own files; others use audit.h.
 *
 * Everything here is bounded by what is alive in the capture, never by the file: each table forgets what has
 * been idle longer than its time below, and a finding keeps its first frames and a count.
 */
#ifndef DMVPNKIT_AUDIT_STATE_H
#define DMVPNKIT_AUDIT_STATE_H

#include "audit/audit.h"
#include "audit/slab.h"
#include "audit/table.h"
#include "base/addr.h"
#include "base/text.h"
#include "codec/packet.h"

#define STATION_IDLE_S   600  /* after this and three times its holding time, a station is forgotten */
#define REQUEST_WAIT_S   130  /* the longest pause of the usual retry ladder is 64 s */
#define REQUEST_LINGER_S 1    /* an answered request: its reply may still be forwarded, or come twice */
#define ANSWER_WITHIN_MS 2500 /* a request without an answer for this long is called unanswered */
#define TOUCH_AFTER_S    60   /* the order of use is exact to this: less would be work for nothing */
#define FORGET_EACH_MS   100
#define FLOW_IDLE_S      120
#define FLOWS_MAX        8192 /* the flow idle longest makes room for a new one */
#define MAPPINGS_MAX     65536
#define CLOUDS_MAX       256
#define QUEUE_LEN        16   /* packets */
#define MESSAGE_KEPT_MAX 1024 /* octets of a request that are kept to compare its reply with */

/* A tunnel network: packets with one GRE key, or with none. */
struct cloud {
    bool has_key;
    uint32_t key;
    uint64_t packets, messages, data;
    uint64_t of_type[9]; /* messages by NHRP type */
    uint64_t hairpins;   /* data packets that a station sent back into the tunnel */
    uint64_t direct;     /* data packets straight to the address that a resolution gave */
    uint64_t authenticated;
    size_t stations;
};

enum binding_state { BINDING_NONE, BINDING_ASKED, BINDING_ACCEPTED, BINDING_REFUSED };

/* One direction between two underlay addresses. */
struct side {
    bool has_gre, has_key, sequence, esp, esp_in_udp;
    uint32_t key, last_sequence;
    uint32_t last_ip_id;
    uint32_t registrations, multicast;
};

/* A member of a cloud, known by its protocol address. */
struct station {
    struct table_node by_protocol;
    struct cloud *cloud;
    struct instant heard_at, touched_at;
    /* Its registration */
    struct instant asked_at, accepted_at, purged_at;
    uint32_t last_id[3]; /* request ids: resolution, registration, purge */
    uint16_t hold_s;
    bool has_last_id[3];
    bool unique;
    bool registered_again; /* its last registration went out once and was answered */
    uint8_t refusal;       /* code of the last refusal */
    uint8_t roles;         /* enum audit_role */
    uint8_t binding;       /* enum binding_state */
    struct addr protocol;
    struct addr outer;   /* where its packets come from */
    struct addr claimed; /* NBMA address that it names itself by */
    struct addr server;  /* outer address that it registered at */
    struct side side[2]; /* the tunnel to the server and from it, once registered */
    struct addr holder;  /* the NBMA address that holds its tunnel address as unique */
    struct instant holder_until;
    struct table_node by_nbma; /* by the outer address last seen; only if that is known */
    /* Told of a better path since it last asked for one */
    uint32_t told, asked_about;
    struct instant told_first_at, told_at;     /* told_at: ever */
    struct addr told_source, told_destination; /* of the data packet in the last indication */
};

/* A message to compare others with. */
struct kept {
    struct nhrp_message message; /* its spans point into the octets */
    unsigned facts;              /* enum sight_fact */
    uint32_t extensions;         /* a bit for each known type */
    uint8_t octets[];
};

/* A request from its first sight to a while after its answer; a key is request type, id and source. */
struct request {
    struct table_node node;
    struct cloud *cloud;
    uint8_t type;
    uint32_t id;
    struct addr source;
    struct addr from, to; /* outer addresses of the first leg */
    struct addr last_from, last_to;
    struct addr responder; /* outer source of the first reply */
    size_t frame;          /* of the first try */
    struct instant at, last_at;
    unsigned tries;  /* sights of the first leg */
    unsigned errors; /* Error Indications about it */
    struct addr error_from;
    unsigned replies; /* first legs of replies */
    bool forwarded, answered, refused, failed /* an Error Indication names it */, reported;
    struct kept *asked;  /* the message on its last leg; NULL if it was too long */
    struct kept *answer; /* the reply on its last leg, or NULL */
    struct addr reply_from, reply_to;
};

/* Data from one inner address to another. */
struct flow {
    struct table_node node;
    struct cloud *cloud;
    struct addr source, destination;
    /* The packet seen last, to know it again */
    uint64_t signature;
    struct addr from, to;
    uint8_t ttl;
    struct instant at;
    size_t frame, came_frame; /* of that packet; of its sight before it was sent back into the tunnel */
    struct addr ingress; /* outer source of the last packet that was sent back into the tunnel */
    struct addr via;     /* the station that sent it back */
    uint32_t packets, hairpins, told;
    struct instant first_hairpin_at, told_at;
    unsigned told_lately; /* indications in the second that began at told_since */
    struct instant told_since;
    uint64_t told_signature; /* of the packet in the last indication */
    struct addr told_from, told_to;
    struct instant direct_first_at, direct_at; /* packets that went straight to a resolved address */
};

/* What a requester was told about a destination. */
struct mapping {
    struct table_node node;
    struct cloud *cloud;
    struct addr requester, destination;
    struct addr next_hop_nbma;
    bool refused;
    uint16_t hold_s;
    struct instant at, asked_at, expires_at;
};

/* Two underlay addresses that have exchanged packets; low is the smaller of the two. */
struct pair {
    struct table_node node;
    struct addr low, high;
    struct side side[2]; /* from low, from high */
    struct instant at, touched_at;
};

struct finding_slot {
    struct audit_finding finding;
    struct addr about;
};

/* What one rule found. */
struct rule_findings {
    struct finding_slot *slots;
    size_t count, cap;
};

/* A packet that waits for its turn. */
struct queued {
    size_t frame;
    struct instant at;
    uint16_t ethertype;
    bool cut, has_hash;
    uint64_t station_hash; /* of the message's source */
    uint8_t *memory;
    size_t cap;
    struct span bytes;
    struct packet packet;
};

struct listed_rule {
    const struct audit_rule *rule;
    size_t index;
};

/* The rules that are asked about one kind of sight. */
struct rule_list {
    unsigned events, facts, type;
    struct listed_rule *rules;
    size_t count;
};

struct sight;

struct audit {
    void (*watch)(void *arg, const struct sight *s); /* or NULL: watch.h */
    void *watch_arg;
    bool watched; /* the packet at hand has been shown */
    struct queued queue[QUEUE_LEN];
    uint64_t queued; /* so far */
    struct cloud clouds[CLOUDS_MAX];
    size_t cloud_count;
    struct table stations; /* by protocol address */
    struct table nbma;     /* stations by outer address */
    struct table waiting;  /* requests without an answer */
    struct table settled;  /* requests that have one */
    struct table flows;
    struct table mappings;
    struct table pairs;
    struct slab station_slab, request_slab, flow_slab, mapping_slab, pair_slab;
    struct instant first_at, now, forgot_at;
    bool started;
    struct audit_totals totals;
    struct rule_findings *found; /* one for each rule */
    struct rule_list *lists;
    size_t list_count, list_cap;
};

uint64_t addr_pair_hash(struct addr a, struct addr b, uint64_t seed);

/* clouds and stations (stations.c) */
struct cloud *audit_cloud(struct audit *a, bool has_key, uint32_t key);
uint64_t station_hash(const struct cloud *cloud, struct addr protocol);
struct station *station_find(struct audit *a, const struct cloud *cloud, struct addr protocol);
/* The station that sends from an outer address; the one heard last if several do. */
struct station *station_at(struct audit *a, const struct cloud *cloud, struct addr outer);
/* It has just been heard. */
void station_touch(struct audit *a, struct station *station);
/* Find or add; the outer address may be none. NULL for an address that is none. */
struct station *station_meet(struct audit *a, struct cloud *cloud, struct addr protocol, struct addr outer);
void stations_forget(struct audit *a, bool all);

/* requests (requests.c) */
struct request *request_find(struct audit *a, const struct cloud *cloud, uint8_t type, uint32_t id,
                             struct addr source);
struct request *request_add(struct audit *a, struct cloud *cloud, const struct nhrp_message *m);
void request_settle(struct audit *a, struct request *r);
/* A copy of a message with its octets; NULL of one that is too long. free() it. */
struct kept *message_keep(const struct nhrp_message *message, struct span octets);
/* The request on its last leg; NULL if it is not kept. */
const struct nhrp_message *request_message(const struct request *r);
void requests_forget(struct audit *a, bool all);

/* flows, mappings, pairs (flows.c) */
struct flow *flow_find(struct audit *a, const struct cloud *cloud, struct addr source,
                       struct addr destination);
struct flow *flow_meet(struct audit *a, struct cloud *cloud, struct addr source, struct addr destination);
struct mapping *mapping_find(struct audit *a, const struct cloud *cloud, struct addr requester,
                             struct addr destination);
struct mapping *mapping_meet(struct audit *a, struct cloud *cloud, struct addr requester,
                             struct addr destination);
struct pair *pair_meet(struct audit *a, struct addr from, struct addr to);
/* Somebody else keeps what is known about them. */
void pair_forget(struct audit *a, struct addr from, struct addr to);
/* What goes from that address to the other. */
struct side *pair_side(struct pair *pair, struct addr from);
void flows_forget(struct audit *a, bool all);
/* Enough of an inner packet to know it again after a router passed it on: all but what a hop changes. */
uint64_t packet_signature(const struct ip *inner);

#endif
