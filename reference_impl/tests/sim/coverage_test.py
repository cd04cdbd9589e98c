# SPDX-License-Identifier: GPL-2.0-or-later
"""The captures together show what the wire can show: every message type, NAK and error code, every extension, each phase
with each pair of address families.

coverage_test.py CAPTURES-FOLDER"""

import pathlib
import struct
import sys

from simtest import check, finish, read_capture

folder = pathlib.Path(sys.argv[1])
TYPES = set(range(1, 9))
CODES = {0, 4, 5, 12, 13, 14}
ERRORS = {1, 3, 6, 7, 8, 9, 10, 11, 15, 16, 17}
EXTENSIONS = {3, 4, 5, 7, 8, 9, 10}


def nhrp_in(octets):
    """The NHRP message of a packet of the underlay, or None."""
    if octets[0] >> 4 == 4:
        fragment = struct.unpack_from(">H", octets, 6)[0] & 0x3FFF
        protocol, gre = octets[9], octets[20:]
        if fragment:
            return None
    else:
        protocol, gre = octets[6], octets[40:]
    if protocol != 47:
        return None
    flags, ethertype = struct.unpack_from(">HH", gre)
    return gre[4 + sum(4 for bit in (0x8000, 0x2000, 0x1000) if flags & bit) :] if ethertype == 0x2001 else None


def read_entries(octets):
    """The codes of a list of client information entries, as far as it can be read."""
    while len(octets) >= 12:
        yield octets[0]
        octets = octets[12 + (octets[8] & 0x3F) + (octets[9] & 0x3F) + octets[10] :]


def read_extensions(octets):
    while len(octets) >= 4:
        kind, length = struct.unpack_from(">HH", octets)
        if kind & 0x3FFF == 0:
            return
        yield kind & 0x3FFF, octets[4 : 4 + length]
        octets = octets[4 + length :]


types, codes, errors, extensions, authentications, families = set(), set(), set(), set(), set(), {}
for capture in sorted(folder.glob("*.pcapng")):
    for _, octets, words in read_capture(capture)[1]:
        message = nhrp_in(octets)
        if not message or len(message) < 28:
            continue
        kind, end, start_of_extensions = message[17], *struct.unpack_from(">H2xH", message, 10)
        types.add(kind)
        start = 28 + (message[18] & 0x3F) + (message[19] & 0x3F) + message[20] + message[21]
        if kind <= 6:
            codes.update(read_entries(message[start : start_of_extensions or end]))
        elif kind == 7:
            errors.add(struct.unpack_from(">H", message, 24)[0])
        if start_of_extensions:
            for extension, value in read_extensions(message[start_of_extensions:end]):
                extensions.add(extension)
                if extension == 7:
                    authentications.add(value[:4] == bytes([0, 0, 0, 1]) and "cleartext" or "keyed hash")
        if kind == 3 and "scripted" not in words:
            families.setdefault(capture.stem.split("_")[0], set()).add(
                (octets[0] >> 4, {0x0800: 4, 0x86DD: 6}[struct.unpack_from(">H", message, 2)[0]]))

check(TYPES <= types, "message types that are missing: %s" % sorted(TYPES - types))
check(CODES <= codes, "codes of entries that are missing: %s" % sorted(CODES - codes))
check(ERRORS <= errors, "error codes that are missing: %s" % sorted(ERRORS - errors))
check(EXTENSIONS <= extensions, "extensions that are missing: %s" % sorted(EXTENSIONS - extensions))
check(authentications == {"cleartext", "keyed hash"}, "forms of authentication: %s" % sorted(authentications))
for phase in ("phase1", "phase2", "phase3"):
    missing = {(u, o) for u in (4, 6) for o in (4, 6)} - families.get(phase, set())
    check(not missing, "%s: IP versions of underlay and overlay that are missing: %s" % (phase, sorted(missing)))
finish()
