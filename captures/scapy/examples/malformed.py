#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Crafts one packet of each kind of malformed or forbidden NHRP, and writes them as a capture with comments:

    captures/scapy/examples/malformed.py OUTPUT.pcapng

Owns: the list of the kinds. Each has the clause that it breaks, one sentence, the part that cannot be read ("nothing"
where only a rule is broken), and the packet. Most start from one good message, so that each has one fault.

RFC 2332 sections 5.1-5.3; RFC 2784 and 2890 for the carrier.
"""
import collections
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# The paths come first, because this folder need not be on the path of who runs the script.
from scapy.layers.inet import ICMP, IP  # noqa: E402
from scapy.layers.l2 import GRE, Ether  # noqa: E402
from scapy.packet import Raw  # noqa: E402

from nhrp import (NHRP, NHRPCIE, NHRPErrorIndication, NHRPExtAuthCleartext, NHRPExtAuthHash,  # noqa: E402
                  NHRPExtEnd, NHRPExtension, NHRPExtForwardTransit, NHRPExtNAT, NHRPExtResponder,
                  NHRPExtVendorPrivate, NHRPPurgeRequest, NHRPRegistrationReply, NHRPRegistrationRequest,
                  NHRPResolutionReply, NHRPResolutionRequest, NHRPTrafficIndication, NHRPUnknownMessage)
from pcapng import LINKTYPE_ETHERNET, write_packets  # noqa: E402

Kind = collections.namedtuple("Kind", "name clause story unread packet")

HUB, SPOKE1, SPOKE2 = ("192.0.2.1", "10.255.0.1"), ("192.0.2.11", "10.255.0.11"), ("192.0.2.12", "10.255.0.12")
FROM_SPOKE1 = dict(src_nbma=SPOKE1[0], src_prot=SPOKE1[1], dst_prot=HUB[1])


def carried(nhrp, **gre):
    """A message from spoke 1 to the hub, in the tunnel with key 42."""
    return (Ether(src="02:00:00:00:00:11", dst="02:00:00:00:00:01") / IP(src=SPOKE1[0], dst=HUB[0], ttl=255, tos=0xC0)
            / GRE(**{"key_present": 1, "key": 42, **gre}) / nhrp)


def entry(**fields):
    """The entry of a spoke that registers itself."""
    return NHRPCIE(**{"prefix_len": 32, "mtu": 1400, "holding_time": 600, **fields})


def extensions(*others):
    """A list of extensions, ended."""
    return [*others, NHRPExtEnd()]


def registration(header=None, **fields):
    """A good Registration Request, with fields of the fixed part and of the message replaced."""
    message = dict(FROM_SPOKE1, request_id=7, cies=[entry()], extensions=extensions(NHRPExtResponder()))
    return carried(NHRP(**(header or {})) / NHRPRegistrationRequest(**{**message, **fields}))


def cut(packet, octets, **header):
    """The packet with a message of so many octets, whose fixed part tells the truth about that except in header."""
    whole = bytes(packet[NHRP])[:octets]
    message = NHRP(whole)
    message.pktsz, message.chksum = len(whole), None
    if message.extoff > len(whole):
        message.extoff = 0
    for name, value in header.items():
        setattr(message, name, value)
    return carried(message)


def data(**ip):
    """A data packet between the spokes' networks."""
    return IP(**{"src": "172.16.1.1", "dst": "172.16.2.1", **ip}) / ICMP() / (b"dmvpnkit" * 4)


def fixed_part_kinds():
    """What can be wrong before the mandatory part begins."""
    good = registration()
    return [
        Kind("fixed-part-cut", "RFC2332 §5.1", "The packet ends inside the fixed part.", "header",
             carried(Raw(bytes(good[NHRP])[:12]), proto=0x2001)),
        Kind("hop-count-zero", "RFC2332 §5.1", "Hop count 0: nobody may forward this.", "nothing",
             registration({"hopcnt": 0})),
        Kind("size-too-small", "RFC2332 §5.1", "ar$pktsz is smaller than the fixed part.", "message",
             registration({"pktsz": 19})),
        Kind("size-too-large", "RFC2332 §5.1", "ar$pktsz counts an octet that is not there.", "nothing",
             registration({"pktsz": len(good[NHRP]) + 1})),
        Kind("checksum-wrong", "RFC2332 §5.1", "ar$chksum does not fit the octets.", "nothing",
             registration({"chksum": 0xBAD1})),
        Kind("checksum-zero", "RFC2332 §5.1", "ar$chksum is 0, which does not mean 'none' here.", "nothing",
             registration({"chksum": 0})),
        Kind("offset-in-fixed-part", "RFC2332 §5.1", "ar$extoff points into the fixed part.", "message",
             registration({"extoff": 16})),
        Kind("offset-beyond-packet", "RFC2332 §5.1", "ar$extoff points past the end.", "message",
             registration({"extoff": 4000})),
        Kind("offset-in-addresses", "RFC2332 §5", "ar$extoff leaves no room for the addresses.", "message",
             registration({"extoff": 34})),
        Kind("offset-in-entry", "RFC2332 §5", "ar$extoff cuts the entry.", "entry", registration({"extoff": 44})),
        Kind("version-0", "RFC2332 §5.1", "Version 0 is MARS.", "message", registration({"version": 0})),
        Kind("version-2", "RFC2332 §5.1", "A version that does not exist.", "message", registration({"version": 2})),
        Kind("type-0", "RFC2332 §5.1", "Type 0 does not exist.", "message", carried(
            NHRP(type=0) / NHRPUnknownMessage(data=b"\0" * 32, extensions=extensions()))),
        Kind("type-200", "RFC2332 §5.1", "A type of the research range.", "message", carried(
            NHRP(type=200) / NHRPUnknownMessage(data=b"\0" * 32, extensions=extensions()))),
        Kind("family-unknown", "RFC2332 §5.1", "An address family without meaning.", "nothing",
             registration({"afn": 0xFFFF})),
        Kind("protocol-type-reserved", "RFC2332 §5.1", "ar$pro.type from the range kept for the IETF.", "nothing",
             registration({"pro_type": 0x0100})),
        Kind("snap-not-zero", "RFC2332 §5.1", "ar$pro.snap is not 0 beside the short form.", "nothing",
             registration({"pro_oui": 0x00000C, "pro_pid": 0x0800})),
        Kind("snap-needless", "RFC2332 §5.1", "The long form of IPv4, which has a short one.", "nothing",
             registration({"pro_type": 0x0080, "pro_pid": 0x0800})),
        Kind("length-reserved-bit", "RFC2332 §5.1", "The first bit of ar$shtl is set.", "nothing",
             registration({"src_nbma_reserved": 1})),
        Kind("e164-ipv4", "RFC2332 §5.1", "An IPv4 address that is marked as E.164.", "nothing",
             registration({"src_nbma_e164": 1})),
        Kind("subaddress-ipv4", "RFC2332 §5.1", "A subaddress beside an IPv4 address.", "nothing",
             registration(src_sub=b"\x01\x02")),
    ]


def mandatory_part_kinds():
    """What can be wrong in addresses, flags and entries."""
    good = registration()
    return [
        Kind("counts-cut", "RFC2332 §5.2.0.1", "The packet ends before the addresses.", "message", cut(good, 26)),
        Kind("address-cut", "RFC2332 §5.2.0.1", "The packet ends inside the addresses.", "message", cut(good, 34)),
        Kind("address-too-long", "RFC2332 §5.2.0.1", "A protocol address of 200 octets that is not there.", "message",
             registration(src_prot_len=200)),
        Kind("nbma-too-long", "RFC2332 §5.1", "ar$shtl counts 63 octets that are not there.", "message",
             registration({"src_nbma_len": 63, "pktsz": len(good[NHRP])})),
        Kind("address-empty", "RFC2332 §5.2.0.1", "No source protocol address.", "nothing",
             registration(src_prot=None)),
        Kind("flags-unused", "RFC2332 §5.2.3", "All flags that have no meaning here are set.", "nothing",
             registration(flags=0x7FFD)),
        Kind("entry-cut", "RFC2332 §5.2.0.1", "The packet ends inside the entry.", "entry", cut(good, 47)),
        Kind("entry-address-too-long", "RFC2332 §5.2.0.1", "Cli Addr T/L runs past the entry.", "entry",
             registration(cies=[entry(nbma_len=20)])),
        Kind("entry-protocol-too-long", "RFC2332 §5.2.0.1", "Cli Proto Len runs past the entry.", "entry",
             registration(cies=[entry(prot_len=255)])),
        Kind("entry-rest", "RFC2332 §5.2.0.1", "Five octets after the last entry.", "entry",
             registration(cies=[entry(), Raw(b"\1\2\3\4\5")])),
        Kind("entry-unused", "RFC2332 §5", "The unused field of the entry is not 0.", "nothing",
             registration(cies=[entry(unused=0xFFFF)])),
        Kind("entry-subaddress", "RFC2332 §5.2.0.1", "An entry with a subaddress beside an IPv4 address.", "nothing",
             registration(cies=[entry(nbma="192.0.2.11", nbma_sub=b"\1\2\3", prot="10.255.0.11")])),
        Kind("entry-missing", "RFC2332 §5.2.3", "A registration of nothing.", "nothing", registration(cies=[])),
        Kind("unique-prefix", "RFC2332 §5.2.3", "Unique, with a prefix length other than 255.", "nothing",
             registration(flags="U", cies=[entry(prefix_len=24)])),
        Kind("unique-many", "RFC2332 §5.2.3", "Unique, with two entries.", "nothing", registration(
            flags="U", cies=[entry(prefix_len=255), entry(prefix_len=255, prot="10.255.0.12")])),
        Kind("prefix-too-long", "RFC2332 §5.2.0.1", "Prefix length 129 of an IPv4 address.", "nothing",
             registration(cies=[entry(prefix_len=129)])),
        Kind("code-in-request", "RFC2332 §5.2.3", "A request that carries a refusal.", "nothing",
             registration(cies=[entry(code=4)])),
        Kind("holding-time-in-refusal", "RFC2332 §5.2.0.1", "A refusal that is valid for ten minutes.", "nothing",
             carried(NHRP() / NHRPRegistrationReply(request_id=7, cies=[entry(code=14)], **FROM_SPOKE1))),
        Kind("refusal-and-more", "RFC2332 §5.2.2", "A refusal beside another entry.", "nothing", carried(
            NHRP() / NHRPResolutionReply(request_id=8, cies=[
                NHRPCIE(code=12), entry(nbma=SPOKE2[0], prot=SPOKE2[1])], **FROM_SPOKE1))),
        Kind("resolution-two-entries", "RFC2332 §5.2.1", "A Resolution Request with two entries.", "nothing", carried(
            NHRP() / NHRPResolutionRequest(request_id=9, cies=[entry(), entry()], **FROM_SPOKE1))),
        Kind("purge-without-address", "RFC2332 §5.2.5", "A purge that does not say of what.", "nothing", carried(
            NHRP() / NHRPPurgeRequest(request_id=10, cies=[NHRPCIE(prefix_len=32)], **FROM_SPOKE1))),
    ]


def extension_kinds():
    """What can be wrong with extensions."""
    good = registration()
    whole = len(good[NHRP])
    return [
        Kind("extension-header-cut", "RFC2332 §5.3", "Two octets where an extension should begin.", "extension",
             cut(good, whole - 6)),
        Kind("extension-too-long", "RFC2332 §5.3", "An extension that runs past the packet.", "extension",
             registration(extensions=extensions(NHRPExtension(type=11, len=100, value=b"short")))),
        Kind("end-missing", "RFC2332 §5.3", "Extensions without an end.", "nothing",
             registration(extensions=[NHRPExtResponder()])),
        Kind("end-not-empty", "RFC2332 §5.3.0", "An end with a value.", "nothing",
             registration(extensions=[NHRPExtEnd(value=b"more")])),
        Kind("after-end", "RFC2332 §5.3", "Octets after the end.", "nothing", registration(trailer=b"\0" * 16)),
        Kind("extension-twice", "RFC2332 §5.3", "The responder extension twice.", "nothing",
             registration(extensions=extensions(NHRPExtResponder(), NHRPExtResponder()))),
        Kind("extension-unused-bit", "RFC2332 §5.3", "The unused bit of a type is set.", "nothing",
             registration(extensions=extensions(NHRPExtResponder(unused=1)))),
        Kind("extension-not-compulsory", "RFC2332 §5.3.1", "A responder extension that may be ignored.", "nothing",
             registration(extensions=extensions(NHRPExtResponder(compulsory=0)))),
        Kind("extension-unknown-compulsory", "RFC2332 §5.3", "An unknown one that must be understood.", "nothing",
             registration(extensions=extensions(NHRPExtension(type=0x3801, compulsory=1, value=b"?")))),
        Kind("responder-many", "RFC2332 §5.3.1", "Two responders.", "nothing", registration(extensions=extensions(
            NHRPExtResponder(cies=[entry(prot="10.255.0.1"), entry(prot="10.255.0.2")])))),
        Kind("responder-entry-cut", "RFC2332 §5.3.1", "A responder extension of half an entry.", "entry",
             registration(extensions=extensions(NHRPExtResponder(cies=[Raw(b"\0" * 6)])))),
        Kind("transit-entry-too-long", "RFC2332 §5.3.2", "An entry that runs past its extension.", "entry",
             registration(extensions=extensions(NHRPExtForwardTransit(
                 cies=[entry(prot_len=40, prot="10.255.0.1")])))),
        Kind("loop-in-transit", "RFC2332 §5.3.2", "The receiver is in the record already.", "nothing", carried(
            NHRP() / NHRPResolutionRequest(request_id=11, extensions=extensions(
                NHRPExtForwardTransit(cies=[entry(nbma=HUB[0], prot=HUB[1])])), **FROM_SPOKE1))),
        Kind("authentication-cut", "RFC2332 §5.3.4.1", "An authentication of two octets.", "nothing",
             registration(extensions=extensions(NHRPExtension(type=7, compulsory=1, value=b"\0\0")))),
        Kind("authentication-no-hash", "RFC2332 §5.3.4.1", "A keyed hash of no octets.", "nothing",
             registration(extensions=extensions(NHRPExtAuthHash(spi=256, src="10.255.0.11")))),
        Kind("authentication-twice", "RFC2332 §5.3.4", "Two passwords, of two hops.", "nothing", registration(
            extensions=extensions(NHRPExtAuthCleartext(password=b"secret"), NHRPExtAuthCleartext(password=b"other")))),
        Kind("password-too-long", "DEFACTO", "A password of more than eight octets.", "nothing",
             registration(extensions=extensions(NHRPExtAuthCleartext(password=b"correct horse")))),
        Kind("vendor-cut", "RFC2332 §5.3.5", "A vendor number of two octets.", "nothing",
             registration(extensions=extensions(NHRPExtension(type=8, value=b"\0\0")))),
        Kind("vendor-compulsory", "RFC2332 §5.3.5", "A vendor extension that must be understood.", "nothing",
             registration(extensions=extensions(NHRPExtVendorPrivate(compulsory=1, vendor_id=0x00005E, data=b"x")))),
        Kind("nat-unreadable", "DEFACTO", "A NAT extension that is no list of entries.", "nothing",
             registration(extensions=extensions(NHRPExtension(type=9, value=b"\1" * 5)))),
        Kind("nat-twice", "RFC2332 §5.3", "The NAT extension twice.", "nothing",
             registration(extensions=extensions(NHRPExtNAT(), NHRPExtNAT()))),
    ]


def indication_kinds():
    """What can be wrong with Error and Traffic Indications."""
    offender = registration()[NHRP]
    about_error = NHRP() / NHRPErrorIndication(error_code=7, packet=bytes(offender), **FROM_SPOKE1)
    nested = bytes(about_error)
    for _ in range(6):
        nested = bytes(NHRP() / NHRPErrorIndication(error_code=7, packet=nested, **FROM_SPOKE1))
    return [
        Kind("error-with-extensions", "RFC2332 §5.2.7", "An Error Indication with extensions.", "nothing", carried(
            NHRP() / NHRPErrorIndication(error_code=6, packet=bytes(offender), extensions=extensions(
                NHRPExtForwardTransit()), **FROM_SPOKE1))),
        Kind("error-code-unknown", "RFC2332 §5.2.7", "An error code that does not exist.", "nothing", carried(
            NHRP() / NHRPErrorIndication(error_code=99, packet=bytes(offender), **FROM_SPOKE1))),
        Kind("error-offset-beyond", "RFC2332 §5.2.7", "An error offset past the packet in error.", "nothing", carried(
            NHRP() / NHRPErrorIndication(error_offset=5000, packet=bytes(offender), **FROM_SPOKE1))),
        Kind("error-empty", "RFC2332 §5.2.7", "An error about nothing.", "nothing", carried(
            NHRP() / NHRPErrorIndication(**FROM_SPOKE1))),
        Kind("error-packet-cut", "RFC2332 §5.2.7", "Twelve octets of the packet in error.", "packet", carried(
            NHRP() / NHRPErrorIndication(packet=bytes(offender)[:12], **FROM_SPOKE1))),
        Kind("error-about-error", "RFC2332 §5.2.7", "An error about an error.", "nothing", carried(
            NHRP() / NHRPErrorIndication(packet=bytes(about_error), **FROM_SPOKE1))),
        Kind("error-nested", "RFC2332 §5.2.7", "Eight errors, each about the next.", "nothing", carried(NHRP(nested))),
        Kind("traffic-empty", "DRAFT §5.1", "A redirect for nothing.", "nothing", carried(
            NHRP() / NHRPTrafficIndication(**FROM_SPOKE1))),
        Kind("traffic-packet-cut", "DRAFT §5.1", "A redirect with eight octets of the packet.", "packet", carried(
            NHRP() / NHRPTrafficIndication(packet=bytes(data())[:8], **FROM_SPOKE1))),
        Kind("traffic-packet-cut-and-extensions", "DRAFT §5.1",
             "The packet's own length reaches into the extensions.", "nothing", carried(
                 NHRP() / NHRPTrafficIndication(packet=bytes(data())[:28], extensions=extensions(
                     NHRPExtForwardTransit(), NHRPExtAuthCleartext(password=b"secret")), **FROM_SPOKE1))),
        Kind("traffic-not-ip", "DRAFT §5.1", "A redirect for what is no IP packet.", "packet", carried(
            NHRP() / NHRPTrafficIndication(packet=b"\xff" * 40, **FROM_SPOKE1))),
        Kind("traffic-multicast", "DRAFT §5.1", "A redirect for multicast.", "nothing", carried(
            NHRP() / NHRPTrafficIndication(packet=bytes(data(dst="224.0.0.5")), **FROM_SPOKE1))),
        Kind("traffic-hop-count-zero", "DEFACTO", "A redirect that routers drop for its hop count.", "nothing", carried(
            NHRP(hopcnt=0) / NHRPTrafficIndication(packet=bytes(data())[:28], **FROM_SPOKE1))),
        Kind("traffic-code-unknown", "DRAFT §5.1", "A traffic code that does not exist.", "nothing", carried(
            NHRP() / NHRPTrafficIndication(traffic_code=5, packet=bytes(data())[:28], **FROM_SPOKE1))),
    ]


def carrier_kinds():
    """What can be wrong around a good message."""
    good = registration()
    message = bytes(good[NHRP])
    return [
        Kind("gre-checksum-wrong", "RFC2784 §2.5", "The GRE checksum does not fit.", "nothing",
             carried(NHRP(message), chksum_present=1, chksum=0xBAD1, offset=0)),
        Kind("gre-reserved-bits", "RFC2784 §2.3", "GRE with bits set that make a receiver discard it.", "nothing",
             carried(NHRP(message), recursion_control=5)),
        Kind("gre-key-wrong", "RFC2890 §2.1", "The key of another tunnel.", "nothing", carried(NHRP(message), key=43)),
        Kind("gre-key-missing", "RFC2890 §2.1", "No key in a tunnel that has one.", "nothing",
             carried(NHRP(message), key_present=0, key=None)),
        Kind("link-padding", "RFC2332 §5.1", "Six octets after ar$pktsz: allowed, and easily misread.", "nothing",
             carried(NHRP(message + b"\xff" * 6))),
    ]


def all_kinds():
    """Every kind, in the order of the packet's parts."""
    return (fixed_part_kinds() + mandatory_part_kinds() + extension_kinds() + indication_kinds() + carrier_kinds())


def main(arguments):
    """Returns the exit code."""
    if len(arguments) != 2 or arguments[1].startswith("-"):
        print("usage: malformed.py OUTPUT.pcapng", file=sys.stderr)
        return 2
    packets = []
    for kind in all_kinds():
        packet = kind.packet.__class__(bytes(kind.packet))
        packet.time = len(packets)
        packet.comment = "%s: %s [%s]" % (kind.name, kind.story, kind.clause)
        packets.append(packet)
    try:
        write_packets(arguments[1], packets, LINKTYPE_ETHERNET)
    except OSError as error:
        print("malformed.py: %s: %s" % (arguments[1], error.strerror), file=sys.stderr)
        return 2
    print("%s: %d packets" % (arguments[1], len(packets)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
