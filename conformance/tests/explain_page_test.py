#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The story page in headless Chromium: loads, is stepped through with the keyboard, says nothing on the console,
fits a phone, and takes nothing of a hostile capture for markup.

explain_page_test.py DMVPN-EXPLAIN CAPTURES [SCREENSHOT-FOLDER]
"""
import os
import subprocess
import sys
import tempfile
import unittest

import browser as chromium
import pcapng_comments
from explain_tool import keys_of
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PROGRAM, CAPTURES = sys.argv[1:3]
SHOTS = sys.argv[3] if len(sys.argv) > 3 else None


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.browser = chromium.start(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.folder.cleanup()

    def open(self, capture, width=1280, height=1000, address=""):
        page = os.path.join(self.folder.name, "story.html")
        path = os.path.join(CAPTURES, capture)
        subprocess.run([PROGRAM, *keys_of(path), "-o", page, path], check=True, timeout=120)
        chromium.resize(self.browser, width, height)
        self.browser.get("about:blank")
        self.browser.get("file://" + page + address)

    def text(self, name):
        return self.browser.find_element(By.ID, name).text

    def press(self, key):
        self.browser.switch_to.active_element.send_keys(key)

    def shoot(self, name):
        if SHOTS:
            self.browser.save_screenshot(os.path.join(SHOTS, name + ".png"))

    def tearDown(self):
        self.assertEqual(chromium.complaints(self.browser), [])
        self.assertEqual(chromium.requests_elsewhere(self.browser), [])

    def test_steps_by_keyboard(self):
        self.open("phase3.pcapng")
        self.assertIn("Frame 1,", self.text("place"))
        for _ in range(12):
            self.press(Keys.ARROW_RIGHT)
        self.assertIn("Frame 13,", self.text("place"))
        self.assertEqual("Spoke 1 learns the way to 10.1.2.0/24: through spoke 2.", self.text("tells"))
        self.assertIn("frame 7", self.text("because"))
        self.assertIn("10.1.2.0/24", self.text("tables"))
        self.shoot("light")
        self.press(Keys.ARROW_LEFT)
        self.assertIn("Frame 12,", self.text("place"))
        self.press(Keys.END)
        self.assertIn("Frame 28,", self.text("place"))
        self.assertFalse(self.browser.find_element(By.ID, "forward").is_enabled())

    def count(self, selector):
        return len(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def test_drawings_grow(self):
        self.open("phase3.pcapng")
        self.assertEqual((self.count("#ladder .arrows .step:not(.future)"), self.count("#topology .station")), (1, 2))
        for frame in (2, 3):
            self.press(Keys.ARROW_RIGHT)
            self.assertEqual(self.count("#ladder .arrows .step:not(.future)"), frame)
            now = self.browser.find_elements(By.CSS_SELECTOR, "#ladder .arrows .now > title")
            self.assertEqual([title.get_attribute("textContent").split(":")[0] for title in now], [f"frame {frame}"])
        self.assertEqual((self.count("#topology .station"), self.count("#topology .edge.on")), (3, 1))
        self.assertIn("Frame 3, spoke 2 to hub: registration", self.browser.find_element(By.ID, "ladder-desc").get_attribute("textContent"))
        words = self.browser.find_element(By.ID, "topology-words").get_attribute("textContent")
        self.assertIn("The hub knows that spoke 1 is at 198.51.100.11.", words)

    def test_opens_at_a_frame(self):
        self.open("phase3.pcapng", address="#13")
        self.assertIn("Frame 13,", self.text("place"))
        self.assertEqual(self.count("#ladder .arrows .cause"), 3)
        self.browser.find_element(By.CSS_SELECTOR, "#because .link").click()
        self.assertIn("Frame 8,", self.text("place"))

    def test_phases(self):
        self.open("phase3.pcapng")
        self.browser.find_element(By.CSS_SELECTOR, "#phase-buttons [data-phase='1']").click()
        self.assertIn("This happens, too. The spoke's tunnel leads to its hub alone", self.text("phase"))
        self.press(Keys.END)
        # All but registrations and data by way of the hub.
        never = self.browser.find_elements(By.CSS_SELECTOR, "#ladder .arrows .never > title")
        frames = {int(title.get_attribute("textContent").split(":")[0].split()[1]) for title in never}
        self.assertEqual(frames, {7, 8, 10, *range(12, 25)})
        self.browser.find_element(By.CSS_SELECTOR, "#phase-buttons [data-phase='0']").click()
        self.assertEqual((self.text("phase"), self.count("#ladder .never")), ("", 0))

    def field(self, begins):
        return next(f for f in self.browser.find_elements(By.CSS_SELECTOR, "#fields button") if f.text.startswith(begins))

    def test_field_to_octets_and_clause(self):
        self.open("phase3.pcapng")
        self.browser.execute_script("arguments[0].focus()", self.field("request id"))
        self.assertIn("octets 52 to 55, RFC2332 §5.2.0.1", self.text("clause"))
        self.assertEqual(self.count("#bytes .on"), 4)
        self.press(Keys.ARROW_DOWN)
        self.assertIn("source NBMA address: 198.51.100.11", self.text("clause"))
        self.press(Keys.ARROW_RIGHT)
        self.assertIn("Frame 2,", self.text("place"))
        self.assertIn("source NBMA address: 198.51.100.11", self.text("clause"))
        octet = self.browser.find_elements(By.CSS_SELECTOR, "#bytes i")[45]
        self.browser.execute_script("arguments[0].click()", octet)
        self.assertIn("type of the message (ar$op.type): 4 (Registration Reply)", self.text("clause"))

    def test_what_ends(self):
        self.open("nak_14_renumbered_spoke.pcapng")
        self.press(Keys.END)
        while self.browser.find_element(By.ID, "back").is_enabled() and not self.count("#tables .gone"):
            self.press(Keys.ARROW_LEFT)
        self.assertIn("its time has ended", self.text("tables"))

    def test_phone_and_dark(self):
        for capture in ("phase3", "nat_static", "esp_phase3", "many_spokes", "hub_chain_three_levels", "phase3_ipv6_over_ipv6"):
            with self.subTest(capture):
                self.open(capture + ".pcapng", 360, 740)
                self.press(Keys.END)
                self.browser.find_element(By.ID, "theme").click()
                self.shoot("phone-dark-" + capture)
                self.assertEqual(self.browser.execute_script("return document.documentElement.dataset.theme"), "dark")
                self.assertLessEqual(self.browser.execute_script("return document.documentElement.scrollWidth"), 360)

    def test_contrast(self):
        """Every colour that text has is readable on what it can stand on (WCAG 2, 4.5 to 1), light and dark."""
        self.open("phase3.pcapng")
        for theme in ("light", "dark"):
            self.browser.execute_script("document.documentElement.dataset.theme = arguments[0]", theme)
            for ink in ("ink", "faint", "accent", "new", "gone", "redirect"):
                self.assertGreater(self.contrast(ink, "card"), 4.5, (theme, ink))
            for ground in ("paper", "mark", "t-ip", "t-gre", "t-nhrp", "t-cie", "t-ext", "t-data"):
                self.assertGreater(self.contrast("ink", ground), 4.5, (theme, ground))

    def contrast(self, ink, ground):
        def luminance(name):
            text = self.browser.execute_script(
                "return getComputedStyle(document.documentElement).getPropertyValue('--' + arguments[0])", name).strip().lstrip("#")
            text = "".join(c * 2 for c in text) if len(text) == 3 else text
            parts = [int(text[i:i + 2], 16) / 255 for i in (0, 2, 4)]
            parts = [c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4 for c in parts]
            return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2]
        light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
        return (light + .05) / (dark + .05)

    def test_comments(self):
        self.open("phase3.pcapng", address="#7")
        self.assertIn("tells the ingress that there is a better path than through itself", self.text("comment-text"))
        self.browser.find_element(By.CSS_SELECTOR, "#about summary").click()
        self.assertIn("One hub, two spokes, a LAN behind each", self.text("about-text"))

    def test_hostile_name_and_comments(self):
        hostile = "</script></blockquote><img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
        path = os.path.join(self.folder.name, "<img src=x onerror=alert(1)>.pcapng")
        with open(os.path.join(CAPTURES, "phase1.pcapng"), "rb") as source, open(path, "wb") as copy:
            copy.write(pcapng_comments.with_comments(source.read(), hostile, lambda number: hostile))
        self.open(path)
        self.assertIn("<img", self.browser.find_element(By.TAG_NAME, "h1").text)
        self.browser.find_element(By.CSS_SELECTOR, "#about summary").click()
        for key in (Keys.ARROW_RIGHT, Keys.END):
            self.press(key)
            self.assertEqual((self.text("comment-text"), self.text("about-text")), (hostile, hostile))
        self.assertEqual((self.count("img"), self.count("script"), self.count("blockquote")), (0, 2, 1))
        self.assertEqual(self.browser.title, "The story of <img src=x onerror=alert(1)>.pcapng")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
