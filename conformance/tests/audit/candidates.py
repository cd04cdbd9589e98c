# SPDX-License-Identifier: GPL-2.0-or-later
"""Which faults of the catalogue fit a finding: (what is seen, [(seconds, packet)], rule, numbers of its candidates).

Each entry that needs more than the sign of its rule is there twice: once where that is seen, and once where it is not.
"""
from scenarios import *  # noqa: F403
from wire import *       # noqa: F403


def keyed(*records, key=b"secret"):
    return extensions(*(records or RECORDS), password(key))


def refused_by(message):
    return [(0, up(message)), (0.01, down(error(message, 11)))]


def never(*tries):
    """Registrations that nobody answers, and the end of the capture."""
    return [(at, up(message)) for at, message in enumerate(tries)] + LATE


def asked(message, *before):
    """A resolution that nobody answers, asked twice."""
    return BOTH + list(before) + [(10, up(message)), (11, up(message))] + LATE


def two_passwords(one, other):
    return [(0, up(registration(extensions=keyed(key=one)))),
            (0.01, down(registration_reply(extensions=keyed((RESPONDER, hub_record()), *RECORDS[1:], key=other))))]


def claims(nbma, outer):
    """A spoke that names itself by another address than it sends from."""
    fields = {"nbma": nbma, "flags": 0, "extensions": extensions((RESPONDER, b""))}
    return [(0, tunnel(outer, HUB, registration(**fields))),
            (0.01, tunnel(HUB, outer, registration_reply(**{**fields, "extensions": extensions((RESPONDER, hub_record()))})))]


def replied_to_claim(nbma, outer):
    return [(0, tunnel(outer, HUB, registration(nbma=nbma))), (0.01, tunnel(HUB, nbma, registration_reply(nbma=nbma)))]


def twice(*items):
    return [(0, up(registration(extensions=extensions(*RECORDS[:3], *items)))), (0.01, down(registration_reply()))]


def in_vain(*before, hop=255):
    return BOTH + list(before) + [item for i in range(4) for item in hairpin(40 + 5 * i, ident=40 + i) + [
        (40.01 + 5 * i, down(indication(contents=ipv4(HOST1, HOST2, 17, b"x" * 40, 63, 40 + i), hop=hop)))]]


def collision(*before):
    """spoke1 is registered as unique, and its address comes from elsewhere."""
    return registered(**UNIQUE) + list(before) + [
        (5, tunnel(SPOKE2, HUB, registration(id=2, nbma=SPOKE2, **UNIQUE))),
        (5.01, hub_to_2(registration_reply(id=2, nbma=SPOKE2, flags=0x8002, cies=[cie(code=14, prefix=255, hold=0)])))]


UNKNOWN = extensions(*RECORDS, ext(0x1234, b"ab", True))
# spoke2 has asked for host1, and was told, or was not
TOLD_2 = [(2, from_2(resolution(id=5, nbma=SPOKE2, source=SPOKE2_T, destination=HOST1))),
          (2.01, hub_to_2(resolution_reply(id=5, nbma=SPOKE2, source=SPOKE2_T, destination=HOST1, cies=[
              cie(prefix=24, nbma=SPOKE1, protocol=SPOKE1_T)])))]
REFUSED_2 = TOLD_2[:1] + [(2.01, hub_to_2(resolution_reply(id=5, nbma=SPOKE2, source=SPOKE2_T, destination=HOST1, cies=NAK)))]

CANDIDATES = [
    # Registrations that nobody answers
    ("no key, an unknown server", never(registration()), "registration-unanswered", "156 171 173 050"),
    ("a key", never(registration(extensions=keyed())), "registration-unanswered", "152 156 171 173 020 050"),
    ("a server that answers others", registered_2(0) + [(at, up(registration())) for at in (1, 2)] +
     registered_2(5, 2) + LATE, "registration-unanswered", "050"),
    ("a station that is another", registered_2(0) + [(1, up(registration(destination="10.255.0.7")))] + LATE,
     "registration-unanswered", "171 173 050"),
    ("ESP", [(0, ipv4(HUB, SPOKE2, 50, b"\0" * 40))] + [(1, up(registration()))] + LATE,
     "registration-unanswered", "156 170 171 173 050"),
    ("no CIE", never(registration(cies=[])), "registration-unanswered", "156 171 173 050 051"),
    ("overload", [(i / 100, tunnel("203.0.113.%d" % (100 + i), HUB, registration(
        nbma="203.0.113.%d" % (100 + i), source="10.255.1.%d" % i, id=i + 1))) for i in range(20)] + LATE,
     "registration-unanswered", "156 171 173 050 051"),
    # Refused for the key
    ("refused with a key", refused_by(registration(extensions=keyed())), "authentication-refused", "152 018"),
    ("refused without a key", refused_by(registration()), "authentication-refused", "153"),
    ("reply with two keys refused", BOTH + resolved(
        request=resolution(id=2, extensions=keyed()), forwarded=resolution_forwarded(
            id=2, extensions=keyed(RECORDS[0], (FORWARD, hub_record()), *RECORDS[2:])),
        reply=resolution_reply(id=2, extensions=extensions((RESPONDER, egress_record()), (FORWARD, hub_record()), RECORDS[2],
                                                           password(), RECORDS[3], password()))) + [
        (1.03, tunnel(SPOKE1, SPOKE2, error(resolution_reply(id=2), 11, nbma=SPOKE1, source=SPOKE1_T,
                                            destination=SPOKE2_T)))], "authentication-refused", "152 012 018"),
    ("errors about errors of authentication", [(0, up(registration())), (0.01, down(error(error(registration(), 11), 11)))],
     "error-about-error", "014 026"),
    # Passwords that differ
    ("one begins the other", two_passwords(b"test123", b"test"), "password-differs", "017 152"),
    ("neither begins the other", two_passwords(b"test123", b"other"), "password-differs", "152"),
    # Extensions twice
    ("an empty key before a key", twice((AUTH, b""), password()), "extension-twice", "011"),
    ("two keys in a reply", BOTH + resolved(reply=resolution_reply(id=2, extensions=extensions(
        (RESPONDER, egress_record()), (FORWARD, hub_record()), *RECORDS[2:], password(), password()))), "extension-twice", "012"),
    ("NAT twice", twice((NAT, b""), (NAT, b"")), "extension-twice", "123"),
    ("a record twice", twice((FORWARD, b""), (NAT, b"")), "extension-twice", ""),
    ("an empty key alone", twice((AUTH, b"")), "authentication-empty", ""),
    ("the reverse record lost", BOTH + resolved(reply=resolution_reply(id=2, extensions=extensions(
        (RESPONDER, egress_record()), (FORWARD, hub_record()), RECORDS[3]))), "extension-lost", ""),
    # Codes
    ("error 12", [(0, up(registration())), (0.01, down(error(registration(), 12)))], "error-code", "029"),
    ("error 5", [(0, up(registration())), (0.01, down(error(registration(), 5)))], "error-code", ""),
    ("registration refused with 11", refused(11), "registration-reply-code", "043"),
    ("registration refused with 12", refused(12), "registration-reply-code", ""),
    ("resolution refused with 14", BOTH + resolved(reply=resolution_reply(id=2, cies=[cie(code=14, mtu=0, hold=0)])),
     "resolution-reply-code", ""),
    ("unique, and purged before", collision((2, up(purge())), (2.01, down(purge_reply()))), "unique-refused", "157 158 046"),
    ("no CIE cut, a header", one(registration(extensions=struct.pack(">HH", 0x8003, 99))), "structure", ""),
    # Addresses
    ("private behind public", claims("192.168.1.2", "203.0.113.200"), "source-not-outer", "167"),
    ("private behind private", claims("192.168.1.2", "10.20.0.1"), "source-not-outer", "167 180"),
    ("public and another public", claims("203.0.113.201", "203.0.113.200"), "source-not-outer", "180"),
    ("reply to a private address", replied_to_claim("192.168.1.2", "203.0.113.200"), "registration-reply-direct", "094"),
    ("reply to a public one", replied_to_claim(SPOKE1, "203.0.113.200"), "registration-reply-direct", "180"),
    ("reply to a third", [(0, up(registration())), (0.01, tunnel(HUB, "203.0.113.200", registration_reply()))],
     "registration-reply-direct", ""),
    ("hop count 0 and a broadcast", [(0, up(registration(hop=0, destination="10.255.0.255"))), (0.01, down(registration_reply()))],
     "hop-count-zero", "001 003"),
    ("an indication with hop count 0", BOTH + hairpin(1) + [(1.002, down(indication(hop=0)))], "hop-count-zero", "002"),
    ("a resolution with hop count 0", BOTH + resolved(request=resolution(id=2, hop=0)), "hop-count-zero", ""),
    ("no tunnel key", [(0, up(registration(destination="10.255.0.7"), key=None)),
                       (0.01, down(error(registration(destination="10.255.0.7"), 6), key=None))], "server-elsewhere", "171 182"),
    # Resolutions that nobody answers
    ("an unknown destination", asked(resolution(id=2)), "resolution-unanswered", "057 058"),
    ("a registered destination", asked(resolution(id=2, destination=SPOKE2_T)), "resolution-unanswered", "058"),
    ("a key in the request", asked(resolution(id=2, extensions=keyed())), "resolution-unanswered", "057 058 010"),
    ("a key, and passed on", asked(resolution(id=2, extensions=keyed()), (10.01, hub_to_2(resolution_forwarded(
        id=2, extensions=keyed(RECORDS[0], (FORWARD, hub_record()), *RECORDS[2:]))))), "resolution-unanswered", "057 058"),
    ("a compulsory extension that nobody knows", asked(resolution(id=2, extensions=UNKNOWN)), "resolution-unanswered",
     "057 058 080"),
    ("a shortcut to the requester", asked(resolution(id=2), *TOLD_2), "resolution-unanswered", "056 057 058"),
    ("a refusal to another", asked(resolution(id=2), *REFUSED_2), "resolution-unanswered", "057 058 070"),
    # Indications
    ("in vain", in_vain(), "redirect-in-vain", "160"),
    ("in vain with hop count 0", in_vain(hop=0), "redirect-in-vain", "160 002"),
    ("in vain after a resolution has ended", in_vain(*[(1, down(indication()))], *resolved(1.1, reply=resolution_reply(
        id=2, cies=[egress_record(prefix=24, hold=10)])), *registered(20, 3), *registered(39, 4)), "redirect-in-vain", "114"),
    ("more than 128 octets", BOTH + [(1, down(indication(contents=ipv4(HOST1, HOST2, 17, b"x" * 200))))],
     "redirect-embedded-size", "177"),
    ("octets that are no header", BOTH + [(1, down(indication(contents=b"\x65" + bytes(39))))], "redirect-embedded", "106"),
    # Data
    ("never direct", BOTH + phase_3() + hairpin(9, ident=60), "data-still-through-hub", ""),
    ("direct before", BOTH + phase_3() + [(2, data(SPOKE1, SPOKE2, HOST1, HOST2, 63, 61))] + hairpin(9, ident=60),
     "data-still-through-hub", "112 114"),
]
CANDIDATES = [(name, sorted(frames, key=lambda frame: frame[0]), rule, ["IB-" + number for number in numbers.split()])
              for name, frames, rule, numbers in CANDIDATES]
