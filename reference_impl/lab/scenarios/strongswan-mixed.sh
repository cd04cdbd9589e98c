# SPDX-License-Identifier: GPL-2.0-or-later
# The same protection with FRR: a hub of ours, a spoke of FRR on the kernel's multipoint GRE, a spoke of ours.
strongswan_cloud || return 0
our_hub hub 192.0.2.1 10.255.0.1 60 "redirect: true, resolution: forward"
our_spoke s1 192.0.2.11 10.255.0.11 60 192.0.2.1 "shortcut: true"
frr_spoke s2 192.0.2.12 10.255.0.12 60 192.0.2.1 shortcut
expect 40 "both spokes register through ESP" eval 'bound hub 10.255.0.11 && bound hub 10.255.0.12'
for i in 1 2; do
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.0.0/16 10.255.0.1
done
route s2 10.255.0.0/24 10.255.0.1
expect 20 "data arrives" answered s1 172.16.1.1 172.16.2.1
expect 40 "our spoke has a shortcut to FRR" eval \
    'answered s1 172.16.1.1 172.16.2.1; shows 10.255.0.12 ours s1 --json show shortcuts'
expect 20 "data arrives by the shortcut" all_answered s1 172.16.1.1 172.16.2.1 5
sleep 1
refute "no GRE is on the wire in clear" eval '[ "$(packets "proto gre")" -gt 0 ]'
expect 1 "ESP goes straight between the spokes" eval '[ "$(packets "proto 50 and src 192.0.2.11 and dst 192.0.2.12")" -ge 5 ]'
