# SPDX-License-Identifier: GPL-2.0-or-later
"""Every capture and every vector in a folder: Scapy loads it, and what it dissects is built again to the same octets,
first from what is in the fields, then, for sound messages, with everything computed that can be computed. Comments stay
when a capture is written again.

    tests/rebuild_test.py FOLDER

Captures are FOLDER/*.pcap and *.pcapng, vectors FOLDER/vectors/*/*.hex. Exit code 77 when there are none.
"""
import glob
import os
import sys
import unittest

from scapy.utils import checksum, rdpcap

from fields import read_vector
from nhrp import NHRP
from pcapng import is_pcapng, read_comments, read_packets, rewrite
from rebuilding import forget_computed, forget_octets, unread_part

EXIT_SKIPPED = 77
FOLDER = sys.argv[1] if len(sys.argv) > 1 else "."
CAPTURES = sorted(glob.glob(os.path.join(FOLDER, "*.pcap")) + glob.glob(os.path.join(FOLDER, "*.pcapng")))
VECTORS = sorted(glob.glob(os.path.join(FOLDER, "vectors", "*", "*.hex")))


def is_sound(header):
    """Whether sizes and checksum of a message are what they should be: then computing them gives the same."""
    octets = bytes(header)[:header.pktsz]
    return (unread_part(header) in ("nothing", "packet") and len(octets) == header.pktsz
            and checksum(octets) == 0 and header.extoff != header.pktsz)


class Rebuild(unittest.TestCase):
    """The captures and vectors of FOLDER."""

    def check(self, packet, octets):
        """A packet that was dissected from octets; returns how many computed messages it gave."""
        self.assertEqual(bytes(packet), octets)
        if NHRP not in packet:
            return 0
        forget_octets(packet)
        self.assertEqual(bytes(packet).hex(), octets.hex())
        if not is_sound(packet[NHRP]):
            return 0
        forget_computed(packet)
        self.assertEqual(bytes(packet).hex(), octets.hex())
        return 1

    @unittest.skipUnless(CAPTURES, "SKIPPED: no captures in %s" % FOLDER)
    def test_captures(self):
        """Each frame of each capture."""
        computed = 0
        for path in CAPTURES:
            frames = [bytes(packet) for packet in rdpcap(path)]
            packets = read_packets(path)
            self.assertEqual(len(packets), len(frames), path)
            self.assertGreater(len(packets), 0, path)
            for number, (packet, octets) in enumerate(zip(packets, frames), start=1):
                with self.subTest(capture=os.path.basename(path), frame=number):
                    computed += self.check(packet, octets)
        self.assertGreater(computed, 0)
        print("%d captures, %d messages computed anew" % (len(CAPTURES), computed))

    @unittest.skipUnless(any(is_pcapng(path) for path in CAPTURES), "SKIPPED: no pcapng files in %s" % FOLDER)
    def test_comments(self):
        """A pcapng file with its packets built anew is the same file; each of its comments is at its packet."""
        for path in filter(is_pcapng, CAPTURES):
            with self.subTest(capture=os.path.basename(path)):
                packets = read_packets(path)
                for packet, comments in zip(packets, read_comments(path)):
                    self.assertEqual(packet.comment or b"", b"\n".join(comments))
                    forget_octets(packet)
                with open(path, "rb") as file:
                    self.assertTrue(rewrite(path, packets) == file.read(), "the file changed")

    @unittest.skipUnless(VECTORS, "SKIPPED: no vectors in %s" % os.path.join(FOLDER, "vectors"))
    def test_vectors(self):
        """Each vector, good and bad. A good one that holds a message must be sound."""
        computed = 0
        for path in VECTORS:
            with self.subTest(vector=os.path.basename(path)):
                packet = read_vector(path)
                if os.path.basename(os.path.dirname(path)) == "good" and NHRP in packet:
                    self.assertTrue(is_sound(packet[NHRP]), "not sound")
                computed += self.check(packet, bytes(packet))
        self.assertGreater(computed, 0)
        print("%d vectors, %d messages computed anew" % (len(VECTORS), computed))


if __name__ == "__main__":
    if not CAPTURES and not VECTORS:
        print("SKIPPED: neither captures nor vectors in %s" % FOLDER)
        sys.exit(EXIT_SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
