/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation: plays a scenario: hands every node its inputs at their time, carries packets between nodes and
 * hosts, writes what crosses the underlay. The same scenario and seed give the same capture, octet for octet.
 */
#ifndef DMVPNKIT_SIM_SIMULATION_H
#define DMVPNKIT_SIM_SIMULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "drivers/sim/scenario.h"
#include "drivers/sim/trace.h"
#include "files/capture.h"

#define SIMULATION_ERROR_MAX 256
/* Simulated time 0 in captures: 2026-01-01 00:00:00 UTC. */
#define SIMULATION_EPOCH_US (INT64_C(1767225600) * US_PER_S)

struct simulation;

struct simulation_result {
    size_t packets; /* sent on the underlay */
    size_t pings_sent;
    size_t pings_answered;
};

/*
 * A scenario at its instant 0. writer may be NULL: then nothing is written. scenario, writer, trace and error
 * must last as long as the simulation. NULL, and one line in error, when memory runs out.
 */
struct simulation *simulation_create(const struct scenario *scenario, uint64_t seed,
                                     struct capture_writer *writer, const struct trace *trace,
                                     char error[SIMULATION_ERROR_MAX]);

/*
 * Play all that happens before the instant until, but nothing after the scenario's end. False, and one line
 * in error, if a node refuses its configuration or never comes to rest, or if memory runs out; what was
 * written until then is the caller's to abandon.
 */
bool simulation_play(struct simulation *simulation, struct instant until);

struct simulation_result simulation_result(const struct simulation *simulation);
/* The keys of all security associations up to now, as Wireshark's esp_sa table; NULL if there were none. */
const char *simulation_keys(const struct simulation *simulation);
/*
 * How many of the scenario's expectations were not met up to now; each gets one line, "FILE:LINE: what was
 * expected and what was found", path being the scenario's file.
 */
size_t simulation_judge(const struct simulation *simulation, const char *path, FILE *out);

void simulation_free(struct simulation *simulation);

#endif
