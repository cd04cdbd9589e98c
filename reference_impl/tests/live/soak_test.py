# SPDX-License-Identifier: GPL-2.0-or-later
"""Churn: spokes come, go, die, are renumbered, lose packets or their link, and talk to each other; the hub reloads and
starts anew. Holding times are a hundredth of the usual 300 s, so that ten minutes are two hundred of them. At the end
every binding is as expected, no request is stuck, and every daemon ends cleanly (under a sanitizer: without a leak).
Arguments: dmvpnd, dmvpnctl, for how many seconds, and with which seed chance begins."""

import collections
import random
import signal
import sys
import time

from livetest import Cloud, isolate, nhs, run, skip, tunnel, wait

HUB = "192.0.2.1"
SPOKES = 6
HOLD_S = 3
SILENT = {"level": "error"}
LOSSES = (0, 5, 20, 60)  # percent, of what a spoke sends and of what it is sent


class Spoke:
    """A node that is a spoke, and what it is going through."""

    def __init__(self, cloud, index):
        self.index, self.moved = index, False
        self.wire = "us%d" % index
        self.protocol = "10.255.0.%d" % (11 + index)
        self.node = cloud.add("s%d" % index, self.nbma(), "172.16.%d.1" % (index + 1))
        config = tunnel(self.node, self.protocol + "/24", hold_s=HOLD_S, shortcut=True, nhs=nhs(("10.255.0.1", HUB)))
        del config["nbma"]
        config["nbma_device"] = "eth0"
        self.node.configure(config, log=SILENT)

    def nbma(self):
        return "198.51.%d.%d" % (100 + self.index, 99 if self.moved else 11)

    def start(self):
        self.node.start()
        self.node.ip("route", "replace", "172.16.0.0/16", "via", "10.255.0.1", "dev", "dmvpn0")

    def stop(self):
        code = self.node.stop()
        assert code == 0, "%s ended with %d" % (self.node.name, code)

    def renumber(self):
        old, self.moved = self.nbma(), not self.moved
        self.node.ip("addr", "add", self.nbma() + "/24", "dev", "eth0", check=False)
        self.node.ip("addr", "del", old + "/24", "dev", "eth0", check=False)
        # Where the first address goes, the kernel takes the others of its subnet with it.
        self.node.ip("addr", "replace", self.nbma() + "/24", "dev", "eth0")
        self.connect()

    def connect(self):
        self.node.ip("route", "replace", "default", "via", "198.51.%d.254" % (100 + self.index))


class Churn:
    def __init__(self, cloud, dice):
        self.cloud, self.dice = cloud, dice
        self.hub = cloud.add("hub", HUB, "172.16.0.1")
        self.tunnel = tunnel(self.hub, "10.255.0.1/24", hold_s=HOLD_S, redirect=True, resolution="forward")
        self.hub.configure(self.tunnel, log=SILENT)
        self.loss = {}
        self.lose("hub", 0)
        self.spokes = [Spoke(cloud, i) for i in range(SPOKES)]
        self.start_hub()

    def start_hub(self):
        self.hub.start()
        for spoke in self.spokes:
            self.hub.ip("route", "replace", "172.16.%d.0/24" % (spoke.index + 1), "via", spoke.protocol, "dev", "dmvpn0")

    def lose(self, wire, percent):
        """The router loses so many packets of a hundred from and to this wire."""
        self.loss[wire] = percent
        rules = ["%s \"%s\" numgen random mod 100 < %d drop" % (way, name, lost)
                 for name, lost in self.loss.items() for way in ("iifname", "oifname") if lost]
        table = "table ip loss\ndelete table ip loss\ntable ip loss { chain wan {\n" \
                "type filter hook forward priority 0\n%s\n}\n}\n" % "\n".join(rules)
        done = run("ip", "netns", "exec", self.cloud.wan, "nft", "-f", "-", input=table, check=False)
        if done.returncode != 0 and not rules:
            skip("no packets can be lost on purpose here; package 'nftables' is needed: " + done.stderr)
        assert done.returncode == 0, done.stderr

    # What may happen to a spoke that runs.

    def stop(self, spoke):
        spoke.stop()

    def kill(self, spoke):
        spoke.node.kill()

    def renumber(self, spoke):
        spoke.renumber()

    def talk(self, spoke):
        spoke.node.exec("ping", "-n", "-c", "2", "-i", "0.05", "-W", "1", "-I", spoke.node.site,
                        self.dice.choice(self.spokes).node.site, check=False)

    def lossy(self, spoke):
        self.lose(spoke.wire, self.dice.choice(LOSSES))

    def outage(self, spoke):
        spoke.node.ip("link", "set", "eth0", "down")
        time.sleep(self.dice.choice((0.1, 1.5 * HOLD_S)))  # shorter and longer than the holding time
        spoke.node.ip("link", "set", "eth0", "up")
        spoke.connect()

    def register(self, spoke):
        spoke.node.ask("register")

    # And to the hub.

    def clear(self, _):
        self.hub.ask("clear", self.dice.choice(("bindings", "shortcuts")))

    def hub_reload(self, _):
        twin = dict(self.tunnel, name="second", tunnel={"address": "10.254.0.1/24", "mode": "multipoint", "key": 7})
        self.hub.configure(self.tunnel, *self.dice.choice(((), (twin,))), log=SILENT)
        self.hub.signal(signal.SIGHUP)

    def hub_restart(self, _):
        code = self.hub.stop()
        assert code == 0, "the hub ended with %d" % code
        self.start_hub()

    def step(self):
        spoke = self.dice.choice(self.spokes)
        if not spoke.node.process:
            spoke.start()
            return "start"
        action = self.dice.choice((self.stop, self.kill, self.renumber, self.talk, self.talk, self.talk, self.lossy,
                                   self.lossy, self.outage, self.register, self.clear, self.hub_reload,
                                   self.hub_restart))
        action(spoke)
        return action.__name__

    def settle(self):
        """Peace at last: nothing is lost any more, and everybody runs."""
        for spoke in self.spokes:
            self.lose(spoke.wire, 0)
            if not spoke.node.process:
                spoke.start()

    def bindings(self):
        return sorted((b["protocol"], b["nbma"]) for b in self.hub.rows("bindings") if b["origin"] == "registered")

    def check(self):
        expected = sorted((spoke.protocol, spoke.nbma()) for spoke in self.spokes)
        wait("every binding is as expected: %s" % expected, lambda: self.bindings() == expected)
        # A request that nobody answers is given up after four attempts, which take 15 s.
        wait("no request is stuck", lambda: not any(
            r["state"] == "asking" for spoke in self.spokes for r in spoke.node.rows("requests")))
        for spoke in self.spokes:
            wait("%s reaches the hub" % spoke.node.name, lambda s=spoke: s.node.ping("172.16.0.1"))
            spoke.stop()
        wait("every registration was taken back", lambda: not self.bindings())
        assert self.hub.stop() == 0


def main(dmvpnd, dmvpnctl, seconds, seed):
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        churn = Churn(cloud, random.Random(seed))
        done = collections.Counter()
        begin = told = time.monotonic()
        while time.monotonic() < begin + seconds:
            done[churn.step()] += 1
            assert churn.hub.process.poll() is None, "the hub is dead"
            if time.monotonic() > told + 60:
                told = time.monotonic()
                print("%d s: %s" % (told - begin, dict(done)), flush=True)
        churn.settle()
        churn.check()
        print("%d holding times: %s" % (seconds / HOLD_S, dict(done)))


if __name__ == "__main__":
    isolate()
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
    print("all is well")
