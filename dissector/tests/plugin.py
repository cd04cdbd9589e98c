# SPDX-License-Identifier: GPL-2.0-or-later
"""Run tshark with the plugin, and read and write captures, for the tests of the dissector.

Wireshark ignores WIRESHARK_PLUGIN_DIR when it runs as root, so that tests started by root run tshark as another
user, with copies of the plugin and the captures that this user can read. The folder of a run goes with it.
"""
import os
import shutil
import struct
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REAL_CAPTURES = os.environ.get("DMVPN_REAL_CAPTURES", os.path.join(SOURCE, "..", "shared", "captures"))
OWN_CAPTURES = os.path.join(SOURCE, "captures")
NOBODY = "65534"
SKIPPED = 77
LINKTYPE_ETHERNET = 1
LINKTYPE_IPV4 = 228
TRUTH = {"True": "1", "False": "0"}  # how Wireshark since 4.4 writes what 4.0 writes as 1 and 0


def find_plugins():
    """The plugins folder under test: DMVPN_PLUGINS, or the newest build of this checkout without sanitizers."""
    named = os.environ.get("DMVPN_PLUGINS")
    if named:
        return named
    builds = os.path.join(SOURCE, "build")
    found = [os.path.join(builds, preset, "dissector", "plugins") for preset in ("release", "debug")]
    found = [folder for folder in found if os.path.isdir(folder)]
    return max(found, key=os.path.getmtime)


class Tshark:
    """tshark in a folder of its own; use as a context manager."""

    def __init__(self, plugin=True):
        self.folder = tempfile.mkdtemp(prefix="dmvpn-plugin-")
        os.chmod(self.folder, 0o755)
        self.profile = os.path.join(self.folder, ".config", "wireshark")
        os.makedirs(self.profile)
        self.plugins = None
        if plugin:
            self.plugins = os.path.join(self.folder, "plugins")
            shutil.copytree(find_plugins(), self.plugins)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def bring(self, capture):
        """Copy a capture (and the ESP keys beside it) to where tshark may read it. Returns the copy's path."""
        copy = self.path(os.path.basename(capture))
        shutil.copyfile(capture, copy)
        keys = os.path.splitext(capture)[0] + ".esp_sa"
        if os.path.exists(keys):
            shutil.copyfile(keys, os.path.join(self.profile, "esp_sa"))
        return copy

    def environment(self):
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.folder, "LC_ALL": "C.UTF-8",
                       "TZ": "UTC", "XDG_CONFIG_HOME": os.path.join(self.folder, ".config")}
        if self.plugins:
            environment["WIRESHARK_PLUGIN_DIR"] = self.plugins
            if os.environ.get("DMVPN_ASAN"):
                environment["LD_PRELOAD"] = os.environ["DMVPN_ASAN"]
                environment["ASAN_OPTIONS"] = "detect_leaks=0"
        return environment

    def run(self, *arguments, timeout_s=120):
        """Run tshark. Returns (exit code, standard output, standard error)."""
        command = ["tshark", *arguments]
        environment = self.environment()
        if os.getuid() == 0:
            preload = [f"{name}={environment.pop(name)}" for name in ("LD_PRELOAD", "ASAN_OPTIONS")
                       if name in environment]
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "env", *preload,
                       *command]
        done = subprocess.run(command, env=environment, cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout_s, check=False)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def output(self, *arguments, timeout_s=120):
        """Run tshark and return what it prints; a failure ends the test."""
        code, out, err = self.run(*arguments, timeout_s=timeout_s)
        if code != 0:
            sys.exit(f"tshark {' '.join(arguments)} failed with {code}:\n{err}")
        return out

    def rows(self, capture, fields, display_filter=None, options=()):
        """Field values of every frame (that the filter selects): a list of dictionaries of lists."""
        arguments = ["-r", capture, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=\x01", "-E",
                     "separator=\x02", "-o", "esp.enable_encryption_decode:TRUE", *options]
        if display_filter:
            arguments += ["-Y", display_filter]
        for field in fields:
            arguments += ["-e", field]
        rows = []
        for line in self.output(*arguments).split("\n")[:-1]:
            values = line.split("\x02")
            rows.append({field: [TRUTH.get(word, word) for word in value.split("\x01")] if value else []
                         for field, value in zip(fields, values)})
        return rows


def captures():
    """Every capture there is: (files, whether the real ones are among them)."""
    found = []
    for folder in (OWN_CAPTURES, REAL_CAPTURES):
        if os.path.isdir(folder):
            found += [os.path.join(folder, name) for name in sorted(os.listdir(folder))
                      if name.endswith((".pcap", ".pcapng"))]
    return found, os.path.isdir(REAL_CAPTURES)


def chosen_captures():
    """The real captures and a few of our own: for tests of which each capture costs much time."""
    own = ("phase1.pcapng", "phase2.pcapng", "phase3.pcapng", "error_15_hop_count.pcapng")
    return [capture for capture in need_captures()
            if os.path.dirname(capture) != OWN_CAPTURES or os.path.basename(capture) in own]


def need_captures():
    """captures(), but the test is skipped, loudly, when there are none."""
    found, real = captures()
    if not real:
        print(f"real captures are missing ({REAL_CAPTURES}): their part is left out")
    if not found:
        print("SKIPPED: no captures at all")
        sys.exit(SKIPPED)
    return found


def write_pcap(path, linktype, frames, times_s=None):
    """Write (octets, original length) pairs as a capture, a second apart unless times are given."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, linktype))
        for number, (octets, length) in enumerate(frames):
            at_us = round((times_s[number] if times_s else number) * 1000000)
            out.write(struct.pack("<IIII", at_us // 1000000, at_us % 1000000, len(octets), length))
            out.write(octets)


def read_frames(tshark, capture):
    """Frames of any capture as (link type, [(octets, original length)])."""
    copy = tshark.path("converted.pcap")
    subprocess.run(["editcap", "-F", "pcap", capture, copy], check=True, stdout=subprocess.DEVNULL)
    with open(copy, "rb") as file:
        data = file.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    linktype = struct.unpack(order + "I", data[20:24])[0]
    frames, at = [], 24
    while at + 16 <= len(data):
        captured, length = struct.unpack(order + "II", data[at + 8:at + 16])
        frames.append((data[at + 16:at + 16 + captured], length))
        at += 16 + captured
    return linktype, frames
