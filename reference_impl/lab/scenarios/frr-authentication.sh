# SPDX-License-Identifier: GPL-2.0-or-later
# Cleartext authentication (Cisco's form) between our hub and spokes of FRR: the right password and a wrong one. Only
# newer releases of FRR can do it (10.1 and later): see make-root.
node hub 192.0.2.1 172.16.0.1
node s1 192.0.2.11 172.16.1.1
node s2 192.0.2.12 172.16.2.1
our_hub hub 192.0.2.1 10.255.0.1 15 "authentication: secret"
for i in 1 2; do frr_spoke s$i 192.0.2.1$i 10.255.0.1$i 15 192.0.2.1; done
if ! frr s1 "show running-config" | grep -q nhrp || ! ip netns exec s1 $frr_inside vtysh --vty_socket /run/lab/s1 \
    -c "configure terminal" -c "interface gre1" -c "ip nhrp authentication secret" >/run/lab/last 2>&1 ||
    grep -qi "unknown command" /run/lab/last; then
    note skip "this FRR has no 'ip nhrp authentication'"
    return 0
fi
expect 30 "a spoke with the password registers" bound hub 10.255.0.11
refute "one without it does not" bound hub 10.255.0.12
ip netns exec s2 $frr_inside vtysh --vty_socket /run/lab/s2 -c "configure terminal" -c "interface gre1" \
    -c "ip nhrp authentication wrong"
sleep 8
refute "nor one with another" bound hub 10.255.0.12
expect 1 "the hub counts the refusals" shows '"reason":"authentication"' ours hub --json show drops
route hub 172.16.1.0/24 10.255.0.11
route s1 172.16.0.0/16 10.255.0.1
expect 10 "data arrives" answered s1 172.16.1.1 172.16.0.1
# Two ends that answer errors with errors would never stop: what is sent in five seconds tells.
before=$(packets "proto gre")
sleep 5
after=$(packets "proto gre")
expect 1 "errors are not answered with errors ($((after - before)) packets in 5 s)" [ $((after - before)) -lt 40 ]
