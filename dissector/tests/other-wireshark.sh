#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Build the plugin and run its tests on another Wireshark series, inside a Debian root made for it.
# Usage: other-wireshark.sh 4.4|4.6 [CTEST-ARGUMENT...]
# Making a root takes two minutes where the archive is near, and is given up after fifteen.
# The root is kept (build/wireshark-roots/SUITE, or below DMVPNKIT_ROOTS) and used again; remove it to renew it.
# Exit code 77: the root cannot be had here, and the reason is said.
set -eu
source_folder=$(cd "$(dirname "$0")/../.." && pwd)
roots=${DMVPNKIT_ROOTS:-$source_folder/build/wireshark-roots}
captures=${DMVPNKIT_REAL_CAPTURES:-$source_folder/../shared/captures}
packages=gcc,libc6-dev,cmake,ninja-build,pkg-config,python3,tshark,wireshark-dev,libwireshark-dev
packages=$packages,libpcap-dev,libyaml-dev,libcyaml-dev,libssl-dev,libjansson-dev,python3-scapy,ca-certificates

skip() {
    printf '\nSKIPPED: tests on Wireshark %s: %s\n\n' "$series" "$*"
    exit 77
}

fail() {
    printf 'other-wireshark: %s\n' "$*" >&2
    exit 1
}

# The Debian archive that this system uses itself
find_mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' 2>/dev/null |
        head -n 1
}

# An archive may be a snapshot older than its expiry date: for a root that only runs tests, this does not matter.
make_root() {
    command -v mmdebstrap >/dev/null || skip "mmdebstrap is missing (Debian: mmdebstrap)"
    mirror=$(find_mirror)
    [ -n "$mirror" ] || skip "this system's apt knows no Debian archive"
    echo "Making a root of Debian $suite"
    mkdir -p "$roots"
    rm -rf "$root.partial"
    if ! timeout 900 mmdebstrap --variant=minbase --mode=root --include="$packages" --aptopt='APT::Install-Recommends "false"' \
        --aptopt='Acquire::Retries "3"' --aptopt='Acquire::Check-Valid-Until "false"' "$suite" "$root.partial" "$mirror" >"$root.log" 2>&1; then
        tail -n 15 "$root.log"
        rm -rf "$root.partial"
        skip "Debian $suite could not be installed; the log is $root.log"
    fi
    mv "$root.partial" "$root"
}

# Runs in mount and process namespaces of its own, so that nothing stays mounted.
enter_root() {
    mount --make-rprivate /
    mkdir -p "$root/source" "$root/build" "$root/captures" "$build"
    mount --bind "$source_folder" "$root/source"
    mount -o remount,bind,ro "$root/source"
    mount --bind "$build" "$root/build"
    [ ! -d "$captures" ] || mount --bind "$captures" "$root/captures"
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    # shellcheck disable=SC2016
    exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 sh -ec '
        cmake -S /source -B /build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DDMVPNKIT_WERROR=ON \
            -DDMVPNKIT_REAL_CAPTURES=/captures >/build/configure.log 2>&1 || { cat /build/configure.log; exit 1; }
        ninja -C /build dissector/all
        cd /build
        exec ctest --output-on-failure --no-tests=error -R "^dissector/" "$@"' sh "$@"
}

series=${1:-}
case $series in
4.4) suite=trixie ;;
4.6) suite=sid ;;
*)
    echo "usage: other-wireshark.sh 4.4|4.6 [CTEST-ARGUMENT...]" >&2
    exit 2
    ;;
esac
shift
root=$roots/$suite
build=$roots/build-$suite
if [ "${1:-}" = --inside ]; then
    shift
    enter_root "$@"
fi
[ "$(id -u)" = 0 ] || skip "only root can make and enter a Debian root (try sudo)"
[ -d "$root" ] || make_root
found=$(chroot "$root" dpkg-query -W -f '${Version}' libwireshark-dev 2>/dev/null) || fail "no Wireshark in $root: remove it"
case $found in
"$series".*) echo "Wireshark $found of Debian $suite" ;;
*) skip "Debian $suite has $found now" ;;
esac
unshare --mount --pid --fork --kill-child "$0" "$series" --inside "$@"
