# SPDX-License-Identifier: GPL-2.0-or-later
"""What the generator of the site reads: every page of the repository at its own path, so that links between pages are
right there as well as here, the manual pages, the catalogue, the captures and their stories.

Owns: which files belong to the site, and where they stand in it.
"""
import json
import os
import re
import shutil
import subprocess
import sys

import catalogue_page
import lesson_html

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXPLAIN = "conformance/explain/dmvpn-explain"
TOOL_LIMIT_S = 300
NOT_OURS = {"build", ".git"}
COMMENT = re.compile(r"\A(<!--.*?-->\s*)+", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)")
TABLE = re.compile(r"<!-- table begins.*?<!-- table ends -->", re.DOTALL)
REQUIREMENT = re.compile(r"^\| `([a-z0-9.-]+)` \|", re.MULTILINE)
MAN_HEADING = re.compile(r"<(/?)h1\b")
MAN_LINK = re.compile(r'<a class="Xr" href="([^"]*)">(.*?)</a>')

sys.path.insert(0, os.path.join(SOURCE, "captures", "catalogue"))


class StageError(Exception):
    """Something of the site cannot be had; the text is for users."""


def markdown_pages(source=SOURCE):
    """Paths of all Markdown pages of the repository, from its root."""
    found = []
    for folder, folders, files in os.walk(source):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS)
        found += [os.path.relpath(os.path.join(folder, name), source) for name in sorted(files) if name.endswith(".md")]
    return found


def _run(*arguments):
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=TOOL_LIMIT_S, check=False)
    except OSError as error:
        raise StageError("%s: %s" % (arguments[0], error.strerror)) from None
    if done.returncode:
        raise StageError("%s: %s" % (os.path.basename(arguments[0]), done.stderr.strip()))
    return done.stdout


class Stage:
    """The folder that the generator reads."""

    def __init__(self, build, folder):
        self.folder = folder
        self.explain = os.path.join(build, EXPLAIN)
        with open(os.path.join(SOURCE, "captures", "manifest.json"), encoding="utf-8") as file:
            self.manifest = json.load(file)
        self.captures = {entry["name"]: entry for entry in self.manifest["captures"]}
        if not os.access(self.explain, os.X_OK):
            raise StageError("no program %s: build it first (./dev build)" % self.explain)

    def _path(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def _write(self, name, text):
        with open(self._path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def _copy(self, name):
        shutil.copyfile(os.path.join(SOURCE, name), self._path(name))

    def pages(self):
        """Writes the pages and what they link to. Returns their paths."""
        paths = markdown_pages()
        for path in paths:
            with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
                text = COMMENT.sub("", file.read())
            text = TABLE.sub("The [catalogue](catalogue.md) has them all, to search in.", text)
            if path == "docs/requirements.md":  # Each can be linked to.
                text = REQUIREMENT.sub(r'| <code id="\1">\1</code> |', text)
            root = os.path.relpath(".", os.path.dirname(path) or ".") + "/"
            self._write(path, lesson_html.rendered(text, self.captures, "" if root == "./" else root))
            for link in LINK.findall(text):
                target = os.path.normpath(os.path.join(os.path.dirname(path), link))
                if not link.endswith(".md") and os.path.isfile(os.path.join(SOURCE, target)):
                    self._copy(target)
        return paths

    def catalogue(self):
        """Writes the page to search in. Returns its path."""
        self._write("captures/catalogue.md", catalogue_page.page(self.manifest))
        return "captures/catalogue.md"

    def manuals(self):
        """Writes the manual pages. Returns their paths."""
        folder = os.path.join(SOURCE, "docs", "man")
        names = sorted(name for name in os.listdir(folder) if re.search(r"\.[1-8]$", name))
        for name in names:
            text = _run("mandoc", "-T", "html", "-O", "fragment,man=%N.%S.html", os.path.join(folder, name))
            text = MAN_LINK.sub(lambda match: match.group(0) if match.group(1)[:-len(".html")] in names
                                else match.group(2), text)
            text = MAN_HEADING.sub(r"<\1h2", text)
            title, section = name.rsplit(".", 1)
            self._write("docs/man/%s.md" % name, '# %s(%s)\n\n<div class="manual">\n%s</div>\n' % (title, section, text))
        return ["docs/man/%s.md" % name for name in names]

    def files(self):
        """Captures, twins, keys, scenarios and stories."""
        from classic import classic  # pylint: disable=import-outside-toplevel  # wants Scapy's folder on the path
        os.makedirs(os.path.join(self.folder, "captures", "stories"), exist_ok=True)
        for name, entry in self.captures.items():
            for key in ("capture", "scenario", "keys"):
                if key in entry:
                    self._copy(os.path.join("captures", entry[key]))
            capture = os.path.join(SOURCE, "captures", entry["capture"])
            with open(self._path("captures/classic/%s.pcap" % name), "wb") as file:
                file.write(classic(capture))
            keys = ["--esp-sa", os.path.join(SOURCE, "captures", entry["keys"])] if "keys" in entry else []
            _run(self.explain, *keys, "-o", os.path.join(self.folder, "captures", "stories", name + ".html"), capture)
        for name in ("manifest.json", "manifest.schema.json"):
            self._copy(os.path.join("captures", name))
