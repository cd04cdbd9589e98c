#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports of runs, in every format, and their comparison.

usage: report_test.py PROGRAM CONFORMANCE-FOLDER
"""
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM, FOLDER = sys.argv[1:3]
VERDICTS = ["pass", "non-strict", "fail", "inconclusive", "not applicable", "expected failure", "unexpected pass", "error"]


def conform(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120, check=False)


def run(form, *arguments):
    """A report of the three phases, with a fault that the Phase 3 hub shows."""
    return conform("run", "--iut", "reference", "--deviation", "redirect-twice", "--format", form, "phase?-*", *arguments).stdout


def check_schema(test, value, schema, where="$"):
    """As much of JSON Schema as the schema file uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    test.assertIsInstance(value, kinds[schema["type"]], where)
    test.assertIn(value, schema.get("enum", [value]), where)
    if isinstance(value, list):
        for i, item in enumerate(value):
            check_schema(test, item, schema["items"], f"{where}[{i}]")
    elif isinstance(value, dict):
        for name in schema["required"]:
            test.assertIn(name, value, where)
        for name, item in value.items():
            part = schema["properties"].get(name, schema.get("additionalProperties"))
            test.assertIsNotNone(part, f"{where}.{name}")
            check_schema(test, item, part, f"{where}.{name}")


class Page(html.parser.HTMLParser):
    """The elements of a page, what they refer to, and the text of its scripts."""

    def __init__(self):
        super().__init__()
        self.stack, self.references, self.scripts = [], [], []

    def handle_starttag(self, tag, attrs):
        self.references += [value for name, value in attrs if name in ("src", "href", "action")]
        if tag == "script":
            self.scripts.append("")
        if tag not in ("meta", "input", "br", "link"):
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            raise AssertionError(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.stack and self.stack[-1] == "script":
            self.scripts[-1] += data


class Formats(unittest.TestCase):
    def test_json_follows_the_schema(self):
        with open(os.path.join(FOLDER, "report", "report.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        report = json.loads(run("json"))
        check_schema(self, report, schema)
        self.assertEqual(list(report["summary"]), VERDICTS)
        failed = [case for case in report["cases"] if case["verdict"] == "fail"]
        self.assertEqual([case["id"] for case in failed], ["phase3-hub"])
        self.assertEqual(sum(report["summary"].values()), len(report["cases"]))

    def test_tap(self):
        lines = run("tap").splitlines()
        self.assertEqual(lines[0], "TAP version 14")
        points = [line for line in lines if re.match(r"(not )?ok \d+ - ", line)]
        self.assertEqual(lines[1], f"1..{len(points)}")
        self.assertEqual([int(re.search(r"\d+", line).group()) for line in points], list(range(1, len(points) + 1)))
        self.assertEqual([line.split()[4] for line in points if line.startswith("not")], ["phase3-hub"])

    def test_junit(self):
        """What the schema of JUnit's reports asks for: elements, their order, their attributes, the counts."""
        root = xml.etree.ElementTree.fromstring(run("junit"))
        self.assertEqual(root.tag, "testsuites")
        (suite,) = root
        self.assertEqual(suite.tag, "testsuite")
        counts = {"failure": 0, "error": 0, "skipped": 0}
        for case in suite:
            self.assertEqual((case.tag, set(case.attrib)), ("testcase", {"classname", "name", "time"}))
            float(case.attrib["time"])
            for child in case:
                self.assertIn(child.tag, (*counts, "system-out"))
                if child.tag in counts:
                    self.assertEqual(set(child.attrib), {"message"})
                    counts[child.tag] += 1
        self.assertEqual(counts, {"failure": 1, "error": 0, "skipped": 0})
        self.assertEqual([suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")], [str(len(suite)), "1", "0", "0"])
        self.assertEqual([root.attrib[name] for name in ("tests", "failures", "errors")], [str(len(suite)), "1", "0"])

    def test_markdown(self):
        text = run("markdown")
        self.assertTrue(text.startswith("# Conformance of reference with redirect-twice\n"))
        self.assertRegex(text, r"(?m)^\| phase3-hub \| fail \| 3 \| hub \| ")
        self.assertIn("### phase3-hub: fail", text)
        for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            self.assertEqual(len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}), 1, table)

    def test_captures(self):
        """One file a case; the verdict is a comment on the guilty packet, where there is one."""
        with tempfile.TemporaryDirectory() as folder:
            target = os.path.join(folder, "evidence")
            report = json.loads(run("json", "--captures", target))
            self.assertEqual(sorted(os.listdir(target)), sorted(case["id"] + ".pcapng" for case in report["cases"]))
            for case in report["cases"]:
                with open(os.path.join(target, case["id"] + ".pcapng"), "rb") as file:
                    octets = file.read()
                self.assertEqual(octets[:4], b"\x0a\x0d\x0d\x0a")
                self.assertIn(f"{case['id']}: {case['verdict']}\n".encode(), octets)
                self.assertEqual(json.loads(conform("audit", "--format", "json", os.path.join(target, case["id"] + ".pcapng")).stdout)
                                 ["audits"][0]["totals"]["frames"], len(case["packets"]))
            refused = conform("run", "--iut", "reference", "--captures", "/dev/null/x", "phase1-hub")
            self.assertEqual((refused.returncode, refused.stderr.count("\n")), (2, 1))

    def test_html_needs_nothing_else(self):
        text = run("html")
        page = Page()
        page.feed(text)
        self.assertEqual(page.stack, [])
        self.assertEqual(page.references, [])
        self.assertNotRegex(text.split("<script")[0], r"url\(|@import")
        data = json.loads(page.scripts[0])
        self.assertEqual([one["implementation"] for one in data], ["reference"])
        self.assertNotIn("@RUNS@", text)


class Comparison(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.good, self.bad = (os.path.join(self.folder.name, name) for name in ("good.json", "bad.json"))
        with open(self.bad, "w", encoding="utf-8") as file:
            file.write(run("json"))
        with open(self.good, "w", encoding="utf-8") as file:
            file.write(conform("run", "--iut", "reference", "--format", "json", "phase?-*").stdout)

    def test_worse_and_better(self):
        worse = conform("compare", self.good, self.bad)
        self.assertEqual(worse.returncode, 1)
        self.assertRegex(worse.stdout, r"(?m)^worse +phase3-hub +(pass|non-strict) -> fail$")
        self.assertIn("1 changed, 1 worse", worse.stdout)
        better = conform("compare", self.bad, self.good)
        self.assertEqual(better.returncode, 0)
        self.assertRegex(better.stdout, r"(?m)^better +phase3-hub ")
        self.assertEqual(conform("compare", self.good, self.good).stdout, "0 changed, 0 worse\n")

    def test_matrix(self):
        text = conform("compare", "--matrix", self.good, self.bad)
        self.assertEqual(text.returncode, 0)
        self.assertRegex(text.stdout, r"(?m)^phase3-hub +(pass|non-strict) +fail *$")
        self.assertEqual(len(text.stdout.splitlines()), 7)
        page = Page()
        page.feed(conform("compare", "--matrix", "--format", "html", self.good, self.bad).stdout)
        self.assertEqual(len(json.loads(page.scripts[0])), 2)
        markdown = conform("compare", "--matrix", "--format", "markdown", self.good, self.bad).stdout
        self.assertEqual({line.count("|") for line in markdown.splitlines()}, {4})

    def test_refusals(self):
        other = os.path.join(self.folder.name, "other.json")
        with open(other, "w", encoding="utf-8") as file:
            file.write("{}")
        for arguments, what in [([], "which two"), ([self.good], "which two"), (["--matrix"], "--matrix takes"),
                                ([self.good, "missing.json"], "missing.json"), ([self.good, other], "other.json"),
                                (["--format", "tap", self.good, self.bad], "tap")]:
            with self.subTest(arguments=arguments):
                refused = conform("compare", *arguments)
                self.assertEqual((refused.returncode, refused.stdout, refused.stderr.count("\n")), (2, "", 1), refused.stderr)
                self.assertIn(what, refused.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
