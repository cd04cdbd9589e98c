#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The place where the commands of the lessons work: a folder with the captures, and a PATH with the tools of a build and
with tshark and our plugin.

    docs/site/workshop.py shell BUILD-FOLDER            a shell there, for learning (./dev shell)
    docs/site/workshop.py check BUILD-FOLDER PAGE...    run each command and exercise of the pages, compare the output
    docs/site/workshop.py update BUILD-FOLDER PAGE...   write what the commands print into the pages: read the difference

Exit code: 0 all is as the pages say; 1 something is not; 2 wrong use or a bad page; 77 a tool is missing.
"""
import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile

import lesson

EXIT_DIFFERENT, EXIT_USAGE, EXIT_SKIPPED = 1, 2, 77
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COMMAND_LIMIT_S = 120
NOBODY = "65534"
TOOLS = {"dmvpn-sim": "reference_impl/drivers/sim/dmvpn-sim", "dmvpn-conform": "conformance/dmvpn-conform",
         "dmvpn-explain": "conformance/explain/dmvpn-explain"}
# Wireshark's tools take no plugin from the environment when root runs them: root gives up its rights for them.
TSHARK = """#!/bin/sh
HOME=${WORKSHOP_HOME} XDG_CONFIG_HOME=${XDG_CONFIG_HOME:-$WORKSHOP_HOME} WIRESHARK_PLUGIN_DIR=$WORKSHOP_PLUGINS TZ=UTC
export HOME XDG_CONFIG_HOME WIRESHARK_PLUGIN_DIR TZ
if [ "$(id -u)" = 0 ]; then
    exec setpriv --reuid=%s --regid=%s --clear-groups %s "$@"
fi
exec %s "$@"
"""


class Missing(Exception):
    """A tool that is not there, for users."""


class Workshop:
    """A folder laid out for the lessons; use as a context manager, or keep it."""

    def __init__(self, build, folder=None):
        self.temporary = folder is None
        self.folder = tempfile.mkdtemp(prefix="dmvpnkit-lesson-") if folder is None else folder
        os.makedirs(self.folder, exist_ok=True)
        os.chmod(self.folder, 0o755)
        programs = self._fresh("programs")
        self.environment = {
            "PATH": os.path.join(programs, "bin") + os.pathsep + os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8", "HOME": os.environ.get("HOME", self.folder), "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1",
            "TERM": os.environ.get("TERM", "dumb"), "WORKSHOP_HOME": os.path.join(programs, "home"),
            "WORKSHOP_PLUGINS": os.path.join(programs, "plugins")}
        self._install_tools(os.path.abspath(build), programs)
        self._copy_captures()

    def _fresh(self, name):
        path = os.path.join(self.folder, name)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def _install_tools(self, build, programs):
        binaries = os.path.join(programs, "bin")
        os.makedirs(binaries)
        for name, path in TOOLS.items():
            if not os.access(os.path.join(build, path), os.X_OK):
                raise Missing("no program %s: build it first (./dev build)" % os.path.join(build, path))
            os.symlink(os.path.join(build, path), os.path.join(binaries, name))
        plugins = os.path.join(build, "dissector", "plugins")
        tshark = shutil.which("tshark")
        if tshark is None or not os.path.isdir(plugins):
            raise Missing("tshark or the plugin is missing; install 'tshark' and 'wireshark-dev', and build")
        shutil.copytree(plugins, self.environment["WORKSHOP_PLUGINS"])
        os.makedirs(self.environment["WORKSHOP_HOME"], mode=0o777)
        os.chmod(self.environment["WORKSHOP_HOME"], 0o777)
        wrapper = os.path.join(binaries, "tshark")
        with open(wrapper, "w", encoding="utf-8") as file:
            file.write(TSHARK % (NOBODY, NOBODY, tshark, tshark))
        os.chmod(wrapper, 0o755)

    def _copy_captures(self):
        copy = os.path.join(self.folder, "captures")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(os.path.join(SOURCE, "captures"), copy, ignore=shutil.ignore_patterns("vectors", "__pycache__"))
        for folder, folders, files in os.walk(copy):
            for name in folders + files:
                path = os.path.join(folder, name)
                os.chmod(path, os.stat(path).st_mode | (0o755 if os.path.isdir(path) else 0o644))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, command):
        """The lines that a command prints, errors among them."""
        done = subprocess.run(["bash", "-c", "set -o pipefail\n" + command], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=COMMAND_LIMIT_S, check=False)
        return done.stdout.decode(errors="replace").rstrip("\n").split("\n") if done.stdout.strip() else []


def unknown_materials(text):
    """Captures that a page names and the catalogue does not have."""
    with open(os.path.join(SOURCE, "captures", "manifest.json"), encoding="utf-8") as file:
        known = {capture["name"] for capture in json.load(file)["captures"]}
    return [name for name in lesson.materials(text) if name not in known]


def check(workshop, path, text):
    """Prints what differs; returns how often."""
    different = 0
    for name in unknown_materials(text):
        different += 1
        print("%s: no such capture in the catalogue: %s" % (path, name))
    for command in lesson.commands(text):
        actual = workshop.run(command.text)
        while command.output and not command.output[-1].strip():
            command.output.pop()
        if not actual:
            different += 1
            print("%s:%d: %s\nprints nothing, so that it shows nothing\n" % (path, command.line, command.text))
        elif not lesson.same(command.output, actual):
            different += 1
            print("%s:%d: %s" % (path, command.line, command.text))
            print("\n".join(difflib.unified_diff(command.output, actual, "on the page", "printed", lineterm="")) + "\n")
    for number, exercise in enumerate(lesson.exercises(text), start=1):
        actual = "\n".join(workshop.run(exercise.command)).strip()
        if actual != exercise.answer:
            different += 1
            print("%s: exercise %d: %s\nthe answer is '%s', it prints '%s'\n" % (
                path, number, exercise.command, exercise.answer, actual))
    return different


def updated(workshop, text):
    """The page with the output of today; what stands around "..." must still be there, or all is written."""
    lines = text.split("\n")
    for command in reversed([(command, workshop.run(command.text)) for command in lesson.commands(text)]):
        shown, actual = command[0].output, command[1]
        blank = []
        while shown and not shown[-1].strip():
            blank.append(shown.pop())
        if not lesson.same(shown, actual):
            at = command[0].output_line - 1
            lines[at:at + len(shown)] = [line.rstrip() for line in actual]
    return "\n".join(lines)


def work_on(build, paths, update):
    """Checks or updates pages; returns the exit code."""
    different = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with Workshop(build) as workshop:
            if update:
                new = updated(workshop, text)
                if new != text:
                    with open(path, "w", encoding="utf-8") as file:
                        file.write(new)
                text = new
            else:
                different += check(workshop, path, text)
        print("%s: %d commands, %d exercises" % (
            os.path.basename(path), len(lesson.commands(text)), len(lesson.exercises(text))))
    if different:
        print("If what they print is right: docs/site/workshop.py update %s %s, and read the difference" % (
            build, " ".join(paths)))
    return EXIT_DIFFERENT if different else 0


def main(arguments):
    """Returns the exit code."""
    if len(arguments) < 2 or arguments[0] not in ("shell", "check", "update"):
        print("Usage: workshop.py shell|check|update BUILD-FOLDER [PAGE...]", file=sys.stderr)
        return EXIT_USAGE
    try:
        if arguments[0] == "shell":
            workshop = Workshop(arguments[1], os.path.join(SOURCE, "build", "lessons"))
            print("The commands of the lessons work here; 'exit' leads back. Changes in captures/ here are lost.")
            return subprocess.run(["bash", "--norc"], cwd=workshop.folder, check=False, env={
                **workshop.environment, "PS1": "lesson $ "}).returncode
        return work_on(arguments[1], arguments[2:], arguments[0] == "update")
    except Missing as error:
        print("SKIPPED: %s" % error)
        return EXIT_SKIPPED
    except (lesson.LessonError, OSError) as error:
        print("workshop: %s" % error, file=sys.stderr)
        return EXIT_USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
