/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * routes: the longest-prefix routing table of the overlay: host side, tunnel, and the shortcuts that NHRP
 * adds (DRAFT section 4.7). NHRP's own requests follow the routed path, which leaves shortcuts out (RFC 2332
 * section 3).
 */
#ifndef DMVPNKIT_ENGINE_ROUTES_H
#define DMVPNKIT_ENGINE_ROUTES_H

#include "engine/pool.h"
#include "engine/prefix_table.h"

/* In rising order of what wins for the same prefix. */
enum route_kind {
    ROUTE_TUNNEL,    /* the tunnel's own subnet: the next hop is the destination itself */
    ROUTE_RIP,       /* through the tunnel to a next hop, as a neighbour announced */
    ROUTE_VIA,       /* the same, as configured */
    ROUTE_SHORTCUT,  /* the same, learned by NHRP */
    ROUTE_HOST_SIDE, /* behind this node, off the tunnel: this node is the egress */
};

struct resolution;

struct route {
    struct prefix_entry entry; /* first member, as prefix_table asks */
    uint8_t kind;              /* enum route_kind */
    bool used;                 /* a shortcut that data took since somebody last asked */
    struct addr via;           /* ROUTE_VIA, ROUTE_RIP, ROUTE_SHORTCUT: protocol address of the next hop */
    struct resolution *owner;  /* ROUTE_SHORTCUT: the one whose answer it is; not looked into here */
};

struct routes {
    struct pool pool;
    struct prefix_table table;
};

void routes_init(struct routes *routes, size_t max_routes, uint64_t seed);
void routes_free(struct routes *routes);

/*
 * Configured, learned by RIP, learned by NHRP: a prefix may have one route of each class. Add a route, or
 * change the one of the same prefix and class. NULL: table full.
 */
struct route *routes_add(struct routes *routes, struct prefix prefix, enum route_kind kind, struct addr via);
/* By prefix and the class of kind. False if there is none. */
bool routes_remove(struct routes *routes, struct prefix prefix, enum route_kind kind);
struct route *routes_find(const struct routes *routes, struct prefix prefix, enum route_kind kind);

/* Where data goes; and where NHRP requests go, which take no shortcuts. NULL: no route. */
struct route *routes_for_data(const struct routes *routes, struct addr destination);
struct route *routes_for_requests(const struct routes *routes, struct addr destination);

/*
 * The length of the shortest prefix around destination that lies within route and in which no other route
 * lies (RFC 2332 section 6.3): what a reply may promise. Walks the table.
 */
unsigned routes_answer_len(const struct routes *routes, const struct route *route, struct addr destination);

/*
 * The same for a destination behind this node: the length that a reply of ours could promise now. 0 if the
 * destination's route is none of the host side's.
 */
unsigned routes_egress_len(const struct routes *routes, struct addr destination);

/* Walk all routes: start with *bucket 0 and NULL. Nothing may be added or removed meanwhile. */
const struct route *routes_walk(const struct routes *routes, size_t *bucket, const struct route *last);

#endif
