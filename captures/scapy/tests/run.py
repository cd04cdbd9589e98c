#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs one test of the Scapy layers: tests/run.py FILE [ARGUMENT...], FILE being a .uts campaign for UTscapy or a
Python script. Exit code 77, with a line that says why, when Scapy is missing; for a campaign, 1 when no test ran."""
import importlib.util
import os
import re
import runpy
import subprocess
import sys

EXIT_SKIPPED = 77


def run_campaign(path):
    """Runs UTscapy; returns the exit code."""
    command = [sys.executable, "-m", "scapy.tools.UTscapy", "-N", "-f", "text", "-t", path]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    print(result.stdout)
    passed = re.search(r"PASSED=(\d+) FAILED=(\d+)", result.stdout)
    if passed is None or int(passed.group(1)) == 0:
        print("no test of %s ran" % path)
        return 1
    return int(result.returncode != 0 or int(passed.group(2)) != 0)


def main(arguments):
    """Returns the exit code."""
    path = arguments[1]
    here = os.path.dirname(os.path.abspath(__file__))
    folders = [os.path.dirname(here), here, os.path.join(os.path.dirname(here), "examples")]
    sys.path[:0] = folders
    os.environ["PYTHONPATH"] = os.pathsep.join(folders)
    if importlib.util.find_spec("scapy") is None or importlib.util.find_spec("scapy.layers") is None:
        print("SKIPPED: Scapy is missing; install package 'python3-scapy'")
        return EXIT_SKIPPED
    if path.endswith(".uts"):
        return run_campaign(path)
    sys.argv = arguments[1:]
    runpy.run_path(path, run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
