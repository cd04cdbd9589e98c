# SPDX-License-Identifier: GPL-2.0-or-later
"""Headless Chromium for tests of pages: it talks to nobody, and what a page says on the console or asks for is kept.

start(FOLDER) gives a Browser, or ends the test with the code for "skipped" and a reason when something is missing.
"""
import json
import os
import sys

EXIT_SKIPPED = 77
CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
LOAD_LIMIT_S = 120
PHONE_BELOW = 600
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage")

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    print("SKIPPED: selenium is missing: install package 'python3-selenium'")
    sys.exit(EXIT_SKIPPED)
for needed in (CHROMIUM, DRIVER):
    if not os.path.exists(needed):
        print(f"SKIPPED: {needed} is missing: install packages 'chromium' and 'chromium-driver'")
        sys.exit(EXIT_SKIPPED)


def start(folder):
    """A browser that keeps its files in a folder; quit() ends it."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, "--user-data-dir=" + os.path.join(folder, "profile")):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(service=Service(DRIVER), options=options)
    browser.set_page_load_timeout(LOAD_LIMIT_S)
    return browser


def resize(browser, width, height):
    """The page's view in pixels; a narrow one is a phone's."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < PHONE_BELOW})


def complaints(browser):
    """Errors on the console since the last call."""
    return [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def requests_elsewhere(browser):
    """Addresses that pages have asked for since the last call, other than files of this machine."""
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if not url.startswith(("file:", "data:", "about:", "chrome:"))]
