# SPDX-License-Identifier: GPL-2.0-or-later
"""Tunnels protected by static security associations, as ESP and as ESP in UDP: data arrives, and nothing but ESP is on
the underlay. Arguments: dmvpnd, dmvpnctl."""

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


def check(dmvpnd, dmvpnctl, protocol, **more):
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        hub = cloud.add("hub", HUB, "172.16.0.1")
        spoke = cloud.add("spoke", SPOKE, "172.16.1.1")
        for node, peer, keys in ((hub, SPOKE, ("a1", "b2")), (spoke, HUB, ("b2", "a1"))):
            config = tunnel(node, "10.255.0.%d/24" % (1 if node is hub else 11), hold_s=60,
                            **({} if node is hub else {"nhs": nhs(("10.255.0.1", HUB))}))
            config["ipsec"] = {"associations": [
                association("out", peer, 0x1000 + (node is hub), keys[0], **more),
                association("in", peer, 0x1000 + (node is not hub), keys[1], **more),
            ]}
            node.configure(config)
        sniffer = subprocess.Popen(["ip", "netns", "exec", cloud.wan, sys.executable, "-c", SNIFFER, "uhub"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert sniffer.stdout.readline() == "ready\n"
        hub.start()
        spoke.start()
        wait("the spoke is registered", spoke.registered)
        assert spoke.exec("ping", "-n", "-c", "3", "-i", "0.2", "-W", "2", "10.255.0.1").stdout.count("bytes from") == 3
        seen = eval(sniffer.communicate()[0])  # a dictionary of our own writing
        assert set(seen) == {protocol} and seen[protocol] == 4, seen  # from the hub: a reply and three echoes
        assert not hub.rows("drops"), hub.rows("drops")
        # A stranger's plain packets are dropped, for that reason.
        stranger = cloud.add("stranger", "203.0.113.66", "172.16.6.1")
        stranger.configure(tunnel(stranger, "10.255.0.66/24", hold_s=60, nhs=nhs(("10.255.0.1", HUB))))
        stranger.start()
        wait("the hub drops it", lambda: any(row["reason"] != "multicast" for row in hub.rows("drops")))
        assert len(hub.rows("bindings")) == 1


if __name__ == "__main__":
    isolate()
    check(sys.argv[1], sys.argv[2], 50)
    check(sys.argv[1], sys.argv[2], 17, udp=True)
    print("all is well")
