# SPDX-License-Identifier: GPL-2.0-or-later
"""TUN to TUN through two dmvpnd, against a bare loop that only wraps and unwraps, in one run.

The figure is packets a second of processor time: what one core would carry, whatever else the machine is busy with. Of
the two ends the slower one counts. The sender overloads the first TUN device, so that no end ever waits. Argument: the
build folder."""

import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live"))
from livetest import Cloud, SKIPPED, isolate, nhs, run, tunnel, wait  # noqa: E402

ROUNDS = 3
ROUND_S = 2
PACKET = 1300  # octets, inner
LEFT, RIGHT = "192.0.2.1", "198.51.100.11"
INNER = {LEFT: "10.255.0.1", RIGHT: "10.255.0.11"}
TICK = os.sysconf("SC_CLK_TCK")


def processor_s(process):
    with open("/proc/%d/stat" % process.pid, encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def packets(node, device, direction):
    links = json.loads(node.ip("-s", "-j", "link", "show", "dev", device).stdout)
    return links[0]["stats64"][direction]["packets"]


def association(direction, peer, spi, key):
    return {"direction": direction, "algorithm": "aes-128-gcm", "peer": peer, "spi": spi, "key": key * 20,
            "replay_window": 1024}


def start_bare(nodes, load):
    processes = []
    for node, other in (nodes, nodes[::-1]):
        process = subprocess.Popen(["ip", "netns", "exec", node.space, load, "bare", "dmvpn0", node.nbma, other.nbma],
                                   stdout=subprocess.PIPE, text=True)
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
        node.start()
    wait("registered", nodes[1].registered)
    return [node.process for node in nodes]


def measure(nodes, load, kind):
    """Packets a second of processor time, of the slower end."""
    processes = start_bare(nodes, load) if kind == "bare" else start_daemons(nodes, kind == "esp")
    try:
        before = [processor_s(p) for p in processes]
        sent, received = packets(nodes[0], "eth0", "tx"), packets(nodes[1], "dmvpn0", "rx")
        nodes[0].exec(load, "send", INNER[RIGHT], ROUND_S, PACKET)
        time.sleep(0.3)
        sent, received = packets(nodes[0], "eth0", "tx") - sent, packets(nodes[1], "dmvpn0", "rx") - received
        spent = [processor_s(p) - b for p, b in zip(processes, before)]
        print("%s: sent %d in %.2f s, received %d in %.2f s" % (kind, sent, spent[0], received, spent[1]),
              file=sys.stderr)
        return min(sent / max(spent[0], 0.01), received / max(spent[1], 0.01))
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
        for _ in range(ROUNDS):
            for kind, values in rates.items():
                values.append(measure(nodes, load, kind))
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
