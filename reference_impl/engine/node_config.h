/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node_config: is a configuration one that a node can work with, and the node's own copy of it.
 */
#ifndef DMVPNKIT_ENGINE_NODE_CONFIG_H
#define DMVPNKIT_ENGINE_NODE_CONFIG_H

#include "engine/config.h"

/* NULL, or a sentence that says what contradicts what. */
const char *node_config_fault(const struct node_config *config);

/*
 * Copy a configuration with the lists that are read as long as the node lives, and fill in the defaults. The
 * lists that move into tables of their own (servers, routes, security associations) come out empty. Returns
 * what to free() with the copy; NULL when memory runs out.
 */
void *node_config_copy(struct node_config *copy, const struct node_config *config);

#endif
