# SPDX-License-Identifier: GPL-2.0-or-later
"""dmvpn-sim as a command: help, seeds, traces, and one line with exit code 2 for everything that is wrong.

cli_test.py DMVPN-SIM CAPTURES-FOLDER"""

import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile

from simtest import check, finish, read_capture, run

sim, folder = sys.argv[1], pathlib.Path(sys.argv[2])
phase3 = folder / "scenarios" / "phase3.yaml"

with tempfile.TemporaryDirectory() as temporary:
    place = pathlib.Path(temporary)
    out = place / "out.pcapng"

    def refused(what, words, *arguments):
        done = run(sim, *arguments)
        text = done.stderr.decode()
        check(done.returncode == 2, "%s: exit code 2, not %d" % (what, done.returncode))
        check(text.count("\n") == 1 and text.endswith("\n"), "%s: one line, not: %s" % (what, text))
        check(words in text, "%s: '%s' not in: %s" % (what, words, text))
        check(done.stdout == b"", "%s: nothing on standard output" % what)
        left = [p.name for p in place.iterdir() if "pcapng" in p.name]
        check(not left, "%s: nothing left behind, not %s" % (what, left))

    def scenario(name, old, new):
        text = phase3.read_text()
        assert old in text
        path = place / name
        path.write_text(text.replace(old, new, 1))
        return path

    refused("no arguments", "which scenario?")
    refused("two scenarios", "one scenario at a time", phase3, phase3, "-o", out)
    refused("unknown option", "unrecognized option", phase3, "--sead", "3", "-o", out)
    refused("bad seed", "--seed", phase3, "--seed", "3x", "-o", out)
    refused("negative seed", "--seed", phase3, "--seed", "-3", "-o", out)
    refused("seed too big", "--seed", phase3, "--seed", "18446744073709551616", "-o", out)
    refused("both on standard output", "cannot both", phase3, "--trace", "-o", "-")
    refused("missing scenario", "none.yaml: cannot open: No such file", place / "none.yaml", "-o", out)
    refused("a folder", "cannot read: Is a directory", place, "-o", out)
    refused("missing output folder", "cannot create: No such file", phase3, "-o", place / "no" / "pcapng")
    refused("full device", "/dev/full: cannot write: No space left", phase3, "-o", "/dev/full")
    refused("unknown key", "bad.yaml:22: unknown key 'delayms'", scenario("bad.yaml", "delay_ms", "delayms"),
            "-o", out)
    refused("bad value", "bad.yaml:30: key: -1 is out of range", scenario("bad.yaml", "key: 42", "key: -1"),
            "-o", out)
    refused("a capture as scenario", "not YAML", folder / "phase3.pcapng", "-o", out)
    (place / "empty.yaml").write_text("")
    refused("empty scenario", "empty.yaml:1: nothing in it", place / "empty.yaml", "-o", out)

    done = run(sim, "--help")
    check(done.returncode == 0 and b"Examples:" in done.stdout, "--help")
    done = run(sim, "--version")
    check(done.returncode == 0 and re.fullmatch(rb"dmvpn-sim \d+\.\d+\.\d+\n", done.stdout), "--version")

    # Standard output and a file get the same octets; an older file is replaced.
    out.write_text("old")
    done = run(sim, phase3, "-o", out)
    check(done.returncode == 0 and re.search(rb": \d+ packets, (\d+) of \1 pings answered\n$", done.stdout),
          "one line about the run: %s" % done.stdout)
    piped = run(sim, phase3, "-o", "-")
    check(piped.stdout == out.read_bytes(), "-o - gives the same octets")
    mask = os.umask(0)
    os.umask(mask)
    check(os.stat(out).st_mode & 0o777 == 0o666 & ~mask, "permissions as the mask says")

    # Chance: with jitter, another seed gives other times; the same seed the same.
    jitter = scenario("jitter.yaml", "delay_ms: 10", "delay_ms: 10\n  jitter_ms: 5")
    runs = [run(sim, jitter, "--seed", seed, "-o", "-").stdout for seed in (1, 1, 2)]
    check(runs[0] == runs[1], "the same seed gives the same octets")
    check(runs[0] != runs[2], "another seed gives others")

    # Loss is told in the comments, and everything lost leaves every ping unanswered.
    loss = scenario("loss.yaml", "delay_ms: 10", "delay_ms: 10\n  loss_percent: 100")
    done = run(sim, loss, "-o", out)
    check(b" 0 of 5 pings answered" in done.stdout, "all is lost: %s" % done.stdout)
    check(all("lost on the way" in comment for _, _, comment in read_capture(out)[1]), "the comments say so")

    # What is expected is judged, with or without a capture; a miss tells how to see it again.
    hopeful = scenario("hopeful.yaml", "events:", "expect:\n  - {pings: {from: alice, to: bob}, count: 6}\nevents:")
    line = hopeful.read_text().split("\n").index("  - {pings: {from: alice, to: bob}, count: 6}") + 1
    for more in ([], ["-o", out]):
        done = run(sim, hopeful, "--seed", 77, *more)
        text = done.stderr.decode()
        check(done.returncode == 1, "a miss gives exit code 1, not %d" % done.returncode)
        check("hopeful.yaml:%d: expect: from 6 to 6 answered pings, found 5\n" % line in text, "the miss: %s" % text)
        replay = re.search(r"replay: dmvpn-sim (.*)\n", text)
        check(replay and "--seed 77" in replay.group(1), "how to replay: %s" % text)
        if replay:
            again = run(sim, *replay.group(1).split())
            check(again.returncode == 1 and text in again.stderr.decode(), "the replay gives the same")
    check(run(sim, phase3).returncode == 0, "without a capture or a trace there is still the judgement")

    # The table of scenarios.
    done = run(sim, "--table", phase3, hopeful)
    rows = done.stdout.decode().splitlines()
    check(done.returncode == 0 and len(rows) == 4 and rows[2].startswith("| phase3 | Phase 3: ") and
          rows[3].startswith("| hopeful | "), "the table: %s" % rows)
    check(all(row.count("|") == 7 for row in rows), "six cells a row")

    # A signal ends a long run, and leaves nothing.
    endless = scenario("endless.yaml", "duration_s: 25", "duration_s: 4000000")
    process = subprocess.Popen([sim, endless, "-o", place / "endless.pcapng"], stderr=subprocess.PIPE)
    while not [p for p in place.iterdir() if "endless.pcapng" in p.name] and process.poll() is None:
        pass
    process.terminate()
    said = process.communicate()[1].decode()
    check(process.returncode == 128 + 15, "the signal is the exit code: %d %s" % (process.returncode, said))
    check(not [p for p in place.iterdir() if "endless.pcapng" in p.name], "nothing is left")

    # Progress only on a terminal.
    check(said == "", "no progress without a terminal: %s" % said)
    terminal, slave = pty.openpty()
    process = subprocess.Popen([sim, endless], stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    shown = b""
    while b"simulated" not in shown:
        shown += os.read(terminal, 1000)
    process.terminate()
    process.wait()
    os.close(terminal)
    check(re.match(rb"\r +\d+ %: \d+ of 4000000 s simulated, \d+ packets", shown), "progress: %s" % shown)

    # Traces: as many lines as objects, with the same events.
    text = run(sim, phase3, "--trace").stdout.decode().splitlines()
    objects = [json.loads(line) for line in run(sim, phase3, "--trace-json").stdout.decode().splitlines()]
    check(len(text) == len(objects) > 50, "both traces have the same lines")
    for line, thing in zip(text, objects):
        fields = dict(field.split("=", 1) for field in line.split(" "))
        check(fields == {key: "%.6f" % value if key == "t" else str(value) for key, value in thing.items()},
              "%s is %s" % (line, thing))
    check(any(o["event"] == "shortcut-installed" for o in objects), "a shortcut is in the trace")
    check(run(sim, phase3, "--trace", "-o", out).stdout.decode().splitlines() == text, "a capture changes no trace")
finish()
