# SPDX-License-Identifier: GPL-2.0-or-later
"""The special blocks of a lesson as HTML for the site: captures to open, sessions with their commands told apart from
their output, exercises whose answers are hidden until they are wanted. All else of a page stays Markdown.

Owns: what these blocks look like. The grammar is lesson.py's.
"""
import html
import re

import lesson

CARDS_OPEN = 4
LIST_ITEM = re.compile(r"^([-*]|\d+\.) ")
NO_PARAGRAPH = re.compile(r"^($|\s|[-*#|<>]|\d+\. )")


def escaped(text):
    """Text as HTML; it may stand in an attribute, too."""
    return html.escape(text, quote=True)


def _rich(text):
    """Text in which `words` are code, as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped(text))


def _materials(names, captures, root):
    cards = []
    for name in names:
        if name not in captures:
            raise lesson.LessonError("materials: no such capture in the catalogue: %s" % name)
        entry = captures[name]
        cards.append('<li><strong>%s</strong> <code>%s</code><span class="links">'
                     '<a href="%s">step through the story</a> <a href="%s">in the catalogue</a> '
                     '<a href="%s" download>capture</a> <a href="%s">scenario</a></span></li>' % (
                         escaped(entry["title"]), escaped(name), root + "captures/stories/%s.html" % name,
                         root + "captures/catalogue.html#" + name, root + "captures/" + entry["capture"],
                         root + "captures/" + entry["scenario"]))
    return '<details class="materials"%s><summary>Captures of this lesson (%d)</summary><ul>%s</ul></details>' % (
        " open" if len(cards) <= CARDS_OPEN else "", len(cards), "".join(cards))


def _session(lines):
    shown, command = [], False
    for line in lines:
        command = line.startswith("$ ") or (command and line.startswith("> "))
        shown.append('<span class="prompt">%s </span><kbd>%s</kbd>' % (escaped(line[0]), escaped(line[2:])) if command
                     else "<samp>%s</samp>" % escaped(line))
    return '<pre class="session" tabindex="0">%s</pre>' % "\n".join(shown)


def _exercises(entries):
    items = []
    for entry in entries:
        items.append('<li><p>%s</p><details><summary>A command that finds out</summary>'
                     '<pre class="session" tabindex="0"><span class="prompt">$ </span><kbd>%s</kbd></pre></details>'
                     '<details><summary>The answer</summary><p><strong>%s</strong>. %s</p></details></li>' % (
                         _rich(entry.ask), escaped(entry.command), escaped(entry.answer), _rich(entry.because)))
    return '## Exercises\n\n<ol class="exercises">%s</ol>' % "".join(items)


def _block(language, lines, captures, root):
    """A fenced block as HTML, or None if it is none of ours."""
    if language == "{materials}":
        return _materials([line.strip() for line in lines if line.strip()], captures, root)
    if language == "{exercises}":
        return _exercises(lesson.read_exercises("\n".join(lines)))
    if language == "console":
        return _session(lines)
    return None


def _loosened(lines):
    """Lists right below a paragraph get the empty line that Python's Markdown wants before them."""
    loose = []
    for line in lines:
        if LIST_ITEM.match(line) and loose and not NO_PARAGRAPH.match(loose[-1]) and not any(
                LIST_ITEM.match(earlier) for earlier in _paragraph(loose)):
            loose.append("")
        loose.append(line)
    return loose


def _paragraph(lines):
    """The lines at the end that belong together."""
    for line in reversed(lines):
        if not line.strip():
            return
        yield line


def rendered(text, captures, root):
    """A page of the repository as Markdown for the site. captures: entries of the catalogue by name; root: the way from
    the page to the root of the site, "" or ending in "/"."""
    lines, out, done = text.split("\n"), [], 0
    for language, start, inside in lesson.blocks(text):
        block = _block(language, inside, captures, root)
        end = start + len(inside)  # The index of the closing fence
        out += _loosened(lines[done:start - 2])
        out += ["", block, ""] if block is not None else lines[start - 2:end + 1]
        done = end + 1
    return "\n".join(out + _loosened(lines[done:]))
