#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure the audit: 250,000 registration exchanges of 65,000 spokes, against tshark on the same file.

audit_bench.py BUILD-FOLDER [ROUNDS]; one line of JSON for each metric. The two programs run in turn, and the ratio is
taken pair by pair, so that a machine that slows down slows both. A time is the whole program's, from start to end."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

FRAMES = 500000
conform = sys.argv[1] + "/conformance/dmvpn-conform"
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
generator = pathlib.Path(__file__).resolve().parents[2] / "dissector" / "bench" / "registrations.py"


def run(arguments, allowed):
    """Seconds and MiB of one run, output thrown away."""
    start = time.monotonic()
    child = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in allowed:
        sys.exit("audit_bench.py: %s: exit code %d" % (" ".join(arguments), os.waitstatus_to_exitcode(status)))
    return time.monotonic() - start, usage.ru_maxrss / 1024


def check(path):
    """A run that does not see every message is no measurement."""
    report = subprocess.run([conform, "audit", path], capture_output=True, text=True, check=False)
    if "%d NHRP messages" % FRAMES not in report.stdout:
        sys.exit("audit_bench.py: the audit did not see %d messages" % FRAMES)


def print_metric(name, unit, values):
    print(json.dumps({"metric": name, "unit": unit, "median": round(statistics.median(values), 3),
                      "min": round(min(values), 3), "max": round(max(values), 3), "rounds": len(values)}), flush=True)


with tempfile.TemporaryDirectory() as folder:
    capture = os.path.join(folder, "registrations.pcap")
    subprocess.run([sys.executable, "-B", str(generator), capture], check=True)
    check(capture)
    seconds, mebibytes, ratios = [], [], []
    for _ in range(rounds):
        ours, peak = run([conform, "audit", capture], (0, 1))
        seconds.append(ours)
        mebibytes.append(peak)
        if shutil.which("tshark"):
            ratios.append(run(["tshark", "-r", capture, "-Y", "nhrp"], (0,))[0] / ours)
print_metric("audit_500k_packets_s", "s", seconds)
print_metric("audit_peak_mib", "MiB", mebibytes)
if ratios:
    print_metric("audit_speed_ratio_to_tshark", "times", ratios)
else:
    print("audit_bench.py: no tshark here, nothing to compare with", file=sys.stderr)
