#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every nhrp.* and gre.* name of the stock dissectors is there with the same type, and newer stock names too.

tshark -G fields lists a name once, however often it is registered, so that what the plugin registers is read
from its tables.
"""
import os
import re
import sys

import plugin

TABLES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Names that Wireshark 4.4 and 4.6 register and 4.0 does not
NEWER = {("nhrp.tind.code", "FT_UINT16"), ("nhrp.src.nbma.addr", "FT_IPv6"), ("nhrp.src.prot.addr", "FT_IPv6"),
         ("nhrp.dst.prot.addr", "FT_IPv6"), ("nhrp.client.nbma.addr", "FT_IPv6"),
         ("nhrp.client.prot.addr", "FT_IPv6"), ("nhrp.auth_ext.src_addr", "FT_IPv6")}
# GRE uses that stay with the stock dissector as a whole
STOCK_ONLY = ("gre.routing", "gre.3gpp2", "gre.ggp2", "gre.wccp", "gre.flags.ack", "gre.ack_number",
              "gre.key.payload_length", "gre.key.call_id")


def registered(tshark):
    """(filter name, type) of every nhrp.* and gre.* field that Wireshark knows."""
    fields = set()
    for line in tshark.output("-G", "fields").split("\n"):
        column = line.split("\t")
        if column[0] == "F" and column[2].startswith(("nhrp.", "gre.", "dmvpn.")):
            fields.add((column[2], column[3]))
    return fields


def own_tables():
    """(filter name, type) of every field and expert item in the plugin's tables."""
    names = set()
    for table in ("gre_fields.def", "nhrp_fields.def", "dmvpn_fields.def", "experts.def",
                  "analysis_experts.def"):
        with open(os.path.join(TABLES, table), encoding="utf-8") as file:
            text = file.read()
        names |= set(re.findall(r'FIELD\(\w+,\s*"[^"]*",\s*"([^"]+)",\s*(FT_\w+)', text))
        names |= {(name, "FT_NONE") for name in re.findall(r'EXPERT\(\w+,\s*"([^"]+)"', text)}
    return names


def main():
    with plugin.Tshark(plugin=False) as tshark:
        stock = registered(tshark)
    with plugin.Tshark() as tshark:
        known = registered(tshark)
    own = own_tables()
    faults = [f"stock name that the plugin lacks: {name} {kind}"
              for name, kind in sorted((stock | NEWER) - own) if not name.startswith(STOCK_ONLY)]
    faults += [f"no longer known to Wireshark: {name} {kind}" for name, kind in sorted(stock - known)]
    faults += [f"in a table, yet unknown to Wireshark: {name}"
               for name in sorted({name for name, _ in own} - {name for name, _ in known})]
    print("\n".join(faults) or f"{len(stock)} stock names kept, {len(own)} in the plugin's tables")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
