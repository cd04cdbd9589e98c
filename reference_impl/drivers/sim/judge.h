/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge: whether a run came out as its scenario expects. Watches what the simulation tells it, changes
 * nothing; an expectation with an instant of its own counts only what happens before that.
 */
#ifndef DMVPNKIT_SIM_JUDGE_H
#define DMVPNKIT_SIM_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "drivers/sim/scenario.h"
#include "drivers/sim/trace.h"
#include "engine/io.h"

struct judge {
    const struct scenario *scenario;
    int64_t *found; /* by expectation */
};

/* False when memory runs out. */
bool judge_init(struct judge *judge, const struct scenario *scenario);
void judge_free(struct judge *judge);

/* A node put this out. */
void judge_output(struct judge *judge, struct instant at, size_t node, const struct node_output *output);
/* The simulator noted this about a host (the first ones are the nodes). */
void judge_note(struct judge *judge, struct instant at, size_t host, const struct trace_note *note);
/* A packet went out on the underlay; to is SCENARIO_ANY when nobody is there. */
void judge_packet(struct judge *judge, struct instant at, size_t from, size_t to, const char *reason);
/* A ping of one host's was answered by another (SCENARIO_ANY if the address belongs to none). */
void judge_ping(struct judge *judge, struct instant at, size_t from, size_t to);
/* A node is gone, and all that it knew. */
void judge_gone(struct judge *judge, struct instant at, size_t node);

/* How many times the expectation was met; it wants from `least` to `most`. */
bool judge_is_met(const struct judge *judge, size_t expectation);

#endif
