/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bindings: every change of the cache: what may replace what, when it ends, and telling the world (RFC 2332
 * sections 5.2.3 and 6.2).
 */
#ifndef DMVPNKIT_ENGINE_BINDINGS_H
#define DMVPNKIT_ENGINE_BINDINGS_H

#include "engine/node_state.h"

/* A binding to be; what does not apply stays zero. */
struct binding_facts {
    enum binding_origin origin;
    struct prefix prefix;
    struct addr protocol;
    struct addr nbma;
    uint16_t port; /* struct endpoint's */
    struct addr claimed_nbma;
    struct addr registrant;
    uint32_t request_id;
    uint16_t mtu;
    uint8_t preference;
    bool unique;
    uint16_t hold_s; /* 0 for a static one */
};

/*
 * Add the binding, or refresh the one that has its prefix, origin, registrant and NBMA address. NULL when the
 * table is full, with a DROP_TABLE_FULL traced.
 */
struct binding *bindings_put(struct node *node, const struct binding_facts *facts);

/* Forget one, and say so with this event. */
void bindings_remove(struct node *node, struct binding *binding, enum trace_event event);

/*
 * A registration says all that its sender has to say about a prefix: forget what the same registrant said
 * about it under another request id (a renumbered client), and what was only learned about it.
 */
void bindings_supersede(struct node *node, const struct binding *kept);

/* Keep learned knowledge about a host, in place of what was learned before: a reply or a request's source. */
struct binding *bindings_learn(struct node *node, struct addr protocol, struct endpoint at, uint16_t mtu,
                               uint16_t hold_s);

/* The timer of a binding: its holding time has ended. */
void bindings_expire(struct node *node, struct binding *binding);

/* Forget everything but what is configured. */
void bindings_clear(struct node *node);
/* Forget what was learned from resolutions. */
void bindings_forget_learned(struct node *node);

#endif
