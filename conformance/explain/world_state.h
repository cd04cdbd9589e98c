/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world_state: what the world's own files share. */
#ifndef DMVPNKIT_EXPLAIN_WORLD_STATE_H
#define DMVPNKIT_EXPLAIN_WORLD_STATE_H

#include "explain/world.h"

/* Find, or add one of which nothing but this is known. Nobody if several share the address. */
size_t world_meet_at(struct world *w, struct addr outer, size_t frame);
/* Find or add by tunnel address. The outer address is believed for whoever sends, else only if none is known. */
size_t world_meet(struct world *w, struct addr protocol, struct addr outer, bool sends, size_t frame);
/* Add or replace. */
void world_put(struct world *w, size_t node, struct world_row row);
void world_drop_row(struct world *w, size_t node, size_t index, char sign);

#endif
