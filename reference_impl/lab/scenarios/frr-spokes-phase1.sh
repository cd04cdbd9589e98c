# SPDX-License-Identifier: GPL-2.0-or-later
# Our hub, two spokes of FRR without shortcuts: everything goes by way of the hub, and nobody is redirected.
node hub 192.0.2.1 172.16.0.1
node s1 192.0.2.11 172.16.1.1
node s2 192.0.2.12 172.16.2.1
our_hub hub 192.0.2.1 10.255.0.1 15
for i in 1 2; do frr_spoke s$i 192.0.2.1$i 10.255.0.1$i 15 192.0.2.1; done
expect 20 "FRR's spokes register with dmvpnd" eval 'bound hub 10.255.0.11 && bound hub 10.255.0.12'
for i in 1 2; do
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.0.0/16 10.255.0.1
    route s$i 10.255.0.0/24 10.255.0.1
done
expect 10 "a spoke reaches the hub's site" answered s1 172.16.1.1 172.16.0.1
expect 10 "a spoke reaches the other's site" answered s1 172.16.1.1 172.16.2.1
expect 10 "data goes by way of the hub" goes_through_hub s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
refute "no Traffic Indication was sent" shows '"reason":"redirect"' cat "$LAB_OUT/hub-dmvpnd.log"
