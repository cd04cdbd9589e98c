# SPDX-License-Identifier: GPL-2.0-or-later
# How many registrations a second a hub answers, new ones and refreshes, and what a spoke costs in memory: dmvpnd and
# FRR's nhrpd with zebra, one after the other, in the same machine with the same generator. Figures go to metrics.jsonl.
counts=${LAB_COUNTS:-1000,5000}
counts=${counts//,/ }
load=$LAB_BUILD/reference_impl/bench/live_load
sysctl -qw net.ipv4.neigh.default.gc_thresh1=65536 net.ipv4.neigh.default.gc_thresh2=131072 \
    net.ipv4.neigh.default.gc_thresh3=262144
node gen 192.0.2.50 172.16.5.1
ip -n gen route add local 198.18.0.0/15 dev lo

resident_kib() {
    local pid total=0
    for pid in "$@"; do total=$((total + $(awk '/^VmRSS/ {print $2}' "/proc/$pid/status"))); done
    echo $total
}

metric() { # NAME UNIT VALUE
    printf '{"metric": "%s", "unit": "%s", "median": %s, "min": %s, "max": %s}\n' "$1" "$2" "$3" "$3" "$3" |
        tee -a "$LAB_OUT/metrics.jsonl"
}

# rate NBMA COUNT FIRST-ID: registrations answered a second; all must be.
rate() {
    local line
    line=$(ip netns exec gen "$load" register "$1" "$2" 64 "$3")
    echo "register $*: $line" >&2
    echo "$line" | python3 -c 'import json, sys
r = json.load(sys.stdin)
print("%.1f" % (r["answered"] / r["seconds"] if r["seconds"] else 0), r["answered"])'
}

# measure WHO HUB-NBMA PID...: for each count.
measure() {
    local who=$1 nbma=$2 count new refresh answered empty full
    shift 2
    empty=$(resident_kib "$@")
    for count in $counts; do
        read -r new answered < <(rate "$nbma" "$count" $((count * 10)))
        [ "$answered" = "$count" ] || note fail "$who: $answered of $count registrations answered"
        read -r refresh answered < <(rate "$nbma" "$count" $((count * 10 + count)))
        full=$(resident_kib "$@")
        metric "live_registrations_${who}_$count" "1/s" "$new"
        metric "live_refresh_${who}_$count" "1/s" "$refresh"
        metric "live_memory_${who}_$count" "KiB a spoke" "$(python3 -c "print(round(($full - $empty) / $count, 2))")"
    done
}

node ours 192.0.2.1 172.16.0.1
ip -n ours route add 198.18.0.0/15 via 192.0.2.50
dmvpnd_start ours <<CONF
tunnels:
  - name: dmvpn0
    nbma: 192.0.2.1
    tunnel: {address: 10.100.0.1/16, mode: multipoint, key: 42}
    nhrp: {hold_s: 600}
CONF
sed -i 's/trace: true/trace: false/' /run/lab/ours/dmvpnd.yaml
dmvpnd_signal ours HUP
sleep 1
measure dmvpnd 192.0.2.1 "$(cat /run/lab/ours/dmvpnd.pid)"
dmvpnd_signal ours TERM

node theirs 192.0.2.2 172.16.0.1
ip -n theirs route add 198.18.0.0/15 via 192.0.2.50
kernel_tunnel theirs 192.0.2.2 10.100.0.1/32
mkdir -p /run/lab/theirs
chmod 777 /run/lab/theirs
# No debugging: it would be the log that is measured.
printf 'hostname theirs\n' >/run/lab/theirs/zebra.conf
frr_again theirs zebra
cat >/run/lab/theirs/nhrpd.conf <<CONF
hostname theirs
interface gre1
 ip nhrp holdtime 600
 ip nhrp network-id 1
 ip nhrp registration no-unique
 tunnel source eth0
exit
CONF
frr_again theirs nhrpd
sleep 3
measure frr 192.0.2.2 "$(cat /run/lab/theirs/zebra.pid)" "$(cat /run/lab/theirs/nhrpd.pid)"

ratio() { # METRIC COUNT
    python3 - "$LAB_OUT/metrics.jsonl" "$1" "$2" <<'PYTHON'
import json
import sys
rows = {r["metric"]: r["median"] for r in map(json.loads, open(sys.argv[1]))}
ours, theirs = (rows["live_%s_%s_%s" % (sys.argv[2], who, sys.argv[3])] for who in ("dmvpnd", "frr"))
print(round(ours / theirs, 3) if theirs else 0)
PYTHON
}
last=${counts##* }
new=$(ratio registrations "$last")
refresh=$(ratio refresh "$last")
memory=$(ratio memory "$last")
metric live_registrations_ratio_to_frr ratio "$new"
metric live_refresh_ratio_to_frr ratio "$refresh"
metric live_memory_ratio_to_frr ratio "$memory"
expect 1 "new registrations: at least 20 times FRR's rate ($new)" python3 -c "assert $new >= 20"
expect 1 "refreshes: at least 10 times FRR's rate ($refresh)" python3 -c "assert $refresh >= 10"
expect 1 "memory for a spoke: at most a quarter of FRR's ($memory)" python3 -c "assert $memory <= 0.25"
