# SPDX-License-Identifier: GPL-2.0-or-later
"""Build NHRP packets octet by octet, right or wrong, for the tests of the dissector.

Written from RFC 2332 alone, so that a wrong constant in the plugin shows. Every builder takes the fields it may
get wrong as keyword arguments.
"""
import ipaddress
import struct


def address(text):
    """Octets of an IPv4 or IPv6 address, of raw octets, or none."""
    if text is None:
        return b""
    if isinstance(text, bytes):
        return text
    return ipaddress.ip_address(text).packed


def checksum(octets):
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def cie(code=0, prefix=0, unused=0, mtu=0, hold=0, nbma=None, sub=b"", protocol=None, preference=0, nbma_tl=None,
        sub_tl=None):
    nbma, protocol = address(nbma), address(protocol)
    return struct.pack(">BBHHHBBBB", code, prefix, unused, mtu, hold, len(nbma) if nbma_tl is None else nbma_tl,
                       len(sub) if sub_tl is None else sub_tl, len(protocol), preference) + nbma + sub + protocol


def extension(kind, value=b"", compulsory=True, unused=False, length=None):
    return struct.pack(">HH", kind | (0x8000 if compulsory else 0) | (0x4000 if unused else 0),
                       len(value) if length is None else length) + value


END = extension(0)


def message(kind, middle=struct.pack(">HI", 0, 1), body=b"", extensions=b"", nbma="192.0.2.11", sub=b"",
            source="10.0.0.11", destination="10.0.0.1", afn=1, protocol=0x0800, snap=bytes(5), hops=255, version=1,
            nbma_tl=None, sub_tl=None, size=None, offset=None, bad_checksum=False):
    """A whole NHRP packet. middle: the six octets of flags and request id, or of codes."""
    nbma, source, destination = address(nbma), address(source), address(destination)
    mandatory = bytes([len(source), len(destination)]) + middle + nbma + sub + source + destination + body
    if offset is None:
        offset = 20 + len(mandatory) if extensions else 0
    whole = len(mandatory) + len(extensions) + 20
    header = struct.pack(">HH5sBHHHBBBB", afn, protocol, snap, hops, whole if size is None else size, 0, offset,
                         version, kind, len(nbma) if nbma_tl is None else nbma_tl,
                         len(sub) if sub_tl is None else sub_tl)
    packet = header + mandatory + extensions
    total = checksum(packet) ^ (0x5555 if bad_checksum else 0)
    return packet[:12] + struct.pack(">H", total) + packet[14:]


def flags(value, request_id=1):
    return struct.pack(">HI", value, request_id)


def codes(unused, code, last):
    return struct.pack(">HHH", unused, code, last)


def gre(payload, kind=0x2001, key=None, sequence=None, checked=False, bits=0, reserved1=0, spoil=False):
    """A GRE packet around a payload."""
    first = bits | (0x8000 if checked else 0) | (0x2000 if key is not None else 0)
    first |= 0x1000 if sequence is not None else 0
    head = struct.pack(">HH", first, kind)
    rest = b"".join(struct.pack(">I", word) for word in (key, sequence) if word is not None) + payload
    if not checked:
        return head + rest
    total = checksum(head + struct.pack(">HH", 0, reserved1) + rest) ^ (0x1111 if spoil else 0)
    return head + struct.pack(">HH", total, reserved1) + rest


def ipv4(payload, source="192.0.2.11", destination="192.0.2.1", protocol=47, length=None):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0xC0, 20 + len(payload) if length is None else length, 1, 0, 255,
                       protocol, 0, address(source), address(destination))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def ipv6(payload, source="2001:db8::11", destination="2001:db8::1", next_header=47):
    return struct.pack(">IHBB16s16s", 0x60000000, len(payload), next_header, 255, address(source),
                       address(destination)) + payload


def ethernet(payload, ethertype=0x0800):
    return bytes.fromhex("020000000001020000000011") + struct.pack(">H", ethertype) + payload


def snap(payload):
    """802.3 with LLC/SNAP, RFC 2332 5."""
    inner = bytes.fromhex("aaaa0300005e0003") + payload
    return bytes.fromhex("020000000001020000000011") + struct.pack(">H", len(inner)) + inner


def tunnelled(packet, **arguments):
    """NHRP in GRE in IPv4 in Ethernet."""
    return ethernet(ipv4(gre(packet, **arguments)))
