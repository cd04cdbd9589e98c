/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation: plays a scenario: hands every node its inputs at their time, carries packets between nodes and
 * hosts, writes what crosses the underlay. The same scenario and seed give the same capture, octet for octet.
 */
#ifndef DMVPNKIT_SIM_SIMULATION_H
#define DMVPNKIT_SIM_SIMULATION_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/sim/scenario.h"
#include "drivers/sim/trace.h"
#include "files/capture.h"

#define SIMULATION_ERROR_MAX 256
/* Simulated time 0 in captures: 2026-01-01 00:00:00 UTC. */
#define SIMULATION_EPOCH_US (INT64_C(1767225600) * US_PER_S)

struct simulation_result {
    size_t packets; /* sent on the underlay */
    size_t pings_sent;
    size_t pings_answered;
};

/*
 * Play to the end, or until *stop (may be NULL) is set, which is no error. writer may be NULL: then nothing
 * is written. False, and one line in error, if a node refuses its configuration or never comes to rest, or if
 * memory runs out; what was written until then is the caller's to abandon.
 */
bool simulation_run(const struct scenario *scenario, uint64_t seed, struct capture_writer *writer,
                    const struct trace *trace, const volatile sig_atomic_t *stop,
                    struct simulation_result *result, char error[SIMULATION_ERROR_MAX]);

#endif
