#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""dmvpn-explain: golden stories, all captures in all forms, causes, damaged files, refusals.

explain_test.py DMVPN-EXPLAIN PROJECT REAL-CAPTURES [--update]
"""
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import explain_tool
import pcapng_comments
from explain_tool import LIMIT_S, keys_of

PROGRAM, PROJECT, REAL = sys.argv[1:4]
UPDATE = "--update" in sys.argv
CAPTURES = os.path.join(PROJECT, "captures")
GOLDEN = os.path.join(PROJECT, "conformance", "tests", "explain")
STORIES = ["phase1", "phase2", "phase3", "nat_static", "esp_phase3", "nak_14_renumbered_spoke", "underlay_lossy"]
REAL_STORIES = ["cisco-ios-phase3-auth", "cisco-ios-registration", "frr-8.4.4-hub-gre1-cooked", "frr-8.4.4-phase3-shortcut"]


def explain(*arguments):
    return explain_tool.explain(PROGRAM, *arguments)


def all_captures():
    return explain_tool.captures(CAPTURES, REAL)


class Stories(unittest.TestCase):
    def compare(self, path):
        run = explain(*keys_of(path), "--text", path)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        golden = os.path.join(GOLDEN, os.path.splitext(os.path.basename(path))[0] + ".txt")
        if UPDATE:
            with open(golden, "w", encoding="utf-8") as file:
                file.write(run.stdout)
        with open(golden, encoding="utf-8") as file:
            self.assertEqual(file.read(), run.stdout)

    def test_golden(self):
        for name in STORIES:
            with self.subTest(name):
                self.compare(os.path.join(CAPTURES, name + ".pcapng"))

    def test_golden_real(self):
        if not os.path.isdir(REAL):
            self.skipTest("the real captures are not beside this checkout")
        for name in REAL_STORIES:
            with self.subTest(name):
                self.compare(os.path.join(REAL, name + ".pcap"))

    def test_every_capture_in_every_form(self):
        for path in all_captures():
            with self.subTest(path):
                story = json.loads(explain(*keys_of(path), "--json", path).stdout)
                self.assertEqual([s["frame"] for s in story["steps"]], list(range(1, story["frames_read"] + 1)))
                for step in story["steps"]:
                    self.assertTrue(all(0 < cause <= step["frame"] for cause in step["causes"]), step)
                    self.assertEqual(len(story["phases"][step["family"]]), 3)
                    self.assertTrue(all(f["offset"] + f["length"] <= step["length"] for f in step["fields"]))
                    for match in re.finditer(r"frame (\d+)", step["because"]):
                        self.assertIn(int(match[1]), step["causes"])
                drawing = explain(*keys_of(path), "--svg", path).stdout
                xml.etree.ElementTree.fromstring(drawing)
                self.assertTrue(explain(*keys_of(path), "--mermaid", path).stdout.startswith("sequenceDiagram\n"))
                self.assertIn("</html>", explain(*keys_of(path), "--html", path).stdout)


# What the simulator says that a packet is, and what the story may call it.
REASONS = {
    "passes the message on along the routed path": "QUESTION_PASSED NOT_RESOLVED",
    "answers as the egress router, with the prefix that it routes": "LEARNS_WAY",
    "asks who is the egress for the redirected destination": "ASKS_REDIRECTED",
    "asks again before the mapping expires, because it is in use": "ASKS_TO_RENEW",
    "asks where the next hop is": "ASKS",
    "refuses the registration": "IS_REFUSED",
    "registers with its next hop server": "REGISTERS RENEWS",
    "reports the error to the source of the packet": "FAILS",
    "sends data straight to the next hop": "SENDS_STRAIGHT",
    "sends data straight to the other spoke": "SENDS_STRAIGHT SENDS",
    "tells the ingress that there is a better path than through itself": "REDIRECTS",
    "repeats the request that nobody answered, same request id": "ASKS_AGAIN",
}


class Truth(unittest.TestCase):
    """The simulator knows why it sends; the story infers it."""

    def test_agrees_with_the_comments(self):
        seen = 0
        for path in explain_tool.captures(CAPTURES):
            story = json.loads(explain(*keys_of(path), "--json", path).stdout)
            comments = subprocess.run(["tshark", "-r", path, "-T", "fields", "-e", "frame.comment"], capture_output=True,
                                      text=True, timeout=LIMIT_S, check=True).stdout.splitlines()
            for step, comment in zip(story["steps"], comments):
                parts = comment.split(": ")
                if len(parts) < 2 or "(scripted)" in parts[0] or parts[1] not in REASONS:
                    continue
                seen += 1
                self.assertIn(step["kind"], REASONS[parts[1]].split(), (path, step["frame"], comment))
        self.assertGreater(seen, 500)


class Limits(unittest.TestCase):
    """20000 frames and 64 MiB are read, 2000 told; that the file goes on is said, and no frame beyond is told."""

    def write(self, folder, count, octets):
        # RIP in GRE: version, length, protocol; the rest of the packet does not matter here.
        packet = struct.pack(">BBHHHBBH4s4s", 0x45, 0, octets, 1, 0, 64, 47, 0, bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
        packet = packet.ljust(octets, b"\0")
        path = os.path.join(folder, "long.pcap")
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
            for number in range(count):
                file.write(struct.pack("<IIII", number, 0, octets, octets) + packet)
        return path

    def tell(self, path, *arguments):
        run = explain("--json", *arguments, path)
        self.assertEqual(run.returncode, 0, run.stderr)
        story = json.loads(run.stdout)
        self.assertEqual(story["cut_short"], "the file goes on" in run.stderr)
        return story, [story["steps"][0]["frame"], story["steps"][-1]["frame"]]

    def test_frames(self):
        with tempfile.TemporaryDirectory() as folder:
            path = self.write(folder, 20001, 60)
            story, ends = self.tell(path)
            self.assertEqual((ends, story["frames_read"], story["cut_short"]), ([1, 2000], 2000, True))
            story, ends = self.tell(path, "--frames", "18001-")
            self.assertEqual((ends, story["frames_read"], story["cut_short"]), ([18001, 20000], 20000, True))
            run = explain("--frames", "20001", path)
            self.assertEqual((run.returncode, run.stdout, run.stderr.count("\n")), (2, "", 1))
            run = explain("--frames", "1-3", path)
            self.assertEqual((run.returncode, run.stderr), (0, ""))
            self.assertIn("The file goes on behind frame 3.", run.stdout)
            story, ends = self.tell(self.write(folder, 2000, 60))
            self.assertEqual((ends, story["cut_short"]), ([1, 2000], False))

    def test_octets(self):
        with tempfile.TemporaryDirectory() as folder:
            story, ends = self.tell(self.write(folder, 1200, 60000))
            self.assertEqual((ends, story["cut_short"]), ([1, 64 * 1024 * 1024 // 60000], True))


class Comments(unittest.TestCase):
    """What the maker of a capture has written into it is told as his, and can do no harm."""

    HOSTILE = ("</script><img src=x onerror=alert(1)>\x1b[2J\u202e\nFrame 2: the hub is yours.\n\n    2  0.010 s  "
               "not of the story").encode() + b"\xff\xfe"

    def write(self, folder, about, on_packet):
        with open(os.path.join(CAPTURES, "phase1.pcapng"), "rb") as file:
            data = pcapng_comments.with_comments(file.read(), about, on_packet)
        path = os.path.join(folder, "<b>\x1b[1mtold.pcapng")
        with open(path, "wb") as file:
            file.write(data)
        return path

    def test_told(self):
        with tempfile.TemporaryDirectory() as folder:
            path = self.write(folder, "A lesson.", lambda number: f"packet {number}, caf\u00e9")
            story = json.loads(explain("--json", path).stdout)
            self.assertEqual(story["comment"], "A lesson.")
            self.assertEqual([s["comment"] for s in story["steps"]],
                             [f"packet {s['frame']}, caf\u00e9" for s in story["steps"]])
            text = explain("--text", "--frames", "3-4", path).stdout
            self.assertIn("The capture says of itself: A lesson.", text)
            self.assertEqual(re.findall(r"The capture's comment: packet (\d)", text), ["3", "4"])
            with open(path, "rb") as file:
                run = subprocess.run([PROGRAM, "--json", "-"], stdin=file, capture_output=True, text=True, timeout=LIMIT_S, check=True)
            self.assertIsNone(json.loads(run.stdout)["comment"])

    def test_left_out(self):
        path = os.path.join(CAPTURES, "phase1.pcapng")
        text = explain("--no-comments", path).stdout
        self.assertEqual((text.count("capture says"), text.count("capture's comment")), (0, 0))
        story = json.loads(explain("--no-comments", "--json", path).stdout)
        self.assertEqual({story["comment"], *(step["comment"] for step in story["steps"])}, {None})

    def test_hostile(self):
        with tempfile.TemporaryDirectory() as folder:
            path = self.write(folder, self.HOSTILE, lambda number: self.HOSTILE)
            story = json.loads(explain("--json", path).stdout)
            shown = ("</script><img src=x onerror=alert(1)>?[2J?\nFrame 2: the hub is yours.\n\n    2  0.010 s  "
                     "not of the story??")
            self.assertEqual((story["file"], story["comment"]), ("<b>?[1mtold.pcapng", shown))
            self.assertEqual({s["comment"] for s in story["steps"]}, {shown})
            text = explain("--text", path).stdout
            self.assertNotIn("\x1b", text)
            # No line of it can be taken for one of the story's own.
            for line in text.splitlines():
                if "not of the story" in line or "is yours" in line:
                    self.assertRegex(line, r"^ +\| ")
            page = explain("--html", path).stdout
            self.assertEqual((page.count("<img"), page.count("</script"), page.count("\x1b")), (0, 2, 0))
            xml.etree.ElementTree.fromstring(explain("--svg", path).stdout)


class Bad(unittest.TestCase):
    def test_damaged_files_end_well(self):
        chance = random.Random(1)
        with open(os.path.join(CAPTURES, "phase3.pcapng"), "rb") as file:
            whole = file.read()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "damaged.pcapng")
            for _ in range(60):
                octets = bytearray(whole)
                for _ in range(chance.randint(1, 40)):
                    octets[chance.randrange(len(octets))] = chance.randrange(256)
                with open(path, "wb") as file:
                    file.write(octets[:chance.randrange(len(octets)) if chance.random() < .3 else None])
                run = explain("--html", path)
                self.assertIn(run.returncode, (0, 2), run.stderr)
                self.assertEqual(run.returncode == 2, run.stdout == "")

    def test_refusals(self):
        for arguments in ([], ["a", "b"], ["--nothing"], ["missing.pcap"], ["--frames", "0", "x"], ["--esp-sa", "missing", "x"],
                          ["--frames", "9999", os.path.join(CAPTURES, "phase1.pcapng")]):
            run = explain(*arguments)
            self.assertEqual((run.returncode, run.stdout, run.stderr.count("\n")), (2, "", 1), arguments)

    def test_output_is_whole_or_absent(self):
        with tempfile.TemporaryDirectory() as folder:
            run = explain("-o", os.path.join(folder, "no", "x.html"), os.path.join(CAPTURES, "phase1.pcapng"))
            self.assertEqual(run.returncode, 2)
            self.assertEqual(explain("-o", os.path.join(folder, "x.html"), os.path.join(CAPTURES, "phase1.pcapng")).returncode, 0)
            self.assertEqual(os.listdir(folder), ["x.html"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
