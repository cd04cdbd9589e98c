# SPDX-License-Identifier: GPL-2.0-or-later
"""What the simulator's script tests share: running dmvpn-sim, and reading its captures without any library, so that
neither libpcap nor our own codec judges our own writing."""

import ipaddress
import struct
import subprocess
import sys

SKIPPED = 77

failures = []


def check(condition, what):
    """Note a failure and go on: one run shows all of them."""
    if not condition:
        failures.append(what)
        print("FAILED: " + what)
    return condition


def finish():
    if not failures:
        print("all is well")
    sys.exit(1 if failures else 0)


def run(*arguments, timeout_s=60, **more):
    return subprocess.run([str(a) for a in arguments], capture_output=True, timeout=timeout_s, **more)


def read_options(data):
    options = {}
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from("<HH", data, at)
        if code == 0:
            break
        options.setdefault(code, data[at + 4 : at + 4 + length])
        at += 4 + (length + 3) // 4 * 4
    return options


def read_capture(path):
    """The comment of the whole, and the packets as (time in microseconds, octets, comment)."""
    data = open(path, "rb").read()
    comment, packets, at = None, [], 0
    while at < len(data):
        kind, total = struct.unpack_from("<II", data, at)
        assert total % 4 == 0 and total >= 12 and at + total <= len(data), "block length"
        assert struct.unpack_from("<I", data, at + total - 4)[0] == total, "block length at the end"
        body = data[at + 8 : at + total - 4]
        if kind == 0x0A0D0D0A:
            comment = read_options(body[16:]).get(1, b"").decode()
        elif kind == 1:
            assert struct.unpack_from("<H", body)[0] == 101, "link type"
        elif kind == 6:
            _, high, low, captured, length = struct.unpack_from("<IIIII", body)
            assert captured == length, "cut packet"
            options = read_options(body[20 + (captured + 3) // 4 * 4 :])
            packets.append((high << 32 | low, body[20 : 20 + captured], options.get(1, b"").decode()))
        else:
            raise AssertionError("block type %d" % kind)
        at += total
    return comment, packets


class Packet:
    """An IPv4 packet of the underlay: who to whom, and an NHRP message type or the addresses of the data inside."""

    def __init__(self, octets):
        assert octets[0] == 0x45 and octets[9] == 47, "IPv4 without options, GRE"
        assert struct.unpack_from(">H", octets, 2)[0] == len(octets), "total length"
        self.source, self.destination = (str(ipaddress.ip_address(octets[i : i + 4])) for i in (12, 16))
        flags, protocol = struct.unpack_from(">HH", octets, 20)
        header = 4 + sum(4 for bit in (0x8000, 0x2000, 0x1000) if flags & bit)
        self.key = struct.unpack_from(">I", octets, 28 if flags & 0x8000 else 24)[0] if flags & 0x2000 else None
        payload = octets[20 + header :]
        self.nhrp = payload[17] if protocol == 0x2001 else None
        self.hop_count = payload[9] if protocol == 0x2001 else None
        self.message = payload if protocol == 0x2001 else None
        self.inner = None
        if protocol == 0x0800:
            self.inner = tuple(str(ipaddress.ip_address(payload[i : i + 4])) for i in (12, 16))
            self.inner_ttl = payload[8]
