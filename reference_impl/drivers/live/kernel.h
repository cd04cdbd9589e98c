/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel: this host's network configuration through netlink: what it is and becomes (links, addresses,
 * routes), and what the daemon changes in it (its TUN devices, its own routing table). Knows nothing of
 * tunnels and NHRP.
 */
#ifndef DMVPNKIT_LIVE_KERNEL_H
#define DMVPNKIT_LIVE_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

#define KERNEL_DEVICE_MAX 16

struct kernel;

enum kernel_change_kind {
    KERNEL_LINK,            /* device is up (and has a carrier) or not */
    KERNEL_LINK_GONE,       /* device is no more */
    KERNEL_ADDRESS_ADDED,   /* address on device */
    KERNEL_ADDRESS_REMOVED, /* likewise */
    KERNEL_ROUTE_ADDED,     /* prefix through device, or replaced */
    KERNEL_ROUTE_REMOVED,   /* prefix with that metric */
    KERNEL_SYNCHRONISED,    /* all that there was when the last kernel_synchronise() began has been told */
    KERNEL_LOST,            /* changes were lost: kernel_synchronise() is needed */
};

struct kernel_change {
    enum kernel_change_kind kind;
    unsigned device;              /* interface index; routes: of the first next hop, 0 if it has none */
    char name[KERNEL_DEVICE_MAX]; /* KERNEL_LINK */
    bool up;
    struct addr address;
    struct prefix prefix;
    struct addr via; /* routes: the next hop, or ADDR_NONE */
    uint32_t table;
    uint32_t metric;
    bool unicast; /* routes: leads somewhere, other than "unreachable" and its like */
};

/* NULL, and errno, if there is no netlink. */
struct kernel *kernel_open(void);
void kernel_close(struct kernel *kernel);
/* The descriptor to wait for before kernel_next(). */
int kernel_fd(const struct kernel *kernel);

/* Have all links, addresses and routes told, as if they were new. */
bool kernel_synchronise(struct kernel *kernel);
/* The next thing that changed; false when there is none for now. */
bool kernel_next(struct kernel *kernel, struct kernel_change *out);

/* Each false, and errno, when the kernel refuses. */
bool kernel_set_device(struct kernel *kernel, const char *device, struct addr address, unsigned len,
                       uint16_t mtu);
/* Add or remove prefix through device, to the next hop via, in a table. */
bool kernel_set_route(struct kernel *kernel, bool add, uint32_t table, struct prefix prefix, unsigned device,
                      struct addr via);
/*
 * Add or remove the rules by which a table of ours is looked at: after every route of the main table but the
 * default one, before that one.
 */
bool kernel_set_rules(struct kernel *kernel, bool add, enum addr_family family, uint32_t main_table,
                      uint32_t table);

#endif
