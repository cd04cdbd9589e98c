/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_load: what the loader's files share. Internal to the loader.
 */
#ifndef DMVPNKIT_SIM_SCENARIO_LOAD_H
#define DMVPNKIT_SIM_SCENARIO_LOAD_H

#include "drivers/sim/scenario.h"
#include "drivers/sim/scenario_schema.h"

struct load {
    const char *path;
    const struct scenario_file *file;
    struct scenario *scenario;
    char *error; /* SCENARIO_ERROR_MAX */
};

/* Each takes over one part of the file, checked; false, and a line in error, if something is wrong with it.
 */
bool load_nodes(struct load *load);
bool load_hosts(struct load *load);
bool load_links(struct load *load);
bool load_events(struct load *load);

/* An array of count elements, zeroed, never NULL for count 0; NULL and a line in error when memory runs out.
 */
void *load_array(struct load *load, size_t count, size_t size);

#endif
