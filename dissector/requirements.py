#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Join the plugin's expert items with the one table of requirements.

requirements.py header TABLE OUTPUT EXPERTS...   C rows {id, clause, text} of the requirements that items name, by id
requirements.py list TABLE EXPERTS...            one line a requirement that has items: id, tab, filter names

An item that names no requirement of the table is an error: exit code 2, and no output.
"""
import re
import sys

ITEM = re.compile(r'^EXPERT\(\w+, "([^"]+)", \w+, PI_\w+, \w+,\s*"([^"]+)",', re.MULTILINE)


def read_table(path):
    """{id: (clause, text)} of the table of requirements."""
    rows = {}
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    column = {name: place for place, name in enumerate(lines[0])}
    for line in lines[1:]:
        rows[line[column["id"]]] = (line[column["clause"]], line[column["text"]])
    return rows


def read_items(paths):
    """[(filter name, requirement id)] of the expert items in .def files, in their order."""
    items = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        found = ITEM.findall(text)
        if len(found) != len(re.findall(r"^EXPERT\(", text, re.MULTILINE)):
            fail(f"{path}: an EXPERT line is not of the known form")
        items += found
    return items


def fail(text):
    print(f"requirements.py: {text}", file=sys.stderr)
    sys.exit(2)


def check(table, items):
    unknown = [f"{name} names {requirement}" for name, requirement in items if requirement not in table]
    if unknown:
        fail("not in the table of requirements: " + "; ".join(unknown))


def write_header(path, table, items):
    rows = []
    for requirement in sorted({requirement for _, requirement in items}):
        clause, text = (word.replace("\\", "\\\\").replace('"', '\\"') for word in table[requirement])
        rows.append(f'{{"{requirement}", "{clause}", "{text}"}},\n')
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(rows)


def list_items(items):
    by_requirement = {}
    for name, requirement in items:
        by_requirement.setdefault(requirement, []).append(name)
    for requirement, names in sorted(by_requirement.items()):
        print(requirement, " ".join(names), sep="\t")


def main():
    if len(sys.argv) >= 5 and sys.argv[1] == "header":
        table, items = read_table(sys.argv[2]), read_items(sys.argv[4:])
        check(table, items)
        write_header(sys.argv[3], table, items)
    elif len(sys.argv) >= 4 and sys.argv[1] == "list":
        table, items = read_table(sys.argv[2]), read_items(sys.argv[3:])
        check(table, items)
        list_items(items)
    else:
        fail("usage: requirements.py header TABLE OUTPUT EXPERTS... | list TABLE EXPERTS...")


if __name__ == "__main__":
    main()
