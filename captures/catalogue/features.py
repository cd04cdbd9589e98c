# SPDX-License-Identifier: GPL-2.0-or-later
"""What is to be seen in a capture, as words to search for: message types, codes, extensions, what carries them, and the
routing protocol inside the tunnels. Read from the packets with the Scapy layers, decrypted where the keys are beside it.

Owns: the words. They are listed in WORDS, each with what it says; codes and extensions have numbers behind theirs.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "scapy"))

# pylint: disable=wrong-import-position
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import ESP
from scapy.layers.l2 import GRE

from esp_sa import DecryptionError, KeyTable, read_table
from nhrp import (NHRP, NHRPErrorIndication, NHRPExtAuthCleartext, NHRPExtAuthHash, NHRPMessage, NHRPPurgeReply,
                  NHRPPurgeRequest, NHRPRegistrationReply, NHRPRegistrationRequest, NHRPResolutionReply,
                  NHRPResolutionRequest, NHRPTrafficIndication)
from pcapng import read_packets

WORDS = {
    "authentication-cleartext": "a password in the Authentication extension, as Cisco has it",
    "authentication-keyed-hash": "HMAC-MD5 in the Authentication extension (RFC 2332 section 5.3.4)",
    "bgp": "BGP inside the tunnels",
    "eigrp": "EIGRP inside the tunnels",
    "error-indication": "an NHRP Error Indication",
    "error-N": "an Error Indication with code N",
    "esp": "ESP, encrypted or not",
    "esp-in-udp": "ESP in UDP port 4500 (RFC 3948)",
    "extension-N": "an NHRP extension of type N",
    "fragments": "IP fragments on the underlay",
    "gre-checksum": "GRE with a checksum",
    "gre-key": "GRE with a key",
    "gre-sequence": "GRE with sequence numbers",
    "ipv6-overlay": "IPv6 inside the tunnels",
    "ipv6-underlay": "IPv6 between the routers",
    "multicast": "multicast inside the tunnels",
    "nak-N": "a reply whose client information entry has code N, a refusal",
    "nat": "a NAT between routers",
    "ospf": "OSPF inside the tunnels",
    "purge-reply": "a Purge Reply",
    "purge-request": "a Purge Request",
    "registration-reply": "a Registration Reply",
    "registration-request": "a Registration Request",
    "resolution-reply": "a Resolution Reply",
    "resolution-request": "a Resolution Request",
    "rip": "RIPv2 inside the tunnels",
    "traffic-indication": "a Traffic Indication, the redirect of Phase 3",
    "unique": "a request with the U bit",
}
MESSAGES = {
    NHRPErrorIndication: "error-indication", NHRPPurgeReply: "purge-reply", NHRPPurgeRequest: "purge-request",
    NHRPRegistrationReply: "registration-reply", NHRPRegistrationRequest: "registration-request",
    NHRPResolutionReply: "resolution-reply", NHRPResolutionRequest: "resolution-request",
    NHRPTrafficIndication: "traffic-indication",
}
REPLIES = (NHRPRegistrationReply, NHRPResolutionReply)
REQUESTS_WITH_U = {NHRPRegistrationRequest: 0x8000, NHRPResolutionRequest: 0x1000}
IP_PROTOCOLS = {88: "eigrp", 89: "ospf"}
PORTS = {(UDP, 520): "rip", (TCP, 179): "bgp"}
TYPE_MASK = 0x3FFF


def _of_message(message):
    """Words for one NHRP message."""
    kind = type(message)
    found = {MESSAGES[kind]} if kind in MESSAGES else set()
    if kind in REPLIES:
        found |= {"nak-%d" % entry.code for entry in message.cies if entry.code}
    if kind is NHRPErrorIndication:
        found.add("error-%d" % message.error_code)
    if kind in REQUESTS_WITH_U and int(message.flags) & REQUESTS_WITH_U[kind]:
        found.add("unique")
    for extension in message.extensions or ():
        if isinstance(extension, NHRPExtAuthCleartext):
            found.add("authentication-cleartext")
        if isinstance(extension, NHRPExtAuthHash):
            found.add("authentication-keyed-hash")
        number = getattr(extension, "type", 0) & TYPE_MASK
        if number:
            found.add("extension-%d" % number)
    return found


def _of_data(inner):
    """Words for a packet inside a tunnel."""
    found = set()
    if isinstance(inner, IPv6):
        found.add("ipv6-overlay")
        protocol, group = inner.nh, inner.dst.startswith("ff")
    elif isinstance(inner, IP):
        protocol, group = inner.proto, 224 <= int(inner.dst.split(".")[0]) < 240
    else:
        return found
    if group:
        found.add("multicast")
    if protocol in IP_PROTOCOLS:
        found.add(IP_PROTOCOLS[protocol])
    for (layer, port), word in PORTS.items():
        if layer in inner and port in (inner[layer].sport, inner[layer].dport):
            found.add(word)
    return found


def _of_packet(packet, keys):
    """Words for one frame."""
    found = set()
    if ESP in packet:
        found.add("esp-in-udp" if UDP in packet else "esp")
        try:
            packet = keys.decrypt(packet)
        except DecryptionError:  # With extended sequence numbers, whose upper half is 0 in a young association.
            packet = keys.decrypt(packet, esn=0)
    outer = next((layer for layer in (packet.getlayer(IP), packet.getlayer(IPv6)) if layer is not None), None)
    if isinstance(outer, IPv6):
        found.add("ipv6-underlay")
    elif outer is not None and (outer.frag or "MF" in outer.flags):
        return found | {"fragments"}
    if GRE in packet:
        gre = packet[GRE]
        found |= {word for word, present in (("gre-checksum", gre.chksum_present), ("gre-key", gre.key_present),
                                             ("gre-sequence", gre.seqnum_present)) if present}
        found |= _of_data(gre.payload)
    if NHRP in packet and isinstance(packet[NHRP].payload, NHRPMessage):
        found |= _of_message(packet[NHRP].payload)
    return found


def features_of(path, keys_path=None):
    """(number of frames, seconds from the first to the last, sorted words) of a capture."""
    keys = read_table(keys_path) if keys_path is not None else KeyTable([])
    packets = read_packets(path)
    found = set()
    for packet in packets:
        found |= _of_packet(packet, keys)
    times = [float(packet.time) for packet in packets]
    return len(packets), round(max(times) - min(times), 3) if times else 0, sorted(found)


def explain_word(word):
    """What a word of features_of() says; with its number, for those that have one."""
    stem, _, number = word.rpartition("-")
    if word in WORDS:
        return WORDS[word]
    return WORDS[stem + "-N"].replace(" N", " " + number)
