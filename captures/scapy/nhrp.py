# SPDX-License-Identifier: GPL-2.0-or-later
"""NHRP for Scapy: `from nhrp import *`, with this folder on the module path.

    IP()/GRE(key_present=1, key=42)/NHRP()/NHRPRegistrationRequest(
        request_id=1, src_nbma="192.0.2.11", src_prot="10.255.0.11", dst_prot="10.255.0.1",
        cies=[NHRPCIE(prefix_len=32, holding_time=600)], extensions=[NHRPExtResponder(), NHRPExtEnd()])

Owns: the fixed part, the eight messages, what carries NHRP, and which reply answers which request. Everything that
the RFC lets one compute is filled in when it is None: ar$afn and ar$pro.type (from the form of the addresses),
ar$pktsz, ar$extoff, ar$chksum and all lengths. Everything can be set to something wrong as well.

Written from RFC 2332 alone, as a third reading of it beside the codec and the Wireshark plugin: must not look at them.
Must not raise on anything from the wire, and must not lose an octet of it: what cannot be read is Raw.

RFC 2332 sections 5 (carriers), 5.1, 5.2.0.1-5.2.7; draft-detienne-dmvpn-01 section 5.1 (Traffic Indication). De facto:
the NAT flag, IP protocol 54 and Ethertype 0x2001, extensions in Error Indications.
"""
import struct

from scapy.config import conf
from scapy.fields import (ByteEnumField, ByteField, FieldLenField, FlagsField, IntField, ShortEnumField, ShortField,
                          StrField, StrLenField, X3BytesField, XShortEnumField, XShortField)
from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import GRE, SNAP, CookedLinux, CookedLinuxV2, Dot1Q, Ether
from scapy.packet import Packet, bind_layers
from scapy.utils import checksum

from nhrp_extensions import (CIE_CODES, EXTENSION_TYPES, NHRPCIE, NHRPCutCIE, NHRPCutExtension, NHRPExtAuthCleartext,
                             NHRPExtAuthHash, NHRPExtDeviceCapabilities, NHRPExtEnd, NHRPExtension,
                             NHRPExtForwardTransit, NHRPExtMobileAuth, NHRPExtNAT, NHRPExtResponder,
                             NHRPExtReverseTransit, NHRPExtVendorPrivate, cie_list, extension_list)
from nhrp_fields import (AFN_IPV4, AFN_IPV6, DEFAULT_ADDRESS_OCTETS, ETHERTYPE_IPV4, ETHERTYPE_IPV6, MAX_OCTETS,
                         AddressField, EmbeddedPacketField, address_octets, find_fixed_part, ip_class, is_ipv6_text,
                         nbma_ip_version, no_ip_version, protocol_ip_version, type_and_length)

__all__ = [
    "CIE_CODES", "ERROR_CODES", "EXTENSION_TYPES", "MESSAGE_TYPES", "NHRP", "NHRPCIE", "NHRPCutCIE",
    "NHRPCutExtension", "NHRPErrorIndication", "NHRPExtAuthCleartext", "NHRPExtAuthHash", "NHRPExtDeviceCapabilities", "NHRPExtEnd", "NHRPExtForwardTransit",
    "NHRPExtMobileAuth", "NHRPExtNAT", "NHRPExtResponder", "NHRPExtReverseTransit", "NHRPExtVendorPrivate", "NHRPExtension", "NHRPMessage",
    "NHRPPurgeReply", "NHRPPurgeRequest", "NHRPRegistrationReply", "NHRPRegistrationRequest", "NHRPResolutionReply",
    "NHRPResolutionRequest", "NHRPTrafficIndication", "NHRPUnknownMessage",
]

FIXED_PART_OCTETS = 20
COUNTS_OCTETS = 8  # Of a mandatory part, before its addresses.
NHRP_VERSION = 1
ETHERTYPE_NHRP = 0x2001
IP_PROTOCOL_NHRP = 54
OUI_IANA = 0x00005E
SNAP_PID_NHRP = 3

ADDRESS_FAMILIES = {1: "IPv4", 2: "IPv6", 3: "NSAP", 8: "E.164", 15: "E.164 with NSAP subaddress"}
PROTOCOL_TYPES = {0x80: "SNAP", 0x8E: "IPv6 (NLPID)", 0xCC: "IPv4 (NLPID)", 0x0800: "IPv4", 0x86DD: "IPv6"}
VERSIONS = {0: "MARS", 1: "NHRP"}
MESSAGE_TYPES = {
    1: "Resolution Request",
    2: "Resolution Reply",
    3: "Registration Request",
    4: "Registration Reply",
    5: "Purge Request",
    6: "Purge Reply",
    7: "Error Indication",
    8: "Traffic Indication",
}
ERROR_CODES = {
    1: "unrecognized extension",
    3: "loop detected",
    6: "protocol address unreachable",
    7: "protocol error",
    8: "SDU size exceeded",
    9: "invalid extension",
    10: "invalid resolution reply received",
    11: "authentication failure",
    15: "hop count exceeded",
    16: "VPN mismatch",
    17: "VPN unsupported",
}
TRAFFIC_CODES = {0: "redirect"}


def flag_names(**bits):
    """Sixteen names for FlagsField, lowest bit first, from name=bit; the others are named by their number."""
    names = ["b%d" % bit for bit in range(16)]
    for name, bit in bits.items():
        names[bit] = name
    return names


RESOLUTION_FLAGS = flag_names(Q=15, A=14, D=13, U=12, S=11, NAT=1)
REGISTRATION_FLAGS = flag_names(U=15, NAT=1)
PURGE_FLAGS = flag_names(N=15, NAT=1)


class NHRP(Packet):
    """The fixed part (5.1). Its payload is one NHRPMessage, or Raw when that cannot be read."""

    name = "NHRP"
    is_nhrp_fixed_part = True
    fields_desc = [
        ShortEnumField("afn", None, ADDRESS_FAMILIES),
        XShortEnumField("pro_type", None, PROTOCOL_TYPES),
        X3BytesField("pro_oui", 0),
        XShortField("pro_pid", 0),
        ByteField("hopcnt", 255),
        ShortField("pktsz", None),
        XShortField("chksum", None),
        ShortField("extoff", None),
        ByteEnumField("version", NHRP_VERSION, VERSIONS),
        ByteEnumField("type", 1, MESSAGE_TYPES),
        *type_and_length("src_nbma"),
        *type_and_length("src_sub"),
    ]

    @classmethod
    def dispatch_hook(cls, _pkt=None, *args, **kargs):
        if _pkt and len(_pkt) < FIXED_PART_OCTETS:
            return conf.raw_layer
        return cls

    def extract_padding(self, s):
        if self.pktsz < FIXED_PART_OCTETS:
            return s, None  # The size lies: there is no telling what is message and what is padding.
        size = self.pktsz - FIXED_PART_OCTETS
        return s[:size], s[size:]

    def guess_payload_class(self, payload):
        if self.version != NHRP_VERSION or self.pktsz < FIXED_PART_OCTETS:
            return conf.raw_layer
        mandatory = self.mandatory_octets(len(payload))
        if mandatory is None:
            return conf.raw_layer
        if self.type not in MESSAGE_TYPES:
            return NHRPUnknownMessage
        if mandatory < COUNTS_OCTETS:
            return conf.raw_layer
        addresses = self.src_nbma_len + self.src_sub_len + payload[0] + payload[1]
        if COUNTS_OCTETS + addresses > mandatory:
            return conf.raw_layer
        return Packet.guess_payload_class(self, payload)

    def mandatory_octets(self, payload_octets):
        """Size of the mandatory part, of which payload_octets (with the extensions) arrived; None when ar$extoff lies.

        A packet that was cut may end before its extensions begin: then all that is left is mandatory part.
        """
        if self.extoff == 0:
            return payload_octets
        if not FIXED_PART_OCTETS <= self.extoff <= self.pktsz:
            return None
        return min(self.extoff - FIXED_PART_OCTETS, payload_octets)

    def post_build(self, pkt, pay):
        message = self.payload if isinstance(self.payload, NHRPMessage) else None
        pkt = bytearray(pkt)
        if self.afn is None:
            ipv6 = message is not None and is_ipv6_text(message.address("src_nbma"))
            struct.pack_into("!H", pkt, 0, AFN_IPV6 if ipv6 else AFN_IPV4)
        if self.pro_type is None:
            ipv6 = message is not None and any(is_ipv6_text(message.address(name)) for name in ("src_prot", "dst_prot"))
            struct.pack_into("!H", pkt, 2, ETHERTYPE_IPV6 if ipv6 else ETHERTYPE_IPV4)
        if self.pktsz is None:
            if len(pkt) + len(pay) > MAX_OCTETS:
                raise ValueError("an NHRP packet of %d octets: ar$pktsz has 16 bits" % (len(pkt) + len(pay)))
            struct.pack_into("!H", pkt, 10, len(pkt) + len(pay))
        if self.extoff is None:
            extensions = 0 if message is None else message.extension_octets()
            struct.pack_into("!H", pkt, 14, len(pkt) + len(pay) - extensions if extensions else 0)
        for name, offset, address in (("src_nbma_len", 18, "src_nbma"), ("src_sub_len", 19, "src_sub")):
            if self.getfieldval(name) is None and message is not None:
                length = len(address_octets(message.address(address)))
                if length > 0x3F:
                    raise ValueError("%s: a length of %d does not fit in six bits" % (name, length))
                pkt[offset] |= length
        if self.chksum is None:
            struct.pack_into("!H", pkt, 12, checksum(bytes(pkt) + pay))
        return bytes(pkt) + pay

    def hashret(self):
        return self.payload.hashret()

    def answers(self, other):
        # Raw, which stands for what could not be read, says yes to everything.
        return int(isinstance(other, NHRP) and isinstance(self.payload, NHRPMessage)
                   and self.payload.answers(other.payload))

    def mysummary(self):
        return self.sprintf("NHRP %NHRP.type%")


def _source_length(name):
    """A length of the source's NBMA address or subaddress, which stands in the fixed part."""
    def length_from(pkt):
        header = find_fixed_part(pkt)
        if header is None:
            return DEFAULT_ADDRESS_OCTETS if name == "src_nbma_len" else 0
        return header.getfieldval(name) or 0
    return length_from


def _mandatory_left(pkt):
    """Octets of the mandatory part after its addresses (all that there is, when there are no extensions)."""
    header = find_fixed_part(pkt)
    if header is None or not header.extoff:
        return MAX_OCTETS
    used = (COUNTS_OCTETS + _source_length("src_nbma_len")(pkt) + _source_length("src_sub_len")(pkt)
            + pkt.src_prot_len + pkt.dst_prot_len)
    return max(0, header.extoff - FIXED_PART_OCTETS - used)


def _mandatory_part(counts, rest):
    """The fields of a message: counts is what stands between the protocol lengths and the addresses."""
    return [
        FieldLenField("src_prot_len", None, length_of="src_prot", fmt="B"),
        FieldLenField("dst_prot_len", None, length_of="dst_prot", fmt="B"),
        *counts,
        AddressField("src_nbma", _source_length("src_nbma_len"), nbma_ip_version),
        AddressField("src_sub", _source_length("src_sub_len"), no_ip_version),
        AddressField("src_prot", lambda pkt: pkt.src_prot_len, protocol_ip_version),
        AddressField("dst_prot", lambda pkt: pkt.dst_prot_len, protocol_ip_version),
        *rest,
        extension_list("extensions"),
        StrField("trailer", b""),
    ]


def _request_fields(flags):
    """The common header of 5.2.0.1 and its entries."""
    return _mandatory_part([FlagsField("flags", 0, 16, flags), IntField("request_id", 0)],
                           [cie_list("cies", _mandatory_left)])


class NHRPMessage(Packet):
    """What all messages share: addresses, extensions, and octets after the End extension (trailer)."""

    is_nhrp_message = True

    def address(self, name):
        """The address called name; b"" for messages that have none."""
        return self.getfieldval(name) if name in self.fieldtype else b""

    def src_prot_octets(self):
        """Octets of the source protocol address."""
        return len(address_octets(self.address("src_prot")))

    def extension_octets(self):
        """Octets of the extensions part as it is sent; 0 without one."""
        after = sum(len(bytes(extension)) for extension in self.extensions) + len(self.trailer)
        return after + len(self.payload.do_build()) if after else 0

    def mysummary(self):
        return "%s %s > %s" % (self.name, self.shown("src_prot"), self.shown("dst_prot"))

    def shown(self, name):
        """A field as people read it."""
        return self.get_field(name).i2repr(self, self.getfieldval(name))


class NHRPRequest(NHRPMessage):
    """What requests and replies share: the pair that identifies an exchange (Request ID in 5.2.0.1)."""

    request_class = None

    def exchange(self):
        """Request ID and source protocol address."""
        return struct.pack("!I", self.request_id) + address_octets(self.src_prot)

    def hashret(self):
        return self.exchange()

    def answers(self, other):
        return int(self.request_class is not None and isinstance(other, self.request_class)
                   and self.exchange() == other.exchange())

    def mysummary(self):
        return "%s id %d %s > %s" % (self.name, self.request_id, self.shown("src_prot"), self.shown("dst_prot"))


class NHRPResolutionRequest(NHRPRequest):
    """Resolution Request (5.2.1)."""

    name = "NHRP Resolution Request"
    fields_desc = _request_fields(RESOLUTION_FLAGS)


class NHRPResolutionReply(NHRPRequest):
    """Resolution Reply (5.2.2)."""

    name = "NHRP Resolution Reply"
    request_class = NHRPResolutionRequest
    fields_desc = _request_fields(RESOLUTION_FLAGS)


class NHRPRegistrationRequest(NHRPRequest):
    """Registration Request (5.2.3)."""

    name = "NHRP Registration Request"
    fields_desc = _request_fields(REGISTRATION_FLAGS)


class NHRPRegistrationReply(NHRPRequest):
    """Registration Reply (5.2.4)."""

    name = "NHRP Registration Reply"
    request_class = NHRPRegistrationRequest
    fields_desc = _request_fields(REGISTRATION_FLAGS)


class NHRPPurgeRequest(NHRPRequest):
    """Purge Request (5.2.5)."""

    name = "NHRP Purge Request"
    fields_desc = _request_fields(PURGE_FLAGS)


class NHRPPurgeReply(NHRPRequest):
    """Purge Reply (5.2.6)."""

    name = "NHRP Purge Reply"
    request_class = NHRPPurgeRequest
    fields_desc = _request_fields(PURGE_FLAGS)


class NHRPErrorIndication(NHRPMessage):
    """Error Indication (5.2.7): packet is the message in error, or what the sender put of it."""

    name = "NHRP Error Indication"
    fields_desc = _mandatory_part(
        [XShortField("unused", 0), ShortEnumField("error_code", 7, ERROR_CODES), ShortField("error_offset", 0)],
        [EmbeddedPacketField("packet", _mandatory_left, lambda octets: NHRP)])

    def offender(self):
        """The message inside, when enough of it is there to be read, else None."""
        inner = self.packet.payload if isinstance(self.packet, NHRP) else None
        return inner if isinstance(inner, NHRPMessage) else None

    def hashret(self):
        offender = self.offender()
        return b"" if offender is None else offender.hashret()

    def answers(self, other):
        if not isinstance(other, NHRPMessage) or isinstance(other, NHRPErrorIndication):
            return 0
        offender = self.offender()
        if offender is None:
            return int(address_octets(self.dst_prot) == address_octets(other.address("src_prot")))
        return int(type(offender) is type(other) and offender.hashret() == other.hashret())


class NHRPTrafficIndication(NHRPMessage):
    """Traffic Indication (draft section 5.1): packet is the head of the data packet that was hair-pinned."""

    name = "NHRP Traffic Indication"
    fields_desc = _mandatory_part(
        [XShortField("unused", 0), ShortEnumField("traffic_code", 0, TRAFFIC_CODES), XShortField("unused2", 0)],
        [EmbeddedPacketField("packet", _mandatory_left, ip_class)])


class NHRPUnknownMessage(NHRPMessage):
    """A message of a type that no document defines: its mandatory part is octets, its extensions can be read."""

    name = "NHRP unknown message"
    fields_desc = [
        StrLenField("data", b"", length_from=lambda pkt: _unknown_octets(pkt)),
        extension_list("extensions"),
        StrField("trailer", b""),
    ]

    def mysummary(self):
        return "NHRP unknown message"


def _unknown_octets(pkt):
    header = find_fixed_part(pkt)
    return header.extoff - FIXED_PART_OCTETS if header is not None and header.extoff else MAX_OCTETS


for _type, _message in enumerate((NHRPResolutionRequest, NHRPResolutionReply, NHRPRegistrationRequest,
                                  NHRPRegistrationReply, NHRPPurgeRequest, NHRPPurgeReply, NHRPErrorIndication,
                                  NHRPTrafficIndication), start=1):
    bind_layers(NHRP, _message, type=_type)

bind_layers(GRE, NHRP, proto=ETHERTYPE_NHRP)
bind_layers(IP, NHRP, proto=IP_PROTOCOL_NHRP)
bind_layers(IPv6, NHRP, nh=IP_PROTOCOL_NHRP)
bind_layers(Ether, NHRP, type=ETHERTYPE_NHRP)
bind_layers(Dot1Q, NHRP, type=ETHERTYPE_NHRP)
bind_layers(CookedLinux, NHRP, proto=ETHERTYPE_NHRP)
bind_layers(CookedLinuxV2, NHRP, proto=ETHERTYPE_NHRP)
bind_layers(SNAP, NHRP, OUI=OUI_IANA, code=SNAP_PID_NHRP)
