# SPDX-License-Identifier: GPL-2.0-or-later
"""How long all cases take against the reference: conformance_all_cases_s, in seconds of real time.

Usage: cases_bench.py BUILD-FOLDER

Prints one line of JSON: the metric, the median of the runs, and the spread.
"""
import json
import os
import statistics
import subprocess
import sys
import time

RUNS = 5


def main():
    program = os.path.join(sys.argv[1], "conformance", "dmvpn-conform")
    seconds = []
    for _ in range(RUNS):
        began = time.monotonic()
        run = subprocess.run([program, "run", "--iut", "reference"], capture_output=True, text=True, check=False)
        seconds.append(time.monotonic() - began)
        if run.returncode != 0:
            sys.exit("cases_bench: the reference does not pass: %s" % run.stdout.splitlines()[-1])
    print(json.dumps({"metric": "conformance_all_cases_s", "unit": "s", "median": round(statistics.median(seconds), 3),
                      "min": round(min(seconds), 3), "max": round(max(seconds), 3), "runs": RUNS}))


if __name__ == "__main__":
    main()
