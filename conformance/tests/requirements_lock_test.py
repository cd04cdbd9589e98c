# SPDX-License-Identifier: GPL-2.0-or-later
"""Ids of requirements are issued for ever: the table and the lock file agree, and each id names its clause.

Usage: requirements_lock_test.py CONFORMANCE-FOLDER
"""
import os
import re
import sys

folder = os.path.join(sys.argv[1], "requirements")


def lines_of(name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]


table = [line.split("\t") for line in lines_of("requirements.tsv")][1:]
issued = [line.split() for line in lines_of("issued-ids.txt")]
wrong = []
ids = [row[0] for row in table]
known = [entry[0] for entry in issued]
standing = [entry[0] for entry in issued if len(entry) == 1]
wrong += ["issued twice: " + name for name in sorted({name for name in known if known.count(name) > 1})]
wrong += ["not understood in the lock file: " + " ".join(entry) for entry in issued
          if entry[1:] not in ([], ["withdrawn"])]
wrong += ["in the table, but never issued (append it to issued-ids.txt): " + name for name in ids
          if name not in standing]
wrong += ["issued, but gone from the table (mark it withdrawn): " + name for name in standing
          if name not in ids]
for row in table:
    document, _, section = row[4].partition(" §")
    prefix = document.lower() + ("-" + section if section else "")
    if not row[0].startswith(prefix + "-"):
        wrong.append("the id %s does not name its clause, %s" % (row[0], row[4]))
    if not re.search(r"[.]$", row[5]):
        wrong.append("the text of %s is no sentence" % row[0])
print("\n".join(wrong) if wrong else "%d requirements" % len(ids))
sys.exit(1 if wrong else 0)
