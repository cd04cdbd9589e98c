#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare docs/reference.md with the engine: states, timers, and the tests that its table names.

Usage: reference_doc_test.py SOURCE-ROOT
"""
import os
import re
import sys


def read(*parts):
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def missing_states(page, source, prefix):
    """Words of an enum's states that no table row begins with; "none" is no entry at all."""
    words = re.findall(r"\[" + prefix + r"_\w+\] = \"([a-z]+)\"", source)
    assert words, f"no states of {prefix} in the source"
    return [w for w in words if w != "none" and f"\n| {w} |" not in page]


def wrong_timers(page, header):
    """Constants of timers.h that the page lacks or gives another number."""
    for name, value in re.findall(r"#define ([A-Z_]+)\s+(\d+)", header):
        row = re.search(r"\| " + name + r" \| ([^|]*)\|", page)
        if not row or not re.search(r"(?<!\d)" + value + r"(?!\d)", row.group(1)):
            yield f"{name} is {value} in timers.h"


def missing_tests(page, folder):
    for bug, file, test in re.findall(r"\| (IB-\d+) \| (\w+): (\w+) \|", page):
        path = os.path.join(folder, file + ".c")
        if not os.path.exists(path) or f"START_TEST({test})" not in read(path):
            yield f"{bug}: no test {test} in {file}.c"


def forgotten_bugs(page, table):
    """Implementations' bugs (class A of the map) that the page says nothing about."""
    rows = [line.split("\t") for line in table.split("\n") if line.startswith("IB-")]
    bugs = [row[0] for row in rows if row[1] == "A"]
    assert len(bugs) >= 100, f"{len(bugs)} bugs of class A in the map"
    return [f"nothing about {bug}" for bug in bugs if not re.search(rf"(^\| {bug} \||\b{bug} \()", page, re.M)]


def rows_without_clause(page):
    for line in page.split("## What other")[0].split("\n"):
        if line.startswith("| ") and "clause |" not in line and not re.search(r"(RFC\d+ §|DRAFT §|DEFACTO)", line):
            yield f"no clause: {line}"


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: reference_doc_test.py SOURCE-ROOT")
    root = sys.argv[1]
    engine = os.path.join(root, "reference_impl", "engine")
    page = read(root, "docs", "reference.md")
    wrong = missing_states(page, read(engine, "registration_client.c"), "REGISTRATION")
    wrong += missing_states(page, read(engine, "resolution_client.c"), "RESOLUTION")
    wrong += wrong_timers(page, read(engine, "timers.h"))
    wrong += missing_tests(page, os.path.join(root, "reference_impl", "tests", "engine"))
    wrong += rows_without_clause(page)
    wrong += forgotten_bugs(page, read(root, "conformance", "requirements", "interop-map.tsv"))
    bugs = re.findall(r"^\| (IB-\d+) \|", page, re.M)
    if len(bugs) != len(set(bugs)):
        wrong.append(f"{len(bugs)} bugs, {len(set(bugs))} different ones")
    for line in wrong:
        print(f"docs/reference.md: {line}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
