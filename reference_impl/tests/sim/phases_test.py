# SPDX-License-Identifier: GPL-2.0-or-later
"""The three captures show the three phases: who sends which message to whom, and which way the data takes.

phases_test.py CAPTURES-FOLDER. Reads the packets by itself; the expected lists are written from the phase table, not
from the captures."""

import pathlib
import sys

from simtest import Packet, check, finish, read_capture

folder = pathlib.Path(sys.argv[1])
NAMES = {"192.0.2.1": "hub", "198.51.100.11": "spoke1", "203.0.113.12": "spoke2"}
REGISTRATIONS = [(3, "spoke1", "hub"), (4, "hub", "spoke1"), (3, "spoke2", "hub"), (4, "hub", "spoke2")]
REQUEST = ("10.1.1.10", "10.1.2.10")
REPLY = ("10.1.2.10", "10.1.1.10")


def read(name):
    comment, packets = read_capture(folder / name)
    check(comment.startswith("One hub, two spokes"), name + ": the story is there")
    parsed = []
    for number, (_, octets, words) in enumerate(packets, 1):
        p = Packet(octets)
        p.source, p.destination = NAMES[p.source], NAMES[p.destination]
        parsed.append(p)
        check(words.startswith("%s to %s: " % (p.source, p.destination)),
              "%s: comment %d names the two: %s" % (name, number, words))
        check(p.key == 42, "%s: packet %d has the key" % (name, number))
    times = [at for at, _, _ in packets]
    check(times == sorted(times), name + ": time goes on")
    return parsed


def messages(packets):
    return [(p.nhrp, p.source, p.destination) for p in packets if p.nhrp]


def paths(packets, inner):
    """The hops of data packets with those inner addresses, in order."""
    return [(p.source, p.destination) for p in packets if p.inner == inner]


VIA_HUB_OUT = [("spoke1", "hub"), ("hub", "spoke2")]
VIA_HUB_BACK = [("spoke2", "hub"), ("hub", "spoke1")]

# Phase 1: registrations, twice because the holding time's third comes round once; all data by way of the hub.
packets = read("phase1.pcapng")
check(messages(packets) == REGISTRATIONS * 2, "phase 1: messages are %s" % messages(packets))
check(paths(packets, REQUEST) == VIA_HUB_OUT * 5, "phase 1: requests by way of the hub")
check(paths(packets, REPLY) == VIA_HUB_BACK * 5, "phase 1: replies by way of the hub")

# Phase 2: each spoke asks the hub for the other's tunnel address, the hub answers, no Traffic Indication.
packets = read("phase2.pcapng")
between = [m for m in messages(packets) if m[0] not in (3, 4)]
check(messages(packets)[:4] == REGISTRATIONS and messages(packets)[-4:] == REGISTRATIONS,
      "phase 2: registrations first, renewals last")
check(between == [(1, "spoke1", "hub"), (2, "hub", "spoke1"), (1, "spoke2", "hub"), (2, "hub", "spoke2")],
      "phase 2: resolutions are %s" % between)
check(paths(packets, REQUEST) == VIA_HUB_OUT + [("spoke1", "spoke2")] * 4, "phase 2: the first request by way of the hub")
check(paths(packets, REPLY) == VIA_HUB_BACK + [("spoke2", "spoke1")] * 4, "phase 2: the first reply by way of the hub")
for p in packets:
    if p.nhrp == 1:
        asked = ".".join(map(str, p.message[36:40]))
        other = "10.255.0.12" if p.source == "spoke1" else "10.255.0.11"
        check(asked == other, "phase 2: %s asks for the next hop, %s, not %s" % (p.source, other, asked))

# Phase 3: redirects to both, requests for the hosts along the routed path, answers from the egress spokes.
packets = read("phase3.pcapng")
between = [m for m in messages(packets) if m[0] not in (3, 4)]
for one in [(8, "hub", "spoke1"), (8, "hub", "spoke2"), (1, "spoke1", "hub"), (1, "hub", "spoke2"),
            (1, "spoke2", "hub"), (1, "hub", "spoke1")]:
    check(between.count(one) == 1, "phase 3: once %s in %s" % (one, between))
check(sum(1 for m in between if m[0] == 2) >= 2, "phase 3: both resolutions are answered")
for p in packets:
    if p.nhrp == 1:
        asked = ".".join(map(str, p.message[36:40]))
        check(asked in ("10.1.1.10", "10.1.2.10"), "phase 3: a host is asked for, not %s" % asked)
    if p.nhrp == 2:
        check(p.message[41] == 24, "phase 3: the answer has the prefix of the egress route")
check(paths(packets, REQUEST) == VIA_HUB_OUT + [("spoke1", "spoke2")] * 4, "phase 3: then requests go directly")
check(paths(packets, REPLY) == VIA_HUB_BACK + [("spoke2", "spoke1")] * 4, "phase 3: then replies go directly")
finish()
