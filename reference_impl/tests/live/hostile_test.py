# SPDX-License-Identifier: GPL-2.0-or-later
"""A hub under fire: random octets, damaged messages, registrations from everywhere, resolution requests; with the
usual rate limits, and with low ones. The spokes that belong there stay registered and reachable, memory stays bounded,
and drops and limits are counted. Arguments: dmvpnd, dmvpnctl."""

import sys

from livetest import Cloud, isolate, nhs, tunnel, wait

HUB, SPOKES, ATTACKER = "192.0.2.1", ("198.51.100.11", "198.51.101.12"), "203.0.113.66"
PROTOCOLS = ("10.255.0.11", "10.255.0.12")
MAX_BINDINGS = 2000
PACKETS = 20000
GROWTH_KIB = 8 * 1024  # for 2,000 bindings and full tables of other kinds

# Sends what its first argument says to the hub, as fast as a raw socket takes it, in an order that a seed gives.
GUN = """
import ipaddress, random, socket, struct, sys

kind, hub, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
dice = random.Random(7)
gun = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
gun.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)

def checksum(octets):
    total = sum(struct.unpack(">%dH" % (len(octets) // 2), octets))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff

def spoofed(number):
    return ipaddress.ip_address("198.18.0.0").packed[:2] + struct.pack(">H", number & 0xffff)

def message(kind, number):
    source = spoofed(number)
    inner = ipaddress.ip_address("10.255.0.0").packed[:1] + struct.pack(">I", 0xff0100 + number)[1:]
    target = ipaddress.ip_address("10.255.0.1").packed if kind == 3 else inner[:3] + b"\\x07"
    cie = struct.pack(">BBHHHBBBB", 0, 32, 0, 0, 600, 0, 0, 0, 0)
    body = struct.pack(">BBHI", 4, 4, 0, number) + source + inner + target + cie
    head = struct.pack(">HH5xBHHHBBBB", 1, 0x0800, 255, 20 + len(body), 0, 0, 1, kind, 4, 0)
    whole = bytearray(head + body)
    struct.pack_into(">H", whole, 12, checksum(bytes(whole)))
    return bytes(whole)

gre = struct.pack(">HHI", 0x2000, 0x2001, 42)
for number in range(count):
    if kind == "random":
        shot = dice.randbytes(dice.randrange(1, 200))
    elif kind == "damaged":
        octets = bytearray(gre + message(3, number))
        for _ in range(dice.randrange(1, 4)):
            octets[dice.randrange(8, len(octets))] = dice.randrange(256)
        octets = octets[: dice.randrange(8, len(octets) + 1)]
        shot = bytes(octets)
    elif kind == "registrations":
        shot = gre + message(3, number)
    else:
        shot = gre + message(1, number)
    # The kernel fills in what is 0: length, identification, checksum.
    header = struct.pack(">BBHHHBBH", 0x45, 0, 0, 0, 0, 64, 47, 0) + spoofed(number) + ipaddress.ip_address(hub).packed
    try:
        gun.sendto(header + shot, (hub, 0))
    except OSError:
        pass
"""


def resident_kib(node):
    with open("/proc/%d/status" % node.process.pid, encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def still_there(hub, spokes):
    assert hub.process.poll() is None, "the hub is dead"
    for spoke, protocol, nbma in zip(spokes, PROTOCOLS, SPOKES):
        wait("the spoke reaches the hub", lambda s=spoke: s.exec("ping", "-n", "-c", "1", "-W", "1", "10.255.0.1",
                                                                 check=False).returncode == 0)
        kept = [b for b in hub.rows("bindings") if b["protocol"] == protocol]
        assert [b["nbma"] for b in kept] == [nbma], kept
        assert spoke.registered()


def build(cloud, **limits):
    hub = cloud.add("hub", HUB, "172.16.0.1")
    spokes = [cloud.add("s%d" % (i + 1), nbma, "172.16.%d.1" % (i + 1)) for i, nbma in enumerate(SPOKES)]
    hub.configure(tunnel(hub, "10.255.0.1/16", hold_s=60, redirect=True, max_bindings=MAX_BINDINGS, max_requests=500,
                         **limits), log={"level": "error"})
    hub.start()
    for i, spoke in enumerate(spokes):
        spoke.configure(tunnel(spoke, PROTOCOLS[i] + "/16", hold_s=6, unique=True, nhs=nhs(("10.255.0.1", HUB))))
        spoke.start()
    for spoke in spokes:
        wait("a spoke is registered", spoke.registered)
    return hub, spokes


def attack(hub, spokes, attacker):
    """Everything that the gun has. Afterwards the spokes are as they were, and memory is bounded."""
    before = resident_kib(hub)
    for kind in ("random", "damaged", "registrations", "resolutions"):
        attacker.exec(sys.executable, "-c", GUN, kind, HUB, PACKETS)
        still_there(hub, spokes)
    assert len(hub.rows("bindings")) <= MAX_BINDINGS
    growth = resident_kib(hub) - before
    print("memory grew by %d KiB" % growth)
    # A sanitizer keeps what was freed for a while: its own test is that nothing leaks.
    with open("/proc/%d/maps" % hub.process.pid, encoding="ascii") as maps:
        assert "libasan" in maps.read() or growth < GROWTH_KIB, growth


def drops(hub):
    return {row["reason"]: row["count"] for row in hub.rows("drops")}


def redirect_often(hub, spokes):
    """A spoke that takes no redirects, and sends on through the hub."""
    for spoke, protocol, other in zip(spokes, PROTOCOLS, spokes[::-1]):
        hub.ip("route", "add", spoke.site + "/32", "via", protocol, "dev", "dmvpn0")
        spoke.ip("route", "add", other.site + "/32", "via", "10.255.0.1", "dev", "dmvpn0")
    wait("the spokes reach each other", lambda: spokes[0].ping("172.16.2.1"))
    spokes[0].exec("ping", "-n", "-q", "-c", "50", "-i", "0.01", "-I", spokes[0].site, "172.16.2.1")
    counters = hub.rows("counters")[0]
    assert counters["traffic_indication_out"] >= 1, counters
    assert counters["traffic_indication_limited"] > 25, counters


def main(dmvpnd, dmvpnctl):
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        attacker = cloud.add("attacker", ATTACKER, "172.16.6.1")
        hub, spokes = build(cloud)
        attack(hub, spokes, attacker)
        found, counters = drops(hub), hub.rows("counters")[0]
        assert sum(found.values()) > PACKETS / 2, found
        assert "nhrp-malformed" in found and "table-full" in found, found
        assert "rate-limited" not in found, found
        # What was wrong was reported, ten times a second.
        assert 0 < counters["error_indication_out"] < counters["error_indication_limited"], counters
        redirect_often(hub, spokes)
        assert hub.stop() == 0
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        attacker = cloud.add("attacker", ATTACKER, "172.16.6.1")
        hub, spokes = build(cloud, request_limit_per_s=1, error_limit_per_s=2)
        attack(hub, spokes, attacker)
        found, counters = drops(hub), hub.rows("counters")[0]
        # Of the flood of registrations most did not get as far as the table of bindings.
        assert found["rate-limited"] > PACKETS, found
        assert len(hub.rows("bindings")) < MAX_BINDINGS, len(hub.rows("bindings"))
        assert 0 < counters["error_indication_out"] < counters["error_indication_limited"], counters
        assert hub.stop() == 0


if __name__ == "__main__":
    isolate()
    main(sys.argv[1], sys.argv[2])
    print("all is well")
