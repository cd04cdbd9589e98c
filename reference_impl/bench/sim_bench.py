#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure the simulator: ten thousand spokes for one simulated hour.

sim_bench.py BUILD-FOLDER [ROUNDS]; one line of JSON for each metric. The time is the whole program's, from start to end;
the size is the most memory that it had."""

import json
import os
import pathlib
import statistics
import sys
import time

sim = sys.argv[1] + "/reference_impl/drivers/sim/dmvpn-sim"
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
scenario = pathlib.Path(__file__).resolve().parent / "sim_10k_spokes.yaml"


def play():
    """Seconds and MiB of one run; a run that comes out otherwise than expected is no measurement."""
    start = time.monotonic()
    child = os.posix_spawn(sim, [sim, str(scenario)], os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("sim_bench.py: %s %s: exit code %d" % (sim, scenario, os.waitstatus_to_exitcode(status)))
    return time.monotonic() - start, usage.ru_maxrss / 1024


def print_metric(name, unit, values):
    print(json.dumps({"metric": name, "unit": unit, "median": round(statistics.median(values), 3),
                      "min": round(min(values), 3), "max": round(max(values), 3), "rounds": len(values)}))


seconds, mebibytes = zip(*(play() for _ in range(rounds)))
print_metric("sim_10k_spokes_s", "s", seconds)
print_metric("sim_10k_spokes_mib", "MiB", mebibytes)
