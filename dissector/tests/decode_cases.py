# SPDX-License-Identifier: GPL-2.0-or-later
"""The cases of decode.py: (name, frame, wanted values by field, wanted finding names)."""
from messages import (END, address, cie, codes, ethernet, extension, flags, gre, ipv4, ipv6, message, snap,
                      tunnelled)

EMPTY_EXTENSIONS = extension(3) + extension(4) + extension(5) + END
PASSWORD = extension(7, bytes(2) + b"\0\1" + b"secret")
HASH = bytes(range(200, 216))
DATA_PACKET = ipv4(b"\x08\0" + bytes(6), "10.1.0.1", "10.2.0.1", protocol=1, length=84)


def registration(**changes):
    arguments = {"middle": flags(0x8002), "body": cie(prefix=255, mtu=1400, hold=600), "extensions": EMPTY_EXTENSIONS}
    return tunnelled(message(3, **{**arguments, **changes}))


def resolution_request(**changes):
    arguments = {"middle": flags(0xC802, 7), "body": cie(hold=600), "extensions": EMPTY_EXTENSIONS,
                 "destination": "10.2.0.1"}
    return tunnelled(message(1, **{**arguments, **changes}))


def resolution_reply(**changes):
    arguments = {"middle": flags(0xE802, 7), "destination": "10.2.0.1", "extensions": EMPTY_EXTENSIONS,
                 "body": cie(prefix=24, mtu=1400, hold=600, nbma="192.0.2.12", protocol="10.0.0.12")}
    return tunnelled(message(2, **{**arguments, **changes}))


def purge(kind=5, **changes):
    arguments = {"middle": flags(0), "body": cie(prefix=32, protocol="10.0.0.12")}
    return tunnelled(message(kind, **{**arguments, **changes}))


def error(code=6, about=None, unused=0, offset=24, **changes):
    arguments = {"middle": codes(unused, code, offset), "nbma": "192.0.2.1", "source": "10.0.0.1",
                 "destination": "10.0.0.11", "body": message(3, middle=flags(0, 5)) if about is None else about}
    return tunnelled(message(7, **{**arguments, **changes}))


def indication(code=0, unused=0, last=0, data=DATA_PACKET, **changes):
    arguments = {"middle": codes(unused, code, last), "nbma": "192.0.2.1", "source": "10.0.0.1",
                 "destination": "10.1.0.1", "body": data, "extensions": EMPTY_EXTENSIONS}
    return tunnelled(message(8, **{**arguments, **changes}))


def with_extension(*values):
    return registration(extensions=b"".join(values) + END)


GOOD = [
    ("registration", registration(),
     {"nhrp.hdr.op.type": "3", "nhrp.flag.u": "1", "nhrp.flag.nat": "1", "nhrp.htime": "600", "nhrp.prefix": "255",
      "nhrp.mtu": "1400", "nhrp.src.nbma.addr": "192.0.2.11", "nhrp.src.prot.addr": "10.0.0.11",
      "nhrp.dst.prot.addr": "10.0.0.1", "nhrp.hdr.chksum.status": "1", "nhrp.ext.len": ["0", "0", "0", "0"],
      "frame.protocols": "eth:ethertype:ip:gre:nhrp", "_ws.col.Protocol": "NHRP",
      "_ws.col.Info": "Registration Request #1 10.0.0.11 is at 192.0.2.11, 600 s, unique"}, []),
    ("registration reply", tunnelled(message(4, middle=flags(2), body=cie(prefix=32, hold=600))),
     {"_ws.col.Info": "Registration Reply #1 10.0.0.11 is at 192.0.2.11, 600 s, accepted"}, []),
    ("resolution request", resolution_request(),
     {"nhrp.flag.q": "1", "nhrp.flag.a": "1", "nhrp.flag.d": "0", "nhrp.flag.s": "1", "nhrp.reqid": "0x00000007",
      "_ws.col.Info": "Resolution Request #7 10.0.0.11 at 192.0.2.11 asks for 10.2.0.1"}, []),
    ("resolution reply", resolution_reply(),
     {"nhrp.client.nbma.addr": "192.0.2.12", "nhrp.client.prot.addr": "10.0.0.12", "_ws.col.Info":
      "Resolution Reply #7 10.2.0.0/24 is at 192.0.2.12 through 10.0.0.12, 600 s, authoritative"}, []),
    ("two entries", resolution_reply(body=2 * cie(hold=9, nbma="192.0.2.12", protocol="10.0.0.12")),
     {"nhrp.htime": ["9", "9"]}, []),
    ("purge request, reply wanted", purge(),
     {"nhrp.flag.n": "0", "_ws.col.Info": "Purge Request #1 10.0.0.11 purges 10.0.0.12"}, []),
    ("purge request, no reply wanted", purge(middle=flags(0x8000)),
     {"nhrp.flag.n": "1", "_ws.col.Info": "Purge Request #1 10.0.0.11 purges 10.0.0.12, no reply wanted"}, []),
    ("purge reply", purge(kind=6), {"_ws.col.Info": "Purge Reply #1 10.0.0.11 had purged 10.0.0.12"}, []),
    ("traffic indication ends at the extensions", indication(),
     {"nhrp.tind.code": "0", "nhrp.embedded.length": "28", "icmp.type": "8", "data.data": None, "_ws.col.Info":
      "Traffic Indication, 10.0.0.1 tells 10.1.0.1 about traffic 10.1.0.1 to 10.2.0.1"}, []),
    ("padding behind the packet", ethernet(message(3, body=cie(hold=9)) + bytes(6), 0x2001),
     {"nhrp.hdr.chksum.status": "1", "nhrp.padding": "00" * 6, "frame.protocols": "eth:ethertype:nhrp"}, []),
    ("IP protocol 54", ethernet(ipv4(message(3, body=cie(hold=9)), protocol=54)), {"nhrp.htime": "9"}, []),
    ("LLC/SNAP", snap(message(3, body=cie(hold=9))), {"nhrp.htime": "9"}, []),
    ("outer IPv6, IPv6 in every place", ethernet(ipv6(gre(message(
        2, middle=flags(0x4000), afn=2, protocol=0x86DD, nbma="2001:db8::11", source="fd00::11",
        destination="fd00:2::1", body=cie(prefix=64, hold=9, nbma="2001:db8::12", protocol="fd00::12")))), 0x86DD),
     {"nhrp.src.nbma.addr": "2001:db8::11", "nhrp.src.nbma.addr.ipv6": "2001:db8::11", "nhrp.src.prot.addr": "fd00::11",
      "nhrp.dst.prot.addr": "fd00:2::1", "nhrp.client.nbma.addr": "2001:db8::12", "nhrp.client.prot.addr": "fd00::12",
      "_ws.col.Info": "Resolution Reply #1 fd00:2::/64 is at 2001:db8::12 through fd00::12, 9 s, "
                      "authoritative"}, []),
    ("IPv6 overlay on IPv4 underlay", tunnelled(message(3, protocol=0x86DD, source="fd00::11", destination="fd00::1",
                                                        body=cie(hold=9))),
     {"nhrp.src.nbma.addr": "192.0.2.11", "nhrp.src.prot.addr": "fd00::11"}, []),
    ("IPv6 data in an indication", indication(
        protocol=0x86DD, source="fd00::1", destination="fd00:1::1",
        data=ipv6(bytes([0x80, 0]) + bytes(6), "fd00:1::1", "fd00:2::1", 58)),
     {"ipv6.dst": "fd00:2::1", "_ws.col.Info":
      "Traffic Indication, fd00::1 tells fd00:1::1 about traffic fd00:1::1 to fd00:2::1"}, []),
    ("subaddress and E.164 bits are stepped over", tunnelled(message(
        3, afn=15, nbma=b"49891234", nbma_tl=0x48, sub=bytes(20), body=cie(
            hold=9, nbma=b"49895678", nbma_tl=0x48, sub=bytes(20), protocol="10.0.0.11") + cie(hold=8))),
     {"nhrp.src.nbma.addr_bytes": "3439383931323334", "nhrp.src.nbma.saddr": "00" * 20, "nhrp.hdr.shtl.type": "1",
      "nhrp.hdr.shtl.len": "8", "nhrp.src.prot.addr": "10.0.0.11", "nhrp.client.nbma.addr_bytes": "3439383935363738",
      "nhrp.client.nbma.saddr": "00" * 20, "nhrp.client.prot.addr": "10.0.0.11", "nhrp.htime": ["9", "8"],
      "nhrp.cli.addr_tl.len": ["8", "0"]}, []),
    ("NSAP", tunnelled(message(3, afn=3, nbma=bytes.fromhex("47") + bytes(19), body=cie(hold=9))),
     {"nhrp.src.nbma.addr_bytes": "47" + "00" * 19}, []),
    ("protocol that is neither IPv4 nor IPv6", tunnelled(message(3, protocol=0x8137, source=b"\1\2\3\4",
                                                                  destination=b"\5\6\7\10", body=cie(hold=9))),
     {"nhrp.src.prot.addr": None, "nhrp.src.prot.addr_bytes": "01020304", "nhrp.dst.prot.addr_bytes": "05060708",
      "nhrp.dst.prot.addr_byets": "05060708"}, []),
    ("long form of a protocol type", tunnelled(message(3, protocol=0x80, snap=bytes.fromhex("00000c0123"),
                                                        body=cie(hold=9))),
     {"nhrp.hdr.pro.snap.oui": "12", "nhrp.hdr.pro.snap.pid": "0x0123"}, []),
    ("NLPID", tunnelled(message(3, protocol=0xCC, body=cie(hold=9))), {"nhrp.src.prot.addr": "10.0.0.11"}, []),
    ("keyed hash", with_extension(extension(7, bytes(2) + b"\1\0" + address("10.0.0.11") + HASH)),
     {"nhrp.auth_ext.kind": "0", "nhrp.auth_ext.spi": "256", "nhrp.auth_ext.src_addr": "10.0.0.11",
      "nhrp.auth_ext.data": HASH.hex(), "nhrp.auth_ext.password": None}, []),
    ("keyed hash with SPI 1", with_extension(extension(7, bytes(2) + b"\0\1" + address("10.0.0.11") + HASH)),
     {"nhrp.auth_ext.kind": "0", "nhrp.auth_ext.src_addr": "10.0.0.11"}, []),
    ("mobile authentication", with_extension(extension(10, bytes(2) + b"\0\1" + address("10.0.0.11") + HASH)),
     {"nhrp.auth_ext.src_addr": "10.0.0.11", "nhrp.auth_ext.data": HASH.hex()}, []),
    ("device capabilities", with_extension(extension(9, bytes(3) + b"\1" + bytes(4), compulsory=False)),
     {"nhrp.devcap_ext.srccap.V": "1", "nhrp.devcap_ext.dstcap.V": "0"}, []),
    ("NAT address", with_extension(extension(9, cie(prefix=32, nbma="203.0.113.5", protocol="10.0.0.1"), False)),
     {"nhrp.client.nbma.addr": "203.0.113.5", "nhrp.client.prot.addr": "10.0.0.1"}, []),
    ("vendor private twice", with_extension(extension(8, b"\0\0\x0cabc", False), extension(8, b"\0\0\x0d", False)),
     {"nhrp.vendor_ext.id": ["12", "13"], "nhrp.vendor_ext.data": "616263"}, []),
    ("transit records", with_extension(
        extension(3, cie(hold=9, nbma="192.0.2.1", protocol="10.0.0.1")),
        extension(4, 2 * cie(hold=9, nbma="192.0.2.2", protocol="10.0.0.2")), extension(5)),
     {"nhrp.client.nbma.addr": ["192.0.2.1", "192.0.2.2", "192.0.2.2"]}, []),
    ("GRE key, sequence, checksum", tunnelled(message(3, body=cie(hold=9)), key=42, sequence=7, checked=True),
     {"gre.key": "0x0000002a", "gre.sequence_number": "7", "gre.checksum.status": "1", "gre.offset": "0",
      "nhrp.htime": "9"}, []),
    ("GRE keepalive", ethernet(ipv4(gre(ipv4(gre(b"", kind=0), "192.0.2.1", "192.0.2.11"), kind=0x0800))),
     {"gre.proto": ["0x0800", "0x0000"], "gre.depth": "1", "frame.protocols": "eth:ethertype:ip:gre:ip:gre",
      "gre.keepalive": ["GRE keepalive, its answer enclosed"] * 2}, []),
    ("GRE with routing stays with stock", ethernet(ipv4(gre(
        bytes(4) + bytes.fromhex("0002 0004 c0000201 0000 0000"), bits=0x4000))),
     {"gre.routing.address_family": ["2", "0"], "frame.protocols": "eth:ethertype:ip:gre"}, []),
    ("PPTP stays with stock", ethernet(ipv4(bytes.fromhex("2081880b 0000 0005 00000002"))),
     {"gre.flags.version": "1", "gre.ack_number": "2", "frame.protocols": "eth:ethertype:ip:gre"}, []),
]

ERRORS = [
    ("error about a registration", error(),
     {"nhrp.err.code": "6", "nhrp.err.offset": "24", "nhrp.err.octet": "0x00", "nhrp.hdr.op.type": ["7", "3"],
      "frame.protocols": "eth:ethertype:ip:gre:nhrp", "_ws.col.Info":
      "Error Indication, code 6 (Protocol Address Unreachable), 10.0.0.1 tells 10.0.0.11 about "
      "Registration Request #5"}, ["nhrp.err"]),
    ("embedded copy with a bad checksum is not blamed", error(
        about=message(3, middle=flags(0x1000, 5), bad_checksum=True, extensions=PASSWORD, version=3)),
     {"nhrp.hdr.chksum.status": ["1", "2"]}, ["nhrp.err"]),
    ("embedded copy that is cut", error(about=message(3, body=cie(hold=9), extensions=EMPTY_EXTENSIONS)[:40]),
     {"nhrp.hdr.pktsz": ["80", "68"]}, ["nhrp.err"]),
    ("embedded copy without a header", error(about=b"\0\1\2"), {}, ["nhrp.err", "nhrp.embedded.short",
                                                                   "nhrp.err.offset.beyond"]),
    ("error without a packet", error(about=b""), {}, ["nhrp.err", "nhrp.embedded.short"]),
    ("error about an error", error(about=message(7, middle=codes(0, 6, 0), body=message(3))), {},
     ["nhrp.err", "nhrp.err.about_error"]),
    ("errors nested deep", error(about=message(7, body=message(7, body=message(7, body=message(7, body=message(7)))))),
     {"nhrp.hdr.op.type": ["7"] * 4}, ["nhrp.err", "nhrp.err.about_error", "nhrp.embedded.deep"]),
    ("error with extensions", error(extensions=extension(4) + END), {}, ["nhrp.err", "nhrp.ext.not_allowed"]),
    ("zeros behind the end extension", error(extensions=END + bytes(12)), {},
     ["nhrp.err", "nhrp.ext.not_allowed", "nhrp.ext.zeros"]),
    ("loop as FRR says it", error(code=2), {}, ["nhrp.err", "nhrp.err.code.defacto"]),
    ("unknown error", error(code=99), {}, ["nhrp.err.code.unknown"]),
    ("unused of an error", error(unused=0xC002), {"nhrp.err.unused": "0xc002"}, ["nhrp.err", "nhrp.unused.nonzero"]),
    ("traffic code 5", indication(code=5), {"nhrp.tind.code": "5"}, ["nhrp.tind.code.unknown"]),
    ("unused of an indication", indication(last=7), {"nhrp.tind.unused": ["0x0000", "0x0007"]},
     ["nhrp.unused.nonzero"]),
    ("indication with hop count 0", indication(hops=0), {}, ["nhrp.tind.hopcnt.zero"]),
    ("indication with 4 octets", indication(data=b"\x45\0\0\x54"), {"nhrp.embedded.length": "4"},
     ["nhrp.embedded.short"]),
]

BROKEN = [
    ("packet length 10", registration(size=10), {}, ["nhrp.hdr.pktsz.invalid"]),
    ("packet length beyond", registration(size=2000), {}, ["nhrp.hdr.pktsz.beyond"]),
    ("bad checksum", registration(bad_checksum=True), {"nhrp.hdr.chksum.status": "0"}, ["nhrp.hdr.bad_checksum"]),
    ("extension offset 10", registration(offset=10), {}, ["nhrp.hdr.extoff.invalid"]),
    ("extension offset beyond", registration(offset=999), {}, ["nhrp.hdr.extoff.invalid"]),
    ("mandatory part of 4 octets", tunnelled(message(3, flags(0, 0x80060400), offset=24)), {},
     ["nhrp.mandatory.short", "nhrp.ext.unknown_compulsory", "nhrp.ext.short", "nhrp.ext.no_end", "nhrp.cie.missing"]),
    ("entry longer than its part", registration(body=cie(prefix=255, hold=9, nbma="192.0.2.11", nbma_tl=60)), {},
     ["nhrp.cie.short", "nhrp.cie.missing"]),
    ("octets behind the entries", registration(body=cie(prefix=255, hold=9) + b"abc"), {"nhrp.cie.rest": "616263"},
     ["nhrp.cie.superfluous"]),
    ("extension beyond the packet", registration(extensions=extension(4, length=0xFFFF)), {},
     ["nhrp.ext.short", "nhrp.ext.no_end"]),
    ("half an extension header", registration(extensions=extension(4) + b"\0"), {},
     ["nhrp.ext.short", "nhrp.ext.no_end"]),
    ("data behind the end extension", registration(extensions=END + b"abc"), {"nhrp.ext.rest": "616263"},
     ["nhrp.ext.extra"]),
    ("end extension with a length", registration(extensions=extension(0, b"\0\0")), {}, ["nhrp.ext.end_length"]),
    ("no end extension", registration(extensions=extension(4)), {}, ["nhrp.ext.no_end"]),
    ("short authentication", with_extension(extension(7, b"\0\0")), {}, ["nhrp.ext.malformed"]),
    ("authentication without room for an address", with_extension(extension(7, b"\0\0\0\5ab")), {},
     ["nhrp.ext.malformed"]),
    ("short vendor extension", with_extension(extension(8, b"\0", False)), {}, ["nhrp.ext.malformed"]),
    ("8 octets that are no capabilities", with_extension(extension(9, b"\1\2\3\4\5\6\7\10", False)), {},
     ["nhrp.ext.nat_length_8", "nhrp.cie.superfluous"]),
]

ODD = [
    ("version 0", registration(version=0), {}, ["nhrp.hdr.version.unknown"]),
    ("type 9", tunnelled(message(9)), {"_ws.col.Info": "Message of an unknown type, type 9"},
     ["nhrp.hdr.op.type.unknown"]),
    ("hop count 0", registration(hops=0), {}, ["nhrp.hdr.hopcnt.zero"]),
    ("long form beside short form", registration(snap=b"\0\0\0\0\1"), {}, ["nhrp.hdr.pro.snap.nonzero"]),
    ("needless long form", registration(protocol=0x80, snap=b"\0\0\0\x08\0"), {"nhrp.src.prot.addr": "10.0.0.11"},
     ["nhrp.hdr.pro.snap.needless"]),
    ("reserved bit of a length", registration(nbma_tl=0x84), {"nhrp.src.nbma.addr": "192.0.2.11"},
     ["nhrp.tl.reserved_set"]),
    ("E.164 bit under IPv4", registration(nbma_tl=0x44), {"nhrp.src.nbma.addr": "192.0.2.11"}, ["nhrp.tl.type_set"]),
    ("IPv4 address of 5 octets", registration(nbma=b"\1\2\3\4\5"), {"nhrp.src.nbma.addr_bytes": "0102030405"},
     ["nhrp.address.length"]),
    ("subaddress under IPv4", registration(sub=b"\1\2"), {"nhrp.src.nbma.saddr": "0102"},
     ["nhrp.subaddress.unexpected"]),
    ("unused flags", registration(middle=flags(0x8010)), {}, ["nhrp.unused.nonzero"]),
    ("unused of an entry", registration(body=cie(prefix=255, hold=9, unused=1)), {}, ["nhrp.unused.nonzero"]),
    ("unused bit of an extension", with_extension(extension(4, unused=True)), {"nhrp.ext.u": ["1", "0"]},
     ["nhrp.unused.nonzero"]),
    ("D in a request", resolution_request(middle=flags(0xE800)), {}, ["nhrp.flag.d.in_request"]),
    ("unique with prefix 32", registration(body=cie(prefix=32, hold=9)), {}, ["nhrp.prefix.unique"]),
    ("prefix 33", registration(middle=flags(0), body=cie(prefix=33, hold=9)), {}, ["nhrp.prefix.too_long"]),
    ("unique with two entries", registration(body=2 * cie(prefix=255, hold=9)), {}, ["nhrp.cie.unique_many"]),
    ("no entry", registration(body=b""), {}, ["nhrp.cie.missing"]),
    ("two entries in a request", resolution_request(body=2 * cie(hold=9)), {}, ["nhrp.cie.many"]),
    ("purge of nothing in particular", purge(body=cie(hold=0)), {}, ["nhrp.cie.no_protocol_address"]),
    ("purge with an MTU", purge(body=cie(mtu=1400, protocol="10.0.0.12")), {}, ["nhrp.purge.nonzero"]),
    ("code in a request", registration(body=cie(code=4, prefix=255, hold=9)), {}, ["nhrp.code.in_request"]),
    ("refusal", tunnelled(message(4, body=cie(code=14))),
     {"_ws.col.Info": "Registration Reply #1 10.0.0.11 is at 192.0.2.11, refused: code 14 "
                      "(Unique Internetworking Layer Address Already Registered)"}, ["nhrp.nak"]),
    ("refusal with holding time", resolution_reply(body=cie(code=12, hold=9)), {}, ["nhrp.nak", "nhrp.htime.nak"]),
    ("refusal as FRR says it", resolution_reply(body=cie(code=11)), {}, ["nhrp.nak", "nhrp.code.defacto"]),
    ("unknown code", resolution_reply(body=cie(code=200)), {}, ["nhrp.nak", "nhrp.code.unknown"]),
    ("holding time 0", registration(body=cie(prefix=255)), {}, ["nhrp.htime.zero"]),
    ("holding time without S", resolution_request(middle=flags(0xC000)), {}, ["nhrp.htime.unstable"]),
    ("extension twice", with_extension(extension(4), extension(4)), {}, ["nhrp.ext.duplicate"]),
    ("extension without its compulsory bit", with_extension(extension(4, compulsory=False)), {},
     ["nhrp.ext.c.unexpected"]),
    ("unknown extension", with_extension(extension(0x3900, b"xy", compulsory=False)),
     {"nhrp.unknown_ext.value": "7879"}, ["nhrp.ext.unknown"]),
    ("unknown compulsory extension", with_extension(extension(6)), {}, ["nhrp.ext.unknown_compulsory"]),
    ("two responders", with_extension(extension(3, 2 * cie(hold=9))), {}, ["nhrp.ext.responder_many"]),
    ("password", with_extension(PASSWORD),
     {"nhrp.auth_ext.kind": "1", "nhrp.auth_ext.password": "secret", "nhrp.auth_ext.src_addr": None,
      "nhrp.auth_ext.data": b"secret".hex()}, ["nhrp.auth_ext.password.clear"]),
    ("password of three letters", with_extension(extension(7, bytes(2) + b"\0\1abc")),
     {"nhrp.auth_ext.password": "abc"}, ["nhrp.auth_ext.password.clear"]),
    ("long password", with_extension(extension(7, bytes(2) + b"\0\1" + b"a very long passphrase indeed")),
     {"nhrp.auth_ext.password": "a very long passphrase indeed"},
     ["nhrp.auth_ext.password.clear", "nhrp.auth_ext.password.long"]),
    ("GRE bits 4 and 5", tunnelled(message(3, body=cie(hold=9)), bits=0x0800), {}, ["gre.flags.reserved_set"]),
    ("GRE bits 6 to 12", tunnelled(message(3, body=cie(hold=9)), bits=0x0008), {}, ["gre.flags.ignored_set"]),
    ("GRE reserved 1", tunnelled(message(3, body=cie(hold=9)), checked=True, reserved1=1), {},
     ["gre.offset.nonzero"]),
    ("GRE checksum", tunnelled(message(3, body=cie(hold=9)), checked=True, spoil=True), {"gre.checksum.status": "0"},
     ["gre.checksum.incorrect"]),
    ("GRE inside GRE", ethernet(ipv4(gre(ipv4(gre(ipv4(b"", protocol=1), kind=0x0800)), kind=0x0800))),
     {"gre.depth": "1"}, ["gre.recursion"]),
]


def deep(levels):
    packet = ipv4(b"", protocol=1)
    for _ in range(levels):
        packet = ipv4(gre(packet, kind=0x0800))
    return ethernet(packet)


ODD.append(("GRE 20 levels deep", deep(20), {}, ["gre.recursion", "gre.too_deep"]))
SIGNS = [
    ("LLC/SNAP inside GRE", tunnelled(message(3, afn=0xAAAA, protocol=0x0300, nbma=b"abcd", body=cie(hold=9))), {},
     ["nhrp.hdr.llc"]),
    ("holding time 65535", registration(body=cie(prefix=255, hold=65535)), {}, ["nhrp.htime.forever"]),
    ("holding time swapped", resolution_reply(body=cie(hold=8220, nbma="192.0.2.12", protocol="10.0.0.12")), {},
     ["nhrp.htime.swapped"]),
    ("MTU 17912", registration(body=cie(prefix=255, mtu=17912, hold=600)), {}, ["nhrp.mtu.large"]),
    ("prefix length 255 without the U bit", registration(middle=flags(2)), {}, ["nhrp.prefix.not_unique"]),
    ("code 13 in a registration reply", tunnelled(message(4, middle=flags(2), body=cie(code=13, prefix=32))), {},
     ["nhrp.code.registration", "nhrp.nak"]),
    ("error code swapped", error(code=0x0B00), {}, ["nhrp.err.code.swapped"]),
    ("error 10 about a registration", error(code=10), {}, ["nhrp.err", "nhrp.err.code.not_reply"]),
    ("error with the offender's source", error(nbma="192.0.2.11"), {}, ["nhrp.err", "nhrp.err.source"]),
    ("unknown extension granted", tunnelled(message(4, middle=flags(2), body=cie(prefix=32, hold=9),
                                                    extensions=extension(0x3800) + END)), {},
     ["nhrp.ext.unknown_accepted", "nhrp.ext.unknown_compulsory"]),
    ("NAT extension with the client", with_extension(extension(9, cie(prefix=32, nbma="192.0.2.11", protocol="10.0.0.11"),
                                                               False)), {}, ["nhrp.ext.nat_own"]),
]

CASES = SIGNS + GOOD + ERRORS + BROKEN + ODD
