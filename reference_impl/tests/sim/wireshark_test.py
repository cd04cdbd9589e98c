# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark takes our captures: as many frames as written, every comment as written, nothing malformed, checksums right.

wireshark_test.py CAPTURES-FOLDER. Says nothing about our dissector: stock tshark reads here. All captures go through one
tshark: a pcapng file may have many sections, so that they can simply be put one after the other. What a scenario's own
scripted packets do wrong, and the Error Indications that repeat such packets, may look malformed."""

import os
import pathlib
import shutil
import struct
import sys
import tempfile

from simtest import SKIPPED, check, finish, read_capture, run

folder = pathlib.Path(sys.argv[1])
tshark = shutil.which("tshark")
if not tshark:
    print("SKIPPED: tshark is missing; install package 'tshark'")
    sys.exit(SKIPPED)


def has_esp(octets):
    """ESP right behind the outer IP header, or in UDP on port 4500."""
    kind, rest = (octets[9], octets[20:]) if octets[0] >> 4 == 4 else (octets[6], octets[40:])
    return kind == 50 or (kind == 17 and 4500 in struct.unpack_from(">HH", rest))


captures = sorted(folder.glob("*.pcapng"))
check(captures, "there are captures")
expected, with_esp = [], set()
for capture in captures:
    for at, octets, words in read_capture(capture)[1]:
        expected.append((capture.name, "%d.%06d000" % (at // 1000000, at % 1000000), words))
        if has_esp(octets):
            with_esp.add(capture.stem)

FIELDS = ["frame.time_epoch", "_ws.malformed", "ip.checksum.status", "nhrp.hdr.chksum.status", "icmp.checksum.status",
          "frame.comment"]
BAD = "0"

with tempfile.TemporaryDirectory() as home:
    everything = pathlib.Path(home) / "all.pcapng"
    everything.write_bytes(b"".join(capture.read_bytes() for capture in captures))
    # No settings of the user's, no plugins.
    environment = dict(os.environ, HOME=home, XDG_CONFIG_HOME=home, WIRESHARK_PLUGIN_DIR=home, LC_ALL="C.UTF-8")
    arguments = [argument for field in FIELDS for argument in ("-e", field)]
    shown = run(tshark, "-r", everything, "-o", "ip.check_checksum:TRUE", "-T", "fields", "-E", "separator=|",
                *arguments, env=environment)
    check(shown.returncode == 0, "tshark reads them: %s" % shown.stderr.decode())
    lines = [line.split("|", len(FIELDS) - 1) for line in shown.stdout.decode().splitlines()]
    check(len(lines) == len(expected), "%d frames, %d are shown" % (len(expected), len(lines)))
    for (name, at, words), (time, malformed, *statuses, comment) in zip(expected, lines):
        check((time, comment) == (at, words), "%s: time and comment as written: %s" % (name, words))
        faulty = "(scripted)" in words or "reports the error" in words
        good = not malformed and not any(BAD in status.split(",") for status in statuses)
        check(good or faulty, "%s: nothing is wrong with: %s" % (name, words))

    # ESP: with the table beside the capture Wireshark decrypts every packet of it, and finds every check value right.
    tables = sorted(folder.glob("*.esp_sa"))
    named = {table.stem for table in tables}
    check(named and named == with_esp, "captures with ESP: %s, with a table: %s" % (sorted(with_esp), sorted(named)))
    for table in tables:
        (pathlib.Path(home) / "wireshark").mkdir(exist_ok=True)
        shutil.copy(table, pathlib.Path(home) / "wireshark" / "esp_sa")
        shown = run(tshark, "-r", table.with_suffix(".pcapng"), "-o", "esp.enable_encryption_decode:TRUE",
                    "-o", "esp.enable_authentication_check:TRUE", "-Y", "esp", "-T", "fields", "-E", "separator=|",
                    "-e", "frame.protocols", "-e", "esp.icv_good", "-e", "_ws.malformed", env=environment)
        check(shown.returncode == 0, "%s: tshark reads it: %s" % (table.name, shown.stderr.decode()))
        rows = [line.split("|") for line in shown.stdout.decode().splitlines()]
        check(rows, "%s: there is ESP in it" % table.name)
        for protocols, good, malformed in rows:
            check(":esp:gre:" in protocols and not malformed, "%s: decrypted: %s" % (table.name, protocols))
            # The table of Wireshark 4.0 has no place for extended sequence numbers, which the check value covers.
            check(good == "1" or "extended_sequence" in table.name, "%s: the check value is right" % table.name)
        check(any(":nhrp" in protocols for protocols, _, _ in rows), "%s: there is NHRP inside" % table.name)
finish()
