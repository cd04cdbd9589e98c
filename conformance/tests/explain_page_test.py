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

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    print("SKIPPED: selenium is missing: install package 'python3-selenium'")
    sys.exit(77)

PROGRAM, CAPTURES = sys.argv[1:3]
SHOTS = sys.argv[3] if len(sys.argv) > 3 else None
for needed in ("/usr/bin/chromium", "/usr/bin/chromedriver"):
    if not os.path.exists(needed):
        print(f"SKIPPED: {needed} is missing: install packages 'chromium' and 'chromium-driver'")
        sys.exit(77)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                     "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
                     "--user-data-dir=" + os.path.join(cls.folder.name, "profile")):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        cls.browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        cls.browser.set_page_load_timeout(120)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.folder.cleanup()

    def open(self, capture, width=1280, height=1000):
        page = os.path.join(self.folder.name, "story.html")
        subprocess.run([PROGRAM, "-o", page, os.path.join(CAPTURES, capture)], check=True, timeout=120)
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        self.browser.get("file://" + page)

    def text(self, name):
        return self.browser.find_element(By.ID, name).text

    def press(self, key):
        self.browser.switch_to.active_element.send_keys(key)

    def shoot(self, name):
        if SHOTS:
            self.browser.save_screenshot(os.path.join(SHOTS, name + ".png"))

    def tearDown(self):
        self.assertEqual([entry for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"], [])

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

    def test_phase_and_field(self):
        self.open("phase3.pcapng")
        self.browser.find_element(By.CSS_SELECTOR, "#phase-buttons [data-phase='1']").click()
        self.assertIn("the spoke's tunnel leads to its hub alone", self.text("phase"))
        field = next(f for f in self.browser.find_elements(By.CSS_SELECTOR, "#fields button") if f.text.startswith("request id"))
        self.browser.execute_script("arguments[0].focus()", field)
        self.assertIn("RFC2332 §5.2.0.1", self.text("clause"))
        self.assertEqual(len(self.browser.find_elements(By.CSS_SELECTOR, "#bytes .on")), 4)

    def test_phone_and_dark(self):
        self.open("phase3.pcapng", 360, 740)
        self.browser.find_element(By.ID, "theme").click()
        self.shoot("phone-dark")
        self.assertEqual(self.browser.execute_script("return document.documentElement.dataset.theme"), "dark")
        self.assertLessEqual(self.browser.execute_script("return document.documentElement.scrollWidth"), 360)

    def test_hostile_name(self):
        name = "<img src=x onerror=alert(1)>.pcapng"
        path = os.path.join(self.folder.name, name)
        with open(os.path.join(CAPTURES, "phase1.pcapng"), "rb") as source, open(path, "wb") as copy:
            copy.write(source.read())
        self.open(path)
        self.assertIn("<img", self.browser.find_element(By.TAG_NAME, "h1").text)
        self.assertEqual(self.browser.find_elements(By.TAG_NAME, "img"), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
