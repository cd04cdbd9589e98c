# SPDX-License-Identifier: GPL-2.0-or-later
"""A page of the lessons as programs read it: commands with the output that the text shows, and exercises with answers.

A fenced block of the language `console` is a session: a line with "$ " in front is a command (it goes on in lines with
"> " in front), the lines after it are its output, standard error included. A line "..." stands for any lines left out.
A fenced block `{exercises}` is YAML, a list of `ask`, `command`, `answer` (the command's output) and `because`.
A fenced block `{materials}` names captures of the catalogue, one a line.

Owns: this grammar. Must not run anything (workshop.py does).
"""
import collections
import re

import yaml

FENCE = re.compile(r"^(`{3,})(\S*)\s*$")
LEFT_OUT = "..."
Command = collections.namedtuple("Command", "text line output output_line")  # output: lines; lines count from 1.
Exercise = collections.namedtuple("Exercise", "ask command answer because")
EXERCISE_KEYS = {"ask", "command", "answer", "because"}


class LessonError(ValueError):
    """A page that does not keep to the grammar; the text has the line."""


def blocks(text):
    """Yields (language, number of the first line inside, lines) for each fenced block of a page."""
    language, start, inside, fence = None, 0, [], ""
    for number, line in enumerate(text.split("\n"), start=1):
        match = FENCE.match(line)
        if language is None and match:
            fence, language, start, inside = match.group(1), match.group(2), number + 1, []
        elif language is not None and match and match.group(1) == fence and not match.group(2):
            yield language, start, inside
            language = None
        elif language is not None:
            inside.append(line)
    if language is not None:
        raise LessonError("line %d: a fenced block without an end" % (start - 1))


def commands(text):
    """The commands of a page, in order."""
    found = []
    for language, start, lines in blocks(text):
        if language != "console":
            continue
        for number, line in enumerate(lines, start=start):
            if line.startswith("$ "):
                found.append(Command(line[2:], number, [], number + 1))
            elif not found or found[-1].line < start:
                raise LessonError("line %d: output before the first command of its block" % number)
            elif line.startswith("> ") and not found[-1].output:
                last = found[-1]
                found[-1] = Command(last.text + "\n" + line[2:], last.line, [], number + 1)
            else:
                found[-1].output.append(line)
    return found


def read_exercises(text, line=1):
    """The exercises in the YAML of one block."""
    try:
        entries = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LessonError("line %d: exercises: %s" % (line, error)) from None
    if not isinstance(entries, list) or any(not isinstance(entry, dict) or set(entry) != EXERCISE_KEYS
                                            for entry in entries):
        raise LessonError("line %d: exercises are a list, each with %s" % (line, ", ".join(sorted(EXERCISE_KEYS))))
    return [Exercise(entry["ask"].strip(), entry["command"].strip(), str(entry["answer"]).strip(),
                     entry["because"].strip()) for entry in entries]


def exercises(text):
    """The exercises of a page."""
    return [exercise for language, start, lines in blocks(text) if language == "{exercises}"
            for exercise in read_exercises("\n".join(lines), start)]


def materials(text):
    """The captures that a page names, in order."""
    return [line.strip() for language, _, lines in blocks(text) if language == "{materials}"
            for line in lines if line.strip()]


def same(expected, actual):
    """Whether lines of output are what the page shows, LEFT_OUT standing for one or more lines."""
    if not expected:
        return not actual
    if expected[0].strip() != LEFT_OUT:
        return bool(actual) and expected[0].rstrip() == actual[0].rstrip() and same(expected[1:], actual[1:])
    return any(same(expected[1:], actual[skipped:]) for skipped in range(1, len(actual) + 1))
