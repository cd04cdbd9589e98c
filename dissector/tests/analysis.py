#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stories of several packets, and what the analysis must make of them: in two passes all that is wanted; in one pass
the same, but for what only later frames tell; after filtering the same again.

All stories are told in one capture, as every tshark takes a while to start: each has NBMA addresses of its own, so
that no story knows of another, and begins long after the one before.
"""
import sys

import plugin
from analysis_stories import LAST, LETTER, STORIES
from names import own_tables

# What a frame cannot know while the capture is read for the first time
LATER = {"dmvpn.reply_in", "dmvpn.error_in", "dmvpn.first_direct_in", "dmvpn.setup_time"}
LATER_FINDINGS = ("unanswered.",)
FRAME_LINKS = {"dmvpn.reply_in", "dmvpn.request_in", "dmvpn.error_in", "dmvpn.retransmission_of", "dmvpn.copy_of",
               "dmvpn.first_reply_in", "dmvpn.redirect_in", "dmvpn.first_direct_in", "dmvpn.binding.granted_in",
               "dmvpn.came_in"}
GAP_S = 1000


def replacements(number):
    """Pairs of address beginnings: those that stories use, and those of the story with this number."""
    return [((192, 0, 2), (198, 18, number)), ((203, 0, 113), (203, number + 1, 113)), ((10, 9, 9), (10, 200, number))]


def moved(octets, number):
    """A frame with the addresses of its story; checksums no longer fit, which is no matter here."""
    for old, new in replacements(number):
        octets = octets.replace(bytes(old), bytes(new))
    return octets


def moved_text(text, number):
    for old, new in replacements(number):
        text = text.replace(".".join(map(str, old)) + ".", ".".join(map(str, new)) + ".")
    return text


class Capture:
    """The stories one after another; first[n] is the number of frames before story n."""

    def __init__(self, stories):
        self.stories, self.first, self.frames, self.times_s = stories, [], [], []
        for number, (_, frames, _) in enumerate(stories):
            self.first.append(len(self.frames))
            for at_s, octets in frames:
                self.frames.append(moved(octets, number))
                self.times_s.append(number * GAP_S + at_s)

    def write(self, path):
        plugin.write_pcap(path, plugin.LINKTYPE_ETHERNET, [(octets, len(octets)) for octets in self.frames],
                          self.times_s)

    def wanted_value(self, story, field, value):
        """What a wanted value is in the capture of all stories."""
        if value is None:
            return []
        if field in FRAME_LINKS:
            return [str(int(value) + self.first[story])]
        return [moved_text(value, story)]


def findings_of(row, experts):
    return sorted(name[len("dmvpn."):] for name in experts if row[name])


def found_value(row, field, clouds):
    """Clouds are numbered in the order they are seen: a story counts its own."""
    if field == "dmvpn.cloud" and row[field]:
        return [str(clouds.index(row[field][0]) + 1)]
    return row[field]


def check_story(capture, number, rows, experts, passes):
    name, frames, wanted = capture.stories[number]
    first = capture.first[number]
    clouds = list(dict.fromkeys(row["dmvpn.cloud"][0] for row in rows[first:first + len(frames)]
                                if row["dmvpn.cloud"]))
    for frame, values in wanted.items():
        row = rows[first + frame - 1]
        for field, value in values.items():
            if field == "findings":
                # The last packet of a story gets no answer because the story ends
                found = [item for item in findings_of(row, experts)
                         if frame < len(frames) or not item.startswith(LATER_FINDINGS)]
                value = [item for item in value if passes == 2 or not item.startswith(LATER_FINDINGS)]
            else:
                found, value = found_value(row, field, clouds), capture.wanted_value(number, field, value)
            early = passes == 1 and (field in LATER or "dmvpn.first_direct_in" in values)
            if found != value and not (early and found == []):
                yield f"{name}: frame {frame}: {field} is {found}, wanted {value} ({passes} passes)"


def check_capture(tshark, capture, fields, experts):
    path = tshark.path("stories.pcap")
    capture.write(path)
    rows = {1: tshark.rows(path, fields), 2: tshark.rows(path, fields, None, ["-2"])}
    for passes in rows:
        for number in range(len(capture.stories)):
            yield from check_story(capture, number, rows[passes], experts, passes)
    # A filter leaves out frames, not knowledge
    filtered = tshark.rows(path, fields, "nhrp.hdr.op.type != 3", ["-2"])
    if not 0 < len(filtered) < len(capture.frames):
        yield f"the filter selects {len(filtered)} frames"
    for row in filtered:
        if row != rows[2][int(row["frame.number"][0]) - 1]:
            yield f"frame {row['frame.number'][0]} differs after filtering"


def check_letter(tshark, experts):
    """Findings that only the strictest reader wants."""
    path = tshark.path("letter.pcap")
    Capture([(name, frames, {}) for name, frames, _, _ in LETTER]).write(path)
    for strictness in ("normal", "letter"):
        rows = tshark.rows(path, experts, None, ["-o", f"dmvpn.strictness:{strictness}"])
        for name, frames, number, finding in LETTER:
            there = finding in findings_of(rows[number - 1], experts)
            if there != (strictness == "letter"):
                yield f"{name}: strictness {strictness} does not fit {finding}"
            rows = rows[len(frames):]


def main():
    experts = sorted(name for name, kind in own_tables() if kind == "FT_NONE" and name.startswith("dmvpn."))
    stories = STORIES + LAST
    fields = sorted({field for story in stories for values in story[2].values() for field in values
                     if field != "findings"} | set(experts) | {"frame.number", "dmvpn.cloud"})
    with plugin.Tshark() as tshark:
        faults = [*check_capture(tshark, Capture(stories), fields, experts), *check_letter(tshark, experts)]
    seen = {item for story in stories for values in story[2].values() for item in values.get("findings", [])}
    seen |= {finding for _, _, _, finding in LETTER}
    faults += [f"no story shows finding {name}" for name in experts if name[len("dmvpn."):] not in seen]
    print("\n".join(faults) or f"{len(stories)} stories, {len(experts)} findings")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
