# SPDX-License-Identifier: GPL-2.0-or-later
"""esp_tshark_test.py ESP-CAPTURE-MAKER: Wireshark's own reading of what this engine protects.

Packets of every algorithm, encapsulation and address family, and the table of keys that goes with them: tshark must
decrypt each one and find its integrity check value good. Extended sequence numbers are the exception: Wireshark 4.0
knows nothing of the half that is not sent, so it decrypts such packets but cannot agree with their check value.
"""
import os
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534
ALGORITHMS = ("aes-128-gcm", "aes-256-gcm", "aes-128-cbc-hmac-sha-256-128", "aes-256-cbc-hmac-sha-256-128")
FIELDS = ("frame.comment", "gre.proto", "data.data", "esp.icv_good", "esp.icv_bad")


def expected_names():
    return [f"{algorithm} {family} {carrier}{extended}" for algorithm in ALGORITHMS for extended in ("", " extended")
            for carrier in ("plain", "udp") for family in ("ipv4", "ipv6")]


def tshark(folder):
    """tshark as nobody, for root's reads no personal tables; one list of fields for each packet."""
    command = ["tshark", "-r", os.path.join(folder, "esp.pcapng"), "-o", "esp.enable_encryption_decode:TRUE",
               "-o", "esp.enable_authentication_check:TRUE", "-T", "fields"]
    for field in FIELDS:
        command += ["-e", field]
    if os.getuid() == 0:
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    home = os.path.join(folder, "home")
    environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home}
    output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [line.split("\t") for line in output.splitlines()]


def check(folder):
    subprocess.run([sys.argv[1], folder], check=True)
    profile = os.path.join(folder, "home", "wireshark")
    os.makedirs(profile)
    shutil.move(os.path.join(folder, "esp_sa"), profile)
    for path, _, files in os.walk(folder):
        os.chmod(path, 0o777)
        for name in files:
            os.chmod(os.path.join(path, name), 0o644)
    faults = []
    packets = tshark(folder)
    names = expected_names()
    if len(packets) != len(names):
        faults.append(f"{len(packets)} packets instead of {len(names)}")
    for name, packet in zip(names, packets):
        good = ["0", "1"] if name.endswith("extended") else ["1", "0"]
        if packet != [name, "0x0800", name.encode().hex(), *good]:
            faults.append(f"{name}: {packet}")
    return faults


def main():
    if not shutil.which("tshark"):
        print("SKIPPED: tshark is missing; install package 'tshark'", file=sys.stderr)
        return 77
    with tempfile.TemporaryDirectory(prefix="dmvpnkit-esp-") as folder:
        faults = check(folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
