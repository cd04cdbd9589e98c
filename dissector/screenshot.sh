#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A picture of a real Wireshark window, with the plugin and its profile, for the documentation.
# Usage: screenshot.sh CAPTURE PICTURE.png [FRAME]      needs Xvfb, wireshark, openbox, xdotool and ImageMagick
# Exit code 77: one of these is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
plugins=${DMVPN_PLUGINS:-$here/../build/release/dissector/plugins}
[ $# -ge 2 ] || { echo "usage: screenshot.sh CAPTURE PICTURE.png [FRAME]" >&2; exit 2; }
[ -r "$1" ] || { echo "screenshot.sh: cannot read $1" >&2; exit 2; }
for tool in Xvfb wireshark openbox xdotool import; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is missing"; exit 77; }
done
stage=$(mktemp -d)
processes=
clean_up() {
    for process in $processes; do
        kill "$process" 2>/dev/null || true
    done
    rm -rf "$stage"
}
trap clean_up EXIT
mkdir -p "$stage/.config/wireshark/profiles"
cp -r "$here/profile/DMVPN" "$stage/.config/wireshark/profiles/"
cp -r "$plugins" "$stage/plugins"
cp "$1" "$stage/$(basename "$1")"
# A window of its own size, no questions at the start
printf 'gui.geometry_main_x: 0\ngui.geometry_main_y: 0\ngui.geometry_main_width: 1500\ngui.geometry_main_height: 940\n' \
    >"$stage/.config/wireshark/recent"
cp "$stage/.config/wireshark/recent" "$stage/.config/wireshark/profiles/DMVPN/recent"
chmod -R a+rX "$stage"
chown -R 65534:65534 "$stage" 2>/dev/null || true

# Wireshark ignores a plugin folder from the environment when root runs it.
as_other=
[ "$(id -u)" != 0 ] || as_other="setpriv --reuid=65534 --regid=65534 --clear-groups"
number=$((200 + $$ % 100))
Xvfb ":$number" -screen 0 1500x940x24 -nolisten tcp >/dev/null 2>&1 &
processes=$!
sleep 2
export DISPLAY=":$number"
openbox >/dev/null 2>&1 &
processes="$processes $!"
# shellcheck disable=SC2086
$as_other env HOME="$stage" XDG_CONFIG_HOME="$stage/.config" XDG_RUNTIME_DIR="$stage" LC_ALL=C.UTF-8 \
    WIRESHARK_PLUGIN_DIR="$stage/plugins" QT_QPA_PLATFORM=xcb \
    wireshark -C DMVPN -r "$stage/$(basename "$1")" -g "${3:-1}" >"$stage/log" 2>&1 &
processes="$! $processes"
window=
for _ in $(seq 60); do
    sleep 1
    window=$(xdotool search --onlyvisible --name "$(basename "$1")" 2>/dev/null | head -n 1) || true
    [ -z "$window" ] || break
done
[ -n "$window" ] || { cat "$stage/log" >&2; echo "screenshot.sh: no window came" >&2; exit 1; }
xdotool windowsize "$window" 1500 940 windowmove "$window" 0 0 || true
sleep 8
import -window root "$2"
echo "$2"
