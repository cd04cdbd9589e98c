# SPDX-License-Identifier: GPL-2.0-or-later
"""Client Information Entries and extensions, as Scapy packets that stand in the lists of a message.

Owns: the layout of an entry, one class for each kind of extension, and which class a piece of the wire is. A piece
whose header is cut becomes Raw (the rest of a list); of one that is cut after its header, the header is read
(NHRPCutCIE, NHRPCutExtension); an extension with an odd value becomes NHRPExtension.

Must not raise on anything from the wire, and must not lose an octet of it.

RFC 2332 sections 5.2.0.1 (entries), 5.3 and 5.3.0-5.3.5 (extensions); RFC 2735 (device capabilities); RFC 2520 section 2
(mobile authentication). De facto: cleartext authentication, NAT address.
"""
import struct

from scapy.config import conf
from scapy.fields import (BitEnumField, BitField, ByteEnumField, ByteField, FieldLenField, FlagsField, ShortField,
                          StrField, StrLenField, X3BytesField)
from scapy.packet import Packet

from nhrp_fields import (DEFAULT_ADDRESS_OCTETS, AddressField, PiecesField, find_message, nbma_ip_version,
                         no_ip_version, protocol_ip_version, type_and_length)

CIE_CODES = {
    0: "success",
    4: "administratively prohibited",
    5: "insufficient resources",
    12: "no binding exists",
    13: "binding exists but is not unique",
    14: "unique address already registered",
}

EXT_END = 0
EXT_RESPONDER = 3
EXT_FORWARD_TRANSIT = 4
EXT_REVERSE_TRANSIT = 5
EXT_AUTHENTICATION = 7
EXT_VENDOR_PRIVATE = 8
EXT_NAT = 9
EXT_MOBILE_AUTHENTICATION = 10
EXTENSION_TYPES = {
    EXT_END: "end",
    EXT_RESPONDER: "responder address",
    EXT_FORWARD_TRANSIT: "forward transit NHS record",
    EXT_REVERSE_TRANSIT: "reverse transit NHS record",
    EXT_AUTHENTICATION: "authentication",
    EXT_VENDOR_PRIVATE: "vendor private",
    EXT_NAT: "NAT address or device capabilities",
    EXT_MOBILE_AUTHENTICATION: "mobile NHC authentication",
}

CIE_FIXED_OCTETS = 12
EXT_HEADER_OCTETS = 4
AUTH_HEADER_OCTETS = 4
VENDOR_ID_OCTETS = 3
DEVICE_CAPABILITIES_OCTETS = 8
HMAC_MD5_OCTETS = 16
SPI_CLEARTEXT = 1


def entry_header():
    """The first eight octets of an entry (section 5.2.0.1), before its lengths."""
    return [
        ByteEnumField("code", 0, CIE_CODES),
        ByteField("prefix_len", 0),
        ShortField("unused", 0),
        ShortField("mtu", 0),
        ShortField("holding_time", 0),
    ]


class NHRPCIE(Packet):
    """A Client Information Entry. Lengths are filled in from the addresses when None."""

    name = "NHRP CIE"
    fields_desc = entry_header() + [
        *type_and_length("nbma", length_of="nbma"),
        *type_and_length("nbma_sub", length_of="nbma_sub"),
        FieldLenField("prot_len", None, length_of="prot", fmt="B"),
        ByteField("preference", 0),
        AddressField("nbma", lambda pkt: pkt.nbma_len, nbma_ip_version),
        AddressField("nbma_sub", lambda pkt: pkt.nbma_sub_len, no_ip_version),
        AddressField("prot", lambda pkt: pkt.prot_len, protocol_ip_version),
    ]


class NHRPCutCIE(Packet):
    """An entry that ends before its addresses do: they are rest, since a part of an address is none."""

    name = "NHRP CIE, cut"
    fields_desc = entry_header() + [
        *type_and_length("nbma", length_of="rest"),
        *type_and_length("nbma_sub", length_of="rest"),
        ByteField("prot_len", 0),
        ByteField("preference", 0),
        StrField("rest", b""),
    ]


def cie_octets(octets):
    """How long the entry at the start of octets is; None when it is cut."""
    if len(octets) < CIE_FIXED_OCTETS:
        return None
    size = CIE_FIXED_OCTETS + (octets[8] & 0x3F) + (octets[9] & 0x3F) + octets[10]
    return size if size <= len(octets) else None


def is_cie_list(octets):
    """Whether octets are whole entries and nothing else."""
    while octets:
        size = cie_octets(octets)
        if size is None:
            return False
        octets = octets[size:]
    return True


def next_entry(pkt, octets, entries):
    """For PiecesField: the entry that octets begin with; when it is cut, all of them, with its header if that is there."""
    size = cie_octets(octets)
    if size is None:
        return (NHRPCutCIE if len(octets) >= CIE_FIXED_OCTETS else conf.raw_layer), len(octets)
    return NHRPCIE, size


def cie_list(name, length_from):
    """A list of entries; octets that are no whole entry become a last element, NHRPCutCIE or Raw."""
    return PiecesField(name, next_entry, length_from=length_from)


def extension_header(ext_type, compulsory):
    """The first four octets of each extension, type bits apart (section 5.3)."""
    return [
        BitField("compulsory", compulsory, 1),
        BitField("unused", 0, 1),
        BitEnumField("type", ext_type, 14, EXTENSION_TYPES),
        ShortField("len", None),
    ]


class NHRPExtensionBase(Packet):
    """What all extensions share: len, filled in when None, is the octets of the value."""

    def post_build(self, pkt, pay):
        if self.len is None:
            pkt = pkt[:2] + struct.pack("!H", len(pkt) - EXT_HEADER_OCTETS) + pkt[EXT_HEADER_OCTETS:]
        return pkt + pay


class NHRPExtension(NHRPExtensionBase):
    """Any extension, its value as octets: types without a class, and known types with a value that does not fit."""

    name = "NHRP extension"
    fields_desc = extension_header(0x3FFF, 0) + [StrLenField("value", b"", length_from=lambda pkt: pkt.len)]


class NHRPCutExtension(NHRPExtensionBase):
    """An extension that ends before its length says, as in an Error Indication that holds the head of a message."""

    name = "NHRP extension, cut"
    fields_desc = extension_header(0x3FFF, 0) + [StrField("value", b"")]


class NHRPExtEnd(NHRPExtensionBase):
    """End Of Extensions (5.3.0). Its value is empty, except in malformed messages."""

    name = "NHRP end"
    fields_desc = extension_header(EXT_END, 1) + [StrLenField("value", b"", length_from=lambda pkt: pkt.len)]


class NHRPExtResponder(NHRPExtensionBase):
    """Responder Address (5.3.1): empty in a request, one entry in a reply."""

    name = "NHRP responder address"
    fields_desc = extension_header(EXT_RESPONDER, 1) + [cie_list("cies", lambda pkt: pkt.len)]


class NHRPExtForwardTransit(NHRPExtensionBase):
    """Forward Transit NHS Record (5.3.2): one entry for each NHS that forwarded the request."""

    name = "NHRP forward transit record"
    fields_desc = extension_header(EXT_FORWARD_TRANSIT, 1) + [cie_list("cies", lambda pkt: pkt.len)]


class NHRPExtReverseTransit(NHRPExtensionBase):
    """Reverse Transit NHS Record (5.3.3): one entry for each NHS that forwarded the reply."""

    name = "NHRP reverse transit record"
    fields_desc = extension_header(EXT_REVERSE_TRANSIT, 1) + [cie_list("cies", lambda pkt: pkt.len)]


class NHRPExtAuthCleartext(NHRPExtensionBase):
    """Authentication as Cisco IOS, FRR and OpenNHRP send it: SPI 1 and the password itself."""

    name = "NHRP cleartext authentication"
    fields_desc = extension_header(EXT_AUTHENTICATION, 1) + [
        ShortField("reserved", 0),
        ShortField("spi", SPI_CLEARTEXT),
        StrLenField("password", b"", length_from=lambda pkt: pkt.len - AUTH_HEADER_OCTETS),
    ]


def source_protocol_octets(pkt):
    """Octets of the source protocol address of the message around pkt, which also is that of a keyed hash's."""
    message = find_message(pkt)
    return DEFAULT_ADDRESS_OCTETS if message is None else message.src_prot_octets()


class NHRPExtAuthHash(NHRPExtensionBase):
    """Authentication of section 5.3.4: SPI, sender's protocol address, keyed hash over the message."""

    name = "NHRP keyed-hash authentication"
    fields_desc = extension_header(EXT_AUTHENTICATION, 1) + [
        ShortField("reserved", 0),
        ShortField("spi", 0),
        AddressField("src", source_protocol_octets, protocol_ip_version),
        StrLenField("hash", b"", length_from=lambda pkt: max(
            0, pkt.len - AUTH_HEADER_OCTETS - source_protocol_octets(pkt))),
    ]


class NHRPExtMobileAuth(NHRPExtensionBase):
    """Mobile NHC Authentication (RFC 2520 section 2): laid out like the keyed hash, between client and serving NHS."""

    name = "NHRP mobile NHC authentication"
    fields_desc = extension_header(EXT_MOBILE_AUTHENTICATION, 1) + [
        ShortField("reserved", 0),
        ShortField("spi", 0),
        AddressField("src", source_protocol_octets, protocol_ip_version),
        StrLenField("hash", b"", length_from=lambda pkt: max(
            0, pkt.len - AUTH_HEADER_OCTETS - source_protocol_octets(pkt))),
    ]


class NHRPExtVendorPrivate(NHRPExtensionBase):
    """Vendor-Private (5.3.5): the vendor's IEEE number, then what the vendor likes."""

    name = "NHRP vendor private"
    fields_desc = extension_header(EXT_VENDOR_PRIVATE, 0) + [
        X3BytesField("vendor_id", 0),
        StrLenField("data", b"", length_from=lambda pkt: pkt.len - VENDOR_ID_OCTETS),
    ]


class NHRPExtNAT(NHRPExtensionBase):
    """NAT address (de facto, type 9): empty in a request, entries with the addresses seen in a reply."""

    name = "NHRP NAT address"
    fields_desc = extension_header(EXT_NAT, 0) + [cie_list("cies", lambda pkt: pkt.len)]


class NHRPExtDeviceCapabilities(NHRPExtensionBase):
    """Device Capabilities (RFC 2735, type 9 too, always eight octets)."""

    name = "NHRP device capabilities"
    fields_desc = extension_header(EXT_NAT, 0) + [
        FlagsField("src_capabilities", 0, 32, ["vpn_aware"] + ["b%d" % bit for bit in range(1, 32)]),
        FlagsField("dst_capabilities", 0, 32, ["vpn_aware"] + ["b%d" % bit for bit in range(1, 32)]),
    ]


def authentication_class(message, value):
    """Which authentication a value is, or None for neither.

    SPI 1 announces a password, but a manually keyed peer may number its keys from 1 too: a value of just an address and
    an HMAC-MD5 that is no text is read as the keyed hash.
    """
    if len(value) < AUTH_HEADER_OCTETS:
        return None
    reserved, spi = struct.unpack("!HH", value[:AUTH_HEADER_OCTETS])
    rest = value[AUTH_HEADER_OCTETS:]
    address_octets = message.src_prot_octets()
    if spi == SPI_CLEARTEXT and reserved == 0:
        printable = all(0x20 <= octet < 0x7F for octet in rest)
        if printable or len(rest) != address_octets + HMAC_MD5_OCTETS:
            return NHRPExtAuthCleartext
    return NHRPExtAuthHash if len(rest) >= address_octets else None


def mobile_authentication_class(message, value):
    """Mobile authentication, when header and source address are there."""
    return NHRPExtMobileAuth if len(value) >= AUTH_HEADER_OCTETS + message.src_prot_octets() else None


def nat_or_capabilities_class(message, value):
    """Type 9 has two owners. Eight octets cannot be an entry, so that the length decides."""
    if len(value) == DEVICE_CAPABILITIES_OCTETS:
        return NHRPExtDeviceCapabilities
    return NHRPExtNAT if is_cie_list(value) else None


# Type: what its value is, given the message and the value; None for a value that does not fit.
EXTENSION_CLASSES = {
    EXT_END: lambda message, value: NHRPExtEnd,
    EXT_RESPONDER: lambda message, value: NHRPExtResponder,
    EXT_FORWARD_TRANSIT: lambda message, value: NHRPExtForwardTransit,
    EXT_REVERSE_TRANSIT: lambda message, value: NHRPExtReverseTransit,
    EXT_AUTHENTICATION: authentication_class,
    EXT_VENDOR_PRIVATE: lambda message, value: NHRPExtVendorPrivate if len(value) >= VENDOR_ID_OCTETS else None,
    EXT_NAT: nat_or_capabilities_class,
    EXT_MOBILE_AUTHENTICATION: mobile_authentication_class,
}


def next_extension(pkt, octets, extensions):
    """For PiecesField: the extension of message pkt that octets begin with; all of them when it is cut, with its
    header if that is there. Nothing is an extension after End."""
    if extensions and isinstance(extensions[-1], NHRPExtEnd):
        return None, 0
    if len(octets) < EXT_HEADER_OCTETS:
        return conf.raw_layer, len(octets)
    type_word, length = struct.unpack("!HH", octets[:EXT_HEADER_OCTETS])
    value = octets[EXT_HEADER_OCTETS:EXT_HEADER_OCTETS + length]
    if len(value) < length:
        return NHRPCutExtension, len(octets)
    choose = EXTENSION_CLASSES.get(type_word & 0x3FFF)
    return (choose(pkt, value) if choose else None) or NHRPExtension, EXT_HEADER_OCTETS + length


def extension_list(name):
    """The extensions of a message, up to and including End; what is cut becomes a last element, NHRPCutExtension or Raw."""
    return PiecesField(name, next_extension)
