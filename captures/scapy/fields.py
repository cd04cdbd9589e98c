#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints the NHRP field values of each frame as JSON, one frame a line, under the names of Wireshark's filters:

    {"frame": 3, "fields": [["nhrp.hdr.afn", 1], ["nhrp.hdr.pro.type", 2048], ...]}

Owns: which field of the Scapy layers has which name in Wireshark. Fields stand in the order of the wire, those of an
embedded packet between nhrp.embedded.length and the extensions. Numbers are numbers, flags are booleans, IP addresses
and passwords are text (with \\xNN for what is not printable), everything else is hexadecimal octets with colons. What
one reading of a message says about it (expert items, checksum status) is left to that reading, and so is padding after
the message, which Scapy cannot tell from that of the layers around it.

A file is a capture that Scapy reads, or a single-message vector (.hex: octets with # comments).
"""
import json
import re
import struct
import sys

from scapy.error import Scapy_Exception
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import GRE
from scapy.packet import Packet, Padding, Raw

from nhrp import (NHRP, NHRPCIE, NHRPCutCIE, NHRPCutExtension, NHRPErrorIndication, NHRPExtAuthCleartext,
                  NHRPExtAuthHash, NHRPExtDeviceCapabilities, NHRPExtEnd, NHRPExtMobileAuth, NHRPExtVendorPrivate,
                  NHRPExtension, NHRPMessage, NHRPPurgeReply, NHRPPurgeRequest, NHRPRegistrationReply,
                  NHRPRegistrationRequest, NHRPResolutionReply, NHRPResolutionRequest, NHRPTrafficIndication,
                  NHRPUnknownMessage)
from pcapng import CaptureError, read_packets

FLAG_BITS = {
    "q": 0x8000, "a": 0x4000, "d": 0x2000, "u": 0x1000, "s": 0x0800, "nat": 0x0002,
}
# Message: the flags that it defines, as (name, bit).
RESOLUTION_FLAGS = [(name, FLAG_BITS[name]) for name in ("q", "a", "d", "u", "s", "nat")]
MESSAGE_FLAGS = {
    NHRPResolutionRequest: RESOLUTION_FLAGS,
    NHRPResolutionReply: RESOLUTION_FLAGS,
    NHRPRegistrationRequest: [("u", 0x8000), ("nat", 0x0002)],
    NHRPRegistrationReply: [("u", 0x8000), ("nat", 0x0002)],
    NHRPPurgeRequest: [("n", 0x8000), ("nat", 0x0002)],
    NHRPPurgeReply: [("n", 0x8000), ("nat", 0x0002)],
}


def hexadecimal(octets):
    """Octets as Wireshark writes them."""
    return octets.hex(":")


def escaped(octets):
    """A password as text."""
    return "".join(chr(octet) if 0x20 <= octet < 0x7F else "\\x%02x" % octet for octet in octets)


def address_fields(name, value):
    """An address under the name that its form has; nothing for an address of length 0."""
    if value == b"":
        return []
    if isinstance(value, bytes):
        return [(name + "_bytes", hexadecimal(value))]
    if ":" in value:
        return [(re.sub(r"addr$", "ipv6", name), value)]
    return [(name, value)]


def octet_fields(name, octets):
    """Octets under a name, when there are any."""
    return [(name, hexadecimal(octets))] if octets else []


def type_and_length_fields(name, pkt, prefix):
    """A type and length octet and its three parts."""
    reserved, e164, length = (pkt.getfieldval(prefix + part) for part in ("_reserved", "_e164", "_len"))
    return [(name, reserved << 7 | e164 << 6 | length), (name + ".reserved", reserved), (name + ".type", e164),
            (name + ".len", length)]


def header_fields(header):
    """The fixed part."""
    fields = [("nhrp.hdr.afn", header.afn), ("nhrp.hdr.pro.type", header.pro_type)]
    if header.pro_type == 0x0080:
        fields += [("nhrp.hdr.pro.snap.oui", header.pro_oui), ("nhrp.hdr.pro.snap.pid", header.pro_pid)]
    else:
        fields.append(("nhrp.protocol_type", hexadecimal(bytes(header)[4:9])))
    return fields + [
        ("nhrp.hdr.hopcnt", header.hopcnt),
        ("nhrp.hdr.pktsz", header.pktsz),
        ("nhrp.hdr.chksum", header.chksum),
        ("nhrp.hdr.extoff", header.extoff),
        ("nhrp.hdr.version", header.version),
        ("nhrp.hdr.op.type", header.type),
        *type_and_length_fields("nhrp.hdr.shtl", header, "src_nbma"),
        *type_and_length_fields("nhrp.hdr.sstl", header, "src_sub"),
    ]


def count_fields(message):
    """What stands between the protocol lengths and the addresses."""
    if isinstance(message, NHRPErrorIndication):
        return [("nhrp.err.unused", message.unused), ("nhrp.err.code", message.error_code),
                ("nhrp.err.offset", message.error_offset)]
    if isinstance(message, NHRPTrafficIndication):
        return [("nhrp.tind.unused", message.unused), ("nhrp.tind.code", message.traffic_code),
                ("nhrp.tind.unused", message.unused2)]
    flags = int(message.flags)
    known = MESSAGE_FLAGS[type(message)]
    unused = flags
    for _, bit in known:
        unused &= ~bit
    return [("nhrp.flags", flags), *(("nhrp.flag." + name, bool(flags & bit)) for name, bit in known),
            ("nhrp.flags.unused", unused), ("nhrp.reqid", message.request_id)]


def mandatory_fields(message):
    """The mandatory part without its entries and embedded packet."""
    return [
        ("nhrp.src.prot.len", message.src_prot_len),
        ("nhrp.dst.prot.len", message.dst_prot_len),
        *count_fields(message),
        *address_fields("nhrp.src.nbma.addr", message.src_nbma),
        *octet_fields("nhrp.src.nbma.saddr", message.src_sub),
        *address_fields("nhrp.src.prot.addr", message.src_prot),
        *address_fields("nhrp.dst.prot.addr", message.dst_prot),
    ]


def cie_header_fields(entry):
    """The first twelve octets of an entry."""
    return [
        ("nhrp.code", entry.code),
        ("nhrp.prefix", entry.prefix_len),
        ("nhrp.unused", entry.unused),
        ("nhrp.mtu", entry.mtu),
        ("nhrp.htime", entry.holding_time),
        *type_and_length_fields("nhrp.cli.addr_tl", entry, "nbma"),
        *type_and_length_fields("nhrp.cli.saddr_tl", entry, "nbma_sub"),
        ("nhrp.prot.len", entry.prot_len),
        ("nhrp.pref", entry.preference),
    ]


def cie_fields(entry):
    """One entry, the header of one that is cut, or what is left where not even that fits."""
    if isinstance(entry, NHRPCutCIE):
        return cie_header_fields(entry) + octet_fields("nhrp.cie.rest", entry.rest)
    if not isinstance(entry, NHRPCIE):
        return octet_fields("nhrp.cie.rest", bytes(entry))
    return [
        *cie_header_fields(entry),
        *address_fields("nhrp.client.nbma.addr", entry.nbma),
        *octet_fields("nhrp.client.nbma.saddr", entry.nbma_sub),
        *address_fields("nhrp.client.prot.addr", entry.prot),
    ]


def value_fields(extension):
    """The value of an extension."""
    if isinstance(extension, NHRPExtAuthCleartext):
        return [("nhrp.auth_ext.reserved", extension.reserved), ("nhrp.auth_ext.spi", extension.spi),
                ("nhrp.auth_ext.password", escaped(extension.password))]
    if isinstance(extension, (NHRPExtAuthHash, NHRPExtMobileAuth)):
        return [("nhrp.auth_ext.reserved", extension.reserved), ("nhrp.auth_ext.spi", extension.spi),
                *address_fields("nhrp.auth_ext.src_addr", extension.src),
                *octet_fields("nhrp.auth_ext.data", extension.hash)]
    if isinstance(extension, NHRPExtVendorPrivate):
        return [("nhrp.vendor_ext.id", extension.vendor_id), *octet_fields("nhrp.vendor_ext.data", extension.data)]
    if isinstance(extension, NHRPExtDeviceCapabilities):
        source, destination = int(extension.src_capabilities), int(extension.dst_capabilities)
        return [("nhrp.devcap_ext.srccap", source), ("nhrp.devcap_ext.srccap.V", bool(source & 1)),
                ("nhrp.devcap_ext.dstcap", destination), ("nhrp.devcap_ext.dstcap.V", bool(destination & 1))]
    if isinstance(extension, (NHRPExtension, NHRPCutExtension, NHRPExtEnd)):
        return octet_fields("nhrp.unknown_ext.value", extension.value)
    return [field for entry in extension.cies for field in cie_fields(entry)]


def extension_fields(extension):
    """One extension, or what is left where one does not fit."""
    if isinstance(extension, Raw):
        return octet_fields("nhrp.ext.rest", bytes(extension))
    return [("nhrp.ext.c", bool(extension.compulsory)), ("nhrp.ext.u", bool(extension.unused)),
            ("nhrp.ext.type", extension.type), ("nhrp.ext.len", extension.len), *value_fields(extension)]


def message_fields(message, whole_embedded):
    """A whole message after its fixed part. Of an embedded message, its entries and extensions if whole_embedded."""
    if isinstance(message, NHRPUnknownMessage):
        fields = octet_fields("nhrp.mandatory.data", message.data)
    else:
        fields = mandatory_fields(message)
        if isinstance(message, (NHRPErrorIndication, NHRPTrafficIndication)):
            inside = message.packet
            fields.append(("nhrp.embedded.length", 0 if inside is None else len(inside)))
            if inside is not None and (whole_embedded or not isinstance(inside, NHRP)):
                fields += packet_fields(inside, whole_embedded)
            elif inside is not None:
                fields += embedded_head_fields(inside)
        else:
            fields += [field for entry in message.cies for field in cie_fields(entry)]
    for extension in message.extensions:
        fields += extension_fields(extension)
    return fields + octet_fields("nhrp.ext.rest", message.trailer)


def embedded_head_fields(header):
    """The fixed part of an embedded message and its mandatory part up to the addresses."""
    message = header.payload
    if not isinstance(message, NHRPMessage) or isinstance(message, NHRPUnknownMessage):
        return header_fields(header)
    return header_fields(header) + mandatory_fields(message)


def packet_fields(packet, whole_embedded=True):
    """(name, value) for each NHRP field of a dissected packet, from the outermost layer in. whole_embedded: whether a
    message in an Error Indication is listed with its entries and extensions."""
    fields = []
    layer = packet
    while isinstance(layer, Packet) and layer:
        if isinstance(layer, NHRP):
            fields += header_fields(layer)
            if isinstance(layer.payload, Raw) and not isinstance(layer.payload, Padding):
                fields += octet_fields("nhrp.mandatory.data", layer.payload.load)
        elif isinstance(layer, NHRPMessage):
            fields += message_fields(layer, whole_embedded)
        layer = layer.payload
    return fields


def read_vector(path):
    """The packet in a .hex file, Raw when it is too short for its own decoder. Raises ValueError for a file that is no
    vector, and OSError."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    decoder = re.search(r"^# decoder: (\w+)$", text, re.MULTILINE)
    octets = bytes.fromhex(re.sub(r"#.*", "", text))
    kind = decoder.group(1) if decoder else "nhrp"
    ip = IPv6 if octets and octets[0] >> 4 == 6 else IP
    classes = {"nhrp": NHRP, "gre": GRE, "udp": UDP, "ip": ip, "packet": ip}
    if kind not in classes:
        raise ValueError("no decoder '%s'" % kind)
    try:
        return classes[kind](octets)
    except struct.error:  # Scapy's own layers leave this to whoever calls them first.
        return Raw(octets)


def main(arguments):
    """Returns the exit code: 0, or 2 for bad arguments or a file that cannot be read."""
    if len(arguments) != 2 or arguments[1].startswith("-"):
        print("usage: fields.py FILE  (a capture, or a .hex vector)", file=sys.stderr)
        return 2
    path = arguments[1]
    try:
        packets = [read_vector(path)] if path.endswith(".hex") else read_packets(path)
        lines = [json.dumps({"frame": number, "fields": packet_fields(packet)})
                 for number, packet in enumerate(packets, start=1)]
    except (OSError, ValueError, CaptureError, Scapy_Exception, EOFError) as error:
        print("fields.py: %s: %s" % (path, error), file=sys.stderr)
        return 2
    for line in lines:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
