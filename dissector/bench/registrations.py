#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a capture of registration exchanges between many spokes and one hub.

Usage: registrations.py FILE [EXCHANGES [SPOKES]]     (default 250000 exchanges, 65000 spokes)
Every spoke registers in turn, and again when its turn comes round, with a new request id. The capture is classic
pcap: Ethernet, IPv4, GRE with a key, NHRP with the extensions that a Cisco spoke sends.
"""
import struct
import sys

HUB_NBMA = bytes([192, 0, 2, 1])
HUB_PROTOCOL = bytes([10, 255, 0, 1])
HOLD_S = 600
KEY = 42
EXTENSIONS = bytes.fromhex("800300008004000080050000000900008000 0000")
GAP_US = 700 # between exchanges
ANSWER_US = 300
HEAD_LENGTH = 14 + 20 + 8


def checksum(octets):
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def nhrp(kind, spoke, request_id):
    """Octets of one registration message of spoke number `spoke`."""
    nbma, protocol = spoke_addresses(spoke)
    mandatory = struct.pack(">BBHI", 4, 4, 0x8002, request_id) + nbma + protocol + HUB_PROTOCOL
    mandatory += struct.pack(">BBHHHBBBB", 0, 255, 0, 1400, HOLD_S, 0, 0, 0, 0)
    size = 20 + len(mandatory) + len(EXTENSIONS)
    header = struct.pack(">HH5xBHHHBBBB", 1, 0x0800, 255, size, 0, 20 + len(mandatory), 1, kind, 4, 0)
    packet = header + mandatory + EXTENSIONS
    return packet[:12] + struct.pack(">H", checksum(packet)) + packet[14:]


def spoke_addresses(spoke):
    """NBMA and protocol address: 198.18.0.0/15 is set apart for benchmarks, RFC 2544."""
    number = spoke + 256
    return struct.pack(">I", 0xC6120000 + number), struct.pack(">I", 0x0A000000 + number)


def frame(payload, source, destination):
    gre = struct.pack(">HHI", 0x2000, 0x2001, KEY)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0xC0, 20 + len(gre) + len(payload), 0, 0, 255, 47, 0, source, destination)
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    return bytes.fromhex("0200000000010200000000020800") + ip + gre + payload


def write_record(out, at_us, octets):
    out.write(struct.pack("<IIII", at_us // 1000000, at_us % 1000000, len(octets), len(octets)))
    out.write(octets)


def write_capture(path, exchanges, spokes):
    with open(path, "wb", buffering=1 << 20) as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number in range(exchanges):
            spoke, request_id = number % spokes, number // spokes + 1
            nbma, _ = spoke_addresses(spoke)
            at_us = number * GAP_US
            write_record(out, at_us, frame(nhrp(3, spoke, request_id), nbma, HUB_NBMA))
            write_record(out, at_us + ANSWER_US, frame(nhrp(4, spoke, request_id), HUB_NBMA, nbma))


def main():
    if not 2 <= len(sys.argv) <= 4 or not all(word.isdigit() and int(word) for word in sys.argv[2:]):
        sys.exit("usage: registrations.py FILE [EXCHANGES [SPOKES]]")
    numbers = [int(word) for word in sys.argv[2:]]
    exchanges = numbers[0] if numbers else 250000
    spokes = numbers[1] if len(numbers) > 1 else 65000
    if spokes > 65000:
        sys.exit("registrations.py: at most 65000 spokes")
    write_capture(sys.argv[1], exchanges, spokes)


if __name__ == "__main__":
    main()
