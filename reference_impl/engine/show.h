/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show: reading a node's state: bindings, servers, requests, routes, what others were told. Pure: nothing
 * here changes anything, and what comes out is a copy.
 *
 * Each node_show_...() takes a cursor that starts as all zeros, fills in *out with the next entry and returns
 * true, or false after the last one. No input may go into the node between the calls of one walk.
 */
#ifndef DMVPNKIT_ENGINE_SHOW_H
#define DMVPNKIT_ENGINE_SHOW_H

#include "engine/node.h"

struct node_cursor {
    size_t bucket;
    const void *last;
};

struct shown_binding {
    struct prefix prefix;
    struct addr protocol;     /* the next hop for the prefix */
    struct endpoint at;       /* where it is reached */
    struct addr claimed_nbma; /* what it calls its NBMA address */
    const char *origin;       /* "static", "registered" or "resolved" */
    struct instant until;     /* the end of the holding time; INSTANT_NEVER: configured */
    uint32_t request_id;      /* of the registration or the reply that made it */
    uint16_t mtu;
    uint8_t preference;
    bool unique;
    bool used;
};
bool node_show_binding(const struct node *node, struct node_cursor *cursor, struct shown_binding *out);

/* In the order of their priority. */
struct shown_server {
    struct addr protocol;
    struct addr nbma;
    uint8_t priority;
    const char *state;    /* "idle", "asking", "registered", "refreshing", "refused" or "standby" */
    bool in_use;          /* requests and data without a mapping go there */
    uint16_t hold_s;      /* that it granted */
    struct instant until; /* the end of the registration; INSTANT_NEVER: not registered */
    unsigned attempts;    /* how often the last request was sent */
    uint32_t request_id;
    uint8_t refused_code;  /* of the last NAK; 0: none since the last acknowledgement */
    struct addr seen_nbma; /* this node's address as the server sees it, if it is another; else ADDR_NONE */
};
bool node_show_server(const struct node *node, struct node_cursor *cursor, struct shown_server *out);

struct shown_request {
    struct addr target;
    const char *state; /* "asking", "known", "renewing" or "refused" */
    uint32_t request_id;
    unsigned attempts;
    uint8_t refused_code;
    struct addr via;   /* known: the next hop */
    bool has_shortcut; /* and the route that was installed */
    struct prefix shortcut;
    struct instant until; /* known: the end of the holding time; else INSTANT_NEVER */
};
bool node_show_request(const struct node *node, struct node_cursor *cursor, struct shown_request *out);

struct shown_route {
    struct prefix prefix;
    const char *kind; /* "tunnel", "via", "rip", "shortcut" or "host-side" */
    struct addr via;  /* unspecified: the server in use */
};
bool node_show_route(const struct node *node, struct node_cursor *cursor, struct shown_route *out);

/* A mapping that this node handed out. */
struct shown_told {
    struct prefix prefix;
    struct addr nbma;
    struct addr requester;
    bool purging;         /* it is being taken back, and that is not confirmed yet */
    struct instant until; /* the end of its holding time */
};
bool node_show_told(const struct node *node, struct node_cursor *cursor, struct shown_told *out);

/* How many entries the tables have. */
struct shown_sizes {
    size_t bindings;
    size_t registrations;
    size_t peers;
    size_t requests;
    size_t routes;
    size_t told;
};
struct shown_sizes node_show_sizes(const struct node *node);

/* This node's addresses as they are now. */
struct addr node_show_nbma(const struct node *node);
struct addr node_show_protocol(const struct node *node);

#endif
