# SPDX-License-Identifier: GPL-2.0-or-later
"""Churn: spokes come, go, die, are renumbered and talk to each other, with short holding times. At the end every binding
is as expected, no request is stuck, and every daemon ends cleanly (under a sanitizer: without a leak). Arguments:
dmvpnd, dmvpnctl, and for how many seconds."""

import random
import signal
import sys
import time

from livetest import Cloud, nhs, tunnel, wait

HUB = "192.0.2.1"
SPOKES = 5
HOLD_S = 3
SEED = 1


def nbma_of(index, moved):
    return "198.51.%d.%d" % (100 + index, 99 if moved else 11)


def configure(spoke, index):
    config = tunnel(spoke, "10.255.0.%d/24" % (11 + index), hold_s=HOLD_S, shortcut=True, nhs=nhs(("10.255.0.1", HUB)))
    del config["nbma"]
    config["nbma_device"] = "eth0"
    spoke.configure(config, log={"level": "error"})


def renumber(spoke, index, moved):
    gateway = "198.51.%d.254" % (100 + index)
    spoke.ip("addr", "add", nbma_of(index, moved) + "/24", "dev", "eth0", check=False)
    spoke.ip("addr", "del", nbma_of(index, not moved) + "/24", "dev", "eth0", check=False)
    # Where the first address goes, the kernel takes the others of its subnet with it.
    spoke.ip("addr", "replace", nbma_of(index, moved) + "/24", "dev", "eth0")
    spoke.ip("route", "replace", "default", "via", gateway)


def churn(dice, hub, spokes, moved):
    index = dice.randrange(SPOKES)
    spoke = spokes[index]
    action = dice.choice(("stop", "kill", "renumber", "talk", "talk", "hub-reload", "register", "clear"))
    if action in ("stop", "kill") and spoke.process:
        spoke.stop() if action == "stop" else spoke.kill()
    elif not spoke.process:
        spoke.start()
        spoke.ip("route", "replace", "172.16.0.0/16", "via", "10.255.0.1", "dev", "dmvpn0")
    elif action == "renumber":
        moved[index] = not moved[index]
        renumber(spoke, index, moved[index])
    elif action == "talk":
        spoke.exec("ping", "-n", "-c", "2", "-i", "0.05", "-W", "1", "-I", spoke.site,
                   spokes[dice.randrange(SPOKES)].site, check=False)
    elif action == "hub-reload":
        hub.signal(signal.SIGHUP)
    elif action == "register":
        spoke.ask("register")
    elif action == "clear":
        hub.ask("clear", dice.choice(("bindings", "shortcuts")))
    return action


def main(dmvpnd, dmvpnctl, seconds):
    dice = random.Random(SEED)
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        hub = cloud.add("hub", HUB, "172.16.0.1")
        hub.configure(tunnel(hub, "10.255.0.1/24", hold_s=HOLD_S, redirect=True, resolution="forward"),
                      log={"level": "error"})
        hub.start()
        spokes = [cloud.add("s%d" % i, nbma_of(i, False), "172.16.%d.1" % (i + 1)) for i in range(SPOKES)]
        moved = [False] * SPOKES
        for i, spoke in enumerate(spokes):
            configure(spoke, i)
            hub.ip("route", "add", "172.16.%d.0/24" % (i + 1), "via", "10.255.0.%d" % (11 + i), "dev", "dmvpn0")
        done = {}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            action = churn(dice, hub, spokes, moved)
            done[action] = done.get(action, 0) + 1
            assert hub.process.poll() is None, "the hub is dead"
        print("done: %s" % done)
        for spoke in spokes:
            if not spoke.process:
                spoke.start()
        expected = {"10.255.0.%d" % (11 + i): nbma_of(i, moved[i]) for i in range(SPOKES)}
        wait("every binding is as expected", lambda: {
            b["protocol"]: b["nbma"] for b in hub.rows("bindings") if b["origin"] == "registered"} == expected)
        # A request that nobody answers is given up after four attempts, which take 15 s.
        wait("no request is stuck", lambda: not any(
            r["state"] == "asking" for spoke in spokes for r in spoke.rows("requests")))
        for node in (*spokes, hub):
            assert node.stop() == 0, node.name


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
    print("all is well")
