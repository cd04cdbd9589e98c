# SPDX-License-Identifier: GPL-2.0-or-later
"""A hub under fire: random octets, damaged messages, registrations from everywhere, resolution requests. The spoke that
belongs there stays registered and reachable, memory stays bounded, and the drops are counted. Arguments: dmvpnd,
dmvpnctl."""

import sys

from livetest import Cloud, isolate, nhs, tunnel, wait

HUB, SPOKE, ATTACKER = "192.0.2.1", "198.51.100.11", "203.0.113.66"
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


def still_there(hub, spoke):
    assert hub.process.poll() is None, "the hub is dead"
    wait("the spoke reaches the hub", lambda: spoke.exec("ping", "-n", "-c", "1", "-W", "1", "10.255.0.1",
                                                         check=False).returncode == 0)
    kept = [b for b in hub.rows("bindings") if b["protocol"] == "10.255.0.11"]
    assert [b["nbma"] for b in kept] == [SPOKE], kept
    assert spoke.registered()


def main(dmvpnd, dmvpnctl):
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        hub = cloud.add("hub", HUB, "172.16.0.1")
        spoke = cloud.add("spoke", SPOKE, "172.16.1.1")
        attacker = cloud.add("attacker", ATTACKER, "172.16.6.1")
        hub.configure(tunnel(hub, "10.255.0.1/16", hold_s=60, redirect=True, max_bindings=MAX_BINDINGS,
                             max_requests=500), log={"level": "error"})
        spoke.configure(tunnel(spoke, "10.255.0.11/16", hold_s=6, unique=True, nhs=nhs(("10.255.0.1", HUB))))
        hub.start()
        spoke.start()
        wait("the spoke is registered", spoke.registered)
        before = resident_kib(hub)
        for kind in ("random", "damaged", "registrations", "resolutions"):
            attacker.exec(sys.executable, "-c", GUN, kind, HUB, PACKETS)
            still_there(hub, spoke)
        assert len(hub.rows("bindings")) <= MAX_BINDINGS
        growth = resident_kib(hub) - before
        print("memory grew by %d KiB" % growth)
        # A sanitizer keeps what was freed for a while: its own test is that nothing leaks.
        sanitized = "libasan" in open("/proc/%d/maps" % hub.process.pid, encoding="ascii").read()
        assert sanitized or growth < GROWTH_KIB, growth
        drops = {row["reason"]: row["count"] for row in hub.rows("drops")}
        assert sum(drops.values()) > PACKETS / 2, drops
        assert "nhrp-malformed" in drops and "table-full" in drops, drops
        assert hub.stop() == 0


if __name__ == "__main__":
    isolate()
    main(sys.argv[1], sys.argv[2])
    print("all is well")
