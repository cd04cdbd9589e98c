# SPDX-License-Identifier: GPL-2.0-or-later
# Our hub, two spokes of FRR: registration, renewal, redirect, shortcut, expiry.
node hub 192.0.2.1 172.16.0.1
node s1 192.0.2.11 172.16.1.1
node s2 192.0.2.12 172.16.2.1
our_hub hub 192.0.2.1 10.255.0.1 15 "redirect: true, resolution: forward"
for i in 1 2; do frr_spoke s$i 192.0.2.1$i 10.255.0.1$i 15 192.0.2.1 shortcut; done
expect 20 "FRR's spokes register with dmvpnd" eval 'bound hub 10.255.0.11 && bound hub 10.255.0.12'
for i in 1 2; do
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.0.0/16 10.255.0.1
    route s$i 10.255.0.0/24 10.255.0.1
    expect 10 "spoke $i knows its hub" shows "10.255.0.1 " frr s$i "show ip nhrp cache"
done
expect 10 "data goes by way of the hub" answered s1 172.16.1.1 172.16.2.1
for try in 1 2 3; do all_answered s1 172.16.1.1 172.16.2.1 3 || true; done
expect 15 "FRR has taken the redirect and has a shortcut" shows 172.16.2 frr s1 "show ip nhrp shortcut"
expect 15 "data goes straight" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
sleep 16
expect 1 "the registrations were renewed in time" eval 'bound hub 10.255.0.11 && bound hub 10.255.0.12'
frr_kill s2 nhrpd
expect 20 "the registration of a dead spoke expires" eval '! bound hub 10.255.0.12'
expect 1 "the other one stays" bound hub 10.255.0.11
