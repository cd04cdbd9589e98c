/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world: the stations of a story, and what each of them has in its NHRP cache and its routing table as far as
 * the packets show: an inference, made as if every packet arrived unless a later one shows that it did not.
 *
 * Bounded: WORLD_NODES_MAX stations, and as many rows each as the limits below; more are not followed, and
 * is_full says so.
 */
#ifndef DMVPNKIT_EXPLAIN_WORLD_H
#define DMVPNKIT_EXPLAIN_WORLD_H

#include "explain/narrator.h"

#define WORLD_NODES_MAX   256
#define WORLD_ROWS_MAX    128
#define WORLD_HOSTS_MAX   16
#define WORLD_CHANGES_MAX 64
#define WORLD_NAME_MAX    32
#define WORLD_TEXT_MAX    200
#define WORLD_NOBODY      SIZE_MAX

enum world_how {
    HOW_CONFIGURED,   /* it sends there without having been told */
    HOW_REGISTERED,   /* a registration that it has accepted */
    HOW_ANSWERED,     /* an answer to its question */
    HOW_FROM_REQUEST, /* it answered straight to who asked */
    HOW_RIP,
    HOW_SEEN, /* a way: it sends such packets there */
};

/* A row of the cache: a tunnel address and where it is; or of the routes: a prefix and the next hop. */
struct world_row {
    bool is_route;
    struct prefix to;
    struct addr via; /* cache: NBMA address; route: the next hop's tunnel address, or its NBMA address */
    enum world_how how;
    size_t frame;
    struct instant until; /* INSTANT_NEVER */
};

/* Ways are what packets were seen to take, whatever the routing table says. */
enum world_table { TABLE_CACHE, TABLE_ROUTES, TABLE_WAYS, TABLE_COUNT };

struct world_node {
    char name[WORLD_NAME_MAX]; /* "hub", "spoke 2"; world_name_nodes() gives it */
    struct addr protocol;      /* or none, when nothing tells */
    struct addr outer;         /* where its packets come from or go to */
    struct addr claimed;       /* NBMA address that it names itself by, if it does */
    bool registers, serves, transits, asked /* to register somebody */, speaks;
    size_t first_frame;
    struct world_row *rows;
    size_t row_count, row_cap;
    struct addr hosts[WORLD_HOSTS_MAX]; /* inner sources of its data */
    size_t host_count;
    bool touched; /* by this frame */
};

struct world_change {
    size_t node;
    char sign; /* '+' new, '=' renewed or replaced, '-' gone, '!' ended by time */
    struct world_row row;
};

struct world {
    struct world_node nodes[WORLD_NODES_MAX];
    size_t node_count;
    struct world_change changes[WORLD_CHANGES_MAX]; /* of this frame */
    size_t change_count;
    bool is_full;
    size_t from, to; /* the nodes of this frame, or WORLD_NOBODY */
};

struct world *world_new(void);
void world_free(struct world *w);
/* Take a frame. unheard: a later frame shows that this answer had no effect on whom it was for. */
void world_take(struct world *w, const struct sight *s, const struct tale *tale, bool unheard);
/* Names by role, in the order of appearance. */
void world_name_nodes(struct world *w);
/* "hub", "spoke", "server", "station". */
const char *world_role(const struct world_node *node);
/* "registered", "answered", ... */
const char *world_how_words(enum world_how how);
enum world_table world_table_of(const struct world_row *row);
const char *world_table_name(enum world_table table);  /* "cache", "routes", "ways" */
const char *world_table_title(enum world_table table); /* "NHRP cache", "routes", "ways taken" */
/* The node with that tunnel address, or WORLD_NOBODY. */
size_t world_find(const struct world *w, struct addr protocol);
/* The one node at an outer address; nobody if there is none, or if several share it. */
size_t world_find_at(const struct world *w, struct addr outer);
/*
 * "10.255.0.12 at 203.0.113.12 (registered, frame 3, 58 s left)". at: now, or the row's own end to leave out
 * what is left. Returns buf.
 */
const char *world_row_text(const struct world_row *row, struct instant at, char buf[WORLD_TEXT_MAX]);

#endif
