#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets made octet by octet, and what the plugin must make of each.

A case is (name, frame, wanted values by field, wanted finding names). Findings are the plugin's expert items, and
each must be wanted; every finding must be shown by some case. A case without findings must not be called malformed.
"""
import re
import sys

import plugin
from decode_cases import CASES
from names import own_tables

# Display filters and the cases that each must select, whatever else it selects
FILTERS = [
    ("nhrp", ["registration", "LLC/SNAP", "packet length 10", "outer IPv6, IPv6 in every place"]),
    ("dmvpn", ["registration", "IP protocol 54"]),
    ("gre", ["registration", "PPTP stays with stock", "GRE keepalive"]),
    ("nhrp.src.nbma.addr == 192.0.2.11", ["registration", "IPv6 overlay on IPv4 underlay"]),
    ("nhrp.src.nbma.addr.ipv6 == 2001:db8::/32", ["outer IPv6, IPv6 in every place"]),
    ("nhrp.dst.prot.addr_byets == 05:06:07:08", ["protocol that is neither IPv4 nor IPv6"]),
    ("nhrp.hdr.bad_checksum", ["bad checksum"]),
    ("nhrp.flag.n == 1", ["purge request, no reply wanted"]),
]
TEXT = ["_ws.col.Protocol", "_ws.col.Info", "frame.protocols", "_ws.malformed"]


def expert_names():
    """Filter names of the expert items that one packet is enough for; analysis.py tests the others."""
    return sorted(name for name, kind in own_tables()
                  if kind == "FT_NONE" and name != "nhrp.embedded.cut" and not name.startswith("dmvpn."))


def check(case, row, experts):
    name, _, wanted, findings = case
    # Packets made one by one look like retransmissions and orphans to the analysis
    row["_ws.col.Info"] = [re.sub(r" \[[a-z0-9 ]+\]$", "", text) for text in row["_ws.col.Info"]]
    for field, value in wanted.items():
        value = [] if value is None else value if isinstance(value, list) else [value]
        if row[field] != value:
            yield f"{name}: {field} is {row[field]}, wanted {value}"
    found = {expert for expert in experts if row[expert]}
    if found != set(findings):
        yield f"{name}: findings {sorted(found)}, wanted {sorted(findings)}"
    if row["_ws.malformed"] and not findings:
        yield f"{name}: called malformed"


def check_filters(tshark, path):
    names = [case[0] for case in CASES]
    for display_filter, wanted in FILTERS:
        selected = {names[int(row["frame.number"][0]) - 1]
                    for row in tshark.rows(path, ["frame.number"], display_filter)}
        for name in wanted:
            if name not in selected:
                yield f"filter {display_filter} does not select {name}"
        if len(selected) == len(CASES):
            yield f"filter {display_filter} selects everything"


def main():
    faults = []
    with plugin.Tshark() as tshark:
        path = tshark.path("cases.pcap")
        plugin.write_pcap(path, plugin.LINKTYPE_ETHERNET, [(case[1], len(case[1])) for case in CASES])
        experts = expert_names()
        fields = sorted({field for case in CASES for field in case[2]} | set(TEXT) | set(experts))
        rows = tshark.rows(path, fields)
        faults += check_filters(tshark, path)
    if len(rows) != len(CASES):
        sys.exit(f"{len(rows)} frames decoded, {len(CASES)} made")
    for case, row in zip(CASES, rows):
        faults += check(case, row, experts)
    never = set(experts) - {finding for case in CASES for finding in case[3]}
    faults += [f"no case shows finding {name}" for name in sorted(never)]
    print("\n".join(faults) or f"{len(CASES)} packets, {len(experts)} findings")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
