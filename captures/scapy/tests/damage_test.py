# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged octets: whatever arrives, the layers raise nothing, lose nothing and build what they read.

Each message that examples/malformed.py starts from or crafts is cut at every octet, has each octet replaced by values
that hurt, and is stirred at random; besides, there are octets that never were a message. The random part has a fixed
seed, which a failure prints with the octets.
"""
import random
import unittest

from scapy.config import conf
from scapy.packet import Packet

from fields import packet_fields
from malformed import all_kinds, registration
from nhrp import NHRP
from rebuilding import forget_octets

SEED = 2332
STIRRED_MESSAGES = 3000
RANDOM_MESSAGES = 1500
HURTING_VALUES = (0x00, 0x01, 0x3F, 0x40, 0x7F, 0x80, 0xFF)


class Damage(unittest.TestCase):
    """What the wire may bring."""

    def setUp(self):
        # Scapy hides a layer's exceptions unless it is told not to.
        self.before = conf.debug_dissector
        conf.debug_dissector = True

    def tearDown(self):
        conf.debug_dissector = self.before

    def check(self, octets):
        """Dissects, builds from memory and from fields, lists the fields and shows the packet."""
        try:
            packet = NHRP(octets)
            self.assertEqual(bytes(packet), octets)
            forget_octets(packet)
            self.assertEqual(bytes(packet), octets)
            packet_fields(packet)
            self.assertIsInstance(packet.summary(), str)
            self.assertIsInstance(packet, Packet)
            packet.hashret()
            packet.answers(packet)
        except Exception as error:
            raise AssertionError("seed %d, octets %s: %r" % (SEED, octets.hex(), error)) from error

    def test_cut(self):
        """Each crafted message, cut at every octet."""
        for kind in all_kinds():
            if NHRP in kind.packet:
                octets = bytes(kind.packet[NHRP])[:160]
                for end in range(1, len(octets)):
                    self.check(octets[:end])

    def test_each_octet(self):
        """A good message with each octet replaced."""
        octets = bytes(registration()[NHRP])
        for offset in range(len(octets)):
            for value in HURTING_VALUES:
                self.check(octets[:offset] + bytes([value]) + octets[offset + 1:])

    def test_stirred(self):
        """Crafted messages with several octets replaced, and pieces taken out or doubled."""
        source = random.Random(SEED)
        messages = [bytes(kind.packet[NHRP]) for kind in all_kinds() if NHRP in kind.packet]
        for _ in range(STIRRED_MESSAGES):
            octets = bytearray(source.choice(messages))
            for _ in range(source.randint(1, 6)):
                octets[source.randrange(len(octets))] = source.choice(HURTING_VALUES + (source.randrange(256),))
            start = source.randrange(len(octets))
            end = min(len(octets), start + source.randint(0, 8))
            piece = octets[start:end]
            octets[start:end] = piece * source.randint(0, 2) if len(octets) > 30 else piece
            self.check(bytes(octets))

    def test_random(self):
        """Octets that begin like a message, then anything."""
        source = random.Random(SEED)
        for _ in range(RANDOM_MESSAGES):
            body = bytes(source.choices((0, 1, 4, 12, 0x80, source.randrange(256)), k=source.randrange(120)))
            size = 20 + len(body)
            head = (b"\0\1\x08\0" + bytes(5) + b"\xff" + size.to_bytes(2, "big") + b"\0\0"
                    + source.choice((0, 40, 52, size)).to_bytes(2, "big") + bytes([1, source.randint(0, 9), 4, 0]))
            self.check(head + body)


if __name__ == "__main__":
    unittest.main(argv=["damage_test"], verbosity=2)
