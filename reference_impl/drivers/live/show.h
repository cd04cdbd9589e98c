/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show: what the tables of a tunnel hold, as rows of JSON. Looks only.
 */
#ifndef DMVPNKIT_LIVE_SHOW_H
#define DMVPNKIT_LIVE_SHOW_H

#include <jansson.h>

#include "drivers/live/daemon.h"

/* Is there such a table? */
bool show_knows(const char *what);
/* Append a tunnel's rows. */
void show_append(json_t *rows, const char *what, const struct instance *instance, struct instant now);
/* What is counted for the whole process. */
json_t *show_process(const struct daemon *daemon);

#endif
