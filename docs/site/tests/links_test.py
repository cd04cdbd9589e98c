#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every link from one page of the repository to another leads to a file that is there, and to a heading of it."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
LINK = re.compile(r"\[[^\]\n]*\]\(<?([^)\s>]+)>?[^)]*\)")
FENCED = re.compile(r"^(`{3,}).*?^\1\s*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+\s+(.*?)\s*#*\s*$", re.MULTILINE)
NOT_OURS = {"build", ".git"}


def pages():
    """Every Markdown file of the repository."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS)
        yield from (os.path.join(folder, name) for name in sorted(files) if name.endswith(".md"))


def text_of(page):
    """The page without its fenced blocks."""
    with open(page, encoding="utf-8") as file:
        return FENCED.sub("", file.read())


def anchors(page):
    """Names by which the headings of a page can be linked to."""
    words = (re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in HEADING.findall(text_of(page)))
    return {word.strip().replace(" ", "-") for word in words}


def broken(page):
    """Yields the links of a page that lead nowhere."""
    for link in LINK.findall(re.sub(r"`[^`\n]*`", "", text_of(page))):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        if not os.path.exists(target):
            yield link
        elif anchor and target.endswith(".md") and anchor not in anchors(target):
            yield link


def main():
    """Returns the exit code."""
    found, count = [], 0
    for page in pages():
        count += 1
        found += ["%s: leads nowhere: %s" % (os.path.relpath(page, ROOT), link) for link in broken(page)]
    print("\n".join(found + ["%d pages, %d links lead nowhere" % (count, len(found))]))
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main())
