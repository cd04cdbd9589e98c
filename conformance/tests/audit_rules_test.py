#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every rule of the audit finds what it is there for, and nothing else is found.

usage: audit_rules_test.py PROGRAM

A scenario is a short exchange with one fault in it, and the exact set of rules that it must break. The faultless
exchanges must break none; a rule that no scenario breaks fails the test. What a finding may be is tested the same way.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "audit"))
from candidates import CANDIDATES # noqa: E402
from scenarios import SCENARIOS   # noqa: E402
from wire import write_pcap       # noqa: E402

PROGRAM = sys.argv[1]


def audit(frames):
    """The rules that a capture breaks, by id."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "scenario.pcap")
        write_pcap(path, frames)
        run = subprocess.run([PROGRAM, "audit", "--format", "json", path], capture_output=True, text=True, timeout=60,
                             check=False)
    if run.returncode not in (0, 1):
        raise AssertionError(f"exit code {run.returncode}: {run.stderr}")
    report = json.loads(run.stdout)["audits"][0]
    worse = any(finding["severity"] != "note" for finding in report["findings"])
    if (run.returncode == 1) != worse:
        raise AssertionError(f"exit code {run.returncode}, findings {report['findings']}")
    return report["findings"]


class Rules(unittest.TestCase):
    def test_scenarios(self):
        for name, frames, wanted in SCENARIOS:
            with self.subTest(scenario=name):
                findings = audit(frames)
                found = {finding["rule"]: finding["evidence"] for finding in findings}
                self.assertEqual(set(found), set(wanted), found)
                for finding in findings:
                    self.assertTrue(finding["frames"] and finding["evidence"])
                    self.assertTrue(all(1 <= number <= len(frames) for number in finding["frames"]))

    def test_candidates(self):
        for name, frames, rule, wanted in CANDIDATES:
            with self.subTest(seen=name):
                found = [finding for finding in audit(frames) if finding["rule"] == rule]
                self.assertTrue(found, "no finding of %s" % rule)
                for finding in found:
                    self.assertEqual([candidate["id"] for candidate in finding["candidates"]], wanted, finding["evidence"])

    def test_every_rule_is_broken_once(self):
        listed = subprocess.run([PROGRAM, "audit", "--list"], capture_output=True, text=True, timeout=60, check=True)
        rules = {line.split()[0] for line in listed.stdout.splitlines()}
        broken = {rule for _, _, wanted in SCENARIOS for rule in wanted}
        self.assertEqual(rules - broken, set())
        self.assertEqual(broken - rules, set())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
