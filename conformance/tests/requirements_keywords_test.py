# SPDX-License-Identifier: GPL-2.0-or-later
"""Every must, shall, should, may, required, recommended and optional in RFC 2332, sections 2 to 6, is accounted for in
rfc2332-keywords.tsv. The RFC's text is no part of this tree; without it the test is skipped.

Usage: requirements_keywords_test.py CONFORMANCE-FOLDER RFC2332-TEXT
"""
import os
import re
import sys

SKIPPED = 77
KEY_WORDS = re.compile(r"\b(?:must|shall|should|may|required|recommended|optional)\b", re.IGNORECASE)
HEADING = re.compile(r"(\d+(?:\.\d+)*)\.?\s+[A-Z]")

table_path = os.path.join(sys.argv[1], "requirements", "rfc2332-keywords.tsv")
text_path = sys.argv[2]
if not os.path.exists(text_path):
    print("SKIPPED: the text of RFC 2332 is not at %s; get rfc2332.txt from the RFC Editor and name its folder with\n"
          "-DDMVPNKIT_SPECIFICATIONS=FOLDER" % text_path)
    sys.exit(SKIPPED)

with open(table_path, encoding="utf-8") as file:
    cells = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")][1:]
told = {int(line): (clause, words) for line, clause, words, _, _ in cells}

found = {}
clause = ""
with open(text_path, encoding="latin-1") as file:
    for number, line in enumerate(file.read().split("\n"), 1):
        heading = HEADING.match(line)
        clause = heading.group(1) if heading else clause
        words = KEY_WORDS.findall(line)
        if words and clause.split(".")[0] in ("2", "3", "4", "5", "6"):
            found[number] = (clause, " ".join(words))

wrong = ["line %d, §%s: %s is not accounted for" % (number, *found[number]) for number in sorted(found)
         if number not in told]
wrong += ["line %d: the table has §%s %s, the RFC has %s" % (number, *told[number], "§%s %s" % found[number]
          if number in found else "no key word") for number in sorted(told) if told[number] != found.get(number)]
print("\n".join(wrong) if wrong else "%d lines with key words, all accounted for" % len(found))
sys.exit(1 if wrong else 0)
