# SPDX-License-Identifier: GPL-2.0-or-later
"""pcapng.py, fields.py and malformed.py as people use them: files in a folder that goes away."""
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout

from scapy.utils import rdpcap, wrpcap, wrpcapng

import fields
import malformed
import pcapng
from nhrp import NHRP


class Files(unittest.TestCase):
    """Each test has a folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dmvpnkit-scapy-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.capture = self.path("kinds.pcapng")
        with redirect_stdout(io.StringIO()):
            self.assertEqual(malformed.main(["malformed.py", self.capture]), 0)

    def path(self, name):
        """A file in the folder."""
        return os.path.join(self.folder, name)

    def read(self, path):
        """The octets of a file."""
        with open(path, "rb") as file:
            return file.read()

    def write(self, name, octets):
        """A file with octets; returns its path."""
        with open(self.path(name), "wb") as file:
            file.write(octets)
        return self.path(name)

    def test_comments_are_read(self):
        packets = pcapng.read_packets(self.capture)
        kinds = malformed.all_kinds()
        self.assertEqual(len(packets), len(kinds))
        for packet, kind in zip(packets, kinds):
            self.assertEqual(packet.comment.decode(), "%s: %s [%s]" % (kind.name, kind.story, kind.clause))

    def test_rewriting_keeps_the_file(self):
        self.assertEqual(pcapng.rewrite(self.capture, pcapng.read_packets(self.capture)), self.read(self.capture))

    def test_rewriting_changes_packets_only(self):
        packets = [bytes(packet) for packet in pcapng.read_packets(self.capture)]
        packets[3] += b"\1\2\3\4\5"
        packets[4] = packets[4][:-1]
        copy = self.write("copy.pcapng", pcapng.rewrite(self.capture, packets))
        self.assertEqual([bytes(packet) for packet in rdpcap(copy)], packets)
        self.assertEqual(pcapng.read_comments(copy), pcapng.read_comments(self.capture))
        times = [[packet.time for packet in rdpcap(path)] for path in (copy, self.capture)]
        self.assertEqual(*times)

    def test_number_of_packets_must_fit(self):
        packets = list(pcapng.read_packets(self.capture))
        for wrong in (packets[1:], packets + packets[:1]):
            with self.assertRaises(pcapng.CaptureError):
                pcapng.rewrite(self.capture, wrong)

    def test_several_comments_of_one_packet(self):
        options = b"".join(struct.pack("<HH", 1, len(text)) + text + bytes(-len(text) % 4)
                           for text in (b"one", "zwei \u2013 2".encode(), b"three\nlines"))
        packet = bytes(malformed.registration())
        body = struct.pack("<5I", 0, 0, 0, len(packet), len(packet)) + packet + bytes(-len(packet) % 4) + options
        size = struct.pack("<I", len(body) + 12)
        head = self.read(self.capture)[:28 + 12 + 16 + 4]
        self.assertEqual([kind for _, kind, _ in pcapng.blocks(head)], [0x0A0D0D0A, 1])
        path = self.write("several.pcapng", head + struct.pack("<I", 6) + size + body + size)
        self.assertEqual(pcapng.read_packets(path)[0].comment.decode(), "one\nzwei \u2013 2\nthree\nlines")
        self.assertEqual(pcapng.rewrite(path, [packet]), self.read(path))

    def test_files_that_scapy_wrote(self):
        packets = list(pcapng.read_packets(self.capture))
        wrpcapng(self.path("scapy.pcapng"), packets)
        again = pcapng.read_packets(self.path("scapy.pcapng"))
        self.assertEqual([packet.comment.rstrip(b"\n") for packet in again], [packet.comment for packet in packets])
        wrpcap(self.path("scapy.pcap"), packets)
        self.assertEqual([bytes(packet) for packet in pcapng.read_packets(self.path("scapy.pcap"))],
                         [bytes(packet) for packet in packets])

    def test_link_type_with_checksum_length(self):
        frame = bytes(malformed.registration()) + b"\1\2\3\4"
        path = self.write("fcs.pcap", struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 0x24000001)
                          + struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)
        self.assertIn(NHRP, pcapng.read_packets(path)[0])

    def test_broken_files(self):
        whole = self.read(self.capture)
        broken = {
            "cut": whole[:-3],
            "cut in a header": whole[:9],
            "length too large": whole[:32] + b"\xff\xff\xff\x7f" + whole[36:],
            "length of nothing": whole[:32] + b"\0\0\0\0" + whole[36:],
            "two lengths": whole[:24] + b"\x20\0\0\0" + whole[28:],
            "no magic": whole[:8] + b"\0\0\0\0" + whole[12:],
        }
        for what, octets in broken.items():
            with self.subTest(what):
                with self.assertRaises(pcapng.CaptureError):
                    pcapng.read_comments(self.write("broken.pcapng", octets))

    def test_writing_into_nowhere_leaves_nothing(self):
        target = self.path("no/such/folder.pcapng")
        with redirect_stderr(io.StringIO()) as complaint:
            self.assertEqual(malformed.main(["malformed.py", target]), 2)
        self.assertEqual(complaint.getvalue().count("\n"), 1)
        self.assertEqual(os.listdir(self.folder), ["kinds.pcapng"])

    def test_fields_of_a_capture(self):
        """As a program of its own."""
        result = subprocess.run([sys.executable, fields.__file__, self.capture], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, encoding="utf-8", check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        frames = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual([frame["frame"] for frame in frames], list(range(1, len(malformed.all_kinds()) + 1)))
        values = dict(frames[1]["fields"])
        self.assertEqual(values["nhrp.hdr.op.type"], 3)
        self.assertEqual(values["nhrp.src.nbma.addr"], "192.0.2.11")
        self.assertEqual(values["nhrp.hdr.hopcnt"], 0)
        self.assertIs(values["nhrp.flag.u"], False)

    def test_fields_of_a_vector(self):
        octets = bytes(malformed.registration()[NHRP]).hex(" ")
        path = self.write("one.hex", b"# decoder: nhrp\n" + octets.encode() + b"  # all of it\n")
        with redirect_stdout(io.StringIO()) as told:
            self.assertEqual(fields.main(["fields.py", path]), 0)
        self.assertEqual(dict(json.loads(told.getvalue())["fields"])["nhrp.reqid"], 7)

    def test_fields_of_bad_input(self):
        for path in (self.path("missing.pcap"), self.write("text.pcap", b"no capture"), self.write("text.hex", b"zz"),
                     self.write("odd.hex", b"# decoder: mars\n00"), self.write("cut.pcapng", b"\n\r\r\n"), "-x"):
            with self.subTest(path):
                with redirect_stdout(io.StringIO()) as told, redirect_stderr(io.StringIO()) as complaint:
                    self.assertEqual(fields.main(["fields.py", path]), 2)
                self.assertEqual(told.getvalue(), "")
                self.assertEqual(complaint.getvalue().count("\n"), 1, complaint.getvalue())


if __name__ == "__main__":
    unittest.main(argv=["pcapng_test"], verbosity=2)
