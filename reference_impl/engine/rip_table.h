/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rip_table: RIP's routes: found by prefix, walked in the order in which they came, aged in the order in
 * which they fall due. For RIP's own files.
 *
 * All timeouts are of one length, and so are all garbage times: a list to whose end a route goes when its
 * time is set is in order of time by itself, and neither setting a timer nor finding the next one depends on
 * the table's size.
 */
#ifndef DMVPNKIT_ENGINE_RIP_TABLE_H
#define DMVPNKIT_ENGINE_RIP_TABLE_H

#include "base/instant.h"
#include "engine/pool.h"
#include "engine/prefix_table.h"

enum rip_route_state {
    RIP_ROUTE_LOCAL, /* this router has it by other means */
    RIP_ROUTE_VALID, /* learned, and heard of lately */
    RIP_ROUTE_GONE,  /* unreachable, and told so until it is forgotten */
    RIP_ROUTE_STATES
};

struct rip_link {
    struct rip_link *next;
    struct rip_link *prev;
};

struct rip_route {
    struct prefix_entry entry; /* first member, as prefix_table asks */
    struct rip_link by_age;    /* all routes, the oldest first */
    struct rip_link by_state;  /* the routes of one state, the first to fall due first */
    struct rip_link reported;  /* among those whose use the caller has not been told */
    uint8_t state;             /* enum rip_route_state */
    uint8_t metric;            /* 1 to 16 */
    uint16_t tag;
    bool learned;     /* from a neighbour; stays so when it is gone */
    bool changed;     /* since it was last told */
    bool installed;   /* the caller uses it */
    bool to_report;   /* in the list of reports */
    struct addr from; /* learned: the neighbour */
    struct addr via;  /* learned: the next hop */
    struct instant due;
};

struct rip_table {
    struct pool pool;
    struct prefix_table prefixes;
    struct rip_link by_age; /* heads of the lists: next is the first, prev the last */
    struct rip_link by_state[RIP_ROUTE_STATES];
    struct rip_link reports;
};

void rip_table_init(struct rip_table *table, size_t max_routes, uint64_t seed);
void rip_table_free(struct rip_table *table);

struct rip_route *rip_table_find(const struct rip_table *table, struct prefix prefix);
/* A route of a prefix that has none yet, otherwise zeroed; NULL when the table is full. */
struct rip_route *rip_table_add(struct rip_table *table, struct prefix prefix, enum rip_route_state state,
                                struct instant due);
void rip_table_remove(struct rip_table *table, struct rip_route *route);

/* The only place where a state changes. due never runs backwards within one state. */
void rip_table_set_state(struct rip_table *table, struct rip_route *route, enum rip_route_state state,
                         struct instant due);
/* The route of this state that falls due first; NULL when there is none. */
struct rip_route *rip_table_first_due(const struct rip_table *table, enum rip_route_state state);

/* Walk all routes, the oldest first: start with NULL. */
struct rip_route *rip_table_next(const struct rip_table *table, const struct rip_route *last);

/* Put a route in the list of reports, unless it is in it; take the first out, or get NULL. */
void rip_table_report(struct rip_table *table, struct rip_route *route);
struct rip_route *rip_table_take_report(struct rip_table *table);

#endif
