# SPDX-License-Identifier: GPL-2.0-or-later
"""Tunnels protected by static security associations, as ESP and as ESP in UDP, two of them between the same addresses:
data arrives, and nothing but ESP is on the underlay. Arguments: dmvpnd, dmvpnctl."""

import subprocess
import sys

from livetest import Cloud, isolate, nhs, tunnel, wait

HUB, SPOKE = "192.0.2.1", "198.51.100.11"

# Counts what crosses an interface by IP protocol, from a packet socket, until its standard input ends.
SNIFFER = """
import collections, select, socket, sys
seen = collections.Counter()
wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
wire.bind((sys.argv[1], 0x0800))
print("ready", flush=True)
while True:
    ready, _, _ = select.select([wire, sys.stdin], [], [])
    if wire in ready:
        seen[wire.recv(2048)[9]] += 1
    elif sys.stdin in ready:
        break
print(dict(seen))
"""


def association(direction, peer, spi, key, **more):
    return dict({"direction": direction, "algorithm": "aes-128-gcm", "peer": peer, "spi": spi, "key": key * 20}, **more)


def protected(node, peer, number, **more):
    """One of a node's tunnels: only its associations tell its packets from those of the others."""
    hub = node.nbma == HUB
    keys = ("a%d" % number, "b%d" % number)
    server = {} if hub else {"nhs": nhs(("10.255.%d.1" % number, HUB))}
    config = tunnel(node, "10.255.%d.%d/24" % (number, 1 if hub else 11), hold_s=60, **server)
    config["name"] = "dmvpn%d" % number
    first = 0x1000 * (number + 1)
    config["ipsec"] = {"associations": [
        association("out", peer, first + hub, keys[0 if hub else 1], **more),
        association("in", peer, first + (not hub), keys[1 if hub else 0], **more),
    ]}
    return config


def check(dmvpnd, dmvpnctl, protocol, **more):
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        hub = cloud.add("hub", HUB, "172.16.0.1")
        spoke = cloud.add("spoke", SPOKE, "172.16.1.1")
        for node, peer in ((hub, SPOKE), (spoke, HUB)):
            node.configure(protected(node, peer, 0, **more), protected(node, peer, 1, **more))
        sniffer = subprocess.Popen(["ip", "netns", "exec", cloud.wan, sys.executable, "-c", SNIFFER, "uhub"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert sniffer.stdout.readline() == "ready\n"
        hub.start()
        spoke.start()
        wait("the spoke is registered", spoke.registered)
        for number in range(2):
            done = spoke.exec("ping", "-n", "-c", "3", "-i", "0.2", "-W", "2", "10.255.%d.1" % number)
            assert done.stdout.count("bytes from") == 3, done.stdout
        seen = eval(sniffer.communicate()[0])  # a dictionary of our own writing
        assert set(seen) == {protocol} and seen[protocol] == 8, seen  # from the hub, in each tunnel: a reply, three echoes
        assert not hub.rows("drops"), hub.rows("drops")
        # A stranger's plain packets are dropped, for that reason.
        stranger = cloud.add("stranger", "203.0.113.66", "172.16.6.1")
        stranger.configure(tunnel(stranger, "10.255.0.66/24", hold_s=60, nhs=nhs(("10.255.0.1", HUB))))
        stranger.start()
        wait("the hub drops it", lambda: any(row["reason"] != "multicast" for row in hub.rows("drops")))
        assert len(hub.rows("bindings")) == 2


if __name__ == "__main__":
    isolate()
    check(sys.argv[1], sys.argv[2], 50)
    check(sys.argv[1], sys.argv[2], 17, udp=True)
    print("all is well")
