# SPDX-License-Identifier: GPL-2.0-or-later
"""dmvpn-explain as the tests of it run it."""
import glob
import os
import subprocess

LIMIT_S = 300


def explain(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=LIMIT_S, check=False)


def keys_of(path):
    """The options with which a capture in ESP is read; none for others."""
    table = os.path.splitext(path)[0] + ".esp_sa"
    return ["--esp-sa", table] if os.path.exists(table) else []


def captures(own, real=None):
    """Our own captures, and the real ones if they are asked for and there."""
    return sorted(glob.glob(os.path.join(own, "*.pcapng")) + (glob.glob(os.path.join(real, "*.pcap")) if real else []))
