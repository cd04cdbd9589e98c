#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tshark with the plugin against tshark with the stock dissectors, on one big capture.

Usage: dissector_bench.py BUILD-FOLDER [--capture FILE] [--runs N]
Without a capture, one of 250000 registration exchanges of 65000 spokes is made. For the one-line summary, for -V and
for a filter, both run in turn, N times each. Times are processor time (user and system), which other work on the
machine disturbs least; memory is the largest resident size. Prints a JSON object a line for each metric: the median of
the ratios of paired runs, their spread, and the medians of both sides.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MODES = {"summary": [], "verbose": ["-V"], "filter": ["-Y", "nhrp.htime == 600"]}
LIMITS = {"dissector_ratio_summary": 1.15, "dissector_ratio_verbose": 1.15, "dissector_ratio_filter": 1.15,
          "dissector_ratio_memory": 1.5}
NOBODY = "65534"


def measure(folder, plugins, capture, arguments):
    """(processor time in s, largest resident size in KiB) of one tshark."""
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8",
                   "WIRESHARK_PLUGIN_DIR": plugins or os.path.join(folder, "none")}
    command = ["tshark", "-r", capture, *arguments]
    if os.getuid() == 0:
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"dissector_bench.py: tshark failed with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def compare(folder, plugins, capture, runs):
    """Metrics by name."""
    metrics, memory = {}, []
    for mode, arguments in MODES.items():
        pairs = []
        for _ in range(runs):
            stock = measure(folder, None, capture, arguments)
            own = measure(folder, plugins, capture, arguments)
            pairs.append((stock, own))
            memory.append((stock[1], own[1]))
        ratios = [own[0] / stock[0] for stock, own in pairs]
        metrics[f"dissector_ratio_{mode}"] = describe(ratios, [stock[0] for stock, _ in pairs],
                                                      [own[0] for _, own in pairs], "s")
    metrics["dissector_ratio_memory"] = describe([own / stock for stock, own in memory], [stock for stock, _ in memory],
                                                 [own for _, own in memory], "kib")
    return metrics


def describe(ratios, stock, own, unit):
    return {"unit": "1", "median": round(statistics.median(ratios), 3), "min": round(min(ratios), 3),
            "max": round(max(ratios), 3), f"stock_{unit}": round(statistics.median(stock), 3),
            f"plugin_{unit}": round(statistics.median(own), 3), "runs": len(ratios)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--capture")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("build", help="folder of an optimised build")
    chosen = parser.parse_args()
    built = os.path.join(chosen.build, "dissector", "plugins")
    if chosen.runs < 1 or not os.path.isdir(built):
        parser.error(f"no runs, or no plugin in {built}: build the release preset first")
    folder = tempfile.mkdtemp(prefix="dmvpn-bench-")
    try:
        os.chmod(folder, 0o755)
        plugins = os.path.join(folder, "plugins")
        shutil.copytree(built, plugins)
        capture = os.path.join(folder, "big.pcap")
        if chosen.capture:
            shutil.copyfile(chosen.capture, capture)
        else:
            subprocess.run([sys.executable, os.path.join(HERE, "registrations.py"), capture], check=True)
        metrics = compare(folder, plugins, capture, chosen.runs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name, limit in LIMITS.items():
        print(json.dumps({"metric": name, **metrics[name], "limit": limit, "met": metrics[name]["median"] <= limit}))


if __name__ == "__main__":
    main()
