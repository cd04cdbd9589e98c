#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every filter of the profile and of docs/filters.md is one that tshark takes; the profile's columns show something;
tshark starts without a complaint, and Decode As gives a GRE protocol type to another dissector."""
import os
import re
import sys

import plugin

PROFILE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "profile", "DMVPN")
REFERENCE = os.path.join(plugin.SOURCE, "docs", "filters.md")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def filters():
    """(where from, filter)"""
    for line in read(os.path.join(PROFILE, "colorfilters")).split("\n"):
        if line.startswith("@"):
            yield "colour rule " + line.split("@")[1], line.split("@")[2]
    for line in read(os.path.join(PROFILE, "dfilter_buttons")).split("\n"):
        if line.startswith('"'):
            yield "button " + line.split('"')[3], line.split('"')[5]
    questions = read(REFERENCE).split("## Analysis")[0]
    for text in re.findall(r"\| `([^`]+)`", questions):
        yield "filters.md", text


def main():
    faults = []
    with plugin.Tshark() as tshark:
        capture = tshark.bring(os.path.join(plugin.OWN_CAPTURES, "phase3.pcapng"))
        # One tshark takes them all: a filter that is not one ends it with its reason
        names, texts = zip(*filters())
        code, _, err = tshark.run("-r", capture, "-q", *[word for text in texts
                                                         for word in ("-z", f"io,phs,{text}")])
        if code != 0 or "not a" in err:
            faults.append(err)
        columns = re.findall(r"%Cus:([\w.]+):0:R", read(os.path.join(PROFILE, "preferences")))
        rows = tshark.rows(capture, columns)
        faults += [f"column {name} is empty in every frame" for name in columns if not any(row[name] for row in rows)]
        _, _, err = tshark.run("-r", capture, "-c", "1")
        faults += [f"tshark complains at its start: {err}"] if err else []
        first = tshark.rows(capture, ["frame.protocols"], "frame.number == 1", ["-d", "gre.proto==0x2001,ipx"])
        if ":gre:ipx" not in first[0]["frame.protocols"][0]:
            faults.append(f"Decode As IPX shows {first[0]['frame.protocols'][0]}")
    print("\n".join(faults) or f"{len(names)} filters, {len(columns)} columns")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
