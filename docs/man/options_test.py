# SPDX-License-Identifier: GPL-2.0-or-later
"""What a program takes, what its --help says, its man page, and the completions for bash and zsh name the same options.

The completions are run, not read. Arguments: the folder of the sources, then NAME=PROGRAM for each program."""

import os
import re
import shutil
import subprocess
import sys
import unittest

SKIPPED = 77
ROOT, BASH, ZSH, PROGRAMS = "", "", "", {}
# Where each program reads its options: tables of getopt_long().
SOURCES = {
    "dmvpnd": ["reference_impl/drivers/live/main.c"],
    "dmvpnctl": ["reference_impl/drivers/live/ctl_main.c"],
    "dmvpn-sim": ["reference_impl/drivers/sim/main.c"],
    "dmvpn-explain": ["conformance/explain/main.c"],
    "dmvpn-conform": ["conformance/main.c", "conformance/filter_options.h"]
    + ["conformance/command_%s.c" % name for name in ("audit", "compare", "list", "requirements", "run", "selftest", "show")],
}
SECTIONS = {"dmvpnd": 8, "dmvpnctl": 8}
OPTION = r"(?<![\w-])(--?[a-z][\w-]*)"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def commands_of(program):
    """The commands that a program's help lists, for a program that has them with options of their own."""
    found = re.findall(r"^  ([a-z]+) +[a-z]", run(PROGRAMS[program], "--help"), re.M)
    return found if program == "dmvpn-conform" else []


def of_help(*command):
    """The options that the list in a help text explains; its examples, and what it quotes, are not of the list."""
    text = re.sub(r"(?<!\w)'[^'\n]*'", "", run(*command, "--help").split("Example")[0])
    return set(re.findall(OPTION, "\n".join(line for line in text.split("\n") if not line.startswith("Usage:"))))


def of_man(program):
    path = os.path.join(ROOT, "docs", "man", "%s.%d" % (program, SECTIONS.get(program, 1)))
    with open(path, encoding="utf-8") as page:
        return {"-" + word for word in re.findall(r"\bFl (-?[a-z][\w-]*)", page.read())}


def of_sources(program):
    found = set()
    for source in SOURCES[program]:
        with open(os.path.join(ROOT, source), encoding="utf-8") as file:
            found |= {"--" + word for word in re.findall(r'"([a-z-]+)",\s*(?:no|required)_argument', file.read())}
    return found


def of_bash(program, *words, word="-"):
    """What is offered for a word behind these."""
    script = """
compopt() { :; }
. "$1"; COMP_WORDS=("${@:3}" "$2"); COMP_CWORD=$(($# - 2))
$(complete -p "$3" | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
printf '%s\\n' "${COMPREPLY[@]}"
"""
    return set(run("bash", "-c", script, "-", BASH, word, program, *words).split())


def of_zsh(program, *words):
    """What is offered behind these words, as far as the completion says so itself."""
    script = """
_arguments() { print -rl -- "$@" }
service=$2; words=("${@:2}" -); CURRENT=$#words
. $1
"""
    lines = run("zsh", "-f", "-c", script, "-", ZSH, program, *words).split("\n")
    return {m.group(1) for line in lines if (m := re.match(r"(?:\([^)]*\))?\*?(--?[a-z][\w-]*)\[", line))}


def all_of_help(program):
    found = of_help(PROGRAMS[program])
    for command in commands_of(program):
        found |= of_help(PROGRAMS[program], command)
    return found


class Options(unittest.TestCase):
    def test_help_tells_what_the_program_takes(self):
        everywhere = {"--version", "--help"}
        for program in PROGRAMS:
            with self.subTest(program):
                told = {word for word in all_of_help(program) if word.startswith("--")}
                self.assertEqual(told, of_sources(program) | everywhere)

    def test_man_pages(self):
        for program in PROGRAMS:
            with self.subTest(program):
                self.assertEqual(of_man(program), all_of_help(program))

    def test_completions(self):
        for program in PROGRAMS:
            for complete in (of_bash, of_zsh):
                with self.subTest(program, by=complete.__name__):
                    self.assertEqual(complete(program), of_help(PROGRAMS[program]))

    def test_completions_of_commands(self):
        program = "dmvpn-conform"
        commands = commands_of(program)
        self.assertGreater(len(commands), 8)
        for command in commands:
            expected = of_help(PROGRAMS[program], command) | {"--help"}
            for complete in (of_bash, of_zsh):
                with self.subTest(command, by=complete.__name__):
                    self.assertEqual(complete(program, command), expected)

    def test_completions_know_the_commands(self):
        commands = set(commands_of("dmvpn-conform"))
        self.assertEqual(of_bash("dmvpn-conform", word=""), commands | {"--help", "--version"})
        with open(ZSH, encoding="utf-8") as file:
            listed = re.search(r"1:command:\(([a-z ]*)\)", file.read().split("\ndmvpn-conform)")[1])
        self.assertEqual(set(listed.group(1).split()), commands)


if __name__ == "__main__":
    for shell in ("bash", "zsh"):
        if not shutil.which(shell):
            print("SKIPPED: %s is missing: install package '%s'" % (shell, shell))
            sys.exit(SKIPPED)
    ROOT = sys.argv[1]
    BASH, ZSH = (os.path.join(ROOT, "docs", "completion", name) for name in ("dmvpnkit.bash", "_dmvpnkit"))
    PROGRAMS = dict(word.split("=", 1) for word in sys.argv[2:])
    unittest.main(argv=sys.argv[:1], verbosity=2)
