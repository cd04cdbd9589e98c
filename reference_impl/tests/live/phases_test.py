# SPDX-License-Identifier: GPL-2.0-or-later
"""A hub and two spokes as processes, with this machine's kernel between and behind them, in each of the three phases,
over IPv4 and IPv6. Arguments: dmvpnd, dmvpnctl."""

import sys

from livetest import Cloud, isolate, nhs, tunnel, wait

HUB4, SPOKES4 = "192.0.2.1", ("198.51.100.11", "203.0.113.12")
HUB6, SPOKES6 = "2001:db8:1::1", ("2001:db8:2::11", "2001:db8:3::12")


def build(cloud, phase, hub_nbma, spoke_nbmas):
    server = nhs(("10.255.0.1", hub_nbma))
    hub = cloud.add("hub", hub_nbma, "172.16.0.1")
    spokes = [cloud.add("s%d" % (i + 1), nbma, "172.16.%d.1" % (i + 1)) for i, nbma in enumerate(spoke_nbmas)]
    more = {"redirect": True, "resolution": "forward"} if phase == 3 else {}
    hub.configure(tunnel(hub, "10.255.0.1/24", hold_s=60, **more))
    hub.start()
    for i, spoke in enumerate(spokes):
        address = "10.255.0.%d/24" % (11 + i)
        mode = "point-to-point" if phase == 1 else "multipoint"
        more = {"shortcut": True} if phase == 3 else {}
        spoke.configure(tunnel(spoke, address, mode, hold_s=60, nhs=server, **more))
        spoke.start()
    for i, spoke in enumerate(spokes):
        wait(spoke.name + " is registered", spoke.registered)
        hub.ip("route", "add", "172.16.%d.0/24" % (i + 1), "via", "10.255.0.%d" % (11 + i), "dev", "dmvpn0")
        via = "10.255.0.%d" % (12 - i) if phase == 2 else "10.255.0.1"
        prefix = "172.16.%d.0/24" % (2 - i) if phase == 2 else "172.16.0.0/16"
        spoke.ip("route", "add", prefix, "via", via, "dev", "dmvpn0")
        wait(spoke.name + " has the route", lambda s=spoke, p=prefix: any(r["prefix"] == p for r in s.rows("routes")))
    wait("the hub has the routes", lambda: sum(r["kind"] == "via" for r in hub.rows("routes")) == 2)
    return hub, spokes


def forwarded(hub):
    return hub.rows("counters")[0]["underlay_out"]


def check(dmvpnd, dmvpnctl, phase, hub_nbma, spoke_nbmas):
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        hub, spokes = build(cloud, phase, hub_nbma, spoke_nbmas)
        assert len(hub.rows("bindings")) == 2
        wait("a ping goes through", lambda: spokes[0].ping("172.16.2.1"))
        if phase > 1:
            for spoke in spokes:
                wait("the other spoke is known",
                     lambda s=spoke: [b for b in s.rows("bindings") if b["origin"] == "resolved"])
        before = forwarded(hub)
        assert spokes[0].ping("172.16.2.1", 5) == 5
        through_hub = forwarded(hub) - before
        # The hub renews nothing in so short a time.
        assert through_hub == (10 if phase == 1 else 0), "phase %d: %d packets through the hub" % (phase, through_hub)
        shortcuts = spokes[0].rows("shortcuts")
        installed = spokes[0].ip("route", "show", "table", "2332", check=False).stdout
        if phase == 3:
            assert [s["prefix"] for s in shortcuts] == ["172.16.2.0/24"], shortcuts
            assert "172.16.2.0/24 via 10.255.0.12 dev dmvpn0" in installed, installed
        else:
            assert not shortcuts and "172.16" not in installed
        for node in (*spokes, hub):
            assert node.stop() == 0, node.name
        assert "dmvpn0" not in spokes[0].ip("link").stdout
        assert "2332" not in spokes[0].ip("rule").stdout


if __name__ == "__main__":
    isolate()
    for number in (1, 2, 3):
        check(sys.argv[1], sys.argv[2], number, HUB4, SPOKES4)
    check(sys.argv[1], sys.argv[2], 3, HUB6, SPOKES6)
    print("all is well")
