# SPDX-License-Identifier: GPL-2.0-or-later
"""dmvpn-conform as its users call it: verdicts, exit codes, formats, and one line for whatever is wrong.

Usage: command_test.py DMVPN-CONFORM CONFORMANCE-FOLDER DMVPN-EXEC-ENGINE
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, FOLDER, ENGINE = sys.argv[1:4]
SIX = ["phase1-hub", "phase1-spoke", "phase2-hub", "phase2-spoke", "phase3-hub", "phase3-spoke"]


def conform(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60)


def verdicts(run):
    return {case["id"]: case["verdict"] for case in json.loads(run.stdout)["cases"]}


class Verdicts(unittest.TestCase):
    def test_reference_passes_every_case(self):
        run = conform("run", "--iut", "reference", "--format", "json")
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual(set(verdicts(run).values()), {"pass"})
        self.assertLessEqual(set(SIX), set(verdicts(run)))

    def test_no_case_passes_with_silence(self):
        run = conform("run", "--iut", "silent", "--format", "json")
        self.assertEqual(run.returncode, 1)
        self.assertEqual(set(verdicts(run).values()), {"fail", "inconclusive"})

    def test_every_deviation_is_caught_and_nothing_else(self):
        run = conform("selftest", "--format", "json")
        report = json.loads(run.stdout)
        self.assertGreaterEqual(report["planted"], 80)
        self.assertEqual([row["deviation"] for row in report["rows"] if not row["caught"]], [])
        self.assertEqual((report["caught"], report["false_alarms"], report["alarms"]), (report["planted"], 0, []))
        self.assertEqual(run.returncode, 0)
        self.assertEqual(len(report["rows"]), report["planted"])
        self.assertTrue(all(row.get("case") or row.get("rule") for row in report["rows"]))

    def test_a_selection_that_is_too_small_misses_deviations(self):
        run = conform("selftest", "phase1-*")
        self.assertEqual(run.returncode, 1)
        self.assertIn("MISSED   purge-ignored ", run.stdout)
        self.assertIn("caught   no-registration ", run.stdout)

    def test_a_fault_is_blamed_on_the_requirement_that_it_violates(self):
        for deviation, case, requirement in [
                ("hop-count-zero", "phase1-spoke", "rfc2332-5.1-hop-count-usable"),
                ("registration-prefix", "phase1-spoke", "rfc2332-5.2.3-u-prefix-ff"),
                ("reply-swapped-hold", "phase2-hub", "rfc2332-5.2.2-hold-remaining"),
                ("reply-next-hop", "phase2-hub", "rfc2332-5.2.2-next-hop"),
                ("reply-request-id", "phase1-hub", "rfc2332-5.2.0.1-request-id-copied"),
                ("transit-record", "phase3-hub", "rfc2332-5.3.2-forward-record"),
                ("redirect-twice", "phase3-hub", "draft-4.3-redirect-rate-limit"),
                ("redirect-other-flow", "phase3-hub", "draft-4.3-embedded-packet"),
                ("no-redirect", "phase3-hub", "draft-4.3-redirect"),
                ("no-resolution-request", "phase3-hub", "draft-4.4-forward-to-egress"),
                ("no-resolution-reply", "phase3-spoke", "draft-4.5-egress-replies"),
                ("bad-checksum", "phase2-spoke", "rfc2332-5.1-checksum"),
                ("gre-key", "phase2-spoke", "rfc2890-2.1-key-of-cloud"),
                ("gre-reserved", "phase2-spoke", "rfc2784-2.3-reserved-zero"),
                ("data-ttl", "phase1-hub", "rfc1812-5.3.1-ttl-decrement")]:
            with self.subTest(deviation=deviation):
                run = conform("run", "--iut", "reference", "--deviation", deviation, "--format", "json", case)
                self.assertIn('"%s"' % requirement, run.stdout.split('"findings"')[1])


class Output(unittest.TestCase):
    def test_text_shows_expected_and_actual_side_by_side(self):
        run = conform("run", "--iut", "reference", "--deviation", "registration-prefix", "phase1-spoke")
        self.assertEqual(run.returncode, 1)
        self.assertRegex(run.stdout, r"fail +phase1-spoke")
        self.assertRegex(run.stdout, r"nhrp\.cie\[0\]\.prefix +69 +255 +24\n")
        self.assertIn("rfc2332-5.2.3-u-prefix-ff  [RFC2332 §5.2.3, MUST]", run.stdout)
        self.assertNotIn("\033", run.stdout)

    def test_tap(self):
        run = conform("run", "--iut", "reference", "--deviation", "registration-prefix", "--format", "tap", "phase1-*")
        lines = run.stdout.splitlines()
        self.assertEqual(lines[:2], ["TAP version 14", "1..2"])
        self.assertRegex(lines[2], r"^ok 1 - phase1-hub ")
        self.assertRegex(lines[3], r"^not ok 2 - phase1-spoke ")
        self.assertTrue(all(line.startswith("# ") for line in lines[4:]))

    def test_json_counts(self):
        run = conform("run", "--iut", "reference", "--deviation", "no-registration", "--format", "json", "phase1-*")
        report = json.loads(run.stdout)
        self.assertEqual(report["summary"], {"pass": 1, "non-strict": 0, "fail": 1, "inconclusive": 0, "not applicable": 0,
                                             "expected failure": 0, "unexpected pass": 0, "error": 0})
        self.assertEqual(report["deviation"], "no-registration")
        failed = report["cases"][1]
        self.assertEqual(failed["findings"][0]["finding"], "missing")
        self.assertEqual(failed["findings"][0]["frame"], 1)

    def test_list(self):
        run = conform("list")
        self.assertEqual(run.returncode, 0)
        self.assertLessEqual(set(SIX), {line.split()[0] for line in run.stdout.splitlines()})
        run = conform("list", "--requirements", "phase3-hub")
        self.assertIn("draft-4.3-redirect ", run.stdout)

    def test_policy_ends_with_a_row_for_everything(self):
        run = conform("policy")
        self.assertEqual(run.returncode, 0)
        self.assertRegex(run.stdout.splitlines()[-1], r"^all +\* +the same +rfc2332-5\.2\.0\.1-structure$")

    def test_help_and_version(self):
        self.assertRegex(conform("--version").stdout, r"^dmvpn-conform \d+\.\d+\.\d+\n$")
        for arguments in (["--help"], ["list", "--help"], ["run", "--help"], ["policy", "--help"],
                          ["deviations", "--help"]):
            run = conform(*arguments)
            self.assertEqual((run.returncode, run.stderr), (0, ""), arguments)
            if len(arguments) == 2:
                self.assertIn("Example", run.stdout)


class Selection(unittest.TestCase):
    def test_patterns_and_exclusions(self):
        run = conform("run", "--iut", "reference", "--format", "json", "phase1-*", "phase3-hub")
        self.assertEqual(set(verdicts(run)), {"phase1-hub", "phase1-spoke", "phase3-hub"})
        run = conform("run", "--iut", "reference", "--format", "json", "--exclude", "*-hub", "phase1-*")
        self.assertEqual(set(verdicts(run)), {"phase1-spoke"})

    def test_nothing_selected(self):
        for arguments in (["run", "--iut", "reference", "phase9-*"], ["list", "nothing"],
                          ["run", "--iut", "reference", "--exclude", "*"]):
            run = conform(*arguments)
            self.assertEqual(run.returncode, 3, arguments)
            self.assertEqual(run.stdout, "")


    def test_filters(self):
        def ids(*arguments):
            return {line.split()[0] for line in conform("list", *arguments).stdout.splitlines()}
        everything = ids()
        for first, second in [(("--role", "hub"), ("--role", "spoke")), (("--phase", "1"), ("--phase", "3")),
                              (("--tag", "malformed"), ("--tag", "valid")),
                              (("--clause", "RFC2332 §5.3.4*"), ("--clause", "RFC2784 *"))]:
            self.assertTrue(ids(*first) and ids(*second))
            self.assertLess(ids(*first), everything)
            self.assertNotEqual(ids(*first), ids(*second))
        self.assertEqual(ids("--tag", "IB-005"), {"transit-request-hop-count-zero"})
        self.assertEqual(ids("--role", "transit") & ids("--phase", "3"), ids("--role", "transit", "--phase", "3"))
        self.assertIn("hub-registration-mtu-any", ids("--level", "MAY"))

    def test_excluded_cases_are_left_out_unless_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("requirements", "cases", "configurations"):
                shutil.copytree(os.path.join(FOLDER, name), os.path.join(folder, name))
            with open(os.path.join(folder, "cases", "excluded.txt"), "w", encoding="utf-8") as file:
                file.write("# none of these today\nphase1-hub it is for another day\n")
            self.assertNotIn("phase1-hub ", conform("list", "--data", folder, "phase1-*").stdout)
            self.assertIn("phase1-hub ", conform("list", "--data", folder, "--with-excluded", "phase1-*").stdout)
            self.assertEqual(conform("list", "--data", folder, "phase1-hub").returncode, 3)


class Show(unittest.TestCase):
    def test_story_steps_and_packets(self):
        run = conform("show", "transit-request-hop-count-zero")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for what in ("Nothing goes to the egress", "RFC2332 §5.1", "nhrp.hdr.hopcnt = 0", "expect Error Indication",
                     "quiet until a probe is answered", "frame 8 ->"):
            self.assertIn(what, run.stdout)
        self.assertIn("nhrp.hdr.hopcnt: 255", conform("show", "--fields", "phase1-spoke").stdout)

    def test_configurations_for_a_human(self):
        run = conform("configure", "--profile", "cisco-ios", "spoke3-*")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for line in (" ip nhrp shortcut", " ip nhrp nhs 10.255.0.1 nbma 192.0.2.1 multicast",
                     " tunnel key 42", " ip address 10.255.0.11 255.255.255.0"):
            self.assertIn(line + "\n", run.stdout)
        self.assertNotIn("${", run.stdout)
        self.assertIn("nhrp authentication secret", conform("configure", "--profile", "frr", "auth-hub-*").stdout)
        for profile in os.listdir(os.path.join(FOLDER, "profiles")):
            if profile != "reference.yaml":
                run = conform("configure", "--profile", profile[:-len(".yaml")])
                self.assertEqual((run.returncode, run.stderr), (0, ""), profile)


class Exec(unittest.TestCase):
    def test_the_engine_behind_a_pipe_gets_the_same_verdicts(self):
        run = conform("run", "--exec", ENGINE, "--format", "json", "phase*", "auth-*", "robust-version-*")
        self.assertEqual(run.returncode, 0, run.stdout[-2000:])
        self.assertEqual(set(verdicts(run).values()), {"pass"})

    def test_unsupported_is_not_applicable(self):
        run = conform("run", "--exec", "exit 127", "--format", "json", "phase1-*")
        self.assertEqual(run.returncode, 0)
        self.assertEqual(set(verdicts(run).values()), {"not applicable"})
        self.assertEqual(conform("run", "--exec", "exit 127", "--max-skipped", "1", "phase1-*").returncode, 1)

    def test_a_crash_is_a_verdict_and_the_run_goes_on(self):
        run = conform("run", "--exec", "echo ready; exit 3", "--format", "json", "phase1-*")
        self.assertEqual(run.returncode, 1)
        self.assertEqual(set(verdicts(run).values()), {"fail"})
        self.assertIn("the implementation crashed", run.stdout)

    def test_nonsense_is_the_suites_error(self):
        run = conform("run", "--exec", "echo hello", "phase1-hub")
        self.assertEqual(run.returncode, 5)
        self.assertIn("hello", run.stderr)

    def test_a_program_that_hangs_is_ended(self):
        run = conform("run", "--exec", "echo ready; exec sleep 60", "--time-limit", "1", "--format", "json", "phase1-hub")
        self.assertEqual(run.returncode, 1)
        self.assertIn("no end within the time limit", run.stdout)


class Known(unittest.TestCase):
    def run_known(self, deviation, *arguments):
        return conform("run", "--iut", "reference", "--deviation", deviation, "--format", "json", *arguments)

    def test_baseline(self):
        with tempfile.TemporaryDirectory() as folder:
            baseline = os.path.join(folder, "baseline.txt")
            run = self.run_known("registration-prefix", "--write-baseline", baseline, "phase1-*")
            self.assertEqual(run.returncode, 1)
            with open(baseline, encoding="utf-8") as file:
                self.assertIn("phase1-spoke rfc2332-5.2.3-u-prefix-ff\n", file.read())
            run = self.run_known("registration-prefix", "--baseline", baseline, "phase1-*")
            self.assertEqual(run.returncode, 0)
            self.assertEqual(verdicts(run), {"phase1-hub": "pass", "phase1-spoke": "expected failure"})
            run = conform("run", "--iut", "reference", "--baseline", baseline, "--format", "json", "phase1-*")
            self.assertEqual(run.returncode, 1)
            self.assertEqual(verdicts(run)["phase1-spoke"], "unexpected pass")

    def test_profile(self):
        with tempfile.TemporaryDirectory() as folder:
            profile = os.path.join(folder, "mine.yaml")
            text = ("title: t\nstory: s\nfeatures: [registration-client]\nknown:\n"
                    "  - {requirement: rfc2332-5.2.3-u-prefix-ff, reason: it is old, until: '%s'}\n")
            with open(profile, "w", encoding="utf-8") as file:
                file.write(text % "2999-12-31")
            run = self.run_known("registration-prefix", "--profile", profile, "spoke-registration-basic", "egress-reply")
            self.assertEqual(run.returncode, 0, run.stdout)
            self.assertEqual(verdicts(run), {"egress-reply": "not applicable",
                                             "spoke-registration-basic": "expected failure"})
            with open(profile, "w", encoding="utf-8") as file:
                file.write(text % "2001-12-31")
            run = self.run_known("registration-prefix", "--profile", profile, "spoke-registration-basic")
            self.assertEqual(run.returncode, 1)
            self.assertIn("expired on 2001-12-31", run.stderr)

    def test_inconclusive_only(self):
        run = conform("run", "--iut", "silent", "egress-reply")
        self.assertEqual(run.returncode, 4)


class Refusals(unittest.TestCase):
    def refused(self, arguments, what, code=2):
        run = conform(*arguments)
        self.assertEqual(run.returncode, code, arguments)
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        self.assertIn(what, run.stderr)
        return run

    def test_usage(self):
        for arguments, what in [([], "which command"), (["judge"], "judge"), (["run"], "which implementation"),
                                (["run", "--iut", "nobody"], "nobody"), (["run", "--iut"], "--iut"),
                                (["run", "--iut", "reference", "--format", "xml"], "xml"),
                                (["run", "--iut", "reference", "--deviation", "none"], "none"),
                                (["run", "--no-such"], "--no-such"), (["list", "-x"], "-x"),
                                (["show"], "which case"), (["configure"], "which implementation"),
                                (["configure", "--profile", "none"], "none.yaml"),
                                (["list", "--role", "king"], "king"), (["list", "--level", "WILL"], "WILL"),
                                (["list", "--phase", "4"], "4"), (["run", "--iut", "silent", "--max-skipped", "x"], "x"),
                                (["run", "--iut", "silent", "--baseline", "/nonexistent"], "/nonexistent"),
                                (["policy", "extra"], "extra"), (["deviations", "--all"], "--all")]:
            with self.subTest(arguments=arguments):
                self.assertEqual(self.refused(arguments, what).stdout, "")

    def test_bad_files(self):
        with tempfile.TemporaryDirectory() as folder:
            self.refused(["list", "--data", folder], "requirements.tsv: cannot be read")
            shutil.copytree(os.path.join(FOLDER, "requirements"), os.path.join(folder, "requirements"))
            self.refused(["list", "--data", folder], "cases: the folder of cases cannot be read")
            os.mkdir(os.path.join(folder, "cases"))
            self.refused(["list", "--data", folder], "no cases")
            sidecar = os.path.join(folder, "cases", "one.yaml")
            with open(os.path.join(FOLDER, "cases", "phase1-hub.yaml"), encoding="utf-8") as file:
                good = file.read()
            with open(sidecar, "w", encoding="utf-8") as file:
                file.write(good.replace("phase: 1", "phrase: 1"))
            shutil.copytree(os.path.join(FOLDER, "configurations"), os.path.join(folder, "configurations"))
            self.refused(["list", "--data", folder], "one.yaml:")
            with open(sidecar, "w", encoding="utf-8") as file:
                file.write(re.sub("capture: .*", "capture: missing.pcapng", good))
            self.refused(["run", "--data", folder, "--iut", "reference"], "missing.pcapng", 5)
            with open(os.path.join(folder, "cases", "missing.pcapng"), "w", encoding="utf-8") as file:
                file.write("this is no capture")
            self.refused(["run", "--data", folder, "--iut", "reference"], "missing.pcapng", 5)

    def test_a_full_disk_is_noticed(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        with open("/dev/full", "w", encoding="utf-8") as full:
            run = subprocess.run([PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(run.returncode, 2)
        self.assertIn("standard output", run.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
