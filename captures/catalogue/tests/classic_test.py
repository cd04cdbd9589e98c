# SPDX-License-Identifier: GPL-2.0-or-later
"""Classic twins have the packets of their captures: Scapy's own readers read both, which share nothing with the writer.
classic_test.py [BUILD-FOLDER]"""
import logging
import os
import subprocess
import sys
import tempfile
import unittest

EXIT_SKIPPED = 77
logging.getLogger("scapy.runtime").setLevel(logging.ERROR)  # It drops comments of pcapng files, and says so.
try:
    from scapy.utils import PcapNgReader, PcapReader
except ImportError:
    print("SKIPPED: Scapy is missing; install package 'python3-scapy'")
    sys.exit(EXIT_SKIPPED)

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.dirname(os.path.dirname(HERE))
MAKER = os.path.join(CAPTURES, "catalogue", "classic.py")


def make(*arguments):
    """Runs the maker."""
    return subprocess.run([sys.executable, "-B", MAKER, *arguments], capture_output=True, encoding="utf-8",
                          check=False)


def captures():
    """All pcapng files, by the name of their twin."""
    found = {}
    for folder in (CAPTURES, os.path.join(CAPTURES, "recorded")):
        for name in os.listdir(folder):
            if name.endswith(".pcapng"):
                found[name[:-2]] = os.path.join(folder, name)
    return found


class Twins(unittest.TestCase):
    """All of the catalogue, in a folder that goes away."""

    def test_the_same_packets(self):
        with tempfile.TemporaryDirectory() as folder:
            done = make(folder)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            expected = captures()
            self.assertEqual(set(os.listdir(folder)), set(expected))
            for name, path in expected.items():
                with self.subTest(capture=name), PcapReader(os.path.join(folder, name)) as twin, \
                        PcapNgReader(path) as original:
                    old, new = list(twin), list(original)
                    self.assertGreater(len(new), 0)
                    self.assertEqual([bytes(packet) for packet in old], [bytes(packet) for packet in new])
                    self.assertEqual([type(packet) for packet in old], [type(packet) for packet in new])
                    self.assertEqual([packet.wirelen for packet in old], [packet.wirelen for packet in new])
                    for before, after in zip(old, new):
                        self.assertEqual(int(before.time * 10**6), int(after.time * 10**6))

    def test_refusals(self):
        with tempfile.TemporaryDirectory() as folder:
            bad = os.path.join(folder, "bad.pcapng")
            with open(bad, "wb") as file:
                file.write(b"no capture at all")
            output = os.path.join(folder, "out")
            done = make(output, bad)
            self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 1))
            self.assertEqual(os.listdir(output), [])
        self.assertEqual(make().returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
