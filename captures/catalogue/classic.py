#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Classic twins of the captures, for tools that read no pcapng: captures/catalogue/classic.py OUTPUT-FOLDER [CAPTURE...]

Each CAPTURE.pcapng (all of the catalogue, if none is named) becomes CAPTURE.pcap: the same packets at the same times, to
the microsecond. What the old format has no room for is lost: comments, and the names of interfaces. Twins are made when
they are wanted and not kept in the repository, so that they cannot be older than their captures.

The format: draft-ietf-opsawg-pcap section 4.
"""
import json
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "scapy"))

# pylint: disable=wrong-import-position
from pcapng import CaptureError, read_frames

MAGIC_MICROSECONDS = 0xA1B2C3D4
SNAPSHOT_OCTETS = 262144


def classic(path):
    """The octets of the classic twin of a pcapng file. Raises CaptureError, OSError."""
    frames = list(read_frames(path))
    link_types = {frame.link_type for frame in frames}
    if len(link_types) != 1:
        raise CaptureError("%s: %d link types; a classic file has one" % (path, len(link_types)))
    written = [struct.pack("<IHHiIII", MAGIC_MICROSECONDS, 2, 4, 0, 0, SNAPSHOT_OCTETS, link_types.pop())]
    for frame in frames:
        seconds, rest_ns = divmod(frame.time_ns, 10**9)
        written.append(struct.pack("<IIII", seconds, rest_ns // 1000, len(frame.octets), frame.original_octets))
        written.append(frame.octets)
    return b"".join(written)


def catalogued():
    """The captures of the catalogue."""
    folder = os.path.dirname(HERE)
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        return [os.path.join(folder, entry["capture"]) for entry in json.load(file)["captures"]]


def main(arguments):
    """Returns the exit code."""
    if not arguments or arguments[0].startswith("-"):
        print("Usage: classic.py OUTPUT-FOLDER [CAPTURE.pcapng...]", file=sys.stderr)
        return 2
    try:
        os.makedirs(arguments[0], exist_ok=True)
        for path in arguments[1:] or catalogued():
            octets = classic(path)
            twin = os.path.join(arguments[0], os.path.splitext(os.path.basename(path))[0] + ".pcap")
            with open(twin + ".new", "wb") as file:
                file.write(octets)
            os.replace(twin + ".new", twin)
    except (CaptureError, OSError) as error:
        print("classic: %s" % error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
