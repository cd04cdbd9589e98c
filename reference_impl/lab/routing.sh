# SPDX-License-Identifier: GPL-2.0-or-later
# routing: a Phase 3 hub and two spokes of ours, with FRR's zebra on each, for a routing daemon to run over the tunnel.

routing_cloud() {
    node hub 192.0.2.1 172.16.0.1
    our_hub hub 192.0.2.1 10.255.0.1 60 "redirect: true, resolution: forward"
    local i n
    for i in 1 2; do
        node s$i 192.0.2.1$i 172.16.$i.1
        our_spoke s$i 192.0.2.1$i 10.255.0.1$i 60 192.0.2.1 "shortcut: true"
        expect 20 "spoke $i is registered" shows '"state":"registered"' ours s$i --json show nhs
    done
    for n in hub s1 s2; do
        chmod 777 /run/lab/$n
        frr_daemon $n zebra <<<""
    done
}

# routing_daemons DAEMON HUB-LINES SPOKE-LINES: in the lines, %i is the spoke's number.
routing_daemons() {
    frr_daemon hub "$1" <<<"$2"
    local i
    for i in 1 2; do frr_daemon s$i "$1" <<<"${3//%i/$i}"; done
}

# learned NODE PREFIX VIA: by the routing daemon, into the kernel, and from there into the node's own table.
learned() {
    ip -n "$1" route show "$2" | grep -q "via $3 dev dmvpn0" &&
        ours "$1" --json show routes | grep -q "\"prefix\":\"$2\",\"kind\":\"via\",\"via\":\"$3\""
}
