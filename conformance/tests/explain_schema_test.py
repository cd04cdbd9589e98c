#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What `dmvpn-explain --json` writes of every capture is what story.schema.json says.

explain_schema_test.py DMVPN-EXPLAIN PROJECT REAL-CAPTURES
"""
import json
import os
import sys
import unittest

import explain_tool
from explain_tool import keys_of

try:
    import jsonschema
except ImportError:
    print("SKIPPED: jsonschema is missing; install package 'python3-jsonschema'")
    sys.exit(77)

PROGRAM, PROJECT, REAL = sys.argv[1:4]
CAPTURES = os.path.join(PROJECT, "captures")


def explain(*arguments):
    return explain_tool.explain(PROGRAM, *arguments)


class Schema(unittest.TestCase):
    """story.schema.json describes what --json writes, and nothing else."""

    @classmethod
    def setUpClass(cls):
        with open(os.path.join(PROJECT, "conformance", "explain", "story.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def test_every_capture(self):
        for path in explain_tool.captures(CAPTURES, REAL):
            with self.subTest(path):
                self.validator.validate(json.loads(explain(*keys_of(path), "--json", path).stdout))

    def test_what_is_no_story(self):
        changes = {"version": 2, "steps": [{}], "comment": 1, "other": 0, "frames_read": 20001,
                   "tunnels": [{"key": 42, "phase": 4, "why": "?"}]}
        text = explain("--json", os.path.join(CAPTURES, "phase1.pcapng")).stdout
        for name, value in changes.items():
            self.assertFalse(self.validator.is_valid({**json.loads(text), name: value}), name)
        for place in (("steps", 0), ("steps", 0, "fields", 0), ("steps", 0, "changes", 0), ("steps", 1, "states", 0), ("nodes", 0)):
            story = json.loads(text)
            item = story
            for key in place:
                item = item[key]
            name = sorted(item)[0]
            del item[name]
            self.assertFalse(self.validator.is_valid(story), (place, name))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
