#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the field values of this reading of NHRP (fields.py) with those of another one.

    compare.py golden FOLDER                     the codec's golden texts of the vectors in FOLDER/good
    compare.py tshark [--plugins FOLDER] PATH... Wireshark's, for captures, vectors (.hex) and folders of them

Owns: what makes two values from two programs the same, and which names mean the same. Prints each difference; exit code
0 when there is none, 1 when there are some, 2 for bad arguments or files, 77 when tshark or the vectors are missing.

Values are compared by name, in the order in which a name occurs in a frame. Names that the other program does not know
are passed over, and so are its opinions (expert items).
"""
import argparse
import glob
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import defaultdict

from scapy.error import Scapy_Exception
from scapy.layers.inet import IP
from scapy.layers.l2 import GRE
from scapy.packet import Raw
from scapy.utils import wrpcap

from fields import escaped, packet_fields, read_vector
from nhrp import NHRP
from pcapng import CaptureError, read_packets

EXIT_DIFFERENT = 1
EXIT_BAD_INPUT = 2
EXIT_SKIPPED = 77
# Octets that could not be read have a name for each place; where readings stop is a matter of taste.
UNREAD = "octets left unread"
UNREAD_NAMES = {"nhrp.cie.rest", "nhrp.ext.extra", "nhrp.ext.rest", "nhrp.mandatory.data", "nhrp.unknown_ext.value"}
# What Wireshark's plugin derives, and does not find on the wire.
DERIVED = {"nhrp.auth_ext.kind", "nhrp.err.octet", "nhrp.hdr.chksum.status", "nhrp.padding"}
# Hidden by the plugin while they are zero
RESERVED_BITS = (".reserved", ".ext.u")
# Stock Wireshark shows a password as an address and data unless a preference is set, and not what it cannot read.
STOCK_MISREADS = {"nhrp.auth_ext.src.addr", "nhrp.auth_ext.data", UNREAD}
NOBODY = "65534"
LINKTYPE_RAW = 101


class MissingError(Exception):
    """Something that the comparison needs is not there; the text says what."""


def canonical(name, value):
    """(name, value) in the form that is the same for all programs: an address has one name and is its octets in
    hexadecimal; a number or flag is a number; other octets are hexadecimal digits without colons."""
    if name in UNREAD_NAMES:
        return UNREAD, value.replace(":", "")
    address = re.fullmatch(r"(nhrp\..*)[._](?:addr|addr_bytes|addr_byets|ipv6)", name)
    if address:
        return address.group(1) + ".addr", _octets(value).hex()
    if name == "nhrp.auth_ext.password":
        return name, value
    if name.endswith("vendor_ext.id") and isinstance(value, str) and ":" in value:
        return name, int(value.replace(":", ""), 16)
    if isinstance(value, str):
        return name, _number_or_digits(value)
    return name, int(value)


def _number_or_digits(text):
    if text in ("True", "False"):
        return int(text == "True")
    if re.fullmatch(r"\d+|0x[0-9a-f]+", text):
        return int(text, 0)
    return text.replace(":", "").lower()


def _octets(text):
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            return socket.inet_pton(family, text)
        except OSError:
            pass
    return bytes.fromhex(text.replace(":", ""))


def by_name(fields):
    """{canonical name: [canonical value, ...]} of (name, value) pairs. A single octet that is digits only could be
    read as a number: the name decides, because both sides take the same way."""
    values = defaultdict(list)
    for name, value in fields:
        name, value = canonical(name, value)
        values[name].append(value)
    return values


def differences(ours, theirs, known=None):
    """One line for each name whose values differ. known: the canonical names to compare, default all."""
    ours, theirs = by_name(ours), by_name(theirs)
    lines = []
    for name in sorted(set(ours) | set(theirs)):
        if known is not None and name not in known:
            continue
        left, right = [_comparable(one) for one in ours[name]], [_comparable(one) for one in theirs[name]]
        if left != right:
            lines.append("%s: here %s, there %s" % (name, ours[name] or "nothing", theirs[name] or "nothing"))
    return lines


def _comparable(value):
    """One octet "05" is written as a number by one side's rules and as digits by the other's."""
    return str(value).lstrip("0") or "0"


def read_golden(path):
    """(name, value) pairs of the NHRP fields in a golden text."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()[2:]
    pairs = [line.strip().partition(" ") for line in lines]
    return [(name, value) for name, _, value in pairs if name.startswith("nhrp.")]


def compare_golden(folder):
    """Compares each vector in folder/good with its golden text, where that lists fields. Returns the lines to print and
    how many messages it compared. The codec dumps of an embedded message what stands before its entries only."""
    lines = []
    compared = 0
    for golden in sorted(glob.glob(os.path.join(folder, "golden", "*.txt"))):
        stem = os.path.splitext(os.path.basename(golden))[0]
        theirs = read_golden(golden)
        if theirs:
            ours = packet_fields(read_vector(os.path.join(folder, "good", stem + ".hex")), whole_embedded=False)
            lines += ["%s: %s" % (stem, line) for line in differences(ours, theirs)]
            compared += 1
    if not compared:
        raise MissingError("no golden texts in %s" % os.path.join(folder, "golden"))
    return lines, compared


class Tshark:
    """Runs tshark, with the plugins of a folder or without any. Root gives up its rights for it, because Wireshark
    ignores a plugin folder from the environment when root runs it."""

    def __init__(self, workspace, plugins):
        self.program = shutil.which("tshark")
        if self.program is None:
            raise MissingError("tshark is not installed")
        self.home = os.path.join(workspace, "home")
        self.plugins = os.path.join(workspace, "plugins")
        os.mkdir(self.home)
        os.mkdir(self.plugins)
        if plugins is not None:
            shutil.copytree(plugins, self.plugins, dirs_exist_ok=True)
        subprocess.run(["chmod", "-R", "a+rwX", workspace], check=True)
        fields = self.run("-G", "fields").decode("utf-8", "replace")
        rows = [row.split("\t") for row in fields.splitlines()]
        named = [row for row in rows if row[0] == "F" and row[2].startswith("nhrp.")]
        if plugins is not None and "nhrp.auth_ext.password" not in {row[2] for row in named}:
            raise ValueError("tshark did not load the plugin in %s" % plugins)
        self.opinions = DERIVED | {row[2] for row in named if row[3] == "FT_NONE"}
        self.known = {canonical(row[2], "0.0.0.0")[0] for row in named if row[3] != "FT_NONE"}

    def run(self, *arguments):
        """What tshark prints. Raises CalledProcessError."""
        command = [self.program, *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", *command]
        environment = dict(os.environ, HOME=self.home, XDG_CONFIG_HOME=self.home, WIRESHARK_PLUGIN_DIR=self.plugins)
        return subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE).stdout

    def fields(self, path):
        """For each frame of a capture, the (name, value) pairs of its NHRP fields. Hidden fields repeat shown ones,
        but for reserved bits, which are hidden while they are zero."""
        document = ElementTree.fromstring(self.run("-n", "-r", path, "-T", "pdml"))
        return [[(field.get("name"), shown_value(field)) for field in packet.iter("field")
                 if field.get("name", "").startswith("nhrp.") and field.get("name") not in self.opinions
                 and (field.get("hide") != "yes" or field.get("name").endswith(RESERVED_BITS))] for packet in document.iter("packet")]


def shown_value(field):
    """The value of a field in PDML. A string ends at its first NUL there, which its octets do not."""
    if field.get("name") == "nhrp.auth_ext.password":
        return escaped(bytes.fromhex(field.get("value", "")))
    return field.get("show", "")


def files_in(paths, with_vectors):
    """The captures and, if with_vectors, good vectors in folders, and single files as they are; says which folders hold
    none. Malformed messages are left out of folders: how far one gets into them is a matter of taste."""
    patterns = ["*.pcap", "*.pcapng"] + ["vectors/good/*.hex"] * with_vectors
    found = []
    for path in paths:
        if path.endswith((".pcap", ".pcapng", ".hex")):
            found.append(path)
        else:
            inside = [name for pattern in patterns for name in sorted(glob.glob(os.path.join(path, pattern)))]
            if not inside:
                print("passed over: neither captures nor vectors in %s" % path)
            found += inside
    if not found:
        raise MissingError("nothing to compare")
    return found


def vector_octets(path):
    """A vector inside what carries it, as an IP packet that a capture can hold."""
    packet = read_vector(path)
    if isinstance(packet, (NHRP, Raw)):
        packet = GRE(proto=0x2001) / packet
    if isinstance(packet, GRE):
        packet = IP(src="192.0.2.1", dst="192.0.2.11") / packet
    return bytes(packet)


def stage(paths, workspace):
    """Copies captures into the workspace, and all vectors as one capture. Returns [(copy, labels)]: labels is the list
    of a name for each frame, or the name of the capture."""
    staged = []
    vectors = [path for path in paths if path.endswith(".hex")]
    for number, path in enumerate(path for path in paths if not path.endswith(".hex")):
        copy = os.path.join(workspace, "%d-%s" % (number, os.path.basename(path)))
        shutil.copyfile(path, copy)
        staged.append((copy, os.path.basename(path)))
    if vectors:
        copy = os.path.join(workspace, "vectors.pcap")
        wrpcap(copy, [vector_octets(path) for path in vectors], linktype=LINKTYPE_RAW)
        staged.append((copy, [os.path.basename(path) for path in vectors]))
    for copy, _ in staged:
        os.chmod(copy, 0o644)
    return staged


def compare_tshark(paths, plugins):
    """Compares captures and vectors with what tshark reads. Returns the lines to print and how many frames had NHRP."""
    # Stock Wireshark misreads E.164, reserved bits and the long form of ar$pro: vectors show that and nothing new.
    files = files_in(paths, with_vectors=plugins is not None)
    lines = []
    compared = 0
    with tempfile.TemporaryDirectory(prefix="dmvpnkit-compare-") as workspace:
        tshark = Tshark(workspace, plugins)
        known = tshark.known if plugins is not None else tshark.known - STOCK_MISREADS
        for copy, labels in stage(files, workspace):
            packets, frames = read_packets(copy), tshark.fields(copy)
            if isinstance(labels, str):
                labels = ["%s frame %d" % (labels, number) for number in range(1, len(packets) + 1)]
            if not len(packets) == len(frames) == len(labels):
                lines.append("%s: %d frames here, %d there" % (os.path.basename(copy), len(packets), len(frames)))
            for label, packet, theirs in zip(labels, packets, frames):
                ours = packet_fields(packet)
                compared += bool(ours or theirs)
                lines += ["%s: %s" % (label, line) for line in differences(ours, theirs, known)]
    return lines, compared


def main():
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="compare.py", description="Compare readings of NHRP.")
    commands = parser.add_subparsers(dest="command", required=True)
    golden = commands.add_parser("golden", help="the codec's golden texts")
    golden.add_argument("folder")
    tshark = commands.add_parser("tshark", help="Wireshark")
    tshark.add_argument("--plugins", help="folder that holds VERSION/epan/PLUGIN")
    tshark.add_argument("files", nargs="+", metavar="PATH")
    arguments = parser.parse_args()
    try:
        if arguments.command == "golden":
            lines, compared = compare_golden(arguments.folder)
        else:
            lines, compared = compare_tshark(arguments.files, arguments.plugins)
    except MissingError as error:
        print("SKIPPED: %s" % error)
        return EXIT_SKIPPED
    except (OSError, ValueError, CaptureError, Scapy_Exception, EOFError, struct.error,
            subprocess.CalledProcessError) as error:
        print("compare.py: %s" % error, file=sys.stderr)
        return EXIT_BAD_INPUT
    for line in lines:
        print(line)
    print("%d messages compared, %d differences" % (compared, len(lines)))
    return EXIT_DIFFERENT if lines else 0


if __name__ == "__main__":
    sys.exit(main())
