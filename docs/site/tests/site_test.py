#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The site is built, every link in it leads somewhere, and in headless Chromium its pages load from the disk, say nothing
on the console, and ask nobody for anything: overview, lesson, catalogue, search, story, on a desktop and on a phone.

site_test.py BUILD-FOLDER [SCREENSHOT-FOLDER]
"""
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import unquote

HERE = os.path.dirname(os.path.abspath(__file__))
SITE_TOOLS = os.path.dirname(HERE)
SOURCE = os.path.dirname(os.path.dirname(SITE_TOOLS))
BUILD = os.path.abspath(sys.argv[1])
SHOTS = sys.argv[2] if len(sys.argv) > 2 else None
EXIT_SKIPPED = 77
LOAD_ATTRIBUTES = {"script": "src", "img": "src", "link": "href", "iframe": "src", "audio": "src", "video": "src"}

sys.path.insert(0, os.path.join(SOURCE, "conformance", "tests"))
sys.path.insert(0, SITE_TOOLS)
# pylint: disable=wrong-import-position
import browser as chromium
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


def build(*arguments):
    """Runs the builder."""
    return subprocess.run([sys.executable, "-B", os.path.join(SITE_TOOLS, "build.py"), *arguments], capture_output=True,
                          text=True, timeout=900, check=False)


class Links(html.parser.HTMLParser):
    """What a page links to, loads, and can be linked at."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.ids = [], [], set()
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if LOAD_ATTRIBUTES.get(tag) in attributes:
            self.loads.append(attributes[LOAD_ATTRIBUTES[tag]])


class Site:
    """The site that all tests look at."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "site")
        done = build(BUILD, self.folder)
        if done.returncode:
            print(done.stdout + done.stderr)
            sys.exit(done.returncode)
        with open(os.path.join(SOURCE, "captures", "manifest.json"), encoding="utf-8") as file:
            self.captures = json.load(file)["captures"]
        self.pages = {}
        for inside, _, files in os.walk(self.folder):
            if os.path.basename(inside) != "stories":
                paths = (os.path.join(inside, name) for name in files if name.endswith(".html"))
                self.pages.update((path, Links(path)) for path in paths)
        self.lessons = sorted(os.path.relpath(path, self.folder) for path in self.pages if "/lessons/0" in path)


class Files(unittest.TestCase):
    """What the builder leaves behind."""

    def has(self, name):
        return os.path.exists(os.path.join(SITE.folder, name))

    def test_everything_is_there(self):
        for name in ("index.html", "docs/requirements.html", "docs/man/dmvpn-sim.1.html", "captures/manifest.json",
                     "docs/lessons/index.html", "docs/lessons/09-choosing.html", "search/index.js"):
            self.assertTrue(self.has(name), name)
        for entry in SITE.captures:
            for name in (entry["capture"], entry["scenario"], "stories/%s.html" % entry["name"],
                         "classic/%s.pcap" % entry["name"]):
                self.assertTrue(self.has(os.path.join("captures", name)), name)

    def test_links_lead_somewhere(self):
        broken = []
        for path, page in SITE.pages.items():
            for link in page.links + page.loads:
                target, _, anchor = unquote(link).partition("#")
                if re.match(r"[a-z]+:", link) or anchor.startswith("q="):
                    continue
                whole = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
                if not os.path.isfile(whole) or (anchor and whole in SITE.pages and anchor not in SITE.pages[whole].ids):
                    broken.append("%s: %s" % (os.path.relpath(path, SITE.folder), link))
        self.assertEqual(broken, [])
        self.assertGreater(sum(len(page.links) for page in SITE.pages.values()), 1000)

    def test_nothing_is_loaded_from_elsewhere(self):
        elsewhere = [load for page in SITE.pages.values() for load in page.loads if re.match(r"([a-z]+:)?//|https?:", load)]
        self.assertEqual(elsewhere, [])

    def test_blocks_of_lessons_are_rendered(self):
        self.assertGreaterEqual(len(SITE.lessons), 9)
        for name in SITE.lessons:
            with open(os.path.join(SITE.folder, name), encoding="utf-8") as file:
                text = file.read()
            self.assertNotIn("{exercises}", text)
            self.assertNotIn("{materials}", text)
            self.assertIn('<ol class="exercises">', text)
            self.assertIn("<summary>The answer</summary>", text)

    def test_wrong_use(self):
        self.assertEqual(build().returncode, 2)
        other = SITE.folder + "-other"
        done = build(os.path.dirname(SITE.folder), other)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no program", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertFalse(os.path.exists(other))


class Pages(unittest.TestCase):
    """Pages in a browser."""

    @classmethod
    def setUpClass(cls):
        cls.profile = tempfile.TemporaryDirectory()
        cls.browser = chromium.start(cls.profile.name)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.profile.cleanup()

    def tearDown(self):
        self.assertEqual(chromium.complaints(self.browser), [])
        self.assertEqual(chromium.requests_elsewhere(self.browser), [])

    def open(self, name, width=1280, height=900):
        self.browser.get("about:blank")
        chromium.resize(self.browser, width, height)
        self.browser.get("file://" + os.path.join(SITE.folder, name))

    def shoot(self, name):
        if SHOTS:
            self.browser.save_screenshot(os.path.join(SHOTS, name + ".png"))

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def shown_captures(self):
        return [entry.find_element(By.TAG_NAME, "h3").get_attribute("id")
                for entry in self.browser.find_elements(By.CSS_SELECTOR, ".capture") if entry.is_displayed()]

    def wait_for(self, condition):
        """Until a condition holds; the page has to load its index first."""
        return WebDriverWait(self.browser, 60).until(lambda _: condition())

    def test_overview(self):
        self.open("index.html")
        self.assertEqual(self.find("h1").text.strip("# "), "dmvpnkit")
        self.assertEqual(self.find("#pages [aria-current]").text, "Overview")
        self.shoot("overview")

    def test_lesson(self):
        self.open("docs/lessons/04-phase-3.html")
        answer = self.find(".exercises li details:nth-of-type(2)")
        self.assertNotIn("112 148", self.find(".exercises").text)
        answer.find_element(By.TAG_NAME, "summary").click()
        self.assertIn("112 148", answer.text)
        self.assertIn("tshark", self.find(".session kbd").text + self.find(".exercises kbd").get_attribute("textContent"))
        self.find("a[rel=next]").click()
        self.assertIn("5. NAT", self.find("h1").text)
        self.shoot("lesson")

    def test_every_lesson_on_a_phone(self):
        for name in SITE.lessons:
            self.open(name, 360, 740)
            self.assertLessEqual(self.browser.execute_script("return document.documentElement.scrollWidth"), 360, name)
        self.shoot("lesson-phone")

    def test_catalogue(self):
        self.open("captures/catalogue.html")
        self.assertEqual(len(self.shown_captures()), len(SITE.captures))
        self.find("#words").send_keys("nat phase")
        by_words = self.shown_captures()
        self.assertIn("nat_both_ends", by_words)
        self.assertNotIn("rip_phase1", by_words)
        self.assertIn("%d of %d captures" % (len(by_words), len(SITE.captures)), self.find("#shown").text)
        self.find("#phase option:nth-of-type(4)").click()
        self.assertEqual(self.shown_captures(), ["nat_both_ends", "nat_static"])
        self.shoot("catalogue")
        address = self.browser.current_url
        self.browser.get("about:blank")
        self.browser.get(address)
        self.assertEqual(self.shown_captures(), ["nat_both_ends", "nat_static"])
        self.find("#nat_static ~ .tags a:first-of-type").click()
        self.wait_for(lambda: len(self.shown_captures()) > 50)

    def test_story(self):
        self.open("captures/catalogue.html#phase3")
        self.find("#phase3 ~ .links a").click()
        self.assertIn("phase3.pcapng", self.find("h1").text)
        self.shoot("story")

    def test_search(self):
        self.open("docs/conformance.html")
        self.find("#query").send_keys("renumbered spoke")
        first = self.wait_for(lambda: self.browser.find_elements(By.CSS_SELECTOR, "#results a"))
        self.assertTrue(any("catalogue.html#" in link.get_attribute("href") for link in first))
        self.shoot("search")
        first[0].click()
        self.wait_for(lambda: "conformance.html" not in self.browser.current_url)
        self.open("index.html")
        self.find("#query").send_keys("<img src=x onerror=alert(1)>")
        self.wait_for(lambda: "Nothing has all these words" in self.find("#results").text)

    def test_dark(self):
        self.open("docs/lessons/07-routing.html")
        before = self.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        self.find("#theme").click()
        after = self.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        self.assertNotEqual(before, after)
        self.shoot("dark")
        self.open("index.html")
        self.assertEqual(self.browser.execute_script("return getComputedStyle(document.body).backgroundColor"), after)

    def test_manual(self):
        self.open("docs/man/dmvpnd.8.html")
        self.assertIn("dmvpnd(8)", self.find("h1").text)
        self.shoot("manual")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        SITE = Site(work)
        unittest.main(argv=sys.argv[:1])
