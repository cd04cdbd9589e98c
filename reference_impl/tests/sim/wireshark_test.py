# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark takes our captures: as many frames as written, every comment as written, nothing malformed, checksums right.

wireshark_test.py CAPTURES-FOLDER. Says nothing about our dissector: stock tshark reads here."""

import os
import pathlib
import shutil
import sys
import tempfile

from simtest import SKIPPED, check, finish, read_capture, run

folder = pathlib.Path(sys.argv[1])
tshark = shutil.which("tshark")
if not tshark:
    print("SKIPPED: tshark is missing; install package 'tshark'")
    sys.exit(SKIPPED)

captures = sorted(folder.glob("*.pcapng"))
check(captures, "there are captures")
with tempfile.TemporaryDirectory() as home:
    # No settings of the user's, no plugins.
    environment = dict(os.environ, HOME=home, XDG_CONFIG_HOME=home, WIRESHARK_PLUGIN_DIR=home, LC_ALL="C.UTF-8")
    for capture in captures:
        _, packets = read_capture(capture)
        shown = run(tshark, "-r", capture, "-o", "ip.check_checksum:TRUE", "-T", "fields", "-E", "separator=|",
                    "-e", "frame.time_epoch", "-e", "frame.comment", env=environment)
        check(shown.returncode == 0, "%s: tshark reads it: %s" % (capture.name, shown.stderr.decode()))
        lines = shown.stdout.decode().splitlines()
        expected = ["%d.%06d000|%s" % (at // 1000000, at % 1000000, words) for at, _, words in packets]
        check(lines == expected, "%s: times and comments as written" % capture.name)
        bad = run(tshark, "-r", capture, "-o", "ip.check_checksum:TRUE", "-Y",
                  "_ws.malformed or ip.checksum.status == 0 or nhrp.hdr.chksum.status == 0 or icmp.checksum.status == 0",
                  env=environment)
        check(bad.returncode == 0 and bad.stdout == b"", "%s: nothing is wrong with %s%s" % (
            capture.name, bad.stdout.decode(), bad.stderr.decode()))
finish()
