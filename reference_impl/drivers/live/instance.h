/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * instance: one tunnel of the process while it runs: a node of the engine, its TUN device, its request id,
 * and what it has put into the kernel. Carries inputs to the node and its outputs to where they belong;
 * decides nothing about NHRP.
 */
#ifndef DMVPNKIT_LIVE_INSTANCE_H
#define DMVPNKIT_LIVE_INSTANCE_H

#include "drivers/live/config.h"
#include "drivers/live/control.h"
#include "drivers/live/kernel.h"
#include "drivers/live/mirror.h"
#include "drivers/live/privileges.h"
#include "drivers/live/state.h"
#include "drivers/live/underlay.h"
#include "engine/node.h"

/* What all tunnels of the process share. Not owned by them. */
struct services {
    struct underlay *underlay;
    struct kernel *kernel;
    struct control *control; /* NULL until it is there */
    struct identity owner;   /* of what outlives root: state files */
    bool trace;              /* log what happens in the nodes */
    bool install_routes;
    uint32_t install_table;
    bool mirror_underlay;
};

struct instance_counters {
    uint64_t underlay_in, underlay_in_octets;
    uint64_t underlay_out, underlay_out_octets;
    uint64_t overlay_in, overlay_in_octets; /* from this host */
    uint64_t overlay_out, overlay_out_octets;
    uint64_t overlay_refused; /* that this host did not take */
    uint64_t routes_refused;  /* that the kernel did not take */
};

struct instance {
    struct live_tunnel_config config;
    struct services *services;
    struct state state;
    struct node *node;        /* NULL until there is an NBMA address */
    int overlay;              /* descriptor of the TUN device */
    unsigned device;          /* its interface index */
    unsigned underlay_device; /* the one that has the NBMA address; 0: not known */
    bool link_up;
    bool keep; /* while a new configuration is applied: it is in there, too */
    struct instance_counters counters;
};

/*
 * Make the device and open the sockets. What config owns is the instance's from now on. NULL, and one line
 * in error, if anything cannot be had.
 */
struct instance *instance_create(struct live_tunnel_config *config, const char *state_folder,
                                 struct services *services, char error[LIVE_ERROR_MAX]);
/* Purge what is registered, take the kernel's routes out, and free; the device goes. */
void instance_free(struct instance *instance, struct instant now);

/* Begin, if the NBMA address is configured. False, and one line in error, if the engine refuses. */
bool instance_start(struct instance *instance, struct instant now, char error[LIVE_ERROR_MAX]);

/* An input, and everything that comes of it. */
void instance_input(struct instance *instance, struct instant now, const struct node_input *input);
/* Read what the host sends, up to a batch. False when there was nothing. */
bool instance_read_overlay(struct instance *instance, struct instant now);
/* Call the node if it is due. */
void instance_wake(struct instance *instance, struct instant now);
struct instant instance_deadline(const struct instance *instance);

/* Does it take encrypted packets only? */
bool instance_is_protected(const struct instance *instance);
void instance_take_packet(struct instance *instance, struct instant now, struct span packet);

/* What the kernel tells. */
void instance_take_change(struct instance *instance, struct instant now, const struct kernel_change *change);
void instance_take_route(struct instance *instance, struct instant now, const struct mirror_route *route);

#endif
