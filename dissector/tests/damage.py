#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Truncated and damaged copies of every capture: no crash, no sanitizer report, no dissector bug, no hang.

Frames of all captures with one link type are put in one file, so that the analysis has much to remember. Truncated:
frames of many lengths at every shorter length, as cut by the snap length and as cut on the wire. Damaged: editcap
with fixed seeds. The packets of the other tests are treated the same way.
A build with sanitizers makes this test worth most.
"""
import subprocess
import sys

import plugin
from analysis_stories import STORIES
from decode_cases import CASES

SEEDS = (1, 2, 3)
ERROR_RATES = ("0.02", "0.2")
FRAMES_PER_CAPTURE = 40
FRAME_LENGTH_LIMIT = 400
BAD_WORDS = ("AddressSanitizer", "runtime error:", "Dissector bug", "DissectorError", "ws_assert", "CRITICAL")


def truncated(frames):
    """Every frame at every length: once as a short capture, once as a short packet."""
    for octets, length in frames:
        for size in range(1, len(octets)):
            yield octets[:size], length
            yield octets[:size], size


def decode(tshark, path, what):
    """Decode a file fully. Returns a text of what is wrong, or None."""
    try:
        code, out, err = tshark.run("-r", path, "-2", "-V", "-o", "esp.enable_encryption_decode:TRUE", timeout_s=100)
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


def gathered(tshark):
    """Frames of all captures by link type: [(link type, frames)]. Each capture is opened once only."""
    by_linktype = {}
    for capture in plugin.captures()[0]:
        linktype, frames = plugin.read_frames(tshark, tshark.bring(capture))
        by_linktype.setdefault(linktype, []).extend(frames)
    return sorted(by_linktype.items())


def one_of_each_length(frames):
    by_length = {}
    for octets, length in frames:
        if len(octets) <= FRAME_LENGTH_LIMIT:
            by_length.setdefault(len(octets), (octets, length))
    return list(by_length.values())


def treat(tshark, name, linktype, frames):
    """Truncate and damage frames. Yields what is wrong."""
    path = tshark.path("all.pcap")
    plugin.write_pcap(path, linktype, frames)
    yield decode(tshark, path, name)
    chosen = one_of_each_length(frames)
    cut = tshark.path("truncated.pcap")
    plugin.write_pcap(cut, linktype, list(truncated(chosen[::max(1, len(chosen) // FRAMES_PER_CAPTURE)])))
    yield decode(tshark, cut, f"{name} truncated")
    for damage, damaged in damaged_copies(tshark, path):
        yield decode(tshark, damaged, f"{name} {damage}")


def main():
    faults = []
    with plugin.Tshark() as tshark:
        made = [(case[1], len(case[1])) for case in CASES]
        stories = [(octets, len(octets)) for story in STORIES for _, octets in story[1]]
        faults += treat(tshark, "made", plugin.LINKTYPE_ETHERNET, made + stories)
        for linktype, frames in gathered(tshark):
            faults += treat(tshark, f"captures of link type {linktype}", linktype, frames)
    faults = [fault for fault in faults if fault]
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
