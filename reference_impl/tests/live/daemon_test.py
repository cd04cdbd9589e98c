# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon as an operator meets it: wrong configurations, rights, readiness, reload, restart, several tunnels in one
process, an underlay that is renumbered, and dmvpnctl. Arguments: dmvpnd, dmvpnctl."""

import os
import signal
import socket
import stat
import subprocess
import sys

from livetest import Cloud, isolate, nhs, run, tunnel, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sim"))
import simtest  # noqa: E402: the reader of captures that shares nothing with our own code

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "drivers", "live", "examples")
HUB, SPOKE = "192.0.2.1", "198.51.100.11"
SERVER = nhs(("10.255.0.1", HUB))


def pair(cloud, **more):
    hub = cloud.add("hub", HUB, "172.16.0.1")
    spoke = cloud.add("spoke", SPOKE, "172.16.1.1")
    hub.configure(tunnel(hub, "10.255.0.1/24", hold_s=60))
    spoke.configure(tunnel(spoke, "10.255.0.11/24", hold_s=60, nhs=SERVER, **more))
    hub.start()
    spoke.start()
    wait("the spoke is registered", spoke.registered)
    return hub, spoke


def check_wrong_configurations(dmvpnd, cloud):
    path = os.path.join(cloud.folder, "wrong.yaml")
    good = "tunnels:\n  - name: dmvpn0\n    nbma: 192.0.2.1\n    tunnel: {address: 10.255.0.1/24, mode: multipoint}\n"
    cases = [
        ("tunnels: []\n", 1, "tunnels"),
        (good + "    colour: red\n", 5, "colour"),
        (good.replace("10.255.0.1/24", "10.255.0.1"), 4, "prefix length"),
        (good.replace("192.0.2.1", "300.0.2.1"), 3, "300.0.2.1"),
        (good.replace("    nbma: 192.0.2.1\n", ""), 2, "nbma_device"),
        (good.replace("dmvpn0", "dmvpn/0"), 2, "dmvpn/0"),
        (good.replace("multipoint", "point-to-point"), 4, "destination"),
        (good + "    nhrp: {nhs: [{protocol: 'fd00::1', nbma: 192.0.2.1}]}\n", 5, "IPv4"),
        (good + "    routes: [{to: 10.0.0.1/8, via: 10.255.0.2}]\n", 5, "10.0.0.1/8"),
        (good + "kernel_routes: {install_table: 254}\n", 5, "254"),
    ]
    for text, line, word in cases:
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        done = run(dmvpnd, "-c", path, "--check", check=False)
        error = done.stderr.strip()
        assert done.returncode == 2 and error.count("\n") == 0, (text, error)
        assert error.startswith("dmvpnd: %s:%d: " % (path, line)) and word in error, (text, error)
    with open(path, "w", encoding="utf-8") as out:
        out.write(good)
    assert run(dmvpnd, "-c", path, "--check").returncode == 0
    for example in ("dmvpnd.yaml", "dmvpnd-esp.yaml"):
        assert run(dmvpnd, "-c", os.path.join(EXAMPLES, example), "--check").returncode == 0
    assert run(dmvpnd, "-c", path + "x", "--check", check=False).returncode == 2
    assert run(dmvpnd, check=False).returncode == 2


def status_of(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as lines:
        return dict(line.rstrip("\n").split(":\t", 1) for line in lines)


def check_rights(hub):
    pid = int(run("pgrep", "-P", hub.process.pid, check=False).stdout or hub.process.pid)
    status = status_of(pid)
    assert set(status["Uid"].split()) == {"65534"}, status["Uid"]
    assert int(status["CapEff"], 16) == 1 << 12 | 1 << 13, status["CapEff"]
    assert int(status["CapPrm"], 16) == 1 << 12 | 1 << 13, status["CapPrm"]
    assert int(status["CapBnd"], 16) == 0, status["CapBnd"]


def request_ids(hub):
    return [row["request_id"] for row in hub.rows("bindings")]


def check_restart(hub, spoke):
    first = request_ids(hub)
    assert spoke.stop() == 0
    wait("the purge arrives", lambda: not hub.rows("bindings"))
    spoke.start()
    wait("the spoke is back", lambda: hub.rows("bindings"))
    second = request_ids(hub)
    assert second > first, "an id was used again: %s, %s" % (first, second)
    spoke.kill()
    spoke.start()
    wait("the spoke registers anew", lambda: request_ids(hub) > second)


def check_reload(hub, spoke):
    more = tunnel(spoke, "10.254.0.11/24", key=7, hold_s=60, nhs=nhs(("10.254.0.1", HUB)))
    more["name"] = "second"
    same = tunnel(spoke, "10.255.0.11/24", hold_s=60, nhs=SERVER)
    before = request_ids(hub)
    spoke.configure(same, more)
    spoke.signal(signal.SIGHUP)
    wait("two tunnels", lambda: len(spoke.rows("tunnels")) == 2)
    assert request_ids(hub) == before, "a tunnel that is as before was disturbed"
    twin = tunnel(hub, "10.254.0.1/24", key=7, hold_s=60)
    twin["name"] = "second"
    hub.configure(tunnel(hub, "10.255.0.1/24", hold_s=60), twin)
    hub.signal(signal.SIGHUP)
    wait("registered in both clouds", lambda: len(hub.rows("bindings")) == 2 and spoke.registered())
    assert hub.exec("ping", "-n", "-c", "1", "-W", "2", "10.254.0.11").returncode == 0
    assert hub.exec("ping", "-n", "-c", "1", "-W", "2", "10.255.0.11").returncode == 0
    drops = [row for row in hub.rows("drops") if row["reason"] == "gre-key"]
    assert all(row["count"] <= 3 for row in drops), drops  # what came before the second tunnel was there
    spoke.configure(dict(same, nbma="nonsense"))
    spoke.signal(signal.SIGHUP)
    wait("the refusal is logged", lambda: "not reloaded" in spoke.log())
    assert len(spoke.rows("tunnels")) == 2
    spoke.configure(same)
    spoke.signal(signal.SIGHUP)
    wait("one tunnel", lambda: len(spoke.rows("tunnels")) == 1)
    wait("the other one's registration is purged", lambda: len(hub.rows("bindings")) == 1)


def check_rules(hub):
    """The kernel has rules for the families of the tunnels that there are, also of those that a reload brings."""
    def has_rules(option):
        return "2332" in hub.ip(option, "rule").stdout

    first = tunnel(hub, "10.255.0.1/24", hold_s=60)
    six = dict(tunnel(hub, "fd00:255::1/64", key=6, hold_s=60), name="six")
    assert has_rules("-4") and not has_rules("-6")
    hub.configure(first, six)
    hub.signal(signal.SIGHUP)
    wait("rules for IPv6", lambda: has_rules("-6"))
    hub.configure(six)
    hub.signal(signal.SIGHUP)
    wait("rules for IPv6 alone", lambda: has_rules("-6") and not has_rules("-4"))
    hub.configure(first)
    hub.signal(signal.SIGHUP)
    wait("rules for IPv4 alone", lambda: has_rules("-4") and not has_rules("-6"))


def check_state_folder(hub):
    """As under systemd: root, who has few rights, has made the folder, and a tunnel that comes later has its file there,
    too."""
    hub.stop()
    state = hub.path + ".managed"
    os.mkdir(state, 0o755)
    first = tunnel(hub, "10.255.0.1/24", hold_s=60)
    hub.configure(first, dict(tunnel(hub, "10.253.0.1/24", key=6, hold_s=60), name="other"), state=state)
    hub.start("setpriv", "--bounding-set", "-all,+net_admin,+net_raw,+setuid,+setgid,+setpcap,+chown")
    hub.configure(first, dict(tunnel(hub, "10.254.0.1/24", key=7, hold_s=60), name="second"), state=state)
    hub.signal(signal.SIGHUP)
    wait("the later tunnel", lambda: any(row["tunnel"] == "second" for row in hub.rows("tunnels")))
    assert sorted(os.listdir(state)) == ["dmvpn0.request-id", "other.request-id", "second.request-id"], os.listdir(state)
    assert "request ids are not kept" not in hub.log()
    hub.stop()
    hub.configure(first)
    hub.start()


def open_tun_for_all(cloud):
    """The TUN driver's file as most systems have it, in this test's mount namespace only."""
    path = os.path.join(cloud.folder, "tun")
    os.mknod(path, 0o600 | stat.S_IFCHR, os.stat("/dev/net/tun").st_rdev)
    os.chmod(path, 0o666)
    run("mount", "--bind", path, "/dev/net/tun")


def check_start_without_root(cloud, hub):
    """An ordinary user with the two capabilities starts the daemon, and stays who it is."""
    hub.stop()
    open_tun_for_all(cloud)
    place = os.path.join(cloud.folder, "ordinary")
    os.mkdir(place)
    os.chown(place, 1, 1)
    hub.configure(tunnel(hub, "10.255.0.1/24", hold_s=60), control=place + "/run/control", state=place + "/state")
    hub.start("setpriv", "--reuid", "1", "--regid", "1", "--clear-groups", "--bounding-set", "-all,+net_admin,+net_raw",
              "--inh-caps", "-all,+net_admin,+net_raw", "--ambient-caps", "-all,+net_admin,+net_raw")
    status = status_of(hub.process.pid)
    assert set(status["Uid"].split()) == {"1"}, status["Uid"]
    assert int(status["CapEff"], 16) == 1 << 12 | 1 << 13, status["CapEff"]
    assert os.listdir(place + "/state") == ["dmvpn0.request-id"]
    assert hub.stop() == 0
    assert os.listdir(place + "/run") == []
    run("umount", "/dev/net/tun")
    hub.configure(tunnel(hub, "10.255.0.1/24", hold_s=60))
    hub.start()


def check_control(cloud, hub, spoke):
    capture = os.path.join(cloud.folder, "capture.pcapng")
    ctl = (cloud.dmvpnctl, "-s", hub.control)
    recorder = subprocess.Popen([*ctl, "--count", "3", "--seconds", "15", "capture", capture],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watcher = subprocess.Popen([*ctl, "--count", "5", "--seconds", "15", "trace", "watch"],
                               stdout=subprocess.PIPE, text=True)
    wait("both listen", lambda: listening(hub) == 2)
    spoke.stop()
    spoke.start()
    assert recorder.wait(20) == 0 and watcher.wait(20) == 0
    comments = [comment for _, _, comment in simtest.read_capture(capture)[1]]
    assert len(comments) == 3 and "forget" in comments[0] and "RFC2332" in comments[1], comments
    watched = watcher.communicate()[0]
    assert "event=binding-purged" in watched and "event=binding-added" in watched, watched
    refused = run(*ctl, "show", "weather", check=False)
    assert refused.returncode == 1 and "show what?" in refused.stderr, refused
    refused = run(*ctl, "-t", "nowhere", "show", "nhs", check=False)
    assert refused.returncode == 1 and "no such tunnel" in refused.stderr, refused
    assert run(cloud.dmvpnctl, "-s", hub.path + ".nowhere", "show", "nhs", check=False).returncode == 2
    assert run(*ctl, "capture", "/nonexistent/file", check=False).returncode == 2
    table = run(*ctl, "show", "tunnels").stdout
    assert table.splitlines()[0].split()[:2] == ["tunnel", "mode"] and "10.255.0.1/24" in table, table
    hub.ask("trace", "off")
    hub.ask("clear")
    assert not hub.rows("bindings")
    spoke.ask("register")
    wait("the spoke registers anew", lambda: hub.rows("bindings"))
    hub.ask("clear", "shortcuts")
    assert hub.rows("bindings")
    hub.ask("purge")
    assert run(*ctl, "clear", "everything", check=False).returncode == 1


def listening(hub):
    process = hub.ask("show", "counters")["process"]
    return process["watchers"] + process["captures"]


def check_notification(cloud, hub):
    hub.stop()
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    path = os.path.join(cloud.folder, "notify")
    manager.bind(path)
    os.chmod(path, 0o777)
    manager.settimeout(10)
    os.environ["NOTIFY_SOCKET"] = path
    try:
        hub.start()
        assert manager.recv(100) == b"READY=1"
        hub.signal(signal.SIGHUP)
        assert [manager.recv(100), manager.recv(100)] == [b"RELOADING=1", b"READY=1"]
        hub.stop()
        assert manager.recv(100) == b"STOPPING=1"
    finally:
        del os.environ["NOTIFY_SOCKET"]
        manager.close()


def check_renumbering(cloud):
    hub, spoke = cloud.nodes["hub"], cloud.nodes["spoke"]
    hub.start()
    follower = tunnel(spoke, "10.255.0.11/24", hold_s=60, nhs=SERVER)
    del follower["nbma"]
    follower["nbma_device"] = "eth0"
    spoke.stop()
    spoke.configure(follower)
    spoke.start()
    wait("registered from the device's address", lambda: [b["nbma"] for b in hub.rows("bindings")] == [SPOKE])
    moved = "198.51.100.99"
    spoke.ip("addr", "add", moved + "/24", "dev", "eth0")
    spoke.ip("addr", "del", SPOKE + "/24", "dev", "eth0")
    spoke.ip("addr", "replace", moved + "/24", "dev", "eth0")
    spoke.ip("route", "replace", "default", "via", "198.51.100.254")
    wait("registered from the new one", lambda: [b["nbma"] for b in hub.rows("bindings")] == [moved])
    spoke.ip("link", "set", "eth0", "down")
    wait("the tunnel is down", lambda: spoke.rows("tunnels")[0]["underlay"] == "down")
    spoke.ip("link", "set", "eth0", "up")
    spoke.ip("route", "replace", "default", "via", "198.51.100.254")
    wait("the tunnel is up", lambda: spoke.rows("tunnels")[0]["underlay"] == "up")
    wait("registered again", spoke.registered)


def main(dmvpnd, dmvpnctl):
    with Cloud(dmvpnd, dmvpnctl) as cloud:
        check_wrong_configurations(dmvpnd, cloud)
        hub, spoke = pair(cloud)
        check_rights(hub)
        check_restart(hub, spoke)
        check_reload(hub, spoke)
        check_control(cloud, hub, spoke)
        check_rules(hub)
        check_state_folder(hub)
        check_start_without_root(cloud, hub)
        check_notification(cloud, hub)
        check_renumbering(cloud)
    print("all is well")


if __name__ == "__main__":
    isolate()
    main(sys.argv[1], sys.argv[2])
