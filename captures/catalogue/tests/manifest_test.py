# SPDX-License-Identifier: GPL-2.0-or-later
"""The catalogue: it is what scenarios, captures and audit give today; it keeps to its schema, which refuses what it
should; and what it says of files is so. manifest_test.py BUILD-FOLDER"""
import copy
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest

EXIT_SKIPPED = 77
try:
    import jsonschema
except ImportError:
    print("SKIPPED: jsonschema is missing; install package 'python3-jsonschema'")
    sys.exit(EXIT_SKIPPED)

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.dirname(os.path.dirname(HERE))
MAKER = os.path.join(CAPTURES, "catalogue", "manifest.py")
BUILD = sys.argv[1] if len(sys.argv) > 1 else "build/release"


def read_json(name):
    """A JSON file of the folder of captures."""
    with open(os.path.join(CAPTURES, name), encoding="utf-8") as file:
        return json.load(file)


def make(*arguments):
    """Runs the maker."""
    return subprocess.run([sys.executable, "-B", MAKER, *arguments], capture_output=True, encoding="utf-8",
                          check=False)


class Catalogue(unittest.TestCase):
    """captures/manifest.json."""

    @classmethod
    def setUpClass(cls):
        cls.manifest = read_json("manifest.json")
        cls.schema = read_json("manifest.schema.json")

    def test_it_is_fresh(self):
        done = make(BUILD, "--check")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_it_keeps_to_the_schema(self):
        jsonschema.Draft202012Validator.check_schema(self.schema)
        jsonschema.validate(self.manifest, self.schema, cls=jsonschema.Draft202012Validator)

    def test_mistakes_are_found(self):
        # No rule is broken here, and the packets alone do not tell it from what is meant.
        cannot_tell = {"mistake_hold_too_short", "mistake_tunnel_source"}
        mistakes = {entry["name"]: entry["audit"]["findings"] for entry in self.manifest["captures"]
                    if entry["name"].startswith("mistake_")}
        self.assertGreater(len(mistakes), 20)
        missed = {name for name, findings in mistakes.items()
                  if all(finding["judgement"] != "planted" for finding in findings)}
        self.assertEqual(missed, cannot_tell)

    def test_the_schema_refuses(self):
        def changed(change):
            other = copy.deepcopy(self.manifest)
            change(other["captures"][0])
            return other
        for change in (lambda entry: entry.pop("story"), lambda entry: entry.update(phase=4),
                       lambda entry: entry.update(sha256="0"), lambda entry: entry.update(more=1),
                       lambda entry: entry.update(keys="x.esp_sa"), lambda entry: entry["cast"].update(hubs=-1),
                       lambda entry: entry.update(clauses=["RFC"]), lambda entry: entry["audit"].pop("findings")):
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(changed(change), self.schema, cls=jsonschema.Draft202012Validator)

    def test_every_capture_has_its_entry(self):
        there = {name for name in os.listdir(CAPTURES) if name.endswith(".pcapng")}
        there |= {"recorded/" + name for name in os.listdir(os.path.join(CAPTURES, "recorded"))
                  if name.endswith(".pcapng")}
        self.assertEqual({entry["capture"] for entry in self.manifest["captures"]}, there)
        names = [entry["name"] for entry in self.manifest["captures"]]
        self.assertEqual(len(names), len(set(names)))

    def test_sums_and_files(self):
        for entry in self.manifest["captures"]:
            with self.subTest(capture=entry["name"]):
                self.assertTrue(os.path.exists(os.path.join(CAPTURES, entry["scenario"])))
                for key, total in (("capture", "sha256"), ("keys", "keys_sha256")):
                    if key in entry:
                        with open(os.path.join(CAPTURES, entry[key]), "rb") as file:
                            self.assertEqual(hashlib.sha256(file.read()).hexdigest(), entry[total])

    def test_a_finding_that_nobody_has_read(self):
        """Without its explanation the catalogue is not made; nor with one of a finding that is not there. Two captures
        are enough for that."""
        mtu = 'mistake_mtu:\n  mtu-fragments: [planted, "Words."]\n'
        with tempfile.TemporaryDirectory() as folder:
            for part in ("scenarios", "recorded"):
                os.mkdir(os.path.join(folder, part))
            for name in ("phase1", "mistake_mtu"):
                for path in (name + ".pcapng", os.path.join("scenarios", name + ".yaml")):
                    os.symlink(os.path.join(CAPTURES, path), os.path.join(folder, path))
            for words, text in (
                    ("does not explain", "{}"),
                    ("no such judgement", mtu.replace("planted", "fine")),
                    ("does not find", mtu + 'phase1:\n  mtu-fragments: [planted, "Words."]\n'),
                    ("no such capture", mtu + mtu.replace("mistake_mtu", "phase9"))):
                with open(os.path.join(folder, "findings.yaml"), "w", encoding="utf-8") as file:
                    file.write(text)
                done = make(BUILD, "--captures", folder)
                self.assertEqual(done.returncode, 2)
                self.assertIn(words, done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1)
                self.assertFalse(os.path.exists(os.path.join(folder, "manifest.json")))

    def test_no_build(self):
        done = make("/nonexistent", "--check")
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 1))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
