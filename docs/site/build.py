#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds the site: lessons, all pages of the repository, catalogue, stories and manual pages, into one folder that
works from a disk as well as from a server, and asks nobody else for anything.

    docs/site/build.py BUILD-FOLDER SITE-FOLDER

Exit code: 0 built; 1 the generator complains; 2 wrong use or a bad page; 77 a tool is missing.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

EXIT_FAILED, EXIT_USAGE, EXIT_SKIPPED = 1, 2, 77
HERE = os.path.dirname(os.path.abspath(__file__))
GENERATOR_LIMIT_S = 600
CATALOGUE = "captures/catalogue.html"

try:
    import yaml
    from lesson import LessonError
    from stage import Stage, StageError
except ImportError as missing:
    print("SKIPPED: %s: install packages 'python3-yaml' and 'python3-scapy'" % missing)
    sys.exit(EXIT_SKIPPED)


def named(nav):
    """The pages that a navigation names."""
    if isinstance(nav, str):
        return {nav}
    return set().union(*(named(value) for entry in nav
                         for value in (entry.values() if isinstance(entry, dict) else [entry])))


def navigation(nav, pages, manuals):
    """The navigation with lessons, manual pages, and whatever it does not name."""
    nav = [dict(entry) for entry in nav]
    sections = {title: entry for entry in nav for title in entry}
    sections["Lessons"]["Lessons"] += [page for page in pages if page.startswith("docs/lessons/0")]
    sections["Manual pages"]["Manual pages"] = manuals
    rest = sorted(set(pages) - named(nav))
    return nav + ([{"More": rest}] if rest else [])


def configure(stage_folder, site, pages, manuals):
    """Writes the generator's configuration; returns its path."""
    with open(os.path.join(HERE, "mkdocs.yml"), encoding="utf-8") as file:
        config = yaml.safe_load(file)
    config["theme"]["custom_dir"] = os.path.join(HERE, "theme")
    config.update(docs_dir=os.path.join(stage_folder, "pages"), site_dir=site,
                  nav=navigation(config["nav"], pages, manuals))
    path = os.path.join(stage_folder, "mkdocs.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(config, file)  # JSON is YAML
    return path


def searched(places, captures):
    """Entries of the search index: location, title, title of the page, text. Sections of pages; pages whose headings are
    not the generator's as a whole; captures."""
    titles = {place["location"]: place["title"] for place in places if "#" not in place["location"]}
    for place in places:
        page = place["location"].split("#")[0]
        whole = page.startswith("docs/man/")
        if page != CATALOGUE and whole == ("#" not in place["location"]):
            yield [place["location"], place["title"], titles[page], " ".join(place["text"].split())]
    for entry in captures:
        yield [CATALOGUE + "#" + entry["name"], entry["title"], titles[CATALOGUE], " ".join(
            [entry["name"], *entry["story"].split(), *entry["clauses"], *entry["features"]])]


def make_index(site, captures):
    """The search index as a script: a page that was opened from a disk may not fetch anything."""
    path = os.path.join(site, "search", "search_index.json")
    with open(path, encoding="utf-8") as file:
        entries = list(searched(json.load(file)["docs"], captures))
    os.remove(path)
    with open(os.path.join(site, "search", "index.js"), "w", encoding="utf-8") as file:
        file.write("window.siteIndex = %s;\n" % json.dumps(entries, ensure_ascii=False).replace("</", "<\\/"))


def leave_out(site):
    """What the generator makes for sites with an address of their own."""
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        if os.path.exists(os.path.join(site, name)):
            os.remove(os.path.join(site, name))


def build(build_folder, site):
    """Returns the exit code. The site appears when it is whole."""
    mkdocs = shutil.which("mkdocs")
    for tool in ("mkdocs", "mandoc"):
        if shutil.which(tool) is None:
            print("SKIPPED: %s is missing: install package '%s'" % (tool, tool))
            return EXIT_SKIPPED
    site = os.path.abspath(site)
    os.makedirs(os.path.dirname(site), exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="site-", dir=os.path.dirname(site)) as folder:
        stage = Stage(os.path.abspath(build_folder), os.path.join(folder, "pages"))
        pages = stage.pages() + [stage.catalogue()]
        stage.files()
        made = os.path.join(folder, "site")
        config = configure(folder, made, pages, stage.manuals())
        done = subprocess.run([mkdocs, "build", "--quiet", "--strict", "--config-file", config],
                              timeout=GENERATOR_LIMIT_S, check=False)
        if done.returncode:
            print("build: mkdocs failed", file=sys.stderr)
            return EXIT_FAILED
        make_index(made, stage.manifest["captures"])
        leave_out(made)
        shutil.rmtree(site, ignore_errors=True)
        os.rename(made, site)
    return 0


def main(arguments):
    """Returns the exit code."""
    if len(arguments) != 2 or arguments[0].startswith("-"):
        print("Usage: build.py BUILD-FOLDER SITE-FOLDER", file=sys.stderr)
        return EXIT_USAGE
    try:
        return build(*arguments)
    except (StageError, LessonError, OSError) as error:
        print("build: %s" % error, file=sys.stderr)
        return EXIT_USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
