#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The grammar of the lessons, and that a page which is wrong does not pass."""
import contextlib
import io
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
try:
    import lesson
    import workshop
except ImportError as error:
    print("SKIPPED: %s: install package 'python3-yaml'" % error)
    sys.exit(77)

PAGE = """# A page
```{materials}
phase1
```
```console
$ count \\
> to 3
1
...
3
$ say hello
hello
```
```{exercises}
- ask: How many?
  command: count
  answer: 3
  because: They were counted.
```
"""


class Tool:
    """A workshop in which commands print what a test says."""

    def __init__(self, **outputs):
        self.outputs = outputs

    def run(self, command):
        return self.outputs[command.split()[0]]


def differences(page, **outputs):
    """(how often the page differs from these outputs, what is printed about it)"""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        return workshop.check(Tool(**outputs), "page.md", page), printed.getvalue()


class Grammar(unittest.TestCase):
    def test_commands(self):
        first, second = lesson.commands(PAGE)
        self.assertEqual((first.text, first.line, first.output), ("count \\\nto 3", 6, ["1", "...", "3"]))
        self.assertEqual((second.text, second.output), ("say hello", ["hello"]))

    def test_materials_and_exercises(self):
        self.assertEqual(lesson.materials(PAGE), ["phase1"])
        self.assertEqual(lesson.exercises(PAGE), [("How many?", "count", "3", "They were counted.")])

    def test_left_out(self):
        self.assertTrue(lesson.same(["1", "...", "9"], ["1", "2", "3", "9"]))
        self.assertTrue(lesson.same(["..."], ["1"]))
        for actual in (["1", "9"], ["1", "2"], ["2", "3", "9"], []):
            self.assertFalse(lesson.same(["1", "...", "9"], actual), actual)

    def test_bad_pages(self):
        for page, words in (("```console\n$ x\n", "without an end"),
                            ("```console\noutput\n$ x\n```\n", "line 2: output before"),
                            ("```{exercises}\n- ask: only\n```\n", "line 2: exercises are a list"),
                            ("```{exercises}\n- [\n```\n", "line 2: exercises")):
            with self.assertRaises(lesson.LessonError) as caught:
                lesson.commands(page)
                lesson.exercises(page)
            self.assertIn(words, str(caught.exception))


class Check(unittest.TestCase):
    def test_right(self):
        self.assertEqual(differences(PAGE, count=["3"], say=["hello"])[0], 1)  # the session shows more lines
        self.assertEqual(differences(PAGE.replace("1\n...\n", ""), count=["3"], say=["hello"]), (0, ""))

    def test_wrong_output(self):
        times, printed = differences(PAGE.replace("1\n...\n", ""), count=["3"], say=["goodbye"])
        self.assertEqual(times, 1)
        self.assertIn("page.md:9: say hello", printed)
        self.assertIn("+goodbye", printed)

    def test_no_such_capture(self):
        times, printed = differences("```{materials}\nphase1\nphase7\n```\n")
        self.assertEqual(times, 1)
        self.assertIn("phase7", printed)

    def test_no_output(self):
        page = "```console\n$ say hello\n```\n"
        self.assertEqual(differences(page, say=[])[0], 1)

    def test_wrong_answer(self):
        times, printed = differences(PAGE.replace("answer: 3", "answer: 4").replace("1\n...\n", ""), count=["3"], say=["hello"])
        self.assertEqual(times, 1)
        self.assertIn("the answer is '4', it prints '3'", printed)


if __name__ == "__main__":
    unittest.main()
