# SPDX-License-Identifier: GPL-2.0-or-later
"""esp_sa.py: Scapy decrypts every capture that has a table of keys beside it, and refuses what it should.

    tests/esp_sa_test.py FOLDER

Exit code 77 when FOLDER has no such capture.
"""
import glob
import os
import sys
import tempfile
import unittest

from scapy.layers.inet import IP
from scapy.layers.ipsec import ESP
from scapy.layers.l2 import GRE
from scapy.utils import checksum

from esp_sa import ANY, DecryptionError, KeyTable, KeyTableError, read_table
from nhrp import NHRP
from pcapng import read_packets

EXIT_SKIPPED = 77
FOLDER = sys.argv[1] if len(sys.argv) > 1 else "."
TABLES = sorted(glob.glob(os.path.join(FOLDER, "*.esp_sa")))
# Captures whose associations have extended sequence numbers; nothing in a packet or a table tells.
EXTENDED = {"esp_extended_sequence": 0}
# Associations of these are missing in the table: their packets stay as they are.
WITHOUT_ALL_KEYS = {"frr-10.3-strongswan-phase3-esp"}
GCM_LINE = '"IPv4","*","*","*","AES-GCM with 16 octet ICV [RFC4106]","0x%s","NULL",""'


def capture_of(table):
    """The capture that a table is for."""
    stem = os.path.splitext(table)[0]
    return next(stem + ending for ending in (".pcapng", ".pcap") if os.path.exists(stem + ending))


class Captures(unittest.TestCase):
    """Each table in FOLDER with its capture."""

    def test_every_capture_decrypts(self):
        for path in TABLES:
            with self.subTest(table=os.path.basename(path)):
                self.check(path, os.path.splitext(os.path.basename(path))[0])

    def check(self, path, name):
        """What was encrypted is GRE, some of it NHRP with a right checksum; all else stays the same."""
        table = read_table(path)
        encrypted = messages = kept = 0
        for packet in read_packets(capture_of(path)):
            clear = table.decrypt(packet, esn=EXTENDED.get(name))
            if ESP not in packet or table.find(packet) is None:
                self.assertIs(clear, packet)
                kept += ESP in packet
                continue
            encrypted += 1
            self.assertNotIn(ESP, clear)
            self.assertIsInstance(clear.payload, GRE)
            self.assertEqual(clear.comment, packet.comment)
            self.assertEqual(clear.time, packet.time)
            if NHRP in clear:
                messages += 1
                self.assertEqual(checksum(bytes(clear[NHRP])[:clear[NHRP].pktsz]), 0)
        self.assertGreater(encrypted, 0)
        self.assertGreater(messages, 0)
        if name not in WITHOUT_ALL_KEYS:
            self.assertEqual(kept, 0)
        print("%s: %d packets decrypted, %d of them NHRP" % (name, encrypted, messages))


class Refusals(unittest.TestCase):
    """Tables and packets that are not right, and tables with wildcards."""

    def table(self, *lines):
        """A table with these lines."""
        with tempfile.NamedTemporaryFile("w", suffix=".esp_sa", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            return read_table(file.name)

    def refused(self, line, words):
        """The line is refused, with its number and these words."""
        with self.assertRaises(KeyTableError) as caught:
            self.table("# a comment", line)
        self.assertIn(":2: ", str(caught.exception))
        self.assertIn(words, str(caught.exception))

    def test_bad_lines(self):
        self.refused('"IPv4","*","*"', "3 values")
        self.refused(GCM_LINE % "00", "a key of 1 octets")
        self.refused(GCM_LINE % "0", "hexadecimal")
        self.refused((GCM_LINE % ("00" * 20)).replace("AES-GCM with", "AES-XYZ with"), "AES-XYZ")
        self.refused((GCM_LINE % ("00" * 20)).replace('"*"', '"192.0.2.300"', 1), "192.0.2.300")
        self.refused((GCM_LINE % ("00" * 20)).replace('"IPv4"', '"IPX"').replace('"*"', '"1"', 1), "IPX")

    def test_encrypt_and_decrypt(self):
        table = self.table(GCM_LINE % ("11" * 20), "")
        association = table.associations[0]
        self.assertEqual((association.source, association.destination, association.spi), (ANY, ANY, ANY))
        clear = IP(src="192.0.2.1", dst="198.51.100.11") / GRE(key_present=1, key=42) / b"words"
        sent = IP(bytes(association.for_spi(7).encrypt(clear)))
        self.assertEqual(sent[ESP].spi, 7)
        self.assertEqual(bytes(table.decrypt(sent)[GRE]), bytes(clear[GRE]))
        with self.assertRaisesRegex(DecryptionError, "SPI 0x00000007"):
            self.table(GCM_LINE % ("22" * 20)).decrypt(sent)
        changed = bytearray(bytes(sent))
        changed[-1] ^= 1
        with self.assertRaises(DecryptionError):
            table.decrypt(IP(bytes(changed)))

    def test_nobody_has_the_key(self):
        packet = IP(src="192.0.2.1", dst="192.0.2.2") / ESP(spi=5, seq=1, data=b"x" * 32)
        self.assertIs(KeyTable([]).decrypt(packet), packet)
        narrow = (GCM_LINE % ("11" * 20)).replace('"*"', '"192.0.2.9"', 1)
        self.assertIsNone(self.table(narrow).find(packet))
        self.assertIsNotNone(self.table(narrow.replace("192.0.2.9", "192.0.2.1")).find(packet))


if __name__ == "__main__":
    if not TABLES:
        print("SKIPPED: no table of keys in %s" % FOLDER)
        sys.exit(EXIT_SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
