# SPDX-License-Identifier: GPL-2.0-or-later
"""Field types that the layers of nhrp.py are made of.

Owns: what kind of address a place in a message holds, addresses as text or octets, type-and-length octets, and
packets embedded in packets. Knows nothing about messages and extensions beyond two markers on their classes.

Must not raise on anything that comes from the wire, and must not lose an octet of it.

RFC 2332 sections 5.1 (ar$afn, ar$pro, type and length octets) and 5.2.0.1 (where addresses are).
"""
import socket

from scapy.config import conf
from scapy.fields import BitField, BitFieldLenField, Field, PacketListField
from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.volatile import RandIP, VolatileValue

AFN_IPV4 = 1
AFN_IPV6 = 2
ETHERTYPE_IPV4 = 0x0800
ETHERTYPE_IPV6 = 0x86DD
# ISO/IEC TR 9577 names for the two, and the one that announces the long form.
NLPID_IPV4 = 0xCC
NLPID_IPV6 = 0x8E
NLPID_SNAP = 0x80

MAX_NBMA_OCTETS = 63
MAX_OCTETS = 0xFFFF  # Of anything in a message, because ar$pktsz has 16 bits.
# A message in an Error Indication may hold a Traffic Indication, and so on: nobody sends more than one level, and
# following each level that a hostile packet claims would cost more than its length.
MAX_EMBEDDING = 3
# An IPv4 address where no header says how long addresses are: a message dissected on its own.
DEFAULT_ADDRESS_OCTETS = 4


def find_owner(pkt, marker):
    """The nearest layer around pkt (pkt itself counts) whose class has the attribute marker, or None."""
    while pkt is not None:
        if getattr(type(pkt), marker, False):
            return pkt
        pkt = pkt.underlayer if pkt.underlayer is not None else pkt.parent
    return None


def find_fixed_part(pkt):
    """The NHRP layer that pkt (a message, an entry or an extension) belongs to, or None."""
    return find_owner(pkt, "is_nhrp_fixed_part")


def find_message(pkt):
    """The NHRP message that pkt (an entry or an extension) belongs to, or None."""
    return find_owner(pkt, "is_nhrp_message")


def embedding_depth(pkt):
    """How many packets contain pkt as an embedded packet, that is, not as their payload."""
    depth = 0
    while pkt is not None:
        if pkt.underlayer is None and pkt.parent is not None:
            depth += 1
        pkt = pkt.underlayer if pkt.underlayer is not None else pkt.parent
    return depth


def nbma_ip_version(pkt):
    """4 or 6 when ar$afn says that NBMA addresses are IP addresses, else None (NSAP, E.164, anything else)."""
    header = find_fixed_part(pkt)
    if header is None:
        return 4
    return {None: 4, AFN_IPV4: 4, AFN_IPV6: 6}.get(header.afn)


def protocol_ip_version(pkt):
    """4 or 6 when ar$pro says that protocol addresses are IP addresses, in any of its three forms, else None."""
    header = find_fixed_part(pkt)
    if header is None or header.pro_type is None:
        return 4
    if header.pro_type == NLPID_SNAP:
        ethertype = header.pro_pid if header.pro_oui == 0 else None
        return {ETHERTYPE_IPV4: 4, ETHERTYPE_IPV6: 6}.get(ethertype)
    return {ETHERTYPE_IPV4: 4, NLPID_IPV4: 4, ETHERTYPE_IPV6: 6, NLPID_IPV6: 6}.get(header.pro_type)


def no_ip_version(pkt):
    """For subaddresses, which no IP address family has."""
    return None


def address_octets(value):
    """The octets of an address: None is no address, text is IPv4 or IPv6, octets are themselves.

    Raises ValueError for text that is no IP address.
    """
    if value is None:
        return b""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    text = str(value)
    try:
        return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    except OSError:
        raise ValueError("'%s' is neither an IPv4 nor an IPv6 address; give other addresses as bytes" % text)


def address_text(octets, ip_version):
    """The text of an IP address; octets as they are when their number is not that of the version's addresses."""
    if ip_version == 4 and len(octets) == 4:
        return socket.inet_ntop(socket.AF_INET, octets)
    if ip_version == 6 and len(octets) == 16:
        return socket.inet_ntop(socket.AF_INET6, octets)
    return octets


def is_ipv6_text(value):
    """Whether an address, as a user gave it, is IPv6 text."""
    return isinstance(value, str) and ":" in value


class AddressField(Field):
    """An address of variable length. Text for IP addresses, bytes for all others, b"" for none.

    length_from(pkt) gives its octets in dissection; ip_version_from(pkt) 4, 6 or None.
    """

    __slots__ = ["length_from", "ip_version_from"]

    def __init__(self, name, length_from, ip_version_from):
        Field.__init__(self, name, b"")
        self.length_from = length_from
        self.ip_version_from = ip_version_from

    def any2i(self, pkt, x):
        if isinstance(x, VolatileValue):
            return x
        if isinstance(x, list):
            return [self.any2i(pkt, one) for one in x]
        if isinstance(x, str):
            address_octets(x)
            return x
        return address_octets(x)

    h2i = any2i

    def i2m(self, pkt, x):
        return address_octets(x)

    def m2i(self, pkt, x):
        return address_text(x, self.ip_version_from(pkt))

    def i2len(self, pkt, x):
        return len(address_octets(x))

    def i2repr(self, pkt, x):
        return x.hex(":") if isinstance(x, bytes) else str(x)

    def addfield(self, pkt, s, val):
        return s + self.i2m(pkt, val)

    def getfield(self, pkt, s):
        length = self.length_from(pkt)
        return s[length:], self.m2i(pkt, s[:length])

    def randval(self):
        return RandIP()


class NbmaLengthField(BitFieldLenField):
    """The six bits of a type and length octet that are the length; filled in from the address when None."""

    def i2m(self, pkt, x):
        length = BitFieldLenField.i2m(self, pkt, x)
        if length > MAX_NBMA_OCTETS:
            raise ValueError("%s: a length of %d does not fit in six bits" % (self.name, length))
        return length


def type_and_length(prefix, length_of=None):
    """The three parts of a type and length octet (section 5.1): reserved bit, E.164 bit, length.

    Without length_of, None as length is left for the layer to fill in.
    """
    if length_of is None:
        length = BitField(prefix + "_len", None, 6)
    else:
        length = NbmaLengthField(prefix + "_len", None, 6, length_of=length_of)
    return [BitField(prefix + "_reserved", 0, 1), BitField(prefix + "_e164", 0, 1), length]


class PiecesField(PacketListField):
    """A list of packets, each cut out before it is dissected, so that none reads past its own end or the list's.

    length_from(pkt) gives the octets of the whole list, default all that there are. next_piece(pkt, octets, pieces)
    gives class and size of the piece that octets begin with; class None ends the list.
    """

    __slots__ = ["next_piece"]

    def __init__(self, name, next_piece, length_from=None):
        PacketListField.__init__(self, name, [], length_from=length_from or (lambda pkt: MAX_OCTETS))
        self.next_piece = next_piece

    def getfield(self, pkt, s):
        length = self.length_from(pkt)
        octets, rest = s[:length], s[length:]
        pieces = []
        while octets:
            cls, size = self.next_piece(pkt, octets, pieces)
            if cls is None:
                break
            pieces.append(cls(octets[:size], _parent=pkt))
            octets = octets[size:]
        return octets + rest, pieces


class EmbeddedPacketField(Field):
    """A packet, or the head of one, inside a message. Raw when class_from(octets) gives None or cannot read it."""

    __slots__ = ["length_from", "class_from"]
    holds_packets = 1

    def __init__(self, name, length_from, class_from):
        Field.__init__(self, name, None)
        self.length_from = length_from
        self.class_from = class_from

    def any2i(self, pkt, x):
        return conf.raw_layer(x) if isinstance(x, (bytes, bytearray)) else x

    def i2m(self, pkt, x):
        return b"" if x is None else bytes(x)

    def i2len(self, pkt, x):
        return len(self.i2m(pkt, x))

    def i2repr(self, pkt, x):
        return repr(x)

    def m2i(self, pkt, x):
        cls = self.class_from(x) if embedding_depth(pkt) < MAX_EMBEDDING else None
        if cls is not None:
            try:
                inner = cls(x, _parent=pkt)
                if bytes(inner) == x:
                    return inner
            except Exception:  # Whatever another layer cannot read is shown as octets.
                pass
        return conf.raw_layer(x, _parent=pkt)

    def addfield(self, pkt, s, val):
        return s + self.i2m(pkt, val)

    def getfield(self, pkt, s):
        length = self.length_from(pkt)
        octets = s[:length]
        return s[length:], self.m2i(pkt, octets) if octets else None


def ip_class(octets):
    """IP or IPv6 for octets that begin with a whole header of it, else None."""
    version = octets[0] >> 4
    if version == 4 and len(octets) >= 20:
        return IP
    if version == 6 and len(octets) >= 40:
        return IPv6
    return None
