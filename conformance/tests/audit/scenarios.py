# SPDX-License-Identifier: GPL-2.0-or-later
"""Exchanges with one fault each: (name, [(seconds, packet)], rules that it breaks)."""
import struct

from wire import *  # noqa: F403


def up(message, **options):
    return tunnel(SPOKE1, HUB, message, **options)


def down(message, **options):
    return tunnel(HUB, SPOKE1, message, **options)


def hub_to_2(message, **options):
    return tunnel(HUB, SPOKE2, message, **options)


def from_2(message, **options):
    return tunnel(SPOKE2, HUB, message, **options)


def registered(at=0.0, id=1, **fields):
    """spoke1 registers and is answered."""
    return [(at, up(registration(id=id, **fields))), (at + 0.01, down(registration_reply(id=id, **fields)))]


def registered_2(at=0.1, id=1):
    own = {"nbma": SPOKE2, "source": SPOKE2_T, "id": id}
    return [(at, from_2(registration(**own))), (at + 0.01, hub_to_2(registration_reply(**own)))]


BOTH = registered() + registered_2()


def hairpin(at, ttl=63, ident=7, out_ttl=None):
    """Data of host1 for host2 through the hub."""
    return [(at, data(SPOKE1, HUB, HOST1, HOST2, ttl, ident)),
            (at + 0.001, data(HUB, SPOKE2, HOST1, HOST2, ttl - 1 if out_ttl is None else out_ttl, ident))]


def resolved(at=1.0, request=None, forwarded=None, reply=None, id=2):
    """spoke1 asks for host2 by way of the hub, spoke2 answers spoke1."""
    return [(at, up(request or resolution(id=id))), (at + 0.01, hub_to_2(forwarded or resolution_forwarded(id=id))),
            (at + 0.02, tunnel(SPOKE2, SPOKE1, reply or resolution_reply(id=id)))]


def resolved_by_hub(at=1.0, forwarded=None, reply=None, reply_forwarded=None, id=2):
    """The same, with the reply by way of the hub."""
    return [(at, up(resolution(id=id))), (at + 0.01, hub_to_2(forwarded or resolution_forwarded(id=id))),
            (at + 0.02, from_2(reply or resolution_reply(id=id))),
            (at + 0.03, down(reply_forwarded or resolution_reply_forwarded(id=id)))]


def phase_3(at=1.0, **options):
    return hairpin(at) + [(at + 0.002, down(indication()))] + resolved(at + 0.1, **options)


def one(message, **options):
    """A registration that is wrong, and a right answer to it, where the request can be read."""
    return [(0, up(message, **options))]


def registration_with(*rules, **fields):
    """Request and reply with the same wrong field."""
    return registered(**fields), list(rules)


LATE = [(200.0, ipv4(HUB, SPOKE1, 1, b"\0" * 8))] # time passes


def refused(code=4, hold=0, id=1, **fields):
    return [(0, up(registration(id=id))),
            (0.01, down(registration_reply(id=id, cies=[cie(code=code, prefix=32, hold=hold)], **fields)))]


def reply_only(**fields):
    return [(0, up(registration())), (0.01, down(registration_reply(**fields)))]


def swap_sum(message):
    """An odd message whose checksum takes the last octet for the low half of a word."""
    packet = message.copy(checksum=0).octets()
    wrong = checksum(packet[:-1] + b"\0" + packet[-1:])
    return message.copy(checksum=wrong)


def unanswered(message, *before, **options):
    return list(before) + [(1, up(message, **options))] + LATE


UNIQUE = {"flags": 0x8002, "cies": [cie(prefix=255)]}
NAK = [cie(code=12, mtu=0, hold=0)]


def nak_reply(**fields):
    return resolution_reply(cies=NAK, **fields)


def multicast(at, source, destination, inner):
    return [(at + i, data(source, destination, inner, "224.0.0.9", 1, 20 + i)) for i in range(5)]


SYN = struct.pack(">HHIIHHHH", 1, 2, 0, 0, 0x6002, 100, 0, 0) + b"\x02\x04\x05\xb4"

SCENARIOS = [
    # Nothing wrong
    ("registration", registered(), []),
    ("registrations renewed", registered() + registered(20, 2) + registered(40, 3), []),
    ("unique registration", registered(**UNIQUE), []),
    ("phase 3", BOTH + phase_3() + [(2, data(SPOKE1, SPOKE2, HOST1, HOST2, 63, 8))], []),
    ("reply by way of the hub", BOTH + resolved_by_hub(), []),
    ("purge", registered() + [(1, up(purge())), (1.01, down(purge_reply()))], []),
    ("error", [(0, up(registration())), (0.01, down(error(registration(), 7, 16)))], []),
    ("retry", [(0, up(registration())), (1, up(registration())), (1.01, down(registration_reply()))], []),
    # The header
    ("LLC/SNAP", one(bytes.fromhex("aaaa0300005e0003") + registration().octets()), ["link-header"]),
    ("IP in place of NHRP", one(ipv4(HOST1, HOST2, 17, b"x" * 30)), ["not-nhrp"]),
    ("version", one(registration(version=0)), ["version"]),
    ("type", one(registration(kind=9)), ["type-unknown"]),
    ("size", one(registration(size=900, checksum=1)), ["packet-size"]),
    ("checksum", one(registration(checksum=1)), ["checksum"]),
    ("odd checksum", one(swap_sum(registration(extensions=None, cies=[cie(nbma=SPOKE1, protocol=b"\x0a\xff\x07")]))),
     ["checksum-odd"]),
    ("no mandatory part", one(registration(offset=20)), ["mandatory-part"]),
    ("extensions offset", one(registration(offset=30)), ["extensions-offset"]),
    ("CIE cut", one(registration(cies=[cie(nbma=SPOKE1)[:-2]])), ["structure"]),
    ("address family", *registration_with("address-family", afn=2)),
    ("snap", *registration_with("snap", snap=b"\0\0\0\0\1")),
    ("long form", *registration_with("long-form", protocol_type=0x80, snap=b"\0\0\0\x08\0")),
    ("nlpid", *registration_with("nlpid", protocol_type=0xCC)),
    ("nbma type", *registration_with("nbma-type", nbma_bits=0x80)),
    ("subaddress", *registration_with("subaddress", subaddress=b"\1\2")),
    ("hop count 0", [(0, up(registration(hop=0))), (0.01, down(registration_reply()))], ["hop-count-zero"]),
    ("unused flags", *registration_with("unused-flags", flags=0x0012)),
    ("unused in CIE", *registration_with("unused-cie", cies=[cie(prefix=32, unused=1)])),
    ("prefix too long", *registration_with("prefix-too-long", cies=[cie(prefix=33)])),
    ("source missing", [(0, up(registration(source=None)))], ["source-missing"]),
    ("another source", registered(nbma="198.51.100.99", flags=0, extensions=extensions((RESPONDER, b""))) [:1] +
     [(0.01, down(registration_reply(nbma="198.51.100.99", flags=0, extensions=extensions((RESPONDER, hub_record())))))],
     ["source-not-outer"]),
    # GRE
    ("GRE version", registered() + [(1, up(registration(id=2), flags=1))], ["gre-version"]),
    ("GRE reserved", one(registration(), flags=0x0800), ["gre-reserved"]),
    ("GRE ignored", registered()[:1] + [(0.01, down(registration_reply(), flags=0x0008))], ["gre-ignored"]),
    ("GRE reserved1", [(0, up(registration())), (0.01, down(registration_reply(), reserved1=5))], ["gre-reserved1"]),
    ("GRE checksum", one(registration(), bad_sum=True), ["gre-checksum"]),
    ("GRE cut", [(0, ipv4(SPOKE1, HUB, 47, struct.pack(">HH", 0x2000, 0x2001)))], ["gre-truncated"]),
    ("GRE protocol", [(0, ipv4(SPOKE1, HUB, 47, gre(b"\x60" + bytes(5) + b"\x3b" + bytes(33), 0x0800)))], ["gre-protocol"]),
    ("GRE sequence", registered() + [(1, data(SPOKE1, HUB, HOST1, HOST2, sequence=1))], ["gre-sequence"]),
    ("GRE sequence again", [(0, ipv4(SPOKE1, HUB, 47, gre(registration().octets(), sequence=1), ident=1)),
                            (0.01, tunnel(HUB, SPOKE1, registration_reply(), sequence=0)),
                            (1, ipv4(SPOKE1, HUB, 47, gre(ipv4(HOST1, HOST2, 17, b"x" * 9, 63), 0x0800, sequence=1), ident=2)),
                            (2, ipv4(SPOKE1, HUB, 47, gre(ipv4(HOST1, HOST2, 17, b"y" * 9, 63), 0x0800, sequence=1), ident=3))],
     ["gre-sequence-repeated"]),
    # Registration
    ("unique without 255", *registration_with("registration-unique-prefix", flags=0x8002)),
    ("255 without unique", *registration_with("registration-prefix-ff", cies=[cie(prefix=255)])),
    ("code in request", [(0, up(registration(cies=[cie(code=4, prefix=32)]))), (0.01, down(registration_reply()))],
     ["registration-code"]),
    ("no CIE", registered(cies=[]), ["registration-empty"]),
    ("unique with two CIEs", registered(flags=0x8002, cies=[cie(prefix=255), cie(prefix=255, protocol=HOST1)]),
     ["registration-unique-many"]),
    ("holding time 0", registered(cies=[cie(prefix=32, hold=0)]), ["registration-hold"]),
    ("too late", registered() + registered(100, 2), ["registration-late"]),
    ("rarely", registered() + registered(50, 2), ["registration-rare"]),
    ("broadcast", [(0, up(registration(destination="10.255.0.255"))), (0.01, down(registration_reply()))],
     ["registration-broadcast", "registration-reply-discovery"]),
    ("one id for all", registered() + registered(20, 1), ["request-id-reused"]),
    ("ids restart", registered(id=7) + registered(20, 1), ["request-id-restarted"]),
    ("retry with a new id", [(0, up(registration(id=1))), (1, up(registration(id=2))),
                             (1.01, down(registration_reply(id=2)))], ["request-id-changed"]),
    ("reply with another id", registered() + [(20, up(registration(id=2))), (20.01, down(registration_reply(id=77)))],
     ["reply-id"]),
    ("code 13", refused(13), ["registration-reply-code"]),
    ("NAK with holding time", refused(4, 60), ["nak-hold"]),
    ("reply with another source", reply_only(nbma=SPOKE2), ["registration-reply-formed"]),
    ("reply with another destination", reply_only(destination="10.255.0.9"),
     ["registration-reply-destination"]),
    ("server names itself", [(0, up(registration(destination=SPOKE1_T))), (0.01, down(registration_reply()))],
     ["registration-reply-discovery"]),
    ("reply to the claimed address", [(0, tunnel("203.0.113.200", HUB, registration())),
                                      (0.01, down(registration_reply()))], ["registration-reply-direct"]),
    ("unique overwritten", registered(**UNIQUE) + [(5, tunnel(SPOKE2, HUB, registration(id=2, nbma=SPOKE2, **UNIQUE))),
                                                  (5.01, hub_to_2(registration_reply(id=2, nbma=SPOKE2, **UNIQUE)))],
     ["unique-overwritten", "tunnel-address-twice"]),
    ("unique refused with 4", registered(**UNIQUE) + [
        (5, tunnel(SPOKE2, HUB, registration(id=2, nbma=SPOKE2, **UNIQUE))),
        (5.01, hub_to_2(registration_reply(id=2, nbma=SPOKE2, flags=0x8002, cies=[cie(code=4, prefix=255, hold=0)])))],
     ["unique-refusal-code", "tunnel-address-twice"]),
    ("unique refused", registered(**UNIQUE) + [
        (5, tunnel(SPOKE2, HUB, registration(id=2, nbma=SPOKE2, **UNIQUE))),
        (5.01, hub_to_2(registration_reply(id=2, nbma=SPOKE2, flags=0x8002, cies=[cie(code=14, prefix=255, hold=0)])))],
     ["unique-refused", "tunnel-address-twice"]),
    ("answered late", [(at, up(registration())) for at in (0, 1, 3, 7)] + [(7.01, down(registration_reply()))],
     ["registration-slow"]),
    ("never answered", unanswered(registration()), ["registration-unanswered"]),
    ("own destination not answered", unanswered(registration(destination=SPOKE1_T)),
     ["registration-unanswered", "registration-own-unanswered"]),
    ("data though refused", refused(4) + [(1, data(SPOKE1, HUB, HOST1, HOST2))], ["registration-refusal-ignored"]),
    # Resolution
    ("D in request", BOTH + resolved(request=resolution(id=2, flags=0xE802), forwarded=resolution_forwarded(id=2, flags=0xE802)),
     ["resolution-d-flag"]),
    ("Q clear", BOTH + resolved(request=resolution(id=2, flags=0x4802), forwarded=resolution_forwarded(id=2, flags=0x4802),
                                reply=resolution_reply(id=2, flags=0x6802)), ["resolution-q-flag"]),
    ("holding time without S", BOTH + resolved(request=resolution(id=2, flags=0xC002),
                                               forwarded=resolution_forwarded(id=2, flags=0xC002),
                                               reply=resolution_reply(id=2, flags=0xE002)), ["resolution-hold"]),
    ("two CIEs", BOTH + resolved(request=resolution(id=2, cies=[cie(), cie()]),
                                 forwarded=resolution_forwarded(id=2, cies=[cie(), cie()])), ["resolution-many"]),
    ("unique request without 255", BOTH + resolved(request=resolution(id=2, flags=0xD802),
                                                   forwarded=resolution_forwarded(id=2, flags=0xD802),
                                                   reply=resolution_reply(id=2, flags=0xF802)), ["resolution-unique-prefix"]),
    ("255 in request", BOTH + resolved(request=resolution(id=2, cies=[cie(prefix=255)]),
                                       forwarded=resolution_forwarded(id=2, cies=[cie(prefix=255)])), ["resolution-prefix-ff"]),
    ("filled in", BOTH + resolved(request=resolution(id=2, cies=[cie(nbma=SPOKE1)]),
                                  forwarded=resolution_forwarded(id=2, cies=[cie(nbma=SPOKE1)])), ["resolution-rest"]),
    ("over the shortcut", BOTH + resolved() + [
        (5, tunnel(SPOKE1, SPOKE2, resolution(id=3, destination="10.1.2.99"))),
        (5.01, tunnel(SPOKE2, SPOKE1, resolution_reply(id=3, destination="10.1.2.99", extensions=extensions(
            (RESPONDER, egress_record()), *RECORDS[1:]))))], ["resolution-to-server"]),
    ("flood", BOTH + [(1, up(resolution(id=2))), (1.1, up(resolution(id=3)))],
     ["resolution-flood", "request-id-changed"]),
    ("not cached", BOTH + resolved() + resolved(5, id=3), ["resolution-not-cached"]),
    ("asks for the source", BOTH + hairpin(1) + [(1.002, down(indication()))] + [
        (1.1, up(resolution(id=2, destination=HOST1)))], ["resolution-target"]),
    ("not answered, asked again", BOTH + [
        (1, up(resolution(id=2))), (1.01, hub_to_2(resolution_forwarded(id=2))),
        (2, up(resolution(id=2))), (2.01, hub_to_2(resolution_forwarded(id=2)))] + LATE, ["resolution-unanswered"]),
    ("not answered, told again", BOTH + hairpin(1) + [
        (1.002, down(indication())), (1.1, up(resolution(id=2))), (1.11, hub_to_2(resolution_forwarded(id=2))),
        (4, down(indication(contents=ipv4(HOST1, HOST2, 17, b"x" * 40, 63, 8))))] + LATE,
     ["resolution-unanswered", "resolution-tried-once"]),
    ("reply out of sight", BOTH + [(1, up(resolution(id=2))), (1.01, hub_to_2(resolution_forwarded(id=2)))] + LATE,
     ["resolution-reply-unseen"]),
    ("tried once", BOTH + [(1, up(resolution(id=2)))] + LATE, ["resolution-tried-once"]),
    ("flags not copied", BOTH + resolved(reply=resolution_reply(id=2, flags=0x6802)), ["resolution-reply-flags"]),
    ("U of itself", BOTH + resolved(reply=resolution_reply(id=2, flags=0xF802)), ["resolution-reply-u"]),
    ("unique reply with two CIEs", BOTH + resolved(reply=resolution_reply(id=2, flags=0xF802, cies=[
        egress_record(prefix=24), egress_record(prefix=24)])), ["resolution-reply-unique", "resolution-reply-u"]),
    ("no CIE in reply", BOTH + resolved(reply=resolution_reply(id=2, cies=[])), ["resolution-reply-entries"]),
    ("code 14 in resolution", BOTH + resolved(reply=resolution_reply(id=2, cies=[cie(code=14, mtu=0, hold=0)])),
     ["resolution-reply-code"]),
    ("code 11", BOTH + resolved(reply=resolution_reply(id=2, cies=[cie(code=11, mtu=0, hold=0)])),
     ["resolution-reply-code-11"]),
    ("no next hop", BOTH + resolved(reply=resolution_reply(id=2, cies=[cie(prefix=24)])), ["resolution-next-hop-missing"]),
    ("hub in place of the spoke", BOTH + [(1, up(resolution(id=2, destination=SPOKE2_T))),
                                          (1.01, down(resolution_reply(id=2, destination=SPOKE2_T, cies=[hub_record(prefix=32)],
                                                                       extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:]))))],
     ["resolution-next-hop"]),
    ("the tunnel's network", BOTH + [(1, up(resolution(id=2, destination=SPOKE2_T))),
                                     (1.01, down(resolution_reply(id=2, destination=SPOKE2_T, cies=[egress_record(prefix=24, hold=30)],
                                                                  extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:]))))],
     ["resolution-covers-requester"]),
    ("longer than held", BOTH + [(30, up(resolution(id=2, destination=SPOKE2_T))),
                                 (30.01, down(resolution_reply(id=2, destination=SPOKE2_T, cies=[egress_record(prefix=32)],
                                                               extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:]))))],
     ["resolution-hold-remaining"]),
    ("not authoritative", BOTH + resolved(reply=resolution_reply(id=2, flags=0xA802)), ["resolution-authoritative"]),
    ("NAK with addresses", BOTH + resolved(reply=resolution_reply(id=2, cies=[cie(code=12, mtu=0, hold=0, nbma=SPOKE2)])),
     ["resolution-nak-rest"]),
    ("preference", BOTH + resolved(reply=resolution_reply(id=2, cies=[egress_record(prefix=24),
                                                                      egress_record(prefix=24, preference=9)])),
     ["resolution-preference"]),
    ("wider than asked", BOTH + resolved(request=resolution(id=2, cies=[cie(prefix=28)]),
                                         forwarded=resolution_forwarded(id=2, cies=[cie(prefix=28)])), ["resolution-wider"]),
    ("two CIEs of an egress", BOTH + hairpin(1) + [(1.002, down(indication()))] + resolved(
        1.1, reply=resolution_reply(id=2, cies=[egress_record(prefix=24), egress_record(prefix=24)])),
     ["resolution-egress-entries"]),
    ("another address of the egress", BOTH + resolved(reply=resolution_reply(
        id=2, cies=[cie(prefix=24, nbma="203.0.113.99", protocol=SPOKE2_T)],
        extensions=extensions((RESPONDER, egress_record()), (FORWARD, hub_record()), RECORDS[2])),
        request=resolution(id=2, extensions=extensions(*RECORDS[:3])),
        forwarded=resolution_forwarded(id=2, extensions=extensions(RECORDS[0], (FORWARD, hub_record()), RECORDS[2]))),
     ["resolution-own-addresses"]),
    ("answered twice", BOTH + resolved() + [(1.05, down(resolution_reply(id=2, extensions=extensions(
        (RESPONDER, hub_record()), *RECORDS[1:]))))],
     ["resolution-answered-twice"]),
    ("reply not straight", BOTH + [(1, up(resolution(id=2))), (1.01, hub_to_2(resolution_reply(id=2, extensions=extensions(
        (RESPONDER, hub_record()), *RECORDS[1:]))))], ["resolution-reply-straight"]),
    # Purge
    ("purge without CIE", registered() + [(1, up(purge(cies=[]))), (1.01, down(purge_reply(cies=[])))], ["purge-empty"]),
    ("purge without address", registered() + [(1, up(purge(cies=[cie(mtu=0, hold=0)]))),
                                              (1.01, down(purge_reply(cies=[cie(mtu=0, hold=0)])))], ["purge-address"]),
    ("purge with MTU", registered() + [(1, up(purge(cies=[cie(hold=0, protocol=SPOKE1_T)]))),
                                       (1.01, down(purge_reply(cies=[cie(hold=0, protocol=SPOKE1_T)])))], ["purge-fields"]),
    ("purge with holding time", registered() + [(1, up(purge(cies=[cie(mtu=0, protocol=SPOKE1_T)]))),
                                                (1.01, down(purge_reply(cies=[cie(mtu=0, protocol=SPOKE1_T)])))], ["purge-hold"]),
    ("purge for a stranger", registered() + [(1, up(purge(destination=SPOKE2_T))), (1.01, down(purge_reply(destination=SPOKE2_T)))],
     ["purge-destination"]),
    ("purge not answered", registered() + [(1, up(purge()))] + LATE, ["purge-unanswered"]),
    ("answer not wanted", registered() + [(1, up(purge(flags=0x8000))), (1.01, down(purge_reply(flags=0x8000)))],
     ["purge-reply-unwanted"]),
    ("purge reply with other flags", registered() + [(1, up(purge(flags=0x0002))), (1.01, down(purge_reply(flags=0)))],
     ["purge-reply-formed"]),
    ("purged again", registered() + [(1, up(purge())), (1.01, down(purge_reply())), (1.5, up(purge()))], ["purge-again"]),
    ("purge ignored", BOTH + [(1, from_2(purge(nbma=SPOKE2, source=SPOKE2_T, cies=[cie(mtu=0, hold=0, protocol=SPOKE2_T)]))),
                              (1.01, hub_to_2(purge_reply(nbma=SPOKE2, source=SPOKE2_T, cies=[cie(mtu=0, hold=0, protocol=SPOKE2_T)]))),
                              (2, up(resolution(id=2, destination=SPOKE2_T))),
                              (2.01, down(resolution_reply(id=2, destination=SPOKE2_T, cies=[egress_record(prefix=32, hold=30)],
                                                           extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:]))))],
     ["purge-ignored"]),
    # Error Indications
    ("code swapped", [(0, up(registration())), (0.01, down(error(registration(), 0x0B00)))], ["error-code-swapped"]),
    ("code 2", [(0, up(registration())), (0.01, down(error(registration(), 2)))], ["error-code"]),
    ("error about an error", [(0, up(registration())), (0.01, down(error(error(registration()))))], ["error-about-error"]),
    ("unused of error", [(0, up(registration())), (0.01, down(error(registration(), flags=0x8002)))], ["error-unused"]),
    ("error with extensions", [(0, up(registration())), (0.01, down(error(registration(), extensions=extensions((FORWARD, b"")))))],
     ["error-extensions"]),
    ("error of the offender", [(0, up(registration())), (0.01, down(error(registration(), nbma=SPOKE1)))], ["error-source"]),
    ("error for another", [(0, up(registration())), (0.01, down(error(registration(), destination=SPOKE2_T)))],
     ["error-destination"]),
    ("cut contents", [(0, up(registration())), (0.01, down(error(registration().octets()[:40])))], ["error-contents-cut"]),
    ("contents with other addresses", [(0, up(registration())), (0.01, down(error(registration(nbma=SPOKE2))))],
     ["error-contents-addresses"]),
    ("no contents", [(0, up(registration())), (0.01, down(error(b"")))], ["error-contents-missing"]),
    ("offset", [(0, up(registration())), (0.01, down(error(registration(), offset=900)))], ["error-offset"]),
    ("code 10 for a purge", registered() + [(1, down(error(purge_reply(), 10)))], ["error-code-10"]),
    ("two errors", [(0, up(registration())), (0.01, down(error(registration()))), (0.02, down(error(registration())))],
     ["error-twice"]),
    ("error with hop count 0", [(0, up(registration())), (0.01, down(error(registration(), hop=0)))], ["error-hop-count"]),
    ("error and reply", [(0, up(registration())), (0.01, down(error(registration()))), (0.02, down(registration_reply()))],
     ["error-and-reply"]),
    ("authentication failure", [(0, up(registration())), (0.01, down(error(registration(), 11)))], ["authentication-refused"]),
    # Extensions
    ("no End", one(registration(extensions=ext(FORWARD))), ["extension-end"]),
    ("End with length", one(registration(extensions=ext(END, b"\0\0"))), ["extension-end-length"]),
    ("End not compulsory", [(0, up(registration(extensions=ext(END, compulsory=False)))),
                            (0.01, down(registration_reply(extensions=None)))], ["extension-end-form"]),
    ("data after End", [(0, up(registration(trailer=b"\1\2"))), (0.01, down(registration_reply()))], ["extension-after-end"]),
    ("zeros after End", [(0, up(registration(trailer=bytes(16)))), (0.01, down(registration_reply()))],
     ["extension-zeros-after-end"]),
    ("twice", [(0, up(registration(extensions=extensions(*RECORDS, RECORDS[3])))), (0.01, down(registration_reply()))],
     ["extension-twice"]),
    ("not compulsory", [(0, up(registration(extensions=extensions(RECORDS[0], ext(FORWARD, compulsory=False), *RECORDS[2:])))),
                        (0.01, down(registration_reply()))], ["extension-compulsory"]),
    ("record prefix", reply_only(extensions=extensions((RESPONDER, hub_record(prefix=32)), *RECORDS[1:])), ["record-prefix"]),
    ("record code", reply_only(extensions=extensions((RESPONDER, hub_record(code=4)), *RECORDS[1:])), ["record-code"]),
    ("record in request", [(0, up(registration(extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:])))),
                           (0.01, down(registration_reply()))], ["record-in-request"]),
    ("two responders", reply_only(extensions=extensions((RESPONDER, hub_record() * 2), *RECORDS[1:])), ["responder-many"]),
    ("no responder", reply_only(extensions=extensions(*RECORDS)), ["responder-missing"]),
    ("responder in forward record", reply_only(extensions=extensions((RESPONDER, hub_record()), (FORWARD, hub_record()), *RECORDS[2:])),
     ["responder-in-forward-record"]),
    ("responder in reverse record", BOTH + resolved(reply=resolution_reply(id=2, extensions=extensions(
        (RESPONDER, egress_record()), (FORWARD, hub_record()), (REVERSE, egress_record()), RECORDS[3]))),
     ["responder-in-reverse-record"]),
    ("two names", BOTH + [(1, up(resolution(id=2))), (1.01, hub_to_2(resolution_forwarded(id=2))),
                          (1.02, tunnel(SPOKE2, SPOKE1, resolution_reply(id=2, extensions=extensions(
                              (RESPONDER, egress_record()), (FORWARD, cie(nbma=SPOKE2, protocol="10.255.0.99")), *RECORDS[2:]))))],
     ["responder-other-name"]),
    ("extension added", [(0, up(registration(extensions=extensions(RECORDS[0], RECORDS[3])))), (0.01, down(registration_reply()))],
     ["extension-added"]),
    ("extension lost", BOTH + resolved(reply=resolution_reply(id=2, extensions=extensions(
        (RESPONDER, egress_record()), (FORWARD, hub_record()), RECORDS[2]))), ["extension-lost"]),
    ("unknown changed", [(0, up(registration(extensions=extensions(*RECORDS, (0x1234, b"ab"))))),
                         (0.01, down(registration_reply(extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:], (0x1234, b"cd")))))],
     ["extension-unknown-changed"]),
    ("vendor lost", [(0, up(registration(extensions=extensions(*RECORDS, (VENDOR, b"\0\0\x0cx"))))), (0.01, down(registration_reply()))],
     ["extension-vendor"]),
    ("unknown answered", [(0, up(registration(extensions=extensions(*RECORDS, ext(0x1234, b"ab", True))))),
                          (0.01, down(registration_reply()))], ["extension-unknown-answered"]),
    ("authentication in error", [(0, up(registration())), (0.01, down(error(registration(), extensions=extensions(password()))))],
     ["authentication-in-error", "error-extensions", "password-in-clear"]),
    ("authentication reserved", [(0, up(registration(extensions=extensions(*RECORDS, password(SPOKE1.encode()[:4] + bytes(16), 5, 9))))),
                                 (0.01, down(registration_reply(extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:],
                                                                                      password(bytes(20), 0, 9)))))],
     ["authentication-reserved"]),
    ("hash of another", registered() + [(1, up(registration(id=2, extensions=extensions(*RECORDS, password(addr(SPOKE2_T) + bytes(16), 0, 9)))))],
     ["authentication-source"]),
    ("empty authentication", [(0, up(registration(extensions=extensions(*RECORDS, (AUTH, b"")))))], ["authentication-empty"]),
    ("NAT names the client", [(0, up(registration(extensions=extensions(*RECORDS[:3], (NAT, cie(prefix=32, nbma=SPOKE1, protocol=SPOKE1_T)))))),
                              (0.01, down(registration_reply()))], ["nat-names-client"]),
    ("NAT of 5 octets", [(0, up(registration(extensions=extensions(*RECORDS[:3], (NAT, b"12345"))))), (0.01, down(registration_reply()))],
     ["nat-length"]),
    ("NAT prefix", [(0, up(registration(extensions=extensions(*RECORDS[:3], (NAT, hub_record()))))), (0.01, down(registration_reply()))],
     ["nat-prefix"]),
    ("NAT without cause", reply_only(extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:3], (NAT, cie(
        prefix=32, nbma="203.0.113.77", protocol=SPOKE1_T)))), ["nat-without-cause"]),
    # Forwarding
    ("hop count kept", BOTH + resolved(forwarded=resolution_forwarded(id=2, hop=255)), ["forward-hop-count"]),
    ("hop count used up", BOTH + resolved(request=resolution(id=2, hop=0), forwarded=resolution_forwarded(id=2, hop=255)),
     ["forward-hop-count-zero", "hop-count-zero"]),
    ("source changed", BOTH + resolved(forwarded=resolution_forwarded(id=2, nbma=HUB)), ["forward-source"]),
    ("destination changed", BOTH + resolved(forwarded=resolution_forwarded(id=2, destination="10.1.2.77")), ["forward-destination"]),
    ("CIE changed", BOTH + resolved(forwarded=resolution_forwarded(id=2, cies=[cie(mtu=900)])), ["forward-entries"]),
    ("order changed", BOTH + resolved(forwarded=resolution_forwarded(id=2, extensions=extensions(
        RECORDS[0], RECORDS[3], (FORWARD, hub_record()), RECORDS[2]))), ["forward-order"]),
    ("not recorded", BOTH + resolved(forwarded=resolution_forwarded(id=2, extensions=extensions(*RECORDS))), ["forward-record"]),
    ("reply not recorded", BOTH + resolved_by_hub(reply_forwarded=resolution_reply_forwarded(id=2, extensions=extensions(
        (RESPONDER, egress_record()), (FORWARD, hub_record()), *RECORDS[2:]))), ["forward-reverse-record"]),
    ("recorded twice", BOTH + resolved(forwarded=resolution_forwarded(id=2, extensions=extensions(
        RECORDS[0], (FORWARD, hub_record() * 2), *RECORDS[2:]))), ["forward-record-twice"]),
    ("record without NBMA", BOTH + resolved(forwarded=resolution_forwarded(id=2, extensions=extensions(
        RECORDS[0], (FORWARD, hub_record(nbma=None)), *RECORDS[2:]))), ["forward-entry-nbma"]),
    ("reverse record without NBMA", BOTH + resolved_by_hub(reply_forwarded=resolution_reply_forwarded(id=2, extensions=extensions(
        (RESPONDER, egress_record()), (FORWARD, hub_record()), (REVERSE, hub_record(nbma=None)), RECORDS[3]))),
     ["forward-reverse-entry-nbma"]),
    ("loop", BOTH + [(1, up(resolution(id=2, extensions=extensions(RECORDS[0], (FORWARD, hub_record()), *RECORDS[2:])))),
                     (1.01, hub_to_2(resolution_forwarded(id=2, extensions=extensions(
                         RECORDS[0], (FORWARD, hub_record() * 2), *RECORDS[2:])))),
                     (1.02, tunnel(SPOKE2, SPOKE1, resolution_reply(id=2)))], ["forward-loop", "record-in-request"]),
    ("reply loop", BOTH + resolved_by_hub(reply=resolution_reply(id=2, extensions=extensions(
        (RESPONDER, egress_record()), (FORWARD, hub_record()), (REVERSE, hub_record()), RECORDS[3])),
        reply_forwarded=resolution_reply_forwarded(id=2, extensions=extensions(
            (RESPONDER, egress_record()), (FORWARD, hub_record()), (REVERSE, hub_record() * 2), RECORDS[3]))), ["forward-reverse-loop"]),
    ("responder loop", BOTH + resolved_by_hub(reply=resolution_reply(id=2, extensions=extensions(
        (RESPONDER, hub_record()), (FORWARD, egress_record()), *RECORDS[2:])),
        reply_forwarded=resolution_reply_forwarded(id=2, extensions=extensions(
            (RESPONDER, hub_record()), (FORWARD, egress_record()), (REVERSE, hub_record()), RECORDS[3]))), ["forward-responder-loop"]),
    ("recorded with unknown", BOTH + [
        (1, up(resolution(id=2, extensions=extensions(*RECORDS, ext(0x1234, b"", True))))),
        (1.01, hub_to_2(resolution_forwarded(id=2, extensions=extensions(
            RECORDS[0], (FORWARD, hub_record()), *RECORDS[2:], ext(0x1234, b"", True)))))], ["forward-unknown-recorded"]),
    ("authentication not passed on", BOTH + [
        (1, up(resolution(id=2, extensions=extensions(*RECORDS, password())))), (1.01, hub_to_2(resolution_forwarded(id=2)))],
     ["forward-authentication", "password-in-clear"]),
    ("sent back", BOTH + [(1, up(resolution(id=2))), (1.01, down(resolution_forwarded(id=2)))], ["forward-back"]),
    # Redirects
    ("no data packet", BOTH + hairpin(1) + [(1.002, down(indication(contents=b"\x45" + bytes(9))))], ["redirect-embedded"]),
    ("more than the data packet", BOTH + hairpin(1) + [(1.002, down(indication(
        contents=ipv4(HOST1, HOST2, 17, b"x" * 20, 63, 7) + b"zz")))], ["redirect-embedded-long"]),
    ("little of the data packet", BOTH + hairpin(1) + [(1.002, down(indication(
        contents=ipv4(HOST1, HOST2, 17, b"x" * 40, 63, 7)[:20])))], ["redirect-embedded-size"]),
    ("about multicast", BOTH + [(1, down(indication(contents=ipv4(HOST1, "224.0.0.5", 89, b"x" * 40))))], ["redirect-multicast"]),
    ("traffic code", BOTH + hairpin(1) + [(1.002, down(indication(word=b"\0\5\0\0")))], ["redirect-code"]),
    ("for a stranger", BOTH + hairpin(1) + [(1.002, down(indication(destination="10.1.9.9")))], ["redirect-told"]),
    ("to the egress", BOTH + hairpin(1) + [(1.002, hub_to_2(indication()))], ["redirect-ingress"]),
    ("for every packet", BOTH + [item for i in range(6) for item in hairpin(1 + i / 10, ident=30 + i) + [
        (1.01 + i / 10, down(indication(contents=ipv4(HOST1, HOST2, 17, b"x" * 40, 63, 30 + i))))]], ["redirect-rate"]),
    ("twice about one packet", BOTH + hairpin(1) + [(1.002, down(indication())), (1.003, down(indication()))], ["redirect-twice"]),
    ("another source of an indication", BOTH + hairpin(1) + [(1.002, down(indication(nbma="192.0.2.9")))], ["redirect-source"]),
    ("passed on", BOTH + hairpin(1) + [(1.002, down(indication(extensions=extensions((FORWARD, hub_record())))))],
     ["redirect-passed-on"]),
    ("told in vain", BOTH + [item for i in range(4) for item in hairpin(1 + 5 * i, ident=40 + i) + [
        (1.01 + 5 * i, down(indication(contents=ipv4(HOST1, HOST2, 17, b"x" * 40, 63, 40 + i))))]], ["redirect-in-vain"]),
    ("not told", BOTH + [(0.5, down(indication(contents=ipv4(HOST1, "10.1.7.7", 17, b"x" * 40))))] +
     [item for i in range(25) for item in hairpin(1 + i, ident=50 + i)], ["redirect-missing"]),
    ("like Phase 1", BOTH + [item for i in range(25) for item in hairpin(1 + i, ident=50 + i)], ["redirect-nowhere"]),
    # Data
    ("TTL kept", BOTH + hairpin(1, 63, 7, 63), ["data-ttl"]),
    ("returned", BOTH + [(1, data(SPOKE1, HUB, HOST1, HOST2, 63, 7)), (1.001, data(HUB, SPOKE1, HOST1, HOST2, 62, 7))],
     ["data-returned"]),
    ("still through the hub", BOTH + phase_3() + hairpin(9, ident=60), ["data-still-through-hub"]),
    ("after the holding time", BOTH + phase_3() + registered(20, 3) + registered(40, 4) + registered(60, 5) + [
        (2, data(SPOKE1, SPOKE2, HOST1, HOST2, 63, 61)), (70, data(SPOKE1, SPOKE2, HOST1, HOST2, 63, 62))], ["data-after-expiry"]),
    ("after a refusal", BOTH + resolved(reply=resolution_reply(id=2, cies=[cie(code=12, mtu=0, hold=0, nbma=SPOKE2)])) + [
        (2, data(SPOKE1, SPOKE2, HOST1, HOST2))], ["data-after-refusal", "resolution-nak-rest"]),
    ("one way", BOTH + phase_3() + [(2 + i, data(SPOKE1, SPOKE2, HOST1, HOST2, 63, 70 + i)) for i in range(13)] + [
        (14.5, data(SPOKE2, HUB, HOST2, HOST1, 63, 5)), (14.501, data(HUB, SPOKE1, HOST2, HOST1, 62, 5))], ["data-one-way"]),
    ("to nowhere", BOTH + [(1, data(SPOKE1, "0.0.0.0", HOST1, HOST2))], ["data-to-nowhere"]),
    # Operators
    ("tunnel keys", [(0, data(HUB, SPOKE1, "10.1.0.10", HOST1, key=99)), (1, up(registration()))] + LATE,
     ["tunnel-key", "registration-unanswered"]),
    ("no key, and the server serves another tunnel", registered_2(0) + [(1, up(registration(), key=None))] + LATE,
     ["tunnel-key", "registration-unanswered"]),
    ("one try that may be on its way, and the end", [(0, up(registration()))], []),
    ("many tries, and the end", [(at, up(registration())) for at in (0, 1, 3)], ["registration-unanswered"]),
    ("server elsewhere", [(0, up(registration(destination="10.255.0.7"))),
                          (0.01, down(error(registration(destination="10.255.0.7"), 6)))], ["server-elsewhere"]),
    ("in clear beside ESP", [(0, ipv4(HUB, SPOKE1, 50, b"\0" * 40)), (1, up(registration()))] + LATE,
     ["clear-beside-esp", "registration-unanswered"]),
    ("wrong server", registered_2(0) + [(1, up(registration(destination="10.255.0.7")))] + LATE,
     ["wrong-server", "registration-unanswered"]),
    ("long password", [(0, up(registration(extensions=extensions(*RECORDS, password(b"muchtoolong"))))),
                       (0.01, down(registration_reply(extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:],
                                                                           password(b"muchtoolong")))))],
     ["password-long", "password-in-clear"]),
    ("password at the client only", [(0, up(registration(extensions=extensions(*RECORDS, password())))),
                                     (0.01, down(registration_reply()))], ["password-one-side", "password-in-clear"]),
    ("password at the server only", reply_only(extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:], password())),
     ["password-one-side", "password-not-demanded"]),
    ("two passwords", [(0, up(registration(extensions=extensions(*RECORDS, password(b"test123"))))),
                       (0.01, down(registration_reply(extensions=extensions((RESPONDER, hub_record()), *RECORDS[1:], password(b"test")))))],
     ["password-differs", "password-in-clear"]),
    ("behind one NAT", registered() + [(1, tunnel(SPOKE1, HUB, registration(nbma="10.9.9.9", source=SPOKE2_T)))], ["behind-one-nat"]),
    ("shared source", [(at, packet) for at, packet in [
        (0, up(registration(), key=None)), (0.01, down(registration_reply(), key=None)),
        (1, up(registration(source="10.254.0.11", destination="10.254.0.1"), key=None))]], ["shared-source"]),
    ("recursion", BOTH + [(1, data(SPOKE1, HUB, SPOKE1, HUB, payload=gre(ipv4(HOST1, HOST2, 17, b"x" * 9), 0x0800), protocol=47))],
     ["recursive-routing"]),
    ("fragments", BOTH + [(1, ipv4(SPOKE1, HUB, 47, gre(b"x" * 600, 0x0800), fragment=0x2000))], ["mtu-fragments"]),
    ("too big", BOTH + [(1, data(HUB, SPOKE1, "10.1.0.1", HOST1, payload=b"\3\4" + bytes(40), protocol=1))], ["mtu-too-big"]),
    ("large segments", BOTH + [(1, data(SPOKE1, HUB, HOST1, HOST2, payload=SYN, protocol=6))], ["mtu-segments"]),
    ("multicast one way", registered() + multicast(1, SPOKE1, HUB, SPOKE1_T) + registered(20, 2) + multicast(21, SPOKE1, HUB, SPOKE1_T) +
     registered(40, 3), ["multicast-one-way"]),
    ("two tunnels", BOTH + [(1, data(SPOKE1, HUB, HOST1, HOST2, 63, 7)), (1.001, data(HUB, SPOKE2, HOST1, HOST2, 62, 7, key=43))],
     ["network-split"]),
]
SCENARIOS = [(name, sorted(frames, key=lambda frame: frame[0]), rules) for name, frames, rules in SCENARIOS]
