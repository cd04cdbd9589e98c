# SPDX-License-Identifier: GPL-2.0-or-later
"""What the daemon's script tests share: network namespaces with routers and sites in them, daemons, and asking them.

A test has its own namespaces and its own folder, and they go with it even if it is killed: isolate() puts it, and all
that it starts, into a PID namespace and a mount namespace whose ends are its own. Nothing sleeps for a fixed time:
wait() asks again until something is so, or too much time has passed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
PATIENCE_S = 60  # a machine may be slow and busy; whoever waits in vain has failed anyway
ISOLATED = "DMVPNKIT_LIVETEST_ISOLATED"
NAMESPACES = "/run/netns"  # where iproute2 has them


def skip(why):
    print("SKIPPED: " + why, file=sys.stderr)  # standard output may be a benchmark's
    sys.exit(SKIPPED)


def run(*command, check=True, timeout_s=60, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=timeout_s, **more)
    if check and done.returncode != 0:
        raise AssertionError("%s: %s%s" % (" ".join(map(str, command)), done.stdout, done.stderr))
    return done


def be_init():
    """Process 1 of a PID namespace has to bury orphans: that, and nothing else, is what it does, until the script, which
    goes on as its child, has ended."""
    script = os.fork()
    if script == 0:
        return
    while True:
        pid, status = os.wait()
        if pid == script:
            os._exit(os.waitstatus_to_exitcode(status) & 0xff)


def isolate():
    """Run this script anew as the only user of its namespaces: what it starts, the networks that it names and its files
    end when it does, however it ends. Returns in the new process only."""
    if os.getuid() != 0:
        skip("network namespaces need root")
    if os.environ.get(ISOLATED):
        # The names of network namespaces are mounts in a folder: where that is the mount namespace's own, names,
        # networks and this test's files are gone with it.
        os.makedirs(NAMESPACES, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "dmvpnkit", NAMESPACES)
        be_init()
        return
    inside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode != 0:
        skip("there are no mount and PID namespaces here")
    script = [sys.executable, "-B", os.path.abspath(sys.argv[0]), *sys.argv[1:]]
    os.environ[ISOLATED] = "1"
    os.execvp(inside[0], [*inside, *script])


def wait(what, question, patience_s=PATIENCE_S):
    """The first true answer."""
    end = time.monotonic() + patience_s
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError("waited in vain: " + what)
        time.sleep(0.05)


def nhs(*servers):
    return [{"protocol": protocol, "nbma": nbma} for protocol, nbma in servers]


class Cloud:
    """Namespaces around a router that is the underlay: each node has a /24 (or /64) of its own there, and a LAN."""

    def __init__(self, dmvpnd, dmvpnctl):
        self.dmvpnd, self.dmvpnctl = dmvpnd, dmvpnctl
        assert os.environ.get(ISOLATED), "a script that makes a cloud calls isolate() first"
        self.prefix = "dk"
        self.wan = self.prefix + "wan"
        self.nodes = {}
        self.folder = tempfile.mkdtemp(prefix=".dmvpnkit-", dir=NAMESPACES)
        os.chmod(self.folder, 0o755)
        if run("ip", "netns", "add", self.wan, check=False).returncode != 0:
            shutil.rmtree(self.folder)
            skip("there are no network namespaces here")
        if run("ip", "-n", self.wan, "tuntap", "add", "probe", "mode", "tun", check=False).returncode != 0:
            self.close()
            skip("there are no TUN devices here")
        self.inside(self.wan, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            for node in self.nodes.values():
                print("---- log of %s\n%s" % (node.name, node.log()))
        self.close()

    def close(self):
        for node in self.nodes.values():
            node.kill()
            run("ip", "netns", "del", node.space, check=False)
        run("ip", "netns", "del", self.wan, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def inside(self, space, *command, **more):
        return run("ip", "netns", "exec", space, *command, **more)

    def add(self, name, nbma, site):
        self.nodes[name] = Node(self, name, nbma, site)
        return self.nodes[name]


class Node:
    def __init__(self, cloud, name, nbma, site):
        self.cloud, self.name, self.nbma, self.site = cloud, name, nbma, site
        self.space = cloud.prefix + name
        self.path = os.path.join(cloud.folder, name)
        self.control = None
        self.process = None
        self.log_file = None
        six = ":" in nbma
        length = 64 if six else 24
        gateway = nbma.rsplit("::", 1)[0] + "::fe" if six else nbma.rsplit(".", 1)[0] + ".254"
        extra = ["nodad"] if six else []
        run("ip", "netns", "add", self.space)
        run("ip", "-n", cloud.wan, "link", "add", "u" + name, "type", "veth", "peer", "name", "eth0", "netns", self.space)
        run("ip", "-n", cloud.wan, "link", "set", "u" + name, "up")
        run("ip", "-n", cloud.wan, "addr", "add", "%s/%d" % (gateway, length), "dev", "u" + name, *extra)
        self.ip("link", "set", "lo", "up")
        self.ip("link", "set", "eth0", "up")
        self.ip("addr", "add", "%s/%d" % (nbma, length), "dev", "eth0", *extra)
        self.ip("route", "add", "default", "via", gateway)
        self.ip("link", "add", "lan0", "type", "veth", "peer", "name", "lan1")
        self.ip("link", "set", "lan0", "up")
        self.ip("link", "set", "lan1", "up")
        self.ip("addr", "add", site + "/24", "dev", "lan0")
        self.exec("sysctl", "-qw", "net.ipv4.ip_forward=1")

    def ip(self, *words, **more):
        return run("ip", "-n", self.space, *words, **more)

    def exec(self, *command, **more):
        return self.cloud.inside(self.space, *command, **more)

    def configure(self, *tunnels, **more):
        config = {
            "control": self.path + ".sock",
            "state": self.path + ".state",
            "log": {"format": "json", "trace": True},
            "tunnels": list(tunnels),
        }
        config.update(more)
        self.control = config["control"]
        # JSON is YAML, too.
        with open(self.path + ".yaml", "w", encoding="utf-8") as out:
            json.dump(config, out)

    def start(self, *wrapper):
        """wrapper: a command that starts the daemon in its way."""
        self.log_file = open(self.path + ".log", "a", encoding="utf-8")
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.space, *wrapper, self.cloud.dmvpnd, "-c", self.path + ".yaml"],
            stderr=self.log_file
        )
        wait(self.name + " is ready", lambda: self.process.poll() is not None or self.ask("show", "tunnels", check=False))
        assert self.process.poll() is None, "%s ended at once: %s" % (self.name, self.log())

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """The exit code of a clean end."""
        self.signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE_S)
        self.log_file.close()
        self.process = None
        return code

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.log_file.close()
            self.process = None

    def log(self):
        try:
            with open(self.path + ".log", encoding="utf-8") as lines:
                return lines.read()
        except FileNotFoundError:
            return "(none)"

    def events(self):
        lines = [line for line in self.log().splitlines() if line.startswith("{")]
        return [json.loads(line) for line in lines if '"event"' in line]

    def ask(self, *words, check=True):
        done = run(self.cloud.dmvpnctl, "-s", self.control, "--json", *words, check=check)
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout else None

    def rows(self, what):
        return self.ask("show", what)["rows"]

    def registered(self):
        rows = self.rows("nhs")
        return rows and all(row["state"] == "registered" for row in rows)

    def ping(self, address, count=1):
        """How many answers came."""
        done = self.exec("ping", "-n", "-c", count, "-i", "0.2", "-W", "2", "-I", self.site, address, check=False)
        return sum("bytes from" in line for line in done.stdout.splitlines())


def tunnel(node, address, mode="multipoint", key=42, **nhrp):
    """One tunnel of a configuration."""
    encapsulation = {"address": address, "mode": mode, "key": key}
    if mode == "point-to-point":
        encapsulation["destination"] = nhrp["nhs"][0]["nbma"]
    return {"name": "dmvpn0", "nbma": node.nbma, "tunnel": encapsulation, "nhrp": nhrp}
