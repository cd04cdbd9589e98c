# SPDX-License-Identifier: GPL-2.0-or-later
# dmvpnd on three nodes, Phase 3, protected by the kernel's ESP: IKE by strongSwan, started by the first packet to each
# peer, spoke to spoke included.
strongswan_cloud || return 0
our_hub hub 192.0.2.1 10.255.0.1 60 "redirect: true, resolution: forward"
for i in 1 2; do our_spoke s$i 192.0.2.1$i 10.255.0.1$i 60 192.0.2.1 "shortcut: true"; done
for i in 1 2; do
    expect 30 "spoke $i is registered, IKE started by its first packet" shows '"state":"registered"' \
        ours s$i --json show nhs
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.0.0/16 10.255.0.1
done
expect 20 "data arrives" answered s1 172.16.1.1 172.16.2.1
expect 30 "a shortcut is there" eval \
    'answered s1 172.16.1.1 172.16.2.1; shows 172.16.2.0/24 ours s1 --json show shortcuts'
expect 30 "the spokes have security associations with each other" shows "to-192-0-2-12" strongswan s1 --list-sas
expect 20 "data arrives by the shortcut" all_answered s1 172.16.1.1 172.16.2.1 5
sleep 1
refute "no GRE is on the wire in clear" eval '[ "$(packets "proto gre")" -gt 0 ]'
expect 1 "ESP goes straight between the spokes" eval '[ "$(packets "proto 50 and src 192.0.2.11 and dst 192.0.2.12")" -ge 5 ]'
