#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures/manifest.json, the catalogue of the captures: captures/catalogue/manifest.py TOOLS [--check]

TOOLS is the folder of a build (build/release): its dmvpn-sim describes the scenarios, its dmvpn-conform audits the
captures. With --check nothing is written; exit code 1 if the file is not what it should be. manifest.schema.json
describes the file.

Owns: which facts stand in the catalogue, and where each is from: story and clauses from the scenario, stations and
findings from the audit, features from the packets, sums from the files. Findings are those that findings.yaml explains;
one that is not explained there, or no longer there, is an error (exit code 2).
"""
import argparse
import hashlib
import json
import os
import re
import subprocess
import sys

import yaml

from features import features_of

HERE = os.path.dirname(os.path.abspath(__file__))
JUDGEMENTS = ("planted", "true", "unseen", "disputed")
CAST = re.compile(r"(\d+) (hub|spoke|scripted peer|NAT)s?$")
CAST_NAMES = {"hub": "hubs", "spoke": "spokes", "scripted peer": "scripted_peers", "NAT": "nats"}


class CatalogueError(Exception):
    """What keeps the catalogue from being made, for users."""


class Tools:
    """The programs of a build."""

    def __init__(self, folder):
        self.sim = os.path.join(folder, "reference_impl", "drivers", "sim", "dmvpn-sim")
        self.conform = os.path.join(folder, "conformance", "dmvpn-conform")
        for program in (self.sim, self.conform):
            if not os.access(program, os.X_OK):
                raise CatalogueError("no program %s: build it first (./dev build)" % program)

    def table(self, scenarios):
        """Rows of dmvpn-sim --table: capture, title, phase, families, who, clauses."""
        rows = {}
        for line in self._run(self.sim, "--table", *scenarios).splitlines()[2:]:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            rows[cells[0]] = cells[1:]
        return rows

    def audit(self, capture, keys):
        """The audit of one capture."""
        options = ["--esp-sa", keys] if keys is not None else []
        return json.loads(self._run(self.conform, "audit", *options, "--format", "json", capture,
                                    codes=(0, 1)))["audits"][0]

    @staticmethod
    def _run(*command, codes=(0,)):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)
        if done.returncode not in codes:
            raise CatalogueError("%s: %s" % (os.path.basename(command[0]), done.stderr.strip()))
        return done.stdout


def sha256_of(path):
    """The sum of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def read_yaml(path):
    """A YAML file."""
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def _cast(words):
    """{"hubs": 1, ...} from "1 hub, 2 spokes"."""
    cast = {name: 0 for name in CAST_NAMES.values()}
    for word in words.split(", "):
        number, kind = CAST.match(word).groups()
        cast[CAST_NAMES[kind]] = int(number)
    return cast


def _findings(name, audit, explained):
    """The findings of an audit with their explanations, one a rule; takes them from explained."""
    found = {}
    for finding in audit["findings"]:
        rule = finding["rule"]
        if rule not in explained:
            raise CatalogueError("%s: the audit finds %s (%s: %s), which findings.yaml does not explain" % (
                name, rule, finding["station"], finding["evidence"]))
        judgement, why = explained[rule]
        if judgement not in JUDGEMENTS:
            raise CatalogueError("findings.yaml: %s: %s: no such judgement as '%s'" % (name, rule, judgement))
        entry = found.setdefault(rule, {
            "rule": rule, "severity": finding["severity"], "requirement": finding["requirement"],
            "words": finding["words"], "count": 0, "frames": [], "judgement": judgement, "why": why})
        entry["count"] += finding["count"]
        entry["frames"] = sorted(set(entry["frames"]) | set(finding["frames"]))
    gone = sorted(set(explained) - set(found))
    if gone:
        raise CatalogueError("%s: findings.yaml explains %s, which the audit does not find" % (name, ", ".join(gone)))
    return [found[rule] for rule in sorted(found)]


def _roles(audit):
    """Roles that stations have, by what they do."""
    return sorted({role for cloud in audit["clouds"] for station in cloud["stations"]
                   for role in station["roles"].split(", ") if role})


class Catalogue:
    """The folder of captures, and how an entry is made."""

    def __init__(self, folder, tools):
        self.folder = folder
        self.tools = tools
        self.explained = read_yaml(os.path.join(folder, "findings.yaml"))

    def path(self, *parts):
        """A file in the folder."""
        return os.path.join(self.folder, *parts)

    def _names(self, *parts):
        return sorted(os.path.splitext(name)[0] for name in os.listdir(self.path(*parts)) if name.endswith(".yaml"))

    def _entry(self, name, capture, facts):
        """What every capture has: facts, and what its file shows."""
        keys = os.path.splitext(self.path(capture))[0] + ".esp_sa"
        keys = keys if os.path.exists(keys) else None
        audit = self.tools.audit(self.path(capture), keys)
        frames, duration_s, features = features_of(self.path(capture), keys)
        if facts["cast"].get("nats"):
            features = sorted(features + ["nat"])
        entry = {"name": name, **facts, "capture": capture, "sha256": sha256_of(self.path(capture)), "frames": frames,
                 "duration_s": duration_s, "features": features, "roles": _roles(audit)}
        if keys is not None:
            entry["keys"] = os.path.basename(keys)
            entry["keys_sha256"] = sha256_of(keys)
        option = " --esp-sa captures/" + entry["keys"] if keys is not None else ""
        entry["audit"] = {
            "command": "dmvpn-conform audit%s captures/%s" % (option, capture),
            "phases": [cloud["phase"] for cloud in audit["clouds"]],
            "findings": _findings(name, audit, self.explained.pop(name, {}))}
        return entry

    def simulated(self):
        """Entries of what dmvpn-sim makes."""
        names = self._names("scenarios")
        rows = self.tools.table([self.path("scenarios", name + ".yaml") for name in names])
        for name in names:
            title, phase, families, who, clauses = rows[name]
            underlay, overlay = families.split(" / ")
            scenario = "scenarios/%s.yaml" % name
            yield self._entry(name, name + ".pcapng", {
                "title": title, "story": read_yaml(self.path(scenario))["story"].strip(),
                "origin": "simulated", "phase": int(phase) if phase else None, "cast": _cast(who),
                "families": {"underlay": underlay, "overlay": overlay}, "clauses": clauses.split(", "),
                "scenario": scenario,
                "generator": "dmvpn-sim captures/%s -o captures/%s.pcapng" % (scenario, name)})

    def recorded(self):
        """Entries of what was recorded in the lab."""
        for name in self._names("recorded"):
            told = read_yaml(self.path("recorded", name + ".yaml"))
            cast = {kind: told["cast"].get(kind, 0) for kind in CAST_NAMES.values()}
            yield self._entry(name, "recorded/%s.pcapng" % name, {
                "title": told["title"], "story": told["story"].strip(), "origin": "recorded", "phase": told["phase"],
                "cast": cast, "families": {"underlay": told["underlay"], "overlay": told["overlay"]},
                "clauses": told["clauses"], "scenario": "recorded/%s.yaml" % name,
                "generator": "captures/recorded/record %s" % told["lab"]})

    def text(self):
        """The catalogue as the file has it."""
        entries = [*self.simulated(), *self.recorded()]
        if self.explained:
            raise CatalogueError("findings.yaml: no such capture as %s" % ", ".join(sorted(self.explained)))
        return json.dumps({"format": 1, "licence": "GPL-2.0-or-later", "captures": entries}, indent=1,
                          ensure_ascii=False) + "\n"


def main(arguments):
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description="Make captures/manifest.json, the catalogue of the captures.")
    parser.add_argument("tools", help="the folder of a build, such as build/release")
    parser.add_argument("--captures", default=os.path.dirname(HERE), help="the folder of captures [%(default)s]")
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the file is as it should be")
    options = parser.parse_args(arguments)
    path = os.path.join(options.captures, "manifest.json")
    try:
        text = Catalogue(options.captures, Tools(options.tools)).text()
        if not options.check:
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(path + ".new", path)
            return 0
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return 0
    except (CatalogueError, OSError) as error:
        print("manifest: %s" % error, file=sys.stderr)
        return 2
    print("manifest: %s is not what captures, scenarios and audit give today: run captures/catalogue/manifest.py %s" % (
        path, options.tools))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
