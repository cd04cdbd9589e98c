# SPDX-License-Identifier: GPL-2.0-or-later
"""The stories of analysis.py: small networks, packet by packet.

A story is (name, frames, wanted). frames: (time in s, octets). wanted: {frame number: {field: value}} for two passes;
the key "findings" stands for the dmvpn.* expert items of a frame, by name without "dmvpn.".
"""
import messages
from messages import END, cie, codes, ethernet, extension, flags, gre, ipv4

HUB, A, B, C = "192.0.2.1", "192.0.2.11", "192.0.2.12", "192.0.2.13"
HUB_TUNNEL, A_TUNNEL, B_TUNNEL = "10.0.0.1", "10.0.0.11", "10.0.0.12"
KEY = 42
EMPTY = extension(3) + extension(4) + extension(5) + END
NAT = extension(9, b"", False)


def message(kind, middle, nbma, source, destination, body, extensions=b"", **more):
    return messages.message(kind, middle, nbma=nbma, source=source, destination=destination, body=body,
                            extensions=extensions, **more)


def secret(password):
    return extension(7, bytes(2) + b"\0\1" + password)


def carried(packet, source, destination, key=KEY, **more):
    return ethernet(ipv4(gre(packet, key=key, **more), source, destination))


def register(source=A, tunnel=A_TUNNEL, server=HUB, request_id=1, hold=60, unique=False, nbma=None, key=KEY,
             extensions=EMPTY, nat=True, destination=HUB_TUNNEL, **more):
    bits = (0x8000 if unique else 0) | (2 if nat else 0)
    return carried(message(3, flags(bits, request_id), nbma or source, tunnel, destination,
                           cie(prefix=255 if unique else 32, hold=hold), extensions, **more), source, server, key)


def accept(target=A, tunnel=A_TUNNEL, server=HUB, request_id=1, hold=60, code=0, nbma=None, key=KEY,
           extensions=EMPTY, nat=True, destination=HUB_TUNNEL, unique=False, **more):
    bits = (0x8000 if unique else 0) | (2 if nat else 0)
    return carried(message(4, flags(bits, request_id), nbma or target, tunnel, destination,
                           cie(code=code, prefix=255 if unique else 32, hold=0 if code else hold), extensions, **more),
                   server, target, key)


def resolve(source=A, tunnel=A_TUNNEL, wanted="10.2.0.1", request_id=7, sent=None, to=HUB, hops=255, extensions=EMPTY):
    return carried(message(1, flags(0xC802, request_id), source, tunnel, wanted, cie(hold=600), extensions, hops=hops),
                   sent or source, to)


def answer(asker=A, tunnel=A_TUNNEL, wanted="10.2.0.1", request_id=7, sent=B, to=A, at=B, via=B_TUNNEL, prefix=24,
           hold=60, code=0, hops=255, bits=0xC802, extensions=EMPTY):
    return carried(message(2, flags(bits, request_id), asker, tunnel, wanted,
                           cie(code=code, prefix=prefix, hold=0 if code else hold, nbma=at, protocol=via), extensions,
                           hops=hops), sent, to)


def data(source, destination, inner_source="10.1.0.1", inner_destination="10.2.0.1", number=1, key=KEY, sequence=None):
    packet = ipv4(b"\x08\0" + number.to_bytes(2, "big") + bytes(4), inner_source, inner_destination, protocol=1)
    packet = packet[:4] + number.to_bytes(2, "big") + packet[6:]
    return carried(packet, source, destination, key, kind=0x0800, sequence=sequence)


def redirect(to=A, inner_source="10.1.0.1", inner_destination="10.2.0.1"):
    return carried(message(8, codes(0, 0, 0), HUB, HUB_TUNNEL, inner_source,
                           ipv4(bytes(8), inner_source, inner_destination, protocol=1), EMPTY), HUB, to)


def error(about, to=A, code=11, source=HUB_TUNNEL, destination=A_TUNNEL):
    return carried(message(7, codes(0, code, 0), HUB, source, destination, about), HUB, to)


def purge(request_id=9, reply=False, wanted=True, bits=0):
    packet = message(6 if reply else 5, flags(bits | (0 if wanted else 0x8000), request_id), A, A_TUNNEL, HUB_TUNNEL,
                     cie(prefix=32, protocol=A_TUNNEL))
    return carried(packet, *((HUB, A) if reply else (A, HUB)))


def esp(source=A, destination=HUB):
    return ethernet(ipv4(bytes.fromhex("0000100100000001") + bytes(32), source, destination, protocol=50))


BOTH_REGISTERED = [(0, register()), (0.01, accept()), (0.1, register(B, B_TUNNEL)), (0.11, accept(B, B_TUNNEL))]
LATER = (30, register(C, "10.0.0.13"))  # lets time go by

EXCHANGES = [
    ("request and reply", [(0, register()), (0.25, accept())],
     {1: {"dmvpn.reply_in": "2", "dmvpn.cloud": "1", "dmvpn.cloud.hub": HUB, "dmvpn.role.source": "1",
          "dmvpn.role.destination": "3", "findings": []},
      2: {"dmvpn.request_in": "1", "dmvpn.time": "0.250000000", "dmvpn.binding.prefix": A_TUNNEL,
          "dmvpn.binding.nbma": A, "dmvpn.binding.expires_in": "60.000000000", "findings": ["binding.new"]}}),
    ("reply from another router than the request went to",
     [*BOTH_REGISTERED, (1, resolve()), (1.1, resolve(sent=HUB, to=B, hops=254)), (1.3, answer(sent=B, to=A))],
     {5: {"dmvpn.reply_in": "7"}, 6: {"dmvpn.copy_of": "5", "dmvpn.hop": "1", "dmvpn.role.source": "3"},
      7: {"dmvpn.request_in": "5", "dmvpn.time": "0.300000000"}}),
    ("same request id from two sources",
     [*BOTH_REGISTERED, (1, resolve(request_id=3)), (1.1, resolve(B, B_TUNNEL, "10.1.0.1", 3)),
      (1.2, answer(B, B_TUNNEL, "10.1.0.1", 3, sent=A, to=B, at=A, via=A_TUNNEL)), (1.3, answer(request_id=3))],
     {7: {"dmvpn.request_in": "6"}, 8: {"dmvpn.request_in": "5"}}),
    ("retransmissions and a late answer",
     [(0, register()), (1, register()), (3, register()), (3.5, accept())],
     {1: {"dmvpn.reply_in": "4"}, 2: {"dmvpn.retransmission_of": "1", "dmvpn.transmission": "2",
                                      "findings": ["retransmission"]},
      3: {"dmvpn.retransmission_of": "2", "dmvpn.transmission": "3", "_ws.col.Info":
          "Registration Request #1 10.0.0.11 is at 192.0.2.11, 60 s [transmission 3]"},
      4: {"dmvpn.request_in": "1", "dmvpn.time": "3.500000000", "findings": ["answered_late", "binding.new"]}}),
    ("duplicate reply", [(0, register()), (0.1, accept()), (0.2, accept())],
     {3: {"dmvpn.first_reply_in": "2", "findings": ["duplicate_reply"]}}),
    ("a reply to each transmission is no duplicate", [(0, register()), (1, register()), (1.1, accept()), (1.2, accept())],
     {4: {"dmvpn.request_in": "1", "findings": []}}),
    ("orphan reply", [(0, accept())], {1: {"dmvpn.request_in": None, "findings": ["binding.new", "orphan_reply"]}}),
    ("two stations answer", [*BOTH_REGISTERED, (1, resolve()), (1.1, answer(sent=HUB, at=B)), (1.2, answer(sent=B, hops=9))],
     {7: {"dmvpn.first_reply_in": "6", "findings": ["other_reply"]}}),
    ("unanswered", [(0, register()), (1, resolve(request_id=2)), (2, purge()), (3, purge(10, wanted=False)), LATER],
     {1: {"findings": ["unanswered.registration"]}, 2: {"findings": ["unanswered.resolution"]},
      3: {"findings": ["unanswered.purge"]}, 4: {"findings": []}}),
    ("error in place of a reply",
     [(0, register()), (0.1, error(message(3, flags(2, 1), A, A_TUNNEL, HUB_TUNNEL, cie(prefix=32, hold=60)))), LATER],
     {1: {"dmvpn.error_in": "2", "findings": []}, 2: {"dmvpn.request_in": "1", "dmvpn.time": "0.100000000"}}),
    ("two errors about one packet",
     [(0, register())] + 2 * [(0.1, error(message(3, flags(2, 1), A, A_TUNNEL, HUB_TUNNEL, cie(prefix=32, hold=60))))],
     {3: {"findings": ["error_again"]}}),
    ("request id used again", [(0, register()), (0.1, accept()), (20, register()), (20.1, accept())],
     {3: {"dmvpn.reply_in": "4", "findings": ["request_id.reused"]}, 4: {"dmvpn.request_in": "3"}}),
    ("request id starts again", [(0, register(request_id=21)), (0.1, accept(request_id=21)), (20, register(request_id=1))],
     {3: {"findings": ["request_id.restarted"]}}),
    ("copy whose hop count is not lowered",
     [(1, resolve(hops=9)), (1.1, resolve(sent=HUB, to=B, hops=9))], {2: {"findings": ["copy.hop_count"]}}),
    ("copy with its extensions in another order",
     [(1, resolve(extensions=secret(b"x") + NAT + END)),
      (1.1, resolve(sent=HUB, to=B, hops=254, extensions=NAT + secret(b"x") + END))],
     {2: {"findings": ["copy.extension_order"]}}),
    ("reply with other extensions", [(0, register()), (0.1, accept(extensions=extension(3) + NAT + END))],
     {2: {"findings": ["binding.new", "reply.extensions_added", "reply.extensions_missing"]}}),
    ("reply to another destination", [(0, register(destination=A_TUNNEL)), (0.1, accept())],
     {2: {"findings": ["binding.new", "reply.destination_changed"]}}),
    ("purge reply with other flags", [(0, purge()), (0.1, purge(reply=True, bits=2))],
     {2: {"dmvpn.request_in": "1", "findings": ["reply.purge_flags"]}}),
]

BINDINGS = [
    ("refreshes", [(0, register()), (0, accept()), (20, register(request_id=2)), (20.5, accept(request_id=2)),
                   (60, register(request_id=3)), (60, accept(request_id=3)), (130, register(request_id=4))],
     {3: {"dmvpn.binding.age": "20.000000000", "dmvpn.binding.granted_in": "2", "findings": []},
      4: {"dmvpn.binding.refresh_interval": "20.500000000", "dmvpn.binding.refreshes": "1", "findings": []},
      5: {"findings": ["binding.refresh_slow"]}, 6: {"dmvpn.binding.refreshes": "2"},
      7: {"dmvpn.binding.expires_in": "-10.000000000", "findings": ["binding.refresh_late"]}}),
    ("binding moves", [(0, register()), (0, accept()), (5, register(B, A_TUNNEL, nbma=B)), (5, accept(B, A_TUNNEL, nbma=B))],
     {4: {"dmvpn.binding.nbma": B, "findings": ["binding.moved"]}}),
    ("two spokes with one address",
     [(0, register()), (0, accept()), (5, register(B, A_TUNNEL)), (5, accept(B, A_TUNNEL)),
      (9, register(request_id=2)), (9, accept(request_id=2))],
     {6: {"findings": ["binding.contested"]}}),
    ("unique binding replaced",
     [(0, register(unique=True)), (0, accept(unique=True)), (5, register(B, A_TUNNEL, unique=True)),
      (5, accept(B, A_TUNNEL, unique=True))],
     {4: {"findings": ["binding.moved", "binding.unique_overwritten"]}}),
    ("unique binding kept",
     [(0, register(unique=True)), (0, accept(unique=True)), (5, register(B, A_TUNNEL, unique=True)),
      (5, accept(B, A_TUNNEL, unique=True, code=14))],
     {4: {"dmvpn.binding.nbma": A, "dmvpn.binding.granted_in": "2", "findings": ["binding.unique_conflict"]}}),
    ("purged binding is not renewed", [(0, register()), (0, accept()), (1, purge()), (1, purge(reply=True)),
                                       (100, register(request_id=2))],
     {3: {"dmvpn.binding.prefix": A_TUNNEL}, 5: {"dmvpn.binding.prefix": None, "findings": []}}),
    ("data to an expired binding", [(0, register()), (0, accept()), (70, data(HUB, A))],
     {3: {"dmvpn.path": "2", "dmvpn.binding.granted_in": "2", "findings": ["binding.expired"]}}),
    ("shortcut to a station that has moved",
     [*BOTH_REGISTERED, (1, resolve()), (1.1, answer()), (2, data(A, B)),
      (3, register(C, B_TUNNEL, request_id=2)), (3.1, accept(C, B_TUNNEL, request_id=2)), (4, data(A, B, number=2))],
     {7: {"findings": ["setup.done"]}, 10: {"findings": ["binding.stale"]}}),
    ("NAT", [(0, register(nbma="10.9.9.9")), (0.1, accept(nbma="10.9.9.9"))],
     {1: {"findings": ["nat.found"]}, 2: {"dmvpn.nat": "1", "dmvpn.binding.nbma": A, "dmvpn.binding.claimed": "10.9.9.9"}}),
    ("NAT that the spoke knows nothing of", [(0, register(nbma="10.9.9.9", nat=False))],
     {1: {"findings": ["nat.found", "nat.unsupported"]}}),
    ("two spokes behind one NAT", [(0, register(nbma="10.9.9.9")), (1, register(tunnel=B_TUNNEL, nbma="10.9.9.8"))],
     {2: {"findings": ["nat.found", "nat.shared"]}}),
    ("reply to the address behind the NAT", [(0, register(nbma="10.9.9.9")), (0.1, accept("10.9.9.9", nbma="10.9.9.9"))],
     {2: {"findings": ["binding.new", "nat.reply_private"]}}),
    ("NAT extension that names a stranger",
     [(0, register(extensions=EMPTY[:-4] + extension(9, cie(prefix=32, nbma=HUB, protocol=HUB_TUNNEL), False) + END)),
      (0.1, accept(extensions=EMPTY[:-4] + extension(9, cie(prefix=32, nbma=HUB, protocol=HUB_TUNNEL) +
                                                     cie(prefix=32, nbma="203.0.113.9", protocol=A_TUNNEL), False) + END))],
     {2: {"findings": ["binding.new", "nat.false"]}}),
    ("tunnel source of the wrong interface", [(0, register(nbma="203.0.113.7"))], {1: {"findings": ["nat.no_nat"]}}),
    ("two tunnels from one source without keys",
     [(0, register(key=None)), (1, register(tunnel="10.77.0.11", key=None, request_id=5))],
     {2: {"findings": ["binding.two_addresses"]}}),
    ("two clouds at one hub", [(0, register(key=1)), (0, accept(key=1)), (0, register(key=2, tunnel="10.7.0.1")),
                               (0, accept(key=2, tunnel="10.7.0.1"))],
     {2: {"dmvpn.cloud": "1"}, 4: {"dmvpn.cloud": "2", "dmvpn.cloud.hub": HUB, "findings": ["binding.new"]}}),
]

MISTAKES = [
    ("password on one side", [(0, register(extensions=secret(b"x") + END)), (0.1, accept(extensions=END))],
     {2: {"findings": ["authentication.one_side", "binding.new"]}}),
    ("passwords differ", [(0, register(extensions=secret(b"test123") + END)), (0.1, accept(extensions=secret(b"test") + END))],
     {2: {"findings": ["authentication.differs", "binding.new"]}}),
    ("accepted without a password where others have one",
     [(0, register(extensions=secret(b"x") + END)), (0.1, accept(extensions=secret(b"x") + END)),
      (1, register(B, B_TUNNEL, extensions=END)), (1.1, accept(B, B_TUNNEL, extensions=END))],
     {4: {"findings": ["authentication.one_side", "binding.new"]}}),
    ("GRE key mismatch", [(0, register(B, B_TUNNEL)), (0, accept(B, B_TUNNEL)), (1, register(key=7)), (2, register(key=7))],
     {4: {"findings": ["gre_key.mismatch", "retransmission"]}}),
    ("registration sent to the wrong server", [(0, register(hops=9)), (0.1, carried(message(
        3, flags(2, 1), A, A_TUNNEL, HUB_TUNNEL, cie(prefix=32, hold=60), EMPTY, hops=8), HUB, C))],
     {2: {"dmvpn.copy_of": "1", "findings": ["registration.forwarded"]}}),
    ("no server named", [(0, register(destination=A_TUNNEL)), (1, register(destination=A_TUNNEL))],
     {2: {"findings": ["registration.no_server_named", "retransmission"]}}),
    ("clear beside ESP", [(0, esp()), (0.1, esp()), (1, register())],
     {1: {"findings": ["encrypted"]}, 2: {"findings": []}, 3: {"findings": ["clear_beside_esp"]}}),
    ("multicast one way", [(0, register()), (0, accept()),
                           *[(1 + n, data(A, HUB, A_TUNNEL, "224.0.0.5", n)) for n in range(8)]],
     {9: {"findings": []}, 10: {"findings": ["multicast.one_way"]}}),
    ("redirect about multicast", [(0, redirect(inner_destination="224.0.0.5"))], {1: {"findings": ["redirect.multicast"]}}),
    ("redirects without a limit", [(0, redirect()), (0.1, redirect())], {2: {"findings": ["redirect.rate"]}}),
    ("redirects that nobody heeds", [(0, redirect()), (10, redirect()), (20, redirect())],
     {2: {"findings": []}, 3: {"findings": ["redirect.ignored"]}}),
    ("much traffic and no redirect",
     [*BOTH_REGISTERED, *[(1 + n, data(*ends, number=n)) for n in range(20) for ends in ((A, HUB), (HUB, B))]],
     {6: {"dmvpn.path": "3", "dmvpn.came_in": "5", "dmvpn.phase": "1", "findings": []},
      44: {"findings": ["redirect.missing"]}}),
    ("asked again at once", [(0, resolve()), (0.5, resolve(request_id=8))], {2: {"findings": ["request.repeated"]}}),
    ("asked again after an error",
     [(0, resolve()), (0.1, error(message(1, flags(0xC802, 7), A, A_TUNNEL, "10.2.0.1", cie(hold=600)), code=6)),
      (5, resolve(request_id=8))], {3: {"findings": ["request.after_error"]}}),
    ("asked over the shortcut",
     [*BOTH_REGISTERED, (1, resolve()), (1.1, answer()), (40, resolve(request_id=8, to=B))],
     {7: {"findings": ["request.over_shortcut"]}}),
    ("hub gives itself for a spoke",
     [*BOTH_REGISTERED, (1, resolve(wanted=B_TUNNEL)), (1.1, answer(wanted=B_TUNNEL, sent=HUB, at=HUB, via=HUB_TUNNEL))],
     {6: {"findings": ["reply.names_hub"]}}),
]

SHORTCUTS = [
    ("phase 3", [*BOTH_REGISTERED, (1, data(A, HUB)), (1.01, data(HUB, B)), (1.02, redirect()), (1.1, resolve()),
                 (1.2, resolve(sent=HUB, to=B, hops=254)), (1.3, answer()), (1.52, data(A, B, number=2)),
                 (1.6, data(B, A, "10.2.0.1", "10.1.0.1", 3))],
     {5: {"dmvpn.path": "1"}, 6: {"dmvpn.path": "3", "dmvpn.came_in": "5"},
      7: {"dmvpn.phase": "3", "dmvpn.request_in": "8", "dmvpn.first_direct_in": "11", "dmvpn.setup_time": "0.500000000"},
      8: {"dmvpn.phase": "3", "dmvpn.redirect_in": "7", "dmvpn.reply_in": "10"},
      10: {"dmvpn.redirect_in": "7", "dmvpn.first_direct_in": "11"},
      11: {"dmvpn.path": "4", "dmvpn.binding.prefix": "10.2.0.0/24", "dmvpn.binding.nbma": B,
           "dmvpn.binding.granted_in": "10", "dmvpn.setup_time": "0.500000000", "findings": ["setup.done"]},
      12: {"dmvpn.path": "4", "dmvpn.binding.prefix": "10.2.0.0/24", "dmvpn.setup_time": None, "findings": []}}),
    ("phase 2", [*BOTH_REGISTERED, (1, resolve(wanted=B_TUNNEL)), (1.1, answer(wanted=B_TUNNEL, prefix=32, sent=HUB)),
                 (1.5, data(A, B))],
     {5: {"dmvpn.phase": "2", "dmvpn.redirect_in": None}, 7: {"dmvpn.path": "4", "dmvpn.phase": "2", "dmvpn.setup_time":
                                                              "0.500000000", "findings": ["setup.done"]}}),
    ("shortcut not used", [*BOTH_REGISTERED, (1, resolve()), (1.1, answer()), (1.5, data(A, HUB)), (3, data(A, HUB, number=2)),
                           (4, data(A, HUB, number=3))],
     {7: {"findings": []}, 8: {"dmvpn.path": "1", "dmvpn.binding.granted_in": "6", "findings": ["shortcut.unused"]},
      9: {"findings": []}}),
    ("expired shortcut", [*BOTH_REGISTERED, (1, resolve()), (1, answer()), (2, data(A, B)), (90, data(A, B, number=2))],
     {8: {"dmvpn.binding.expires_in": "-29.000000000", "findings": ["binding.expired"]}}),
    ("direct one way only",
     [*BOTH_REGISTERED, (1, resolve()), (1, answer()), *[(2 + n, data(A, B, number=n)) for n in range(10)],
      (13, data(B, HUB, "10.2.0.1", "10.1.0.1", 90)), (13.1, data(HUB, A, "10.2.0.1", "10.1.0.1", 90))],
     {18: {"dmvpn.path": "3", "findings": ["shortcut.one_way"]}}),
    ("GRE sequence numbers", [(n, data(A, HUB, number=n, sequence=s)) for n, s in enumerate((1, 2, 5, 4, 6))],
     {2: {"findings": []}, 3: {"dmvpn.sequence.missing": "2", "findings": ["sequence.gap"]},
      4: {"findings": ["sequence.old"]}, 5: {"findings": []}}),
]

# The last story of all
LAST = [("the capture ends before an answer could come", [(0, register()), (1, register(B, B_TUNNEL))],
         {1: {"findings": []}})]
STORIES = EXCHANGES + BINDINGS + MISTAKES + SHORTCUTS
# Findings that the strictness "letter" adds: (name, frames, frame, finding)
LETTER = [("U bit added", [(0, resolve()), (0.1, answer(bits=0xD802))], 2, "reply.unique_added")]
