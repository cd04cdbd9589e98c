# SPDX-License-Identifier: GPL-2.0-or-later
# checks: what a scenario looks at, one line of the verdict each.

# note pass|fail|skip WHAT
note() {
    echo "$1: $2" | tee -a "$LAB_OUT/verdict"
}

# expect SECONDS WHAT COMMAND...: it succeeds within that time, as an idle machine counts it: a busy one gets three times
# as long. The scenario goes on in any case.
expect() {
    local end=$((SECONDS + 3 * $1)) what=$2
    shift 2
    until "$@" >/run/lab/last 2>&1; do
        if [ $SECONDS -ge "$end" ]; then
            note fail "$what"
            echo "---- $*"
            cat /run/lab/last
            return 0
        fi
        sleep 0.3
    done
    note pass "$what"
}

# refute WHAT COMMAND...: it fails, now.
refute() {
    local what=$1
    shift
    if "$@" >/run/lab/last 2>&1; then
        note fail "$what"
        echo "---- $*"
        cat /run/lab/last
    else
        note pass "$what"
    fi
}

# Does the command's output hold the text?
shows() {
    local text=$1
    shift
    "$@" | grep -qF -- "$text"
}

# all_answered NODE SOURCE DESTINATION COUNT
all_answered() {
    ip netns exec "$1" ping -n -c "$4" -i 0.2 -W 2 -I "$2" "$3" | grep -q " $4 received"
}

answered() { ip netns exec "$1" ping -n -c 1 -W 1 -I "$2" "$3"; }

# packets FILTER: how many the capture of the underlay holds by now.
packets() { tcpdump -n -r "$LAB_OUT/wan.pcap" "$1" 2>/dev/null | wc -l; }

# Data in GRE with a key, from one NBMA address to another: ICMP in IPv4.
data_between() { packets "src $1 and dst $2 and proto gre and ip[22:2] = 0x0800 and ip[37] = 1"; }

# goes_direct NODE SOURCE DESTINATION NBMA HUB OTHER: of five pings, all go straight and none through the hub.
goes_direct() {
    local straight through
    straight=$(data_between "$4" "$6")
    through=$(data_between "$4" "$5")
    all_answered "$1" "$2" "$3" 5 || return 1
    sleep 0.5 # for the capture to be written
    straight=$(($(data_between "$4" "$6") - straight))
    through=$(($(data_between "$4" "$5") - through))
    echo "straight $straight, through the hub $through"
    [ $straight -eq 5 ] && [ $through -eq 0 ]
}

# goes_through_hub: the same, the other way round.
goes_through_hub() {
    local straight through
    straight=$(data_between "$4" "$6")
    through=$(data_between "$4" "$5")
    all_answered "$1" "$2" "$3" 5 || return 1
    sleep 0.5
    straight=$(($(data_between "$4" "$6") - straight))
    through=$(($(data_between "$4" "$5") - through))
    echo "straight $straight, through the hub $through"
    [ $straight -eq 0 ] && [ $through -eq 5 ]
}

bound() { shows "\"protocol\":\"$2\"" ours "$1" --json show bindings; }
