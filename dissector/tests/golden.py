#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare what tshark prints with the plugin, on every capture, with the texts in golden/.

A golden text has one line per GRE or NHRP frame with its findings, then the GRE and NHRP trees of the first
frames of each message type. Payloads of other protocols are left out, as other Wireshark versions word them
otherwise. Update: dissector/tests/golden.py --update, then read the difference before you commit it.
"""
import difflib
import os
import re
import sys

import plugin

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
FRAMES_PER_TYPE = 1
OURS = ("Generic Routing Encapsulation", "Next Hop Resolution Protocol", "Dynamic Multipoint VPN")
SUMMARY = ["frame.number", "_ws.col.Protocol", "_ws.col.Info", "nhrp.hdr.op.type", "gre.proto",
           "_ws.expert.message"]


def own_findings(row):
    """The plugin's findings end with the id of a requirement; those of other dissectors change with Wireshark."""
    return [message for message in row["_ws.expert.message"] if re.search(r" \[[a-z0-9.-]+\]$", message)]


def summary_lines(rows):
    for row in rows:
        yield f"{row['frame.number'][0]:>4} {''.join(row['_ws.col.Protocol'])} {' '.join(row['_ws.col.Info'])}"
        for message in own_findings(row):
            yield f"       ! {message}"


def chosen_frames(rows):
    """The first frames of each kind: NHRP message type, GRE protocol type, findings."""
    seen, chosen = {}, []
    for row in rows:
        kind = str((row["nhrp.hdr.op.type"], row["gre.proto"], own_findings(row)))
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= FRAMES_PER_TYPE:
            chosen.append(row["frame.number"][0])
    return chosen


def own_trees(text):
    """Lines of the GRE and NHRP trees, and the first line only of a packet embedded in them."""
    hidden_below = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(" "))
        if hidden_below is not None and depth > hidden_below:
            continue
        hidden_below = None
        if line.startswith("Frame "):
            yield line.split(":")[0]
        elif depth == 0 and line.startswith(OURS):
            yield line
        elif depth == 0:
            hidden_below = 0
        else:
            yield line
            if line.strip().startswith(("Internet ", "Transmission ", "User Datagram")):
                hidden_below = depth


def golden_text(tshark, capture):
    copy = tshark.bring(capture)
    rows = tshark.rows(copy, SUMMARY, "gre or nhrp")
    if not rows:
        return "no GRE or NHRP\n"
    wanted = "frame.number in {" + ", ".join(chosen_frames(rows)) + "}"
    trees = tshark.output("-r", copy, "-Y", wanted, "-O", "gre,nhrp,dmvpn", "-o",
                          "esp.enable_encryption_decode:TRUE")
    return "\n".join([*summary_lines(rows), "", *own_trees(trees)]).rstrip("\n") + "\n"


def main():
    update = sys.argv[1:] == ["--update"]
    if sys.argv[1:] and not update:
        sys.exit("usage: golden.py [--update]")
    failed = 0
    for capture in plugin.need_captures():
        name = os.path.join(GOLDEN, os.path.basename(capture) + ".txt")
        with plugin.Tshark() as tshark:
            text = golden_text(tshark, capture)
        if update:
            with open(name, "w", encoding="utf-8") as out:
                out.write(text)
            continue
        wanted = ""
        if os.path.exists(name):
            with open(name, encoding="utf-8") as file:
                wanted = file.read()
        if text != wanted:
            failed += 1
            sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), text.splitlines(True),
                                                       "golden/" + os.path.basename(name), "tshark", n=2))
    if failed:
        sys.exit(f"{failed} captures differ; if that is right: dissector/tests/golden.py --update")


if __name__ == "__main__":
    main()
