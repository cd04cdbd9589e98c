# SPDX-License-Identifier: GPL-2.0-or-later
"""TUN to TUN through two dmvpnd, against a bare loop that only wraps and unwraps, in one run.

The figure is packets a second of processor time: what one core would carry, whatever else the machine is busy with. Of
the two ends the slower one counts. Packets come in bursts, so that an end seldom wakes up for a few; the sender shares
the first end's core, and what an end waits is not counted. What is compared runs on the same cores, one for each end,
in turns, and a ratio is of two that ran one after the other. The first turn of each is not counted. Argument: the build
folder."""

import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live"))
from livetest import Cloud, SKIPPED, isolate, nhs, run, tunnel, wait  # noqa: E402

ROUNDS = 7
ROUND_S = 1.5
PACKET = 1300  # octets, inner
LEFT, RIGHT = "192.0.2.1", "198.51.100.11"
INNER = {LEFT: "10.255.0.1", RIGHT: "10.255.0.11"}
CORES = sorted(os.sched_getaffinity(0))
CORE = {LEFT: CORES[0], RIGHT: CORES[-1]}


def on_core(nbma):
    return ["taskset", "-c", str(CORE[nbma])]


def processor_s(process):
    """To the nanosecond, of the only thread that there is."""
    with open("/proc/%d/schedstat" % process.pid, encoding="ascii") as stat:
        return int(stat.read().split()[0]) / 1e9


def packets(node, device, direction):
    links = json.loads(node.ip("-s", "-j", "link", "show", "dev", device).stdout)
    return links[0]["stats64"][direction]["packets"]


def settled(node, device, direction):
    """The count of packets when no more come."""
    last = -1
    while last != (now := packets(node, device, direction)):
        last = now
        time.sleep(0.1)
    return last


def association(direction, peer, spi, key):
    return {"direction": direction, "algorithm": "aes-128-gcm", "peer": peer, "spi": spi, "key": key * 20,
            "replay_window": 1024}


def start_bare(nodes, load):
    processes = []
    for node, other in (nodes, nodes[::-1]):
        process = subprocess.Popen(["ip", "netns", "exec", node.space, *on_core(node.nbma), load, "bare", "dmvpn0",
                                    node.nbma, other.nbma], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        node.ip("addr", "add", INNER[node.nbma] + "/24", "dev", "dmvpn0")
        node.ip("link", "set", "dmvpn0", "mtu", "1400", "up")
        processes.append(process)
    return processes


def start_daemons(nodes, esp):
    for node, other, keys in ((*nodes, ("a1", "b2")), (*nodes[::-1], ("b2", "a1"))):
        more = {} if node is nodes[0] else {"nhs": nhs((INNER[LEFT], LEFT))}
        config = tunnel(node, INNER[node.nbma] + "/24", hold_s=600, **more)
        if esp:
            first = node is nodes[0]
            config["ipsec"] = {"associations": [association("out", other.nbma, 0x1000 + first, keys[0]),
                                                association("in", other.nbma, 0x1000 + (not first), keys[1])]}
        node.configure(config, log={"level": "error"})
        node.start(*on_core(node.nbma))
    wait("registered", nodes[1].registered)
    return [node.process for node in nodes]


def measure(nodes, load, kind):
    """Packets a second of processor time, of the slower end."""
    processes = start_bare(nodes, load) if kind == "bare" else start_daemons(nodes, kind == "esp")
    try:
        before = [processor_s(p) for p in processes]
        sent, received = packets(nodes[0], "eth0", "tx"), packets(nodes[1], "dmvpn0", "rx")
        nodes[0].exec(*on_core(LEFT), load, "send", INNER[RIGHT], ROUND_S, PACKET)
        received = settled(nodes[1], "dmvpn0", "rx") - received
        sent = packets(nodes[0], "eth0", "tx") - sent
        spent = [processor_s(p) - b for p, b in zip(processes, before)]
        print("%s: sent %d in %.3f s, received %d in %.3f s" % (kind, sent, spent[0], received, spent[1]),
              file=sys.stderr)
        assert sent > 1000 and received > 1000, "hardly a packet went through"
        return min(sent / spent[0], received / spent[1])
    finally:
        if kind == "bare":
            for process in processes:
                process.kill()
                process.wait()
                process.stdout.close()
        else:
            for node in nodes:
                node.stop()


def report(metric, unit, values):
    print(json.dumps({"metric": metric, "unit": unit, "median": round(statistics.median(values), 3),
                      "min": round(min(values), 3), "max": round(max(values), 3)}), flush=True)


def main(build):
    live = os.path.join(build, "reference_impl", "drivers", "live")
    load = os.path.abspath(os.path.join(build, "reference_impl", "bench", "live_load"))
    if not os.path.exists(load):
        print("SKIPPED: the daemon was not built", file=sys.stderr)
        return
    rates = {"bare": [], "plain": [], "esp": []}
    with Cloud(os.path.abspath(os.path.join(live, "dmvpnd")), os.path.abspath(os.path.join(live, "dmvpnctl"))) as cloud:
        nodes = cloud.add("left", LEFT, "172.16.0.1"), cloud.add("right", RIGHT, "172.16.1.1")
        for node in nodes:
            node.exec("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
        for turn in range(ROUNDS + 1):
            for kind, values in rates.items():
                rate = measure(nodes, load, kind)
                if turn > 0:
                    values.append(rate)
    for kind, values in rates.items():
        report("live_throughput_" + kind, "packets/s of one core", values)
    for kind in ("plain", "esp"):
        report("live_throughput_ratio_" + kind, "ratio", [a / b for a, b in zip(rates[kind], rates["bare"])])


if __name__ == "__main__":
    try:
        isolate()
        main(sys.argv[1])
    except SystemExit as end:
        # A part that cannot be measured here is no failure of the measurement.
        sys.exit(0 if end.code == SKIPPED else end.code)
