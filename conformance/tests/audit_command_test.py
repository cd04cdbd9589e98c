#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""dmvpn-conform audit as its users call it: options, exit codes, formats, our own captures, captures of real routers.

usage: audit_command_test.py PROGRAM ROOT REAL-CAPTURES
"""
import glob
import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "audit"))
import scenarios # noqa: E402
import wire      # noqa: E402

PROGRAM, ROOT, REAL = sys.argv[1:4]
SCHEMA = os.path.join(ROOT, "conformance", "audit", "audit.schema.json")

# What is to be found in captures of real routers: {rule: frames}. Each was compared with the octets and the clause.
CISCO_PASSWORD = "password-in-clear"
EXPECTED = {
    # Authentication in cleartext; the reply sets D and U (flags 0xf802 after 0xc802).
    "cisco-ios-phase3-auth.pcap": {CISCO_PASSWORD: [1, 2], "resolution-reply-u": [4]},
    "cisco-ios-registration.pcap": {CISCO_PASSWORD: [1]},
    # Spokes register towards themselves, the hub answers in its own name; the egress never answers.
    "frr-8.4.4-phase3-no-shortcut.pcap": {"resolution-unanswered": [38, 40],
                                          "registration-reply-discovery": [11, 15, 25, 47]},
    # From the hub alone it cannot be told that no reply went straight from spoke to spoke.
    "frr-8.4.4-hub-gre1-cooked.pcap": {"resolution-reply-unseen": [19, 21], "registration-reply-discovery": [2, 4, 6, 28]},
    "frr-8.4.4-phase3-shortcut.pcap": {"registration-reply-discovery": [4, 10, 12, 16, 36, 54, 56]},
    # Holding time 30 with flags 0xc002; purges without CIE; an Error Indication with the offender's flags,
    # extensions, hop count 0 and 16 zero octets.
    "opennhrp-0.14.1-phase2.pcap": {"resolution-hold": [19, 20, 53, 57, 69, 73, 86], "purge-empty": [7, 13],
                                    "error-unused": [87], "error-extensions": [87], "error-hop-count": [87],
                                    "extension-zeros-after-end": [87]},
    # Broken IP headers, or no tunnel of ours: nothing to say.
    "malformed-nhrp-1.pcap": {},
    "malformed-gre-1.pcap": {},
    "various-gre.pcap": {},
}
FAILING = {"frr-8.4.4-phase3-no-shortcut.pcap", "opennhrp-0.14.1-phase2.pcap"}


def audit(*arguments, **options):
    return subprocess.run([PROGRAM, "audit", *arguments], capture_output=True, text=True, timeout=120, check=False, **options)


def report_of(path):
    run = audit("--format", "json", path)
    return run.returncode, json.loads(run.stdout)["audits"][0]


def frames_by_rule(report):
    found = {}
    for finding in report["findings"]:
        found.setdefault(finding["rule"], []).extend(finding["frames"])
    return {rule: sorted(frames) for rule, frames in found.items()}


def check_schema(test, value, schema, where="$"):
    """As much of JSON Schema as the schema file uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    test.assertTrue(any(isinstance(value, kinds[kind]) for kind in wanted), f"{where}: {value!r} is no {wanted}")
    test.assertIn(value, schema.get("enum", [value]), where)
    if isinstance(value, list):
        for i, item in enumerate(value):
            check_schema(test, item, schema["items"], f"{where}[{i}]")
    elif isinstance(value, dict):
        for name in schema["required"]:
            test.assertIn(name, value, where)
        for name, item in value.items():
            test.assertIn(name, schema["properties"], where)
            check_schema(test, item, schema["properties"][name], f"{where}.{name}")


class OwnCaptures(unittest.TestCase):
    def test_nothing_is_found_in_them(self):
        paths = sorted(glob.glob(os.path.join(ROOT, "captures", "phase?.pcapng")))
        self.assertEqual(len(paths), 3)
        for phase, path in enumerate(paths, 1):
            with self.subTest(path=path):
                code, report = report_of(path)
                self.assertEqual((code, report["findings"]), (0, []))
                self.assertEqual([cloud["phase"] for cloud in report["clouds"]], [phase])
                roles = {station["protocol"]: station["roles"] for station in report["clouds"][0]["stations"]}
                self.assertIn("server", roles["10.255.0.1"])
                self.assertIn("client", roles["10.255.0.11"])


class RealCaptures(unittest.TestCase):
    def test_findings(self):
        if not os.path.isdir(REAL):
            self.skipTest(f"no captures of real routers in {REAL}")
        for name, wanted in EXPECTED.items():
            with self.subTest(capture=name):
                code, report = report_of(os.path.join(REAL, name))
                self.assertEqual(frames_by_rule(report), wanted)
                self.assertEqual(code, 1 if name in FAILING else 0)

    def test_esp_is_counted(self):
        path = os.path.join(REAL, "frr-10.3-strongswan-phase3-esp.pcap")
        if not os.path.exists(path):
            self.skipTest(f"no {path}")
        self.assertEqual(report_of(path)[1]["totals"]["esp"], 68)

    def test_esp_is_decrypted(self):
        path = os.path.join(REAL, "frr-10.3-strongswan-phase3-esp.pcap")
        if not os.path.exists(path):
            self.skipTest(f"no {path}")
        run = audit("--format", "json", "--esp-sa", path.replace(".pcap", ".esp_sa"), path)
        report = json.loads(run.stdout)["audits"][0]
        self.assertEqual([report["totals"][name] for name in ("esp", "messages", "data_packets")], [0, 54, 14])
        self.assertEqual((run.returncode, set(frames_by_rule(report))), (0, {"registration-reply-discovery"}))
        self.assertEqual([cloud["phase"] for cloud in report["clouds"] if cloud["messages"]], [3])


class Formats(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "bad.pcap")
        name, frames, self.rules = next(row for row in scenarios.SCENARIOS if row[0] == "error with extensions")
        wire.write_pcap(self.path, frames)

    def test_text(self):
        run = audit(self.path)
        self.assertEqual((run.returncode, run.stderr), (1, ""))
        self.assertNotIn("\033", run.stdout)
        for words in ("violation  An Error Indication has extensions", "rfc2332-5.2.7-no-extensions  [RFC2332 §5.2.7, MUST]",
                      "10.255.0.1, frame 2:", "IB-025", "1 rules violated, 0 operator's mistakes"):
            self.assertIn(words, run.stdout)

    def test_narration(self):
        run = audit("--narrate", self.path)
        self.assertRegex(run.stdout, r"(?m)^ +1 +0\.000000  10\.255\.0\.11 tells 10\.255\.0\.1 that it is at 198\.51\.100\.11")

    def test_json_follows_the_schema(self):
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        run = audit("--format", "json", self.path, os.path.join(ROOT, "captures", "phase3.pcapng"))
        check_schema(self, json.loads(run.stdout), schema)

    def test_standard_input(self):
        with open(self.path, "rb") as file:
            run = subprocess.run([PROGRAM, "audit", "-"], stdin=file, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, 1)

    def test_links(self):
        """The same packet behind other link headers."""
        packet = wire.tunnel(wire.SPOKE1, wire.HUB, wire.registration(cies=[wire.cie(code=4, prefix=32)]))
        links = {1: bytes(12) + b"\x08\x00", 113: bytes(14) + b"\x08\x00", 276: b"\x08\x00" + bytes(18), 9: b"\xff\x03\x00\x21"}
        for link, head in links.items():
            with self.subTest(link=link):
                wire.write_pcap(self.path, [(0, head + packet)])
                with open(self.path, "r+b") as file:
                    file.seek(20)
                    file.write(bytes([link & 255, link >> 8]))
                self.assertIn("registration-code", frames_by_rule(report_of(self.path)[1]))

    def write_with_length(self, packet, wire_length):
        """A capture of one packet that was so long on the wire, padding of the frame included."""
        wire.write_pcap(self.path, [(0, packet)])
        with open(self.path, "r+b") as file:
            file.seek(24 + 12)
            file.write(struct.pack("<I", wire_length))

    def test_frames_that_are_not_whole(self):
        """Padding that the capture has cut off is no reason not to judge the packet."""
        packet = wire.tunnel(wire.SPOKE1, wire.HUB, wire.registration(version=7))
        for kept, wanted, cut in ((len(packet), ["version"], 0), (len(packet) - 1, [], 1), (19, [], 1)):
            with self.subTest(kept=kept):
                self.write_with_length(packet[:kept], len(packet) + 4)
                report = report_of(self.path)[1]
                self.assertEqual(([*frames_by_rule(report)], report["totals"]["cut"]), (wanted, cut))
                self.assertEqual("cut short" in audit(self.path).stdout, bool(cut))

    def test_outer_checksum(self):
        """One of 0 is what a sender's own capture shows; any other is a packet that nobody takes."""
        good = wire.tunnel(wire.SPOKE1, wire.HUB, wire.registration(version=7))
        for word, wanted, broken in ((good[10:12], ["version"], 0), (b"\0\0", ["version"], 0), (b"\1\1", [], 1)):
            with self.subTest(checksum=word):
                wire.write_pcap(self.path, [(0, good[:10] + word + good[12:])])
                report = report_of(self.path)[1]
                self.assertEqual(([*frames_by_rule(report)], report["totals"]["broken"]), (wanted, broken))
                self.assertEqual("outer IP header is broken" in audit(self.path).stdout, bool(broken))
                self.assertEqual("1 that cannot be decoded" in audit(self.path).stdout, not broken)

    def test_gzip(self):
        packed = self.path + ".gz"
        with open(self.path, "rb") as file, gzip.open(packed, "wb") as out:
            out.write(file.read())
        self.assertEqual(frames_by_rule(report_of(packed)[1]), frames_by_rule(report_of(self.path)[1]))

    def test_list(self):
        run = audit("--list")
        self.assertEqual(run.returncode, 0)
        self.assertGreater(len(run.stdout.splitlines()), 100)


class Refusals(unittest.TestCase):
    def refused(self, arguments, what):
        run = audit(*arguments)
        self.assertEqual(run.returncode, 2, arguments)
        self.assertEqual((run.stderr.count("\n"), run.stdout), (1, ""), run.stderr)
        self.assertIn(what, run.stderr)

    def test_usage(self):
        for arguments, what in [([], "which capture"), (["--format", "xml", "x"], "xml"), (["--no-such"], "--no-such"),
                                (["--narrate", "--format", "json", "x"], "--narrate"), (["--format"], "--format")]:
            with self.subTest(arguments=arguments):
                self.refused(arguments, what)

    def test_bad_files(self):
        with tempfile.TemporaryDirectory() as folder:
            self.refused([os.path.join(folder, "missing.pcap")], "missing.pcap")
            path = os.path.join(folder, "bad.pcap")
            with open(path, "wb") as file:
                file.write(b"this is no capture")
            self.refused([path], "bad.pcap")
            wire.write_pcap(path, scenarios.registered())
            with open(path, "r+b") as file:
                file.truncate(os.path.getsize(path) - 3)
            self.refused([path], "bad.pcap")
            self.refused(["--data", folder, path], "requirements.tsv")
            self.refused(["--esp-sa", os.path.join(folder, "none"), path], "none")
            table = os.path.join(folder, "esp_sa")
            good = ["IPv4", "192.0.2.1", "192.0.2.12", "0xce618528", "AES-GCM with 16 octet ICV [RFC4106]", "0x" + "ab" * 20, "NULL", ""]
            for column, value in ((2, "192.0.2"), (3, "x"), (4, "ROT13"), (5, "0xabc"), (5, "ab"), (5, "0x" + "ab" * 100)):
                with open(table, "w", encoding="utf-8") as file:
                    file.write("# keys\n" + ",".join(f'"{value if i == column else cell}"' for i, cell in enumerate(good)) + "\n")
                self.refused(["--esp-sa", table, path], "esp_sa:2: ")
            with open(table, "w", encoding="utf-8") as file:
                file.write('"IPv4","192.0.2.1\n')
            self.refused(["--esp-sa", table, path], "esp_sa:1: ")


if __name__ == "__main__":
    if not os.path.isdir(REAL):
        print(f"SKIPPED in part: no captures of real routers in {REAL}", file=sys.stderr)
    program = unittest.main(argv=[sys.argv[0]], exit=False)
    sys.exit(1 if not program.result.wasSuccessful() else 77 if program.result.skipped else 0)
