#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Truncated and damaged copies of every capture: no crash, no sanitizer report, no dissector bug, no hang.

Truncated: frames of each length at every shorter length, as cut by the snap length and as cut on the wire, many
frames in one file. Damaged: editcap with fixed seeds. The packets of decode_cases.py are treated the same way.
A build with sanitizers makes this test worth most.
"""
import subprocess
import sys

import plugin
from decode_cases import CASES

SEEDS = (1, 2, 3)
ERROR_RATES = ("0.02", "0.2")
FRAMES_PER_CAPTURE = 12
FRAME_LENGTH_LIMIT = 400
MADE_FRAMES = 60
BAD_WORDS = ("AddressSanitizer", "runtime error:", "Dissector bug", "DissectorError", "ws_assert", "CRITICAL")


def some_frames(tshark, capture, count):
    """Link type and up to count frames of a capture, one of each length."""
    linktype, frames = plugin.read_frames(tshark, capture)
    by_length = {}
    for octets, length in frames:
        if len(octets) <= FRAME_LENGTH_LIMIT:
            by_length.setdefault(len(octets), (octets, length))
    return linktype, list(by_length.values())[:count]


def truncated(frames):
    """Every frame at every length: once as a short capture, once as a short packet."""
    for octets, length in frames:
        for size in range(1, len(octets)):
            yield octets[:size], length
            yield octets[:size], size


def decode(tshark, path, what):
    """Decode a file fully. Returns a text of what is wrong, or None."""
    try:
        code, out, err = tshark.run("-r", path, "-V", "-o", "esp.enable_encryption_decode:TRUE", timeout_s=100)
    except subprocess.TimeoutExpired:
        return f"{what}: hangs"
    for word in BAD_WORDS:
        for text in (out, err):
            if word in text:
                at = text.index(word)
                return f"{what}: {text[max(0, at - 500):at + 1500]}"
    # tshark answers a damaged last record with 2 after decoding all others
    if code not in (0, 2):
        return f"{what}: exit code {code}: {err[-500:]}"
    if len(out) == 0:
        return f"{what}: nothing decoded: {err[-500:]}"
    return None


def damaged_copies(tshark, capture):
    for seed in SEEDS:
        for rate in ERROR_RATES:
            path = tshark.path(f"damaged-{seed}-{rate}.pcap")
            subprocess.run(["editcap", "-F", "pcap", "-E", rate, "--seed", str(seed), capture, path], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            yield f"seed {seed} rate {rate}", path


def treat(tshark, capture, count=FRAMES_PER_CAPTURE):
    """Truncate and damage one capture that tshark can read. Yields what is wrong."""
    linktype, frames = some_frames(tshark, capture, count)
    cut = tshark.path("truncated.pcap")
    plugin.write_pcap(cut, linktype, list(truncated(frames)))
    yield decode(tshark, cut, f"{capture} truncated")
    for name, path in damaged_copies(tshark, capture):
        yield decode(tshark, path, f"{capture} {name}")


def main():
    faults = []
    with plugin.Tshark() as tshark:
        made = tshark.path("made.pcap")
        plugin.write_pcap(made, plugin.LINKTYPE_ETHERNET, [(case[1], len(case[1])) for case in CASES])
        faults += treat(tshark, made, MADE_FRAMES)
    for capture in plugin.captures()[0]:
        with plugin.Tshark() as tshark:
            faults += treat(tshark, tshark.bring(capture))
    faults = [fault for fault in faults if fault]
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
