#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Line coverage of the libraries without I/O, from a build with DMVPNKIT_COVERAGE whose tests have run.

coverage.py BUILD [--lines]: one line for each library; with --lines also every source that is not covered whole,
with the lines that no test reaches. Fails when a library is under MINIMUM, or when no test has run.
"""
import argparse
import json
import pathlib
import subprocess
import sys

LIBRARIES = ("base", "codec", "engine")
MINIMUM = 90.0  # per cent, of each library


def counts(build, library):
    """{source: {line: how often it was run}} of the library's own sources, from gcov."""
    folder = build / "reference_impl" / library
    notes = sorted(folder.rglob("*.gcno"))
    if not notes:
        sys.exit(f"coverage: {folder} was not built with DMVPNKIT_COVERAGE")
    if not any(folder.rglob("*.gcda")):
        sys.exit(f"coverage: no test of {library} has run in {build}")
    found = {}
    for note in notes:
        result = subprocess.run(["gcov", "--json-format", "--stdout", str(note)], check=True,
                                stdout=subprocess.PIPE, cwd=build)
        for report in map(json.loads, result.stdout.splitlines()):
            for source in report["files"]:
                path = pathlib.Path(source["file"])
                if path.suffix != ".c" or path.parent.name != library:
                    continue
                lines = found.setdefault(path.name, {})
                for line in source["lines"]:
                    number = line["line_number"]
                    lines[number] = max(lines.get(number, 0), line["count"])
    return found


def missing_text(lines):
    """The numbers of lines that never ran, as ranges: '12, 40-43'."""
    ranges, last = [], None
    for number in sorted(lines):
        if lines[number]:
            last = None
        elif last is None:
            ranges.append([number, number])
            last = ranges[-1]
        else:
            last[1] = number
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--lines", action="store_true", help="say which lines no test reaches")
    arguments = parser.parse_args()
    low = []
    for library in LIBRARIES:
        sources = counts(arguments.build.resolve(), library)
        total = sum(len(lines) for lines in sources.values())
        run = sum(sum(1 for count in lines.values() if count) for lines in sources.values())
        percent = 100.0 * run / total
        print(f"{library:8} {percent:5.1f} % of {total} lines")
        if percent < MINIMUM:
            low.append(library)
        for name, lines in sorted(sources.items()):
            if arguments.lines and not all(lines.values()):
                share = 100.0 * sum(1 for count in lines.values() if count) / len(lines)
                print(f"    {name:26} {share:5.1f} %  not: {missing_text(lines)}")
    if low:
        sys.exit(f"coverage: under {MINIMUM:.0f} %: {', '.join(low)}")


if __name__ == "__main__":
    main()
