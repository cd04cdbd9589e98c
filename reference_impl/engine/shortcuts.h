/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shortcuts: what an answer to a Resolution Request puts into the tables, and takes out again: the binding of
 * the next hop, and the route for the prefix that it answers for (DRAFT section 4.7).
 */
#ifndef DMVPNKIT_ENGINE_SHORTCUTS_H
#define DMVPNKIT_ENGINE_SHORTCUTS_H

#include "engine/node_state.h"

struct shortcut_answer {
    struct addr via;
    struct endpoint at;
    uint8_t prefix_len; /* as in the CIE: 0 and 0xff mean a host */
    uint16_t mtu;
    uint16_t hold_s;
};

/* Enter an answer, and note in the resolution what it gave. False when a table is full, which is traced. */
bool shortcuts_install(struct node *node, struct resolution *resolution,
                       const struct shortcut_answer *answer);

/* Take back the resolution's route, if it has one; its binding ends by itself. */
void shortcuts_withdraw(struct node *node, struct resolution *resolution);

/* Is what the resolution gave still there? */
bool shortcuts_has_mapping(const struct node *node, const struct resolution *resolution);

/* Did data use it since this was last asked? */
bool shortcuts_take_used(struct node *node, const struct resolution *resolution);

/* Does it concern these addresses, and, unless nbma is ADDR_NONE, that NBMA address? */
bool shortcuts_overlaps(const struct node *node, const struct resolution *resolution, struct prefix prefix,
                        struct addr nbma);

#endif
