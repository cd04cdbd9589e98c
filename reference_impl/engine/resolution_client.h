/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolution_client: what this node asks and what it makes of the answers (RFC 2332 sections 5.2.1, 5.2.2
 * and 6.2.1; DRAFT sections 4.4 and 4.7).
 *
 * It asks for the next hop of a data packet (Phase 2) or for the destination that a Traffic Indication names
 * (Phase 3). An answer becomes a binding and, where it covers more than the next hop's own address, a
 * shortcut route; both end with the holding time, and are renewed before that while data uses them. States
 * and events are those of resolution_step() in the .c file.
 */
#ifndef DMVPNKIT_ENGINE_RESOLUTION_CLIENT_H
#define DMVPNKIT_ENGINE_RESOLUTION_CLIENT_H

#include "codec/nhrp.h"
#include "engine/hash.h"
#include "engine/io.h"
#include "engine/pool.h"
#include "engine/wheel.h"

struct node;
struct received;

enum resolution_state {
    RESOLUTION_NONE,     /* not in the table */
    RESOLUTION_ASKING,   /* the "incomplete" entry of section 6.2.1: a request is out */
    RESOLUTION_KNOWN,    /* answered */
    RESOLUTION_RENEWING, /* answered, and a new request is out */
    RESOLUTION_REFUSED,  /* a negative answer, remembered for a holding time */
};

struct resolution {
    struct hash_link by_target; /* first member */
    struct hash_link by_id;
    struct timer timer;
    enum resolution_state state;
    enum send_reason reason; /* why it was asked first */
    struct addr target;
    uint32_t request_id;
    unsigned attempts;
    uint8_t refused_code; /* of the NAK; 0 for an Error Indication */
    bool has_shortcut;
    struct prefix shortcut; /* the route that the answer installed */
    struct addr via;        /* the next hop that the answer named */
    struct instant until;   /* the end of the holding time */
};

struct resolutions {
    struct pool pool;
    struct hash_table targets;
    struct hash_table ids;
    uint64_t seed;
};

void resolutions_init(struct resolutions *resolutions, size_t max_requests, uint64_t seed);
void resolutions_free(struct resolutions *resolutions);

/* A mapping for target is wanted, for that reason. At most one request is out for a target (section 2.2). */
void resolution_client_want(struct node *node, struct addr target, enum send_reason reason);

void resolution_client_reply(struct node *node, const struct received *received);
/* An Error Indication about a request of this node. */
void resolution_client_error(struct node *node, const struct nhrp_message *request, uint16_t code);
void resolution_client_timer(struct node *node, struct resolution *resolution);

/* A Purge Request came for these addresses, narrowed to that NBMA address unless it is ADDR_NONE. */
void resolution_client_purge(struct node *node, struct prefix prefix, struct addr nbma);

/* Forget everything asked and learned. */
void resolution_client_clear(struct node *node);

/* Walk all requests: start with *bucket 0 and NULL. Nothing may be added or removed meanwhile. */
const struct resolution *resolution_client_walk(const struct resolutions *resolutions, size_t *bucket,
                                                const struct resolution *last);
const char *resolution_state_words(enum resolution_state state);

#endif
