# SPDX-License-Identifier: GPL-2.0-or-later
"""The captures in captures/ are what the scenarios give today, octet for octet, and give twice; so are their table and
their catalogue.

captures_test.py DMVPN-SIM CAPTURES-FOLDER; to bring the captures up to date: cmake --build --target update-captures"""

import pathlib
import shutil
import sys
import tempfile

from simtest import check, finish, read_capture, run

sim, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def first_difference(old, new):
    """In words, the first packet that is not the same."""
    old_comment, old_packets = read_capture(old)
    new_comment, new_packets = read_capture(new)
    if old_comment != new_comment:
        return "the comment of the capture: '%s' was '%s'" % (new_comment, old_comment)
    for number, (before, now) in enumerate(zip(old_packets, new_packets), 1):
        if before != now:
            what = "time" if before[0] != now[0] else "octets" if before[1] != now[1] else "comment"
            return "%s of packet %d\n  now    %s\n  before %s" % (what, number, now[2], before[2])
    return "%d packets, %d before" % (len(new_packets), len(old_packets))


PACKETS_MOST = 200  # small enough to read; a story that needs more is listed here, with why
LONGER = {}

scenarios = {path.stem for path in folder.glob("scenarios/*.yaml")}
captures = {path.stem for path in folder.glob("*.pcapng")}
check(scenarios, "there are scenarios")
check(len(scenarios) >= 40, "there are at least 40, not %d" % len(scenarios))
for name in sorted(captures):
    count = len(read_capture(folder / (name + ".pcapng"))[1])
    check(0 < count < PACKETS_MOST or name in LONGER, "%s has %d packets" % (name, count))
check(scenarios == captures, "scenarios and captures belong together: %s" % sorted(scenarios ^ captures))

with tempfile.TemporaryDirectory() as temporary:
    # The regenerating script gives the same captures, keys, table and catalogue, in a copy of the folder.
    copy = pathlib.Path(temporary) / "captures"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("vectors", "tests", "*.pcapng", "*.esp_sa"))
    shutil.copytree(folder / "recorded", copy / "recorded", dirs_exist_ok=True)
    done = run(copy / "regenerate", sim, timeout_s=300)
    check(done.returncode == 0, "regenerate: %s" % done.stderr.decode())
    check((copy / "README.md").read_bytes() == (folder / "README.md").read_bytes(), "the table in README.md is current")
    check((copy / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes(), "the catalogue is current")
    for name in sorted(scenarios & captures):
        old, made = folder / (name + ".pcapng"), copy / (name + ".pcapng")
        check(made.exists(), "%s is made" % name)
        if made.exists() and old.read_bytes() != made.read_bytes():
            check(False, "%s is as it was; different: %s\n  replay with: %s %s -o new.pcapng" % (
                name, first_difference(old, made), sim, folder / "scenarios" / (name + ".yaml")))
    keys = {path.name: path.read_bytes() for path in folder.glob("*.esp_sa")}
    check({path.name: path.read_bytes() for path in copy.glob("*.esp_sa")} == keys, "the keys are as they were")

    # A run of its own, through a pipe, gives the same once more.
    for name in sorted(scenarios & captures):
        done = run(sim, folder / "scenarios" / (name + ".yaml"), "-o", "-")
        check(done.returncode == 0, "%s plays: %s" % (name, done.stderr.decode()))
        check(done.stdout == (copy / (name + ".pcapng")).read_bytes(), "%s gives the same octets twice" % name)
finish()
