/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * topology: who is where: from an NBMA address to a node, from two nodes to the link between them, from a
 * node and an inner address to a host. An index over a scenario; owns nothing of it but where nodes are now.
 */
#ifndef DMVPNKIT_SIM_TOPOLOGY_H
#define DMVPNKIT_SIM_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "drivers/sim/scenario.h"

struct topology {
    const struct scenario *scenario;
    struct addr *nbma; /* of each node; addresses may change */
    size_t *nodes;     /* by realm and NBMA address */
    size_t *links;     /* by the two nodes */
    size_t *hosts;     /* by node and address */
};

/* False, and nothing to free, when memory runs out. */
bool topology_make(const struct scenario *scenario, struct topology *out);
void topology_free(struct topology *topology);

/* The node with that NBMA address in that realm. */
bool topology_find_node(const struct topology *topology, size_t realm, struct addr nbma, size_t *node);
/* The node has another NBMA address, in the same realm. Takes a time that grows with the number of nodes. */
void topology_move_node(struct topology *topology, size_t node, struct addr nbma);
/* The host with that address on that node's side of the tunnel, the node itself included. */
bool topology_find_host(const struct topology *topology, size_t node, struct addr address, size_t *host);
/* The index of the link between two nodes; the scenario's link_count if they only have the common one. */
size_t topology_link(const struct topology *topology, size_t a, size_t b);

#endif
