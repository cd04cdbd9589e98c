#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Field values of the plugin equal those of the stock dissectors, on every capture, where stock is right."""
import sys

import plugin

# Where the stock dissector is wrong or shows something else on purpose
STOCK_WRONG = {
    "nhrp.auth_ext.src_addr": "takes the first octets of a password for an address",
    "nhrp.auth_ext.data": "holds only what follows these octets",
    "nhrp.ext.extra": "4.0 looks past the end of the packet",
    "nhrp.ext.not_allowed": "4.0 looks past the end of the packet",
}


def stock_fields(tshark):
    """Names of all fields of the stock dissectors that show values."""
    names = set()
    for line in tshark.output("-G", "fields").split("\n"):
        column = line.split("\t")
        if column[0] == "F" and column[4] in ("nhrp", "gre") and column[2] not in STOCK_WRONG:
            names.add(column[2])
    return sorted(names)


def differences(capture, fields):
    """Yields (frame, field, stock values, plugin values) where they differ."""
    columns = ["frame.number", "frame.protocols", *fields]
    with plugin.Tshark(plugin=False) as tshark:
        stock = tshark.rows(tshark.bring(capture), columns)
    with plugin.Tshark() as tshark:
        own = tshark.rows(tshark.bring(capture), columns)
    if len(stock) != len(own):
        yield "-", "number of frames", [len(stock)], [len(own)]
    for theirs, ours in zip(stock, own):
        # What follows NHRP is the packet embedded in an indication, which stock 4.0 reads past its end
        for row in (theirs, ours):
            row["frame.protocols"] = [row["frame.protocols"][0].split(":nhrp")[0]]
        for name in columns:
            if theirs[name] != ours[name]:
                yield theirs["frame.number"][0], name, theirs[name], ours[name]


def main():
    with plugin.Tshark(plugin=False) as tshark:
        fields = stock_fields(tshark)
    failed = 0
    for capture in plugin.chosen_captures():
        for frame, name, theirs, ours in differences(capture, fields):
            failed += 1
            print(f"{capture} frame {frame}: {name}: stock {theirs}, plugin {ours}")
    if failed:
        sys.exit(f"{failed} values differ")
    print(f"{len(fields)} fields agree")


if __name__ == "__main__":
    main()
