# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets for tests of the audit, built octet by octet so that anything can be wrong in them; and capture files."""
import socket
import struct

HUB, SPOKE1, SPOKE2 = "192.0.2.1", "198.51.100.11", "203.0.113.12"          # NBMA
HUB_T, SPOKE1_T, SPOKE2_T = "10.255.0.1", "10.255.0.11", "10.255.0.12"      # tunnel
HOST1, HOST2 = "10.1.1.10", "10.1.2.10"
KEY = 42
RESPONDER, FORWARD, REVERSE, AUTH, VENDOR, NAT, END = 3, 4, 5, 7, 8, 9, 0
RECORDS = [(RESPONDER, b""), (FORWARD, b""), (REVERSE, b""), (NAT, b"")]


def addr(text):
    """Octets of an address given as text, octets or None."""
    if text is None:
        return b""
    if isinstance(text, bytes):
        return text
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def checksum(octets):
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def cie(code=0, prefix=0, unused=0, mtu=1400, hold=60, nbma=None, protocol=None, preference=0, subaddress=None,
        nbma_bits=0):
    nbma, protocol, subaddress = addr(nbma), addr(protocol), addr(subaddress)
    return struct.pack(">BBHHHBBBB", code, prefix, unused, mtu, hold, len(nbma) | nbma_bits, len(subaddress),
                       len(protocol), preference) + nbma + subaddress + protocol


def ext(kind, value=b"", compulsory=None, reserved=False):
    if compulsory is None:
        compulsory = kind in (END, RESPONDER, FORWARD, REVERSE, AUTH)
    return struct.pack(">HH", kind | (0x8000 if compulsory else 0) | (0x4000 if reserved else 0), len(value)) + value


def extensions(*items):
    """Extensions from (type, value) pairs or ready octets, with End."""
    return b"".join(item if isinstance(item, bytes) else ext(*item) for item in items) + ext(END)


class Message:
    """An NHRP message; every part can be replaced before it is turned into octets."""

    def __init__(self, kind, **fields):
        self.kind = kind
        self.afn, self.protocol_type, self.snap = 1, 0x0800, bytes(5)
        self.hop, self.version = 255, 1
        self.size = self.checksum = self.offset = None
        self.nbma_bits, self.subaddress = 0, b""
        self.flags, self.id = 0, 1
        self.nbma, self.source, self.destination = SPOKE1, SPOKE1_T, HUB_T
        self.cies, self.extensions, self.trailer = [], None, b""
        self.word = None  # in place of the request id: error code and offset, traffic code
        self.contents = b""
        self.set(**fields)

    def set(self, **fields):
        for name, value in fields.items():
            if not hasattr(self, name):
                raise AttributeError(name)
            setattr(self, name, value)
        return self

    def copy(self, **fields):
        new = Message(self.kind)
        new.__dict__.update(self.__dict__)
        return new.set(**fields)

    def octets(self):
        nbma, source, destination = addr(self.nbma), addr(self.source), addr(self.destination)
        word = self.word if self.word is not None else struct.pack(">I", self.id)
        body = struct.pack(">BBH", len(source), len(destination), self.flags) + word
        body += nbma + self.subaddress + source + destination + b"".join(self.cies) + self.contents
        tail = (self.extensions or b"") + self.trailer
        size = 20 + len(body) + len(tail) if self.size is None else self.size
        offset = self.offset
        if offset is None:
            offset = 20 + len(body) if self.extensions else 0
        head = struct.pack(">HH5sBHHHBBBB", self.afn, self.protocol_type, self.snap, self.hop, size, 0, offset,
                           self.version, self.kind, len(nbma) | self.nbma_bits, len(self.subaddress))
        packet = head + body + tail
        total = checksum(packet[:size]) if self.checksum is None else self.checksum
        return packet[:12] + struct.pack(">H", total) + packet[14:]


def ipv4(source, destination, protocol, payload, ttl=255, ident=1, fragment=0):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident, fragment, ttl, protocol, 0, addr(source),
                       addr(destination))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def gre(payload, protocol=0x2001, key=KEY, sequence=None, flags=0, reserved1=None, bad_sum=False):
    flags |= (0x2000 if key is not None else 0) | (0x1000 if sequence is not None else 0)
    words = b"" if key is None else struct.pack(">I", key)
    words += b"" if sequence is None else struct.pack(">I", sequence)
    if reserved1 is None and not bad_sum:
        return struct.pack(">HH", flags, protocol) + words + payload
    head = struct.pack(">HHHH", flags | 0x8000, protocol, 0, reserved1 or 0) + words
    total = checksum(head + payload) ^ (0x0101 if bad_sum else 0)
    return head[:4] + struct.pack(">H", total) + head[6:] + payload


def tunnel(source, destination, message, **options):
    """A message, or octets, in GRE in IP."""
    payload = message.octets() if isinstance(message, Message) else message
    return ipv4(source, destination, 47, gre(payload, **options))


def data(source, destination, inner_source, inner_destination, ttl=63, ident=7, payload=b"x" * 40, protocol=17, **options):
    inner = ipv4(inner_source, inner_destination, protocol, payload, ttl, ident)
    return ipv4(source, destination, 47, gre(inner, 0x0800, **options))


def write_pcap(path, frames):
    """Raw IP packets as (seconds, octets)."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
        for seconds, octets in frames:
            us = round((1000 + seconds) * 1000000)
            out.write(struct.pack("<IIII", us // 1000000, us % 1000000, len(octets), len(octets)) + octets)


# The messages of an exchange in order
def registration(**fields):
    return Message(3, flags=0x0002, cies=[cie(prefix=32)], extensions=extensions(*RECORDS)).set(**fields)


def hub_record(code=0, prefix=0, nbma=HUB, protocol=HUB_T):
    return cie(code=code, prefix=prefix, nbma=nbma, protocol=protocol)


def registration_reply(**fields):
    return Message(4, flags=0x0002, cies=[cie(prefix=32)],
                   extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:])).set(**fields)


def resolution(**fields):
    return Message(1, flags=0xC802, destination=HOST2, cies=[cie(prefix=0)], extensions=extensions(*RECORDS)).set(**fields)


def resolution_forwarded(**fields):
    return resolution(hop=254, extensions=extensions(RECORDS[0], (FORWARD, hub_record()), *RECORDS[2:])).set(**fields)


def egress_record(**fields):
    return cie(nbma=SPOKE2, protocol=SPOKE2_T, **fields)


def resolution_reply(**fields):
    return Message(2, flags=0xE802, destination=HOST2, cies=[egress_record(prefix=24)],
                   extensions=extensions((RESPONDER, egress_record()), (FORWARD, hub_record()), *RECORDS[2:])).set(**fields)


def resolution_reply_forwarded(**fields):
    return resolution_reply(hop=254, extensions=extensions((RESPONDER, egress_record()), (FORWARD, hub_record()),
                                                           (REVERSE, hub_record()), RECORDS[3])).set(**fields)


def purge(**fields):
    return Message(5, id=9, cies=[cie(mtu=0, hold=0, protocol=SPOKE1_T)]).set(**fields)


def purge_reply(**fields):
    return purge().copy(kind=6).set(**fields)


def error(about, code=7, offset=0, **fields):
    return Message(7, nbma=HUB, source=HUB_T, destination=SPOKE1_T, word=struct.pack(">HH", code, offset),
                   contents=about.octets() if isinstance(about, Message) else about).set(**fields)


def indication(**fields):
    inner = ipv4(HOST1, HOST2, 17, b"x" * 40, 63, 7)
    return Message(8, nbma=HUB, source=HUB_T, destination=HOST1, word=bytes(4), contents=inner).set(**fields)


def password(octets=b"secret", reserved=0, spi=1):
    return (AUTH, struct.pack(">HH", reserved, spi) + octets)
