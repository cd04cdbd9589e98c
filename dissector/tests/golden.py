#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare what tshark shows with the plugin, on every capture, with the JSON in golden/.

A golden file has one object a line for each frame with GRE, NHRP or a finding: its number, summary, findings, and
values by field name. All fields are in the first frame of each kind; later ones have those of the analysis. The file
is of two passes; one pass must show the same but for what only later frames tell.
Update: dissector/tests/golden.py --update, then read the difference before you commit it.
"""
import concurrent.futures
import difflib
import json
import os
import sys

import plugin
from analysis import LATER
from names import own_tables

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
SELECTED = "gre or nhrp or dmvpn.encrypted"
# What the end of the capture says, beside the fields that name later frames
LATE_FINDINGS = ("dmvpn.unanswered.",)


def field_names():
    """(all fields that have values, all findings)"""
    tables = own_tables()
    findings = sorted(name for name, kind in tables if kind == "FT_NONE" and name != "nhrp.embedded.cut")
    return sorted({name for name, kind in tables if kind != "FT_NONE"} - {"dmvpn.requirement"}), findings


def describe(rows, fields, findings):
    """An object for each row."""
    kinds = set()
    for row in rows:
        kind = (tuple(row["nhrp.hdr.op.type"]), tuple(row["gre.proto"]), len(row["nhrp.ext.type"]))
        said = {"frame": int(row["frame.number"][0])}
        if row["_ws.col.Protocol"] == ["NHRP"]:
            said["info"] = " ".join(row["_ws.col.Info"])
        said["findings"] = [name for name in findings if row[name]]
        for field in fields:
            if row[field] and (kind not in kinds or field.startswith("dmvpn.")):
                said[field] = row[field][0] if len(row[field]) == 1 else row[field]
        kinds.add(kind)
        yield said


def early(said):
    """An object without what only later frames tell."""
    late = set(LATER)
    if said.get("info", "").startswith("Traffic Indication"):
        late.add("dmvpn.request_in")
    if said.get("info", "").startswith("Resolution Request"):
        late.add("dmvpn.phase")  # the reply may tell
    kept = {name: value for name, value in said.items() if name not in late}
    kept["findings"] = [name for name in said["findings"] if not name.startswith(LATE_FINDINGS)]
    return kept


def as_text(objects):
    lines = ",\n".join(json.dumps(said, ensure_ascii=False) for said in objects)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def examine(capture):
    """Text of two passes, and a list of differences of one pass from it."""
    fields, findings = field_names()
    columns = ["frame.number", "_ws.col.Protocol", "_ws.col.Info", *fields, *findings]
    with plugin.Tshark() as tshark:
        copy = tshark.bring(capture)
        two = list(describe(tshark.rows(copy, columns, SELECTED, ["-2"]), fields, findings))
        # Sanitizers look for faults of memory, and have looked by now
        one = two if os.environ.get("DMVPN_ASAN") else \
            list(describe(tshark.rows(copy, columns, SELECTED), fields, findings))
    faults = [f"{os.path.basename(capture)}: frame {late['frame']} in one pass: {early(soon)}\n  in two: {early(late)}"
              for soon, late in zip(one, two) if early(soon) != early(late)]
    if len(one) != len(two):
        faults.append(f"{os.path.basename(capture)}: {len(one)} frames in one pass, {len(two)} in two")
    return as_text(two), faults


def compare(capture, text, update):
    name = os.path.join(GOLDEN, os.path.basename(capture) + ".json")
    if update:
        with open(name, "w", encoding="utf-8") as out:
            out.write(text)
        return []
    wanted = ""
    if os.path.exists(name):
        with open(name, encoding="utf-8") as file:
            wanted = file.read()
    return list(difflib.unified_diff(wanted.splitlines(), text.splitlines(), "golden/" + os.path.basename(name),
                                     "tshark", n=0, lineterm=""))


def main():
    update = sys.argv[1:] == ["--update"]
    if sys.argv[1:] and not update:
        sys.exit("usage: golden.py [--update]")
    failed = 0
    captures = plugin.need_captures()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        for capture, (text, faults) in zip(captures, workers.map(examine, captures)):
            faults = faults + compare(capture, text, update)
            failed += bool(faults)
            if faults:
                print("\n".join(faults))
    if failed:
        sys.exit(f"{failed} captures differ; if that is right: dissector/tests/golden.py --update")
    print(f"{len(captures)} captures")


if __name__ == "__main__":
    main()
