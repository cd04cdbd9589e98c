# SPDX-License-Identifier: GPL-2.0-or-later
# A hub of FRR, two of our spokes: registration, renewal, redirect, shortcut, renewal of the shortcut, expiry.
node hub 192.0.2.1 172.16.0.1
node s1 192.0.2.11 172.16.1.1
node s2 192.0.2.12 172.16.2.1
frr_hub hub 192.0.2.1 10.255.0.1 15 redirect
for i in 1 2; do our_spoke s$i 192.0.2.1$i 10.255.0.1$i 15 192.0.2.1 "shortcut: true"; done
for i in 1 2; do
    expect 20 "spoke $i is registered with FRR" shows '"state":"registered"' ours s$i --json show nhs
    expect 5 "FRR has spoke $i in its cache" shows 10.255.0.1$i frr hub "show ip nhrp cache"
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.0.0/16 10.255.0.1
done
expect 10 "data goes by way of the hub" answered s1 172.16.1.1 172.16.2.1
expect 20 "FRR's redirect brings a shortcut" eval \
    'answered s1 172.16.1.1 172.16.2.1; shows "\"prefix\":\"172.16.2.0/24\"" ours s1 --json show shortcuts'
expect 5 "the kernel has the shortcut in our table" shows "172.16.2.0/24 via 10.255.0.12" \
    ip -n s1 route show table 2332
expect 10 "data goes straight" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
for second in $(seq 18); do answered s1 172.16.1.1 172.16.2.1 >/dev/null || true; sleep 1; done
expect 1 "the registration was renewed" shows '"state":"registered"' ours s1 --json show nhs
expect 1 "the shortcut was renewed while it was used" shows 172.16.2.0/24 ours s1 --json show shortcuts
expect 10 "data still goes straight" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
# Renewed up to ten seconds after its last use, it has fifteen more.
expect 30 "the shortcut ends when it is not used" eval '! shows 172.16.2.0/24 ours s1 --json show shortcuts'
expect 1 "the kernel's route is gone with it" eval '! shows 172.16.2.0/24 ip -n s1 route show table 2332'
dmvpnd_signal s2 TERM
# FRR takes no notice of Purge Requests (RFC 2332 section 5.2.5 asks it to): it is the holding time that counts there.
expect 25 "FRR forgets a spoke that has left when its holding time ends" eval \
    '! shows 10.255.0.12 frr hub "show ip nhrp cache"'
