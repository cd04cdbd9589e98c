/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress: how far a long run is, on a terminal: one line that is written over and goes away at the end.
 * Silent where the stream is no terminal, and for runs that are over before anybody wonders.
 */
#ifndef DMVPNKIT_SIM_PROGRESS_H
#define DMVPNKIT_SIM_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/instant.h"

struct progress {
    FILE *out; /* NULL: silent */
    struct instant end;
    int64_t next_ms; /* by the machine's own clock */
    bool shown;
};

struct progress progress_begin(FILE *out, struct instant end);
/* Simulated time has come to now. */
void progress_show(struct progress *progress, struct instant now, size_t packets);
void progress_end(struct progress *progress);

#endif
