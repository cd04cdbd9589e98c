# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the Scapy layers share: taking what dissection remembers away from a packet, so that building it
has to do all the work, and telling what of a message could not be read."""
from scapy.packet import Packet, Raw

from nhrp import (NHRP, NHRPCIE, NHRPCutCIE, NHRPCutExtension, NHRPExtension, NHRPMessage, NHRPUnknownMessage)
from nhrp_extensions import NHRPExtensionBase

OWN_LAYERS = (NHRP, NHRPMessage, NHRPCIE, NHRPCutCIE, NHRPExtensionBase)
# For each layer, the fields that are filled in when they are None.
COMPUTED = ("pktsz", "chksum", "extoff", "src_nbma_len", "src_sub_len", "src_prot_len", "dst_prot_len", "nbma_len",
            "nbma_sub_len", "prot_len", "len")


def own_layers(packet):
    """All NHRP layers, entries and extensions in a packet, embedded ones included."""
    layer = packet
    while isinstance(layer, Packet) and layer:
        if isinstance(layer, OWN_LAYERS):
            yield layer
            for value in layer.fields.values():
                for inner in value if isinstance(value, list) else [value]:
                    if isinstance(inner, Packet):
                        yield from own_layers(inner)
        layer = layer.payload


def forget_octets(packet):
    """Makes each NHRP layer be built from its fields. Other protocols' layers keep their octets."""
    for layer in own_layers(packet):
        layer.raw_packet_cache = None


def forget_computed(packet):
    """Also makes each NHRP layer compute what it can compute. Embedded messages keep their values: they may be cut."""
    forget_octets(packet)
    header = packet[NHRP]
    for layer in [header, header.payload, *_list_items(header.payload)]:
        if isinstance(layer, OWN_LAYERS):
            for name in COMPUTED:
                if name in layer.fields and not (isinstance(layer, NHRPExtension) and name != "len"):
                    layer.delfieldval(name)


def _list_items(layer):
    for value in getattr(layer, "fields", {}).values():
        if isinstance(value, list):
            for item in value:
                yield item
                yield from _list_items(item)


def unread_part(packet):
    """The first part of the outermost message that could not be read: "header", "message", "entry", "extension",
    "packet" (an embedded one), or "nothing"."""
    if NHRP not in packet:
        return "header"
    message = packet[NHRP].payload
    if not isinstance(message, NHRPMessage) or isinstance(message, NHRPUnknownMessage):
        return "message"
    if any(isinstance(entry, (Raw, NHRPCutCIE)) for entry in message.fields.get("cies", [])):
        return "entry"
    if "packet" in message.fieldtype and isinstance(message.packet, Raw):
        return "packet"
    for extension in message.extensions:
        if isinstance(extension, (Raw, NHRPCutExtension)):
            return "extension"
        if any(isinstance(entry, (Raw, NHRPCutCIE)) for entry in extension.fields.get("cies", [])):
            return "entry"
    return "nothing"
