#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""dmvpn-conform requirements: what it lists, how much is covered, and the page made from it.

usage: requirements_command_test.py PROGRAM ROOT
"""
import html.parser
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM, ROOT = sys.argv[1:3]
ACTIVE_LEAST, PASSIVE_LEAST = 0.85, 0.70 # of the MUSTs that can be observed so, how many are covered


def requirements(*arguments):
    return subprocess.run([PROGRAM, "requirements", *arguments], capture_output=True, text=True, timeout=60, check=False)


def table():
    with open(os.path.join(ROOT, "conformance", "requirements", "requirements.tsv"), encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


class Command(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.report = json.loads(requirements("--format", "json").stdout)

    def test_lists_the_table(self):
        rows = table()
        self.assertEqual([one["id"] for one in self.report["requirements"]], [row["id"] for row in rows])
        for one, row in zip(self.report["requirements"], rows):
            self.assertEqual(one["text"], row["text"])
            self.assertEqual(one["observable"], row["observable"])
            self.assertIn(one["observable"], ("active", "passive", "both", "no"))
            for kind in ("cases", "rules", "experts"):
                self.assertIsInstance(one[kind], list)

    def test_every_rule_and_every_kind_is_there(self):
        listed = subprocess.run([PROGRAM, "audit", "--list"], capture_output=True, text=True, timeout=60, check=True).stdout
        rules = {name for one in self.report["requirements"] for name in one["rules"]}
        self.assertEqual(rules, {line.split()[0] for line in listed.splitlines()})
        checksum = next(one for one in self.report["requirements"] if one["id"] == "rfc2332-5.1-checksum")
        self.assertIn("checksum", checksum["rules"])
        self.assertIn("nhrp.hdr.bad_checksum", checksum["experts"])

    def test_what_cannot_be_observed_says_why(self):
        for one in self.report["requirements"]:
            if one["observable"] == "no":
                self.assertTrue(one["note"], one["id"])

    def test_coverage(self):
        def figure(name, ways, kind):
            musts = [one for one in self.report["requirements"] if one["level"] == "MUST" and one["observable"] in ways]
            covered = sum(1 for one in musts if one[kind])
            self.assertEqual(self.report[name], {"covered": covered, "of": len(musts)})
            return covered / len(musts)
        self.assertGreaterEqual(figure("active_musts_with_case", ("active", "both"), "cases"), ACTIVE_LEAST)
        self.assertGreaterEqual(figure("passive_musts_with_rule", ("passive", "both"), "rules"), PASSIVE_LEAST)

    def test_other_formats(self):
        ids = [one["id"] for one in self.report["requirements"]]
        text = requirements().stdout
        self.assertTrue(all(f"\n{name}  [" in "\n" + text for name in ids))
        page = html.parser.HTMLParser()
        page.feed(requirements("--format", "html").stdout)
        markdown = requirements("--format", "markdown").stdout
        rows = [line for line in markdown.splitlines() if line.startswith("| `")]
        self.assertEqual([row.split("`")[1] for row in rows], ids)
        self.assertEqual({row.count("|") for row in rows}, {6})

    def test_the_page_is_what_the_command_prints(self):
        """Made anew whenever cases, rules or expert items change."""
        with open(os.path.join(ROOT, "docs", "requirements.md"), encoding="utf-8") as file:
            self.assertTrue(file.read() == requirements("--format", "markdown").stdout, "docs/requirements.md is old: dmvpn-conform requirements --format markdown > docs/requirements.md")

    def test_refusals(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "experts.def"), "w", encoding="utf-8") as file:
                file.write('EXPERT(ei_x, "nhrp.x", PI_PROTOCOL, PI_WARN, RULE, "no-such-requirement", "words")\n')
            for arguments, what in [(["--format", "xml"], "xml"), (["extra"], "extra"), (["--data", folder], "requirements.tsv"),
                                    (["--experts", folder], "nhrp.x"), (["--no-such"], "--no-such")]:
                with self.subTest(arguments=arguments):
                    run = requirements(*arguments)
                    self.assertEqual((run.returncode, run.stdout, run.stderr.count("\n")), (2, "", 1), run.stderr)
                    self.assertIn(what, run.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
