# SPDX-License-Identifier: GPL-2.0-or-later
"""dmvpnd before the conformance suite, on a wire: the suite plays every other station, in real time, against the daemon
as a Phase 3 hub. Arguments: dmvpnd, dmvpnctl, dmvpn-conform."""

import json
import os
import sys

from livetest import Cloud, isolate, run, skip, tunnel

HUB = "192.0.2.1"
# Of the class hub-redirect, and short.
CASES = ["hub-registration-basic", "hub-registration-cisco", "hub-registration-frr", "hub-redirect-basic",
         "hub-purge-no-reply-wanted"]

# The daemon starts anew for each case, and is ready when its control socket answers.
PREPARE = """#!/bin/sh
[ -e {path}.pid ] && kill "$(cat {path}.pid)" && while kill -0 "$(cat {path}.pid)" 2>/dev/null; do sleep 0.05; done
ip netns exec {space} {dmvpnd} -c {path}.yaml 2>>{path}.log &
echo $! >{path}.pid
until {dmvpnctl} -s {path}.sock show tunnels >/dev/null 2>&1; do sleep 0.05; done
"""


def main(dmvpnd, dmvpnctl, conform):
    if not os.path.exists(conform):
        skip("dmvpn-conform was not built")
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        hub = cloud.add("hub", HUB, "10.1.0.1")
        suite = cloud.prefix + "suite"
        run("ip", "netns", "add", suite)
        try:
            # The suite takes the other ends of both wires.
            run("ip", "-n", cloud.wan, "addr", "flush", "dev", "uhub")
            run("ip", "-n", cloud.wan, "link", "set", "uhub", "netns", suite, "name", "eth1")
            run("ip", "-n", suite, "link", "set", "eth1", "up")
            hub.ip("link", "set", "lan1", "netns", suite)
            run("ip", "-n", suite, "link", "set", "lan1", "up")
            config = tunnel(hub, "10.255.0.1/24", hold_s=60, redirect=True, resolution="forward")
            config["routes"] = [{"to": "10.1.%d.0/24" % i, "via": "10.255.0.1%d" % i} for i in (1, 2)]
            hub.configure(config)
            script = hub.path + ".prepare"
            with open(script, "w", encoding="utf-8") as out:
                out.write(PREPARE.format(path=hub.path, space=hub.space, dmvpnd=dmvpnd, dmvpnctl=dmvpnctl))
            os.chmod(script, 0o755)
            done = run(conform, "run", "--live", "eth1", "--host-interface", "lan1", "--host-gateway", "10.1.0.1",
                       "--netns", suite, "--prepare", script, "--format", "json", *CASES, check=False, timeout_s=200)
            report = json.loads(done.stdout) if done.stdout else {}
            verdicts = {case["id"]: case["verdict"] for case in report.get("cases", [])}
            print(verdicts)
            good = len(verdicts) == len(CASES) and set(verdicts.values()) <= {"pass", "non-strict"}
            assert good, done.stdout[-3000:] + done.stderr
        finally:
            if os.path.exists(hub.path + ".pid"):
                with open(hub.path + ".pid", encoding="ascii") as pid:
                    run("kill", pid.read().strip(), check=False)
            run("ip", "netns", "del", suite, check=False)


if __name__ == "__main__":
    isolate()
    main(*(os.path.abspath(path) for path in sys.argv[1:4]))
    print("all is well")
