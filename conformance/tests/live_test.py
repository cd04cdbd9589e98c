# SPDX-License-Identifier: GPL-2.0-or-later
"""The live adapter on a real wire: a pair of virtual Ethernet interfaces in a network namespace, the suite at
one end, the engine at the other, behind a small bridge that gives it ARP and a clock that really runs.

Usage: live_test.py DMVPN-CONFORM DMVPN-EXEC-ENGINE
       live_test.py --bridge NODE ENGINE       (run by itself, inside the namespace)

Needs root and the right to make network namespaces; skips loudly (exit code 77) without.
"""
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import time

NETNS = "dmvpnkit-live-%d" % os.getpid()
ETH_P_ALL, ETH_P_IP, ETH_P_ARP = 0x0003, 0x0800, 0x0806
SIOCGIFHWADDR = 0x8927
HUB = ["mode multipoint", "nbma 192.0.2.1", "protocol 10.255.0.1/24", "key 42", "mtu 1400", "ttl 255", "hold 60",
       "hop-count 255", "redirect", "route 10.1.1.0/24 10.255.0.11", "route 10.1.2.0/24 10.255.0.12",
       "lan 10.1.0.0/24"]
NBMA = bytes([192, 0, 2, 1])
CASES = ["hub-registration-basic", "hub-unique-conflict", "transit-request-hop-count-zero", "robust-version-2",
         "gre-key-wrong", "hub-redirect-basic"]


class Engine:
    """The engine behind its pipe, kept at the time of the clock."""

    def __init__(self, command):
        self.process = subprocess.Popen([command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.began = time.monotonic()
        self.say("dmvpn-exec 1", "name hub", *HUB, "start 0")
        assert self.process.stdout.readline() == "ready\n"

    def say(self, *lines):
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()

    def until_now(self):
        """What it has to send by now."""
        sent = []
        while True:
            now_us = int((time.monotonic() - self.began) * 1e6)
            self.say("until %d" % now_us)
            while True:
                word, *rest = self.process.stdout.readline().split()
                if word == "sent":
                    sent.append(bytes.fromhex(rest[1]))
                if word == "reached":
                    break
            if int(rest[0]) >= now_us:
                return sent


def bridge(interface, engine_command):
    """Frames of the wire to the engine, and back, until this process is ended."""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    wire.bind((interface, 0))
    request = struct.pack("256s", interface.encode())
    own_mac = fcntl.ioctl(wire.fileno(), SIOCGIFHWADDR, request)[18:24]
    engine = Engine(engine_command)
    peer_mac = b"\xff" * 6
    print("up", flush=True)
    while True:
        if select.select([wire], [], [], 0.05)[0]:
            frame, address = wire.recvfrom(65535)
            if address[2] == socket.PACKET_OUTGOING:
                continue
            ethertype = struct.unpack("!H", frame[12:14])[0]
            if ethertype == ETH_P_ARP and frame[20:22] == b"\x00\x01" and frame[38:42] == NBMA:
                peer_mac = frame[6:12]
                wire.send(peer_mac + own_mac + frame[12:20] + b"\x00\x02" + own_mac + NBMA + frame[22:32])
            elif ethertype == ETH_P_IP and frame[30:34] == NBMA:
                peer_mac = frame[6:12]
                length = struct.unpack("!H", frame[16:18])[0]
                engine.say("underlay " + frame[14:14 + length].hex())
        for packet in engine.until_now():
            wire.send(peer_mac + own_mac + struct.pack("!H", ETH_P_IP) + packet)


def ip(*arguments):
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False, timeout=20)


def skip(why):
    print("SKIPPED: the live adapter is not tested: %s" % why)
    sys.exit(77)


def one_case(conform, engine, case):
    """A fresh engine for each case, as a router that was reset."""
    with subprocess.Popen(["ip", "netns", "exec", NETNS, sys.executable, "-B", os.path.abspath(__file__), "--bridge",
                           "iut", engine], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "up\n", "the bridge did not start"
            run = subprocess.run([conform, "run", "--live", "suite", "--netns", NETNS, "--time-limit", "30", case],
                                 capture_output=True, text=True, check=False, timeout=60)
        finally:
            process.kill()
    print(run.stdout.splitlines()[0] if run.stdout else run.stderr.strip())
    if run.returncode != 0:
        print(run.stdout, run.stderr)
    return run.returncode


def main():
    conform, engine = sys.argv[1:3]
    if os.geteuid() != 0:
        skip("this is not root")
    if ip("netns", "add", NETNS).returncode != 0:
        skip("no network namespace can be made here")
    try:
        made = ip("-n", NETNS, "link", "add", "suite", "type", "veth", "peer", "name", "iut")
        if made.returncode != 0:
            skip("no veth pair can be made here: %s" % made.stderr.strip())
        for end in ("suite", "iut"):
            ip("-n", NETNS, "link", "set", end, "up")
        codes = [one_case(conform, engine, case) for case in CASES]
        absent = subprocess.run([conform, "run", "--live", "suite", "--netns", NETNS, CASES[0]],
                                capture_output=True, text=True, check=False, timeout=60)
        print("nobody there: exit code %d, %s" % (absent.returncode, absent.stderr.strip()))
        sys.exit(0 if codes == [0] * len(CASES) and absent.returncode == 5 and "ARP" in absent.stderr else 1)
    finally:
        ip("netns", "del", NETNS)


if __name__ == "__main__":
    if sys.argv[1] == "--bridge":
        bridge(*sys.argv[2:4])
    else:
        main()
