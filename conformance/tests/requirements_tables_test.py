# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of the requirements folder: order and values of the table itself, the lock file against what was committed
before, and the two tables that cite requirements (the RFC's key words, faults met in the field).

Usage: requirements_tables_test.py CONFORMANCE-FOLDER
"""
import os
import re
import subprocess
import sys

FOLDER = os.path.join(sys.argv[1], "requirements")
DOCUMENTS = ["RFC1812", "RFC2784", "RFC2890", "RFC4303", "RFC2332", "DRAFT", "DEFACTO"]
VALUES = {"level": {"MUST", "SHOULD", "MAY", "DEFACTO"}, "binds": {"client", "server", "transit", "any"},
          "observable": {"active", "passive", "both", "no"}}
SEEN_BY = {"active": {"active", "both"}, "passive": {"passive", "both"}}
LEAST = 200


def rows_of(name):
    """A table as a list of dictionaries by the names in its first line."""
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    for line in lines:
        if len(line) != len(lines[0]) or "" in line:
            sys.exit("%s: not %d columns, or an empty one: %s" % (name, len(lines[0]), " | ".join(line)))
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def place(clause):
    document, _, section = clause.partition(" §")
    return DOCUMENTS.index(document), [int(number) for number in section.split(".")] if section else []


def check_table(table):
    if len(table) < LEAST:
        yield "only %d requirements" % len(table)
    for row in table:
        for column, values in VALUES.items():
            if row[column] not in values:
                yield "%s: %s is %s" % (row["id"], column, row[column])
        if not re.fullmatch(r"any|[123](,[123])*", row["phase"]):
            yield "%s: phase is %s" % (row["id"], row["phase"])
        if row["clause"] == "DEFACTO" and row["level"] != "DEFACTO":
            yield "%s: de facto with level %s" % (row["id"], row["level"])
    for before, after in zip(table, table[1:]):
        if place(before["clause"]) > place(after["clause"]):
            yield "%s stands before %s" % (before["id"], after["id"])


def ids_in_lock(text):
    return [line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith("#")]


def git(*arguments):
    run = subprocess.run(["git", "-C", FOLDER, *arguments], capture_output=True, text=True)
    return run.stdout if run.returncode == 0 else None


def check_lock():
    """Ids are appended: what an earlier commit issued is how the file still begins."""
    with open(os.path.join(FOLDER, "issued-ids.txt"), encoding="utf-8") as file:
        now = ids_in_lock(file.read())
    compared = 0
    for name in ("HEAD", "HEAD^", "main", "origin/main"):
        base = git("merge-base", "HEAD", name)
        old = base and git("show", base.strip() + ":./issued-ids.txt")
        if not old:
            continue
        compared += 1
        before = ids_in_lock(old)
        for number, name_before in enumerate(before):
            if number >= len(now) or now[number] != name_before:
                yield "issued-ids.txt: %s, issued in %s, is gone or has moved" % (name_before, name)
                break
    if compared == 0:
        print("LEFT OUT: no history here, so issued-ids.txt could not be compared with what was issued before")


def cited(row, column):
    return [] if row[column] == "-" else row[column].split(",")


def check_keywords(known):
    rows = rows_of("rfc2332-keywords.tsv")
    lines = [int(row["line"]) for row in rows]
    if lines != sorted(set(lines)):
        yield "rfc2332-keywords.tsv: the lines are not in order, or one is there twice"
    for row in rows:
        for name in cited(row, "ids"):
            if name not in known:
                yield "rfc2332-keywords.tsv, line %s of the RFC: no such requirement: %s" % (row["line"], name)
        if (row["ids"] == "-") == (row["note"] == "-"):
            yield "rfc2332-keywords.tsv, line %s of the RFC: either requirements or a note" % row["line"]
        if row["ids"] == "-" and re.search(r"[A-Z]{2}", row["words"]):
            yield "rfc2332-keywords.tsv, line %s of the RFC: in capitals, and no requirement" % row["line"]


def check_interop(known):
    rows = rows_of("interop-map.tsv")
    numbers = [row["ib"] for row in rows]
    if numbers != sorted(set(numbers)):
        yield "interop-map.tsv: the numbers are not in order, or one is there twice"
    for row in rows:
        if not re.fullmatch(r"IB-\d{3}", row["ib"]) or row["section"] not in ("A", "C"):
            yield "interop-map.tsv: %s in section %s" % (row["ib"], row["section"])
        if row["decidable"] not in VALUES["observable"]:
            yield "interop-map.tsv: %s: decidable is %s" % (row["ib"], row["decidable"])
        names = cited(row, "requirements")
        missing = [name for name in names if name not in known]
        yield from ("interop-map.tsv: %s: no such requirement: %s" % (row["ib"], name) for name in missing)
        ways = {"both": ["active", "passive"], "active": ["active"], "passive": ["passive"]}
        for way in ways.get(row["decidable"], []) if not missing else []:
            if not any(known[name]["observable"] in SEEN_BY[way] for name in names):
                yield "interop-map.tsv: %s: decidable %s, its requirements are not" % (row["ib"], way)


table = rows_of("requirements.tsv")
by_id = {row["id"]: row for row in table}
wrong = [*check_table(table), *check_lock(), *check_keywords(by_id), *check_interop(by_id)]
print("\n".join(wrong) if wrong else "%d requirements, tables in order" % len(table))
sys.exit(1 if wrong else 0)
