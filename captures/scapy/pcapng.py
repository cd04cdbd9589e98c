# SPDX-License-Identifier: GPL-2.0-or-later
"""pcapng files for Scapy, with what Scapy 2.5 loses: its reader drops a comment without a line feed in it and keeps one
comment a packet; its writer ends each comment with a line feed, and knows one interface, which is Ethernet.

Owns: walking the blocks of a file, comments, and writing a file again with other packets in it, all else the same.
Must not dissect packets itself (that is rdpcap's work) and must not trust a length.

draft-ietf-opsawg-pcapng sections 3.1 (block), 3.5 (options), 4.1-4.4 (the blocks used here).
"""
import collections
import logging
import os
import struct

from scapy.config import conf
from scapy.utils import rdpcap

SECTION_HEADER = 0x0A0D0D0A
BYTE_ORDER_MAGIC = 0x1A2B3C4D
INTERFACE = 1
OBSOLETE_PACKET = 2
SIMPLE_PACKET = 3
ENHANCED_PACKET = 6
BLOCK_OCTETS = 12  # Type and length before the body, the length again after it.
ENHANCED_HEADER_OCTETS = 20
CLASSIC_HEADER_OCTETS = 24
OPTION_END = 0
OPTION_COMMENT = 1
OPTION_TIME_RESOLUTION = 9
NANOSECONDS = b"\x09"
LINKTYPE_ETHERNET = 1


class CaptureError(ValueError):
    """A file that is no pcapng file, or a broken one; the text is for users."""


def is_pcapng(path):
    """Whether the file begins like a pcapng file. Raises OSError."""
    with open(path, "rb") as file:
        return file.read(4) == struct.pack("<I", SECTION_HEADER)


def blocks(data):
    """Yields (byte order, type, body) for each block of a whole file. Raises CaptureError with the offset."""
    offset = 0
    order = None
    while offset < len(data):
        if len(data) - offset < BLOCK_OCTETS:
            raise CaptureError("octet %d: a block is cut" % offset)
        # The section header's type reads the same in both byte orders; the rest has the order that it announces.
        if data[offset:offset + 4] == struct.pack("<I", SECTION_HEADER):
            order = _byte_order(data[offset + 8:offset + 12], offset)
        if order is None:
            raise CaptureError("octet %d: no section header: not a pcapng file" % offset)
        kind, size = struct.unpack_from(order + "II", data, offset)
        if size < BLOCK_OCTETS or size % 4 or size > len(data) - offset:
            raise CaptureError("octet %d: a block claims a length of %d" % (offset, size))
        if struct.unpack_from(order + "I", data, offset + size - 4)[0] != size:
            raise CaptureError("octet %d: a block has two lengths" % offset)
        yield order, kind, data[offset + 8:offset + size - 4]
        offset += size


def _byte_order(magic, offset):
    for order in "<>":
        if magic == struct.pack(order + "I", BYTE_ORDER_MAGIC):
            return order
    raise CaptureError("octet %d: a section header without its magic number" % offset)


def comments_in(order, options):
    """The comments among the options of a block, as octets, in order. Stops quietly where the options are broken."""
    found = []
    while len(options) >= 4:
        code, length = struct.unpack_from(order + "HH", options)
        if code == OPTION_END or length > len(options) - 4:
            break
        if code == OPTION_COMMENT:
            found.append(options[4:4 + length])
        options = options[4 + (length + 3) // 4 * 4:]
    return found


def _split_enhanced(order, body):
    """(captured octets, original length, options) of an enhanced packet block."""
    if len(body) < ENHANCED_HEADER_OCTETS:
        raise CaptureError("an enhanced packet block of %d octets" % len(body))
    captured, original = struct.unpack_from(order + "II", body, 12)
    if captured > len(body) - ENHANCED_HEADER_OCTETS:
        raise CaptureError("a packet of %d octets in a block of %d" % (captured, len(body)))
    end = ENHANCED_HEADER_OCTETS + captured
    return body[ENHANCED_HEADER_OCTETS:end], original, body[end + -captured % 4:]


# A packet as the file has it: time since 1970, the interface's link type, captured octets, how many there were.
Frame = collections.namedtuple("Frame", "time_ns link_type octets original_octets")


def _time_unit_ns(order, options):
    """Nanoseconds for each unit of an interface's time stamps, as a fraction: (numerator, denominator)."""
    while len(options) >= 4:
        code, length = struct.unpack_from(order + "HH", options)
        if code == OPTION_END:
            break
        if code == OPTION_TIME_RESOLUTION and length == 1:
            exponent = options[4] & 0x7F
            return (10**9, 2**exponent if options[4] & 0x80 else 10**exponent)
        options = options[4 + (length + 3) // 4 * 4:]
    return (10**9, 10**6)


def read_frames(path):
    """Yields a Frame for each packet of a pcapng file, undissected. Raises CaptureError, OSError."""
    with open(path, "rb") as file:
        data = file.read()
    interfaces = []
    for order, kind, body in blocks(data):
        if kind == SECTION_HEADER:
            interfaces = []
        elif kind == INTERFACE:
            if len(body) < 8:
                raise CaptureError("an interface block of %d octets" % len(body))
            interfaces.append((struct.unpack_from(order + "H", body)[0], _time_unit_ns(order, body[8:])))
        elif kind == ENHANCED_PACKET:
            octets, original, _ = _split_enhanced(order, body)
            number, high, low = struct.unpack_from(order + "III", body)
            if number >= len(interfaces):
                raise CaptureError("a packet of interface %d, of which there is no description" % number)
            link_type, (numerator, denominator) = interfaces[number]
            yield Frame((high << 32 | low) * numerator // denominator, link_type, octets, original)
        elif kind in (SIMPLE_PACKET, OBSOLETE_PACKET):
            raise CaptureError("a packet without time and interface")


def read_comments(path):
    """For each packet of a pcapng file, the list of its comments (octets, as UTF-8). Raises CaptureError, OSError."""
    with open(path, "rb") as file:
        data = file.read()
    found = []
    for order, kind, body in blocks(data):
        if kind == ENHANCED_PACKET:
            found.append(comments_in(order, _split_enhanced(order, body)[2]))
        elif kind in (SIMPLE_PACKET, OBSOLETE_PACKET):
            found.append([])
    return found


def _name_link_type_with_checksum(path):
    """The upper bits of a classic file's link type tell that frames end with a checksum; Scapy takes them for a link
    type that it does not know. Makes it know this one, as the one without."""
    with open(path, "rb") as file:
        header = file.read(CLASSIC_HEADER_OCTETS)
    order = {b"\xa1\xb2": ">", b"\xd4\xc3": "<", b"\x4d\x3c": "<"}.get(header[:2])
    if order is None or len(header) < CLASSIC_HEADER_OCTETS:
        return
    link_type = struct.unpack(order + "I", header[20:])[0]
    layer = conf.l2types.num2layer.get(link_type & 0xFFFF)
    if link_type > 0xFFFF and layer is not None and link_type not in conf.l2types.num2layer:
        conf.l2types.register_num2layer(link_type, layer)


def _is_no_comment_warning(record):
    """For logging: lets all pass but Scapy's warnings of comments that it drops, which are read here."""
    return "invalid comment option" not in str(record.msg)


def read_packets(path):
    """rdpcap, any capture format that it reads, with comments: packet.comment is all of a packet's, joined by line
    feeds, or None. Raises CaptureError, OSError, scapy.error.Scapy_Exception."""
    comments = read_comments(path) if is_pcapng(path) else None
    _name_link_type_with_checksum(path)
    logger = logging.getLogger("scapy.runtime")
    logger.addFilter(_is_no_comment_warning)
    try:
        packets = rdpcap(path)
    finally:
        logger.removeFilter(_is_no_comment_warning)
    if comments is not None:
        if len(comments) != len(packets):
            raise CaptureError("%d packets, of which Scapy reads %d" % (len(comments), len(packets)))
        for packet, found in zip(packets, comments):
            packet.comment = b"\n".join(found) or None
    return packets


def rewrite(path, packets):
    """The octets of the pcapng file at path with the octets of packets (one for each packet of the file, Scapy's or
    bytes) in place of its own. Comments, times, interfaces, keys and all other blocks stay.

    Raises CaptureError, also when the number of packets differs, and OSError.
    """
    with open(path, "rb") as file:
        data = file.read()
    replacements = iter(packets)
    written = []
    for order, kind, body in blocks(data):
        if kind in (SIMPLE_PACKET, OBSOLETE_PACKET):
            raise CaptureError("only enhanced packet blocks can be rewritten")
        if kind == ENHANCED_PACKET:
            try:
                octets = bytes(next(replacements))
            except StopIteration:
                raise CaptureError("fewer packets than the file has") from None
            body = _replace_packet(order, body, octets)
        size = struct.pack(order + "I", len(body) + BLOCK_OCTETS)
        written.append(struct.pack(order + "I", kind) + size + body + size)
    if next(replacements, None) is not None:
        raise CaptureError("more packets than the file has")
    return b"".join(written)


def _replace_packet(order, body, octets):
    """An enhanced packet block with other octets; what was not captured of the old packet stays not captured."""
    old, original, options = _split_enhanced(order, body)
    missing = max(0, original - len(old))
    lengths = struct.pack(order + "II", len(octets), len(octets) + missing)
    return body[:12] + lengths + octets + bytes(-len(octets) % 4) + options


def _block(kind, body):
    size = struct.pack("<I", len(body) + BLOCK_OCTETS)
    return struct.pack("<I", kind) + size + body + size


def _option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def write_packets(path, packets, link_type):
    """Writes packets as a pcapng file with one interface of link_type. packet.time is in seconds, packet.comment is
    text, octets or None. Nothing of the file is left when it cannot be written whole. Raises OSError."""
    section = struct.pack("<IHHq", BYTE_ORDER_MAGIC, 1, 0, -1)
    interface = struct.pack("<HHI", link_type, 0, 0) + _option(OPTION_TIME_RESOLUTION, NANOSECONDS)
    interface += _option(OPTION_END, b"")
    written = [_block(SECTION_HEADER, section), _block(INTERFACE, interface)]
    for packet in packets:
        octets = bytes(packet)
        time_ns = int(packet.time * 10**9)
        body = struct.pack("<IIIII", 0, time_ns >> 32, time_ns & 0xFFFFFFFF, len(octets), len(octets))
        body += octets + bytes(-len(octets) % 4)
        if packet.comment:
            comment = packet.comment if isinstance(packet.comment, bytes) else packet.comment.encode()
            body += _option(OPTION_COMMENT, comment) + _option(OPTION_END, b"")
        written.append(_block(ENHANCED_PACKET, body))
    partial = path + ".partial"
    try:
        with open(partial, "wb") as file:
            file.write(b"".join(written))
        os.replace(partial, path)
    except OSError:
        if os.path.exists(partial):
            os.remove(partial)
        raise
