# SPDX-License-Identifier: GPL-2.0-or-later
# One cloud of all kinds: our hub, a spoke of ours, a spoke of FRR on the kernel's multipoint GRE, and a bare kernel
# tunnel whose neighbours are configured by hand.
node hub 192.0.2.1 172.16.0.1
our_hub hub 192.0.2.1 10.255.0.1 15 "redirect: true, resolution: forward"
node s1 192.0.2.11 172.16.1.1
our_spoke s1 192.0.2.11 10.255.0.11 15 192.0.2.1 "shortcut: true"
node s2 192.0.2.12 172.16.2.1
frr_spoke s2 192.0.2.12 10.255.0.12 15 192.0.2.1 shortcut
node bare 192.0.2.13 172.16.3.1
kernel_tunnel bare 192.0.2.13 10.255.0.13/24
ip -n bare neigh add 10.255.0.1 lladdr 192.0.2.1 dev gre1
ip -n bare route add 172.16.0.0/16 via 10.255.0.1 dev gre1
expect 20 "both spokes register" eval 'bound hub 10.255.0.11 && bound hub 10.255.0.12'
for i in 1 2; do
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.0.0/16 10.255.0.1
done
route s2 10.255.0.0/24 10.255.0.1
expect 10 "the hub's site answers the bare kernel tunnel's packets, as far as they are for the hub" eval \
    'ip netns exec bare ping -n -c 1 -W 1 10.255.0.1; shows "\"reason\":\"no-binding\"" ours hub --json show drops'
expect 10 "our spoke reaches FRR's site" answered s1 172.16.1.1 172.16.2.1
for try in 1 2 3; do all_answered s1 172.16.1.1 172.16.2.1 3 || true; done
expect 20 "our spoke has a shortcut to FRR" eval \
    'answered s1 172.16.1.1 172.16.2.1; shows 10.255.0.12 ours s1 --json show shortcuts'
expect 20 "FRR has a shortcut to our spoke" eval \
    'answered s2 172.16.2.1 172.16.1.1; shows 172.16.1 frr s2 "show ip nhrp shortcut"'
expect 10 "data goes straight from us to FRR" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
expect 10 "and from FRR to us" goes_direct s2 172.16.2.1 172.16.1.1 192.0.2.12 192.0.2.1 192.0.2.11
