/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror: a copy of one of the kernel's routing tables, which holds several routes for a prefix where the
 * engine wants the best one. Knows nothing of tunnels.
 */
#ifndef DMVPNKIT_LIVE_MIRROR_H
#define DMVPNKIT_LIVE_MIRROR_H

#include <stdbool.h>
#include <stddef.h>

#include "drivers/live/kernel.h"

struct mirror;

/* The best route for a prefix, or that there is none any more. */
struct mirror_route {
    struct prefix prefix;
    bool present;
    unsigned device;
    struct addr via; /* ADDR_NONE: the device's own network */
    uint32_t metric;
};

/* NULL when memory runs out. */
struct mirror *mirror_create(uint32_t table);
void mirror_free(struct mirror *mirror);

/*
 * Take a KERNEL_ROUTE_ change. True, and how things stand with its prefix now, unless the route is in
 * another table, for multicast or link-local addresses, or memory has run out.
 */
bool mirror_take(struct mirror *mirror, const struct kernel_change *change, struct mirror_route *out);

/* Everything is about to be told again. */
void mirror_begin(struct mirror *mirror);
/* Everything was: take out what was not told, one prefix a call; false when that is done. */
bool mirror_sweep(struct mirror *mirror, struct mirror_route *out);

size_t mirror_count(const struct mirror *mirror);

#endif
