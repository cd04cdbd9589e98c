/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the analysis remembers of a capture.
 * Owns: the records and the one state that holds them. The state is filled on the first pass over the frames,
 * in their order, and only read afterwards; each frame that took part has a fact, which says what was known
 * then. Must not: touch trees. Records name each other by number (track_store.h); 0 is none. Times are in ns
 * since 1970.
 */
#ifndef DMVPN_TRACK_H
#define DMVPN_TRACK_H

#include "compat.h"
#include "nhrp_message.h"
#include "track_store.h"

enum {
    TRACK_NS_PER_S = 1000000000,
};

/* Who a station is, as far as seen */
enum track_role {
    ROLE_UNKNOWN,
    ROLE_SPOKE,   /* registers */
    ROLE_TRANSIT, /* forwards messages of others */
    ROLE_HUB,     /* takes registrations or redirects, or is hinted */
};

/* Requests and replies come in three families */
enum track_family {
    FAMILY_RESOLUTION,
    FAMILY_REGISTRATION,
    FAMILY_PURGE,
    FAMILY_COUNT,
};

/* What a frame is to the analysis */
enum track_kind {
    KIND_NONE,
    KIND_REQUEST,
    KIND_RETRANSMISSION,
    KIND_REQUEST_COPY, /* forwarded by a server */
    KIND_REPLY,
    KIND_REPLY_COPY,
    KIND_DUPLICATE_REPLY,
    KIND_OTHER_REPLY, /* of another responder */
    KIND_ORPHAN_REPLY,
    KIND_ERROR,
    KIND_REDIRECT,
    KIND_DATA,
};

/* How a data packet travels */
enum track_path {
    PATH_UNKNOWN,
    PATH_TO_HUB,
    PATH_FROM_HUB,
    PATH_THROUGH_HUB, /* came into the hub from one spoke and leaves towards another */
    PATH_DIRECT,
};

/* A station of the underlay under one GRE key */
struct track_station {
    struct track_address nbma;
    uint64_t key;
    uint32_t cloud;
    uint32_t binding;   /* newest registration from here */
    uint32_t shortcuts; /* newest one that it asked for */
    uint8_t role;
};

/* One DMVPN: the spokes of one hub under one GRE key */
struct track_cloud {
    struct track_address hub;
    uint64_t key;
    uint32_t redirects;
    uint32_t hairpins;
    bool has_password; /* accepted registrations carry authentication */
    bool has_clients;
    uint8_t phase; /* the highest seen, 0 before any sign */
};

/* Two stations and what goes on between them; end 0 has the lower address. */
struct track_tunnel {
    uint64_t key;
    uint32_t stations[2];
    uint32_t cloud;
    uint32_t client;       /* the last that registered over it */
    uint32_t shortcuts[2]; /* newest one for data from that end */
    uint32_t next_sequence[2];
    uint16_t data_frames[2]; /* up to a limit */
    uint8_t multicast_frames[2];
    bool has_sequence[2];
    bool is_answered; /* a registration was */
    bool encrypted;   /* ESP was seen between the two */
    bool told_one_way;
};

/* A requester: one source NBMA and source protocol address */
struct track_client {
    struct track_address nbma;
    struct track_address protocol;
    uint32_t newest[FAMILY_COUNT]; /* exchange; each names the one before */
    uint32_t highest_id[FAMILY_COUNT];
    uint32_t binding; /* of its own address, where it registered last */
};

/* A request, what became of it, and what it was allowed */
struct track_exchange {
    int64_t request_ns;
    int64_t reply_ns;
    uint32_t client;
    uint32_t previous;
    uint32_t request_id;
    uint32_t request_frame; /* 0: not in the capture */
    uint32_t reply_frame;
    uint32_t request_way; /* tunnel and direction, see track_way */
    uint32_t reply_way;
    uint32_t destination_hash;
    uint32_t extension_order;
    uint32_t password_hash; /* 0: no authentication */
    uint32_t refreshed;     /* registration: the exchange whose grant this one renewed */
    uint32_t details;       /* what a plain request with one reply does not need */
    uint16_t flags;
    uint16_t hold_s;
    uint16_t extensions_seen;
    uint8_t family;
    uint8_t request_hops;
    uint8_t reply_hops;
    uint8_t code;
    uint8_t phase;
};

/* More about an exchange: retransmissions, copies, errors, redirects */
struct track_details {
    int64_t last_ns;
    uint32_t last_frame; /* newest transmission of the request */
    uint32_t copy_frame; /* newest copy of request or reply */
    uint32_t copy_way;
    uint32_t error_frame;
    uint32_t redirect;
    uint32_t shortcut;
    uint16_t transmissions;
    uint16_t replies;
    uint8_t copy_hops;
    uint8_t hop; /* copies so far of the newest request or reply */
};

/* What a registration bound: the current grant is an exchange, whose client and way say where the station is.
 */
struct track_binding {
    int64_t moved_ns;
    uint32_t cloud;
    uint32_t grant;
    uint32_t grant_before; /* the last from another NBMA address */
    uint32_t refreshes;
    struct track_address protocol;
    bool unique;
    bool purged;
};

/* A redirect and what it led to */
struct track_redirect {
    struct track_address told; /* the station's NBMA address */
    struct track_address destination;
    uint64_t key;
    int64_t at_ns;
    int64_t asked_ns; /* when the station last asked for the destination, 0: never */
    uint32_t frame;
    uint32_t exchange;
    uint32_t ignored; /* earlier ones in a row that led to nothing */
};

/* What a resolution allowed: data for a prefix straight to an NBMA address */
struct track_shortcut {
    struct track_address prefix;
    struct track_address target;
    struct track_address next_hop; /* protocol address of the far end */
    uint32_t exchange;
    uint32_t previous_of_station;
    uint32_t previous_of_tunnel;
    uint32_t first_direct_frame;
    int64_t first_direct_ns;
    int64_t granted_ns;
    uint16_t hold_s;
    uint8_t prefix_bits;
    bool told_unused;
};

/* What was known about a frame when it came. Findings: a bit for each item of analysis_experts.def. */
struct track_fact {
    uint64_t findings;
    uint32_t exchange;  /* of a message with a request id, or in error */
    uint32_t redirect;  /* of a Traffic Indication */
    uint32_t shortcut;  /* that a data packet uses, or should */
    uint32_t grant;     /* exchange whose registration the packet uses */
    uint32_t reference; /* frame: the original, the one before, the way into the hub */
    uint32_t number;    /* transmissions or refreshes so far; GRE sequence numbers missing before data */
    uint16_t cloud;
    uint8_t kind;
    uint8_t path;
    uint8_t phase;
    uint8_t hop;
    uint8_t roles[2]; /* source, destination */
};

#define EXPERT(variable, name, group, severity, origin, requirement, summary) TRACK_##variable,
enum track_finding {
#include "analysis_experts.def"
    TRACK_FINDING_COUNT
};
#undef EXPERT

struct track_state {
    struct track_array stations, clouds, tunnels, clients, exchanges, details, bindings, redirects, shortcuts;
    struct track_array facts, findings; /* packed, see track_fact_keep */
    struct track_index station_index, cloud_index, tunnel_index, client_index, binding_index, redirect_index;
    struct track_pages fact_of_frame, findings_of_frame;
    struct track_hairpin *hairpins;
    uint32_t last_tunnel, last_client; /* most likely those of the next frame */
    int64_t last_ns;
    uint32_t clear_frames;     /* with GRE that was not inside ESP */
    uint32_t encrypted_frames; /* with ESP that nobody decrypted */
};

/* NULL while no file is open */
extern struct track_state *track;

/* A frame on its way through the first pass */
struct track_frame {
    uint32_t frame;
    int64_t at_ns;
    uint64_t key;                /* see track_key */
    struct track_address source; /* outer addresses */
    struct track_address destination;
    uint32_t tunnel; /* 0 without outer IP addresses */
    unsigned from;   /* which end of the tunnel sent it */
    struct track_fact *fact;
};

/* A GRE key, told apart from no key */
static inline uint64_t track_key(bool has_key, uint32_t key)
{
    return has_key ? (1ull << 32) | key : 0;
}

/* A tunnel and a direction in one number */
static inline uint32_t track_way(uint32_t tunnel, unsigned from)
{
    return tunnel * 2 + from;
}

static inline void track_find(struct track_fact *fact, enum track_finding finding)
{
    fact->findings |= 1ull << finding;
}

#define TRACK_ACCESS(name, array)                                            \
    static inline struct track_##name *track_##name##_at(uint32_t number)    \
    {                                                                        \
        return (struct track_##name *)track_array_at(&track->array, number); \
    }
TRACK_ACCESS(station, stations)
TRACK_ACCESS(cloud, clouds)
TRACK_ACCESS(tunnel, tunnels)
TRACK_ACCESS(client, clients)
TRACK_ACCESS(exchange, exchanges)
TRACK_ACCESS(binding, bindings)
TRACK_ACCESS(redirect, redirects)
TRACK_ACCESS(shortcut, shortcuts)
#undef TRACK_ACCESS

/* The details of an exchange: read only, what a plain exchange has where there are none. */
struct track_details track_details_read(const struct track_exchange *exchange);

/* The details of an exchange, to be changed; made if need be. Holds until the next call. */
struct track_details *track_details_of(struct track_exchange *exchange);

/* Where the station of a granted registration is: the NBMA address that it claims, and that its packets come
 * from. */
const struct track_address *track_grant_claimed(const struct track_exchange *granted);
const struct track_address *track_grant_seen(const struct track_exchange *granted);

/* Keep the fact of a frame, in place of the one kept before; and get it back (all zero if there is none). */
void track_fact_keep(uint32_t frame, const struct track_fact *fact);
struct track_fact track_fact_get(uint32_t frame);

/* The NBMA address of one end of a tunnel */
static inline const struct track_address *track_end(uint32_t tunnel, unsigned end)
{
    return &track_station_at(track_tunnel_at(tunnel)->stations[end])->nbma;
}

/* A new state when a file is opened (or read again); its memory goes with the file. */
void track_open(void);
void track_close(void);

#endif
