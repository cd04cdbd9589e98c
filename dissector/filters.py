#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make docs/filters.md, the reference of display filters, from what the plugin registers.

Usage: filters.py            write docs/filters.md
       filters.py --check    exit code 1 if docs/filters.md is not what it would write
Names, types and descriptions come from the tables that the plugin is compiled from; names.py, a test, sees to it that
tshark knows the same. Requirements of findings come from the same tables.
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(os.path.dirname(HERE), "docs", "filters.md")
STRING = r'"((?:[^"\\]|\\.)*)"'
FIELD = re.compile(rf'^FIELD\(\w+, {STRING}, {STRING}, FT_(\w+), [^,]+, .*?, \w+, (?:{STRING}|NULL)\)$', re.MULTILINE)
EXPERT = re.compile(rf'^EXPERT\(\w+, {STRING}, PI_(\w+), PI_(\w+), (\w+),\s*{STRING},\s*{STRING}\)$', re.MULTILINE)
SEVERITIES = {"CHAT": "chat", "NOTE": "note", "WARN": "warning", "ERROR": "error"}
ORIGINS = {"FACT": "", "RULE": "", "HABIT": "not when lenient", "STRICT": "to the letter only"}
HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
# Display filters

Made by `dissector/filters.py` from the tables that the plugin is compiled from; do not edit. What the analysis means
by its words, and how to use the filters, is in [dissector.md](dissector.md).

"""
EXAMPLES = """## Questions and their filters

| question | filter |
|---|---|
| Which requests got no answer? | `dmvpn.unanswered.registration or dmvpn.unanswered.resolution or dmvpn.unanswered.purge` |
| Which answers took long? | `dmvpn.time > 0.5` |
| Everything about one spoke | `nhrp.src.prot.addr == 10.255.0.11 or dmvpn.binding.prefix == "10.255.0.11"` |
| Which spokes are behind a NAT? | `dmvpn.nat` |
| What still goes through the hub? | `dmvpn.path in {1, 2, 3}` |
| When did spokes begin to talk directly, and how long did it take? | `dmvpn.setup.done`, column `dmvpn.setup_time` |
| Which requests did a redirect cause? | `dmvpn.redirect_in` |
| Who was refused, and why? | `nhrp.nak` |
| Which bindings ran out before they were renewed? | `dmvpn.binding.refresh_late or dmvpn.binding.expired` |
| Where are passwords in clear? | `nhrp.auth_ext.password` |
| What does a requirement of a conformance report look like? | `dmvpn.requirement == "rfc2332-5.2.3-u-prefix-ff"` |

"""


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def cell(text):
    return text.replace("|", "\\|").replace('\\"', '"')


def fields(table, title):
    rows = {}
    text = read(table)
    found = FIELD.findall(text)
    if len(found) != len(re.findall(r"^FIELD\(", text, re.MULTILINE)):
        sys.exit(f"filters.py: {table}: a FIELD line is not of the known form")
    for label, name, kind, words in found:
        rows.setdefault(name, (label, []))
        kinds = rows[name][1]
        if kind not in kinds:
            kinds.append(kind)
        rows[name] = (label, kinds, words)
    lines = [f"## {title}\n", "| filter | type | what |", "|---|---|---|"]
    for name, (label, kinds, words) in sorted(rows.items()):
        lines.append(f"| `{name}` | {', '.join(kinds)} | {cell(label)}{'. ' + cell(words) if words else ''} |")
    return "\n".join(lines) + "\n\n"


def findings(tables, title):
    lines = [f"## {title}\n", "| filter | severity | shown | requirement | text |", "|---|---|---|---|---|"]
    for table in tables:
        for name, _, severity, origin, requirement, words in EXPERT.findall(read(table)):
            lines.append(f"| `{name}` | {SEVERITIES[severity]} | {ORIGINS[origin]} | {requirement} | {cell(words)} |")
    return "\n".join(lines) + "\n\n"


def make():
    return (HEAD + EXAMPLES + fields("dmvpn_fields.def", "Analysis") + fields("nhrp_fields.def", "NHRP")
            + fields("gre_fields.def", "GRE") + findings(["analysis_experts.def"], "Findings of the analysis")
            + findings(["experts.def"], "Findings in single packets")).rstrip("\n") + "\n"


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit("usage: filters.py [--check]")
    text = make()
    if not sys.argv[1:]:
        with open(TARGET, "w", encoding="utf-8") as out:
            out.write(text)
        return
    with open(TARGET, encoding="utf-8") as file:
        if file.read() != text:
            sys.exit("docs/filters.md is out of date: run dissector/filters.py")


if __name__ == "__main__":
    main()
