/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * told: which mappings were handed out, to whom, and for how long: so that they can be taken back when they
 * turn wrong (RFC 2332 sections 5.2.5 and 6.2.1).
 *
 * An entry is made with every positive Resolution Reply and lasts as long as the reply's holding time. When
 * its mapping changes it becomes a Purge Request, which is repeated until it is answered or until the holding
 * time has ended. A full table is the "insufficient resources" of section 5.2.2 (code 5): what could not be
 * taken back is not handed out.
 */
#ifndef DMVPNKIT_ENGINE_TOLD_H
#define DMVPNKIT_ENGINE_TOLD_H

#include "engine/endpoint.h"
#include "engine/pool.h"
#include "engine/prefix_table.h"
#include "engine/wheel.h"

struct node;
struct binding;

enum told_kind {
    TOLD_SELF,       /* this node's own address */
    TOLD_EGRESS,     /* what lies behind this node */
    TOLD_REGISTERED, /* a client's registration */
};

struct told {
    struct prefix_entry entry; /* what the reply promised; first member, as prefix_table asks */
    struct hash_link by_id;    /* while it is being purged */
    struct timer timer;        /* the end of the holding time; while it is being purged, the next request */
    struct addr target;        /* what was asked for */
    struct addr requester;     /* protocol address of whom it was told */
    struct endpoint to;        /* where that one was then */
    struct addr nbma;          /* the mapping */
    struct instant until;      /* the end of the holding time */
    uint32_t request_id;       /* of the purge */
    unsigned attempts;         /* how often the purge was sent */
    uint8_t kind;              /* enum told_kind */
    bool purging;
};

struct told_table {
    struct pool pool;
    struct prefix_table table;
    struct hash_table ids;
};

void told_init(struct told_table *told, size_t max_told, uint64_t seed);
void told_free(struct told_table *told);

/* What a reply says; see struct told. */
struct told_facts {
    enum told_kind kind;
    struct prefix prefix;
    struct addr target;
    struct addr requester;
    struct endpoint to;
    struct addr nbma;
    uint16_t hold_s;
};
/* Note what a reply is about to say. False when the table is full: say code 5 instead. */
bool told_note(struct node *node, const struct told_facts *facts);

/* A registration has ended before its time: tell everybody who was told of it. */
void told_binding_gone(struct node *node, const struct binding *binding);
/* Routes around this prefix have changed: take back what this node would not answer any more (section 6.3).
 */
void told_route_changed(struct node *node, struct prefix prefix);
/* This node's own address is another one, or it stops: take back all that leads here. With last, once and
 * without wanting a reply. */
void told_purge_own(struct node *node, bool last);

/* A Purge Reply. False if no purge of ours has this id. */
bool told_purge_replied(struct node *node, uint32_t request_id);
void told_timer(struct node *node, struct told *told);

/* Walk all entries: start with *bucket 0 and NULL. Nothing may be added or removed meanwhile. */
const struct told *told_walk(const struct told_table *told, size_t *bucket, const struct told *last);

#endif
