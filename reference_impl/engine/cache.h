/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cache: the bindings between protocol addresses (or prefixes of them) and NBMA addresses (RFC 2332
 * section 6.2).
 *
 * A pure table: it finds, adds and removes. Who may replace what, and what the world is told, is bindings.h's
 * business; when a binding ends, the timer's (timers.h). Nothing here costs more when the table is fuller.
 */
#ifndef DMVPNKIT_ENGINE_CACHE_H
#define DMVPNKIT_ENGINE_CACHE_H

#include "engine/endpoint.h"
#include "engine/peers.h"
#include "engine/pool.h"
#include "engine/prefix_table.h"
#include "engine/wheel.h"

/* Where a binding comes from; a higher one is never displaced by a lower one. */
enum binding_origin {
    BINDING_RESOLVED, /* a Resolution Reply, or the source of a Resolution Request (§6.2.1): not authoritative
                       */
    BINDING_REGISTERED, /* a Registration Request: authoritative (§5.2.2) */
    BINDING_STATIC,     /* the configuration: never expires */
};

struct binding {
    struct prefix_entry entry; /* the protocol addresses bound; first member, as prefix_table asks */
    struct instant until;      /* when the holding time ends */
    struct timer expiry;       /* fires then or earlier, and looks; not armed if static */
    struct addr protocol;      /* the client's own protocol address: the next hop for the prefix */
    struct addr nbma;          /* where to send: behind a NAT, the address that was seen */
    struct addr claimed_nbma;  /* what the client says it has; the same without a NAT */
    struct addr registrant;    /* registered: source protocol address of the registration */
    uint32_t request_id;       /* of the registration or the reply that made it */
    struct peer *peer;         /* the far end's entry, held by this binding */
    uint16_t port;             /* of the NBMA address: ESP in UDP; else 0 */
    uint16_t mtu;
    uint8_t preference;
    uint8_t origin; /* enum binding_origin */
    bool unique;    /* registered with the U bit (§5.2.3) */
    bool used;      /* data went this way since somebody last asked */
};

/* Where the binding leads. */
static inline struct endpoint binding_endpoint(const struct binding *binding)
{
    return (struct endpoint){binding->nbma, binding->port};
}

struct cache {
    struct pool pool;
    struct prefix_table table;
};

void cache_init(struct cache *cache, size_t max_bindings, uint64_t seed);
void cache_free(struct cache *cache);

/* The best binding that covers a: longest prefix, then origin, then preference (§5.2.2). NULL if none does.
 */
struct binding *cache_match(const struct cache *cache, struct addr a);
/* Those with exactly this prefix, in no order. */
struct binding *cache_find(const struct cache *cache, struct prefix prefix);
struct binding *cache_same(const struct binding *binding);
/* Walk all: start with *bucket 0 and NULL. Nothing may be added or removed meanwhile. */
struct binding *cache_walk(const struct cache *cache, size_t *bucket, const struct binding *last);

/* A new binding, all zero but its prefix; NULL when the table is full. */
struct binding *cache_add(struct cache *cache, struct prefix prefix);
/* Its timer must be disarmed. */
void cache_remove(struct cache *cache, struct binding *binding);

#endif
