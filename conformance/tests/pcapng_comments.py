# SPDX-License-Identifier: GPL-2.0-or-later
"""Rewrites the comments of one of our own captures (little-endian, one section, no other options), for tests."""
import struct

SECTION_HEADER, ENHANCED_PACKET = 0x0A0D0D0A, 6


def _options(text):
    octets = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<HH", 1, len(octets)) + octets + bytes(-len(octets) % 4) + bytes(4)


def with_comments(data, about, on_packet):
    """The file with about as its own comment and on_packet(number) as that of each packet."""
    out, offset, number = b"", 0, 0
    while offset < len(data):
        kind, total = struct.unpack_from("<II", data, offset)
        body = data[offset + 8:offset + total - 4]
        if kind == SECTION_HEADER:
            body = body[:16] + _options(about)
        elif kind == ENHANCED_PACKET:
            number += 1
            captured = struct.unpack_from("<I", body, 12)[0]
            body = body[:20 + captured + -captured % 4] + _options(on_packet(number))
        out += struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
        offset += total
    return out
