# SPDX-License-Identifier: GPL-2.0-or-later
# A hub of FRR, two of our spokes whose routes keep the other spoke as next hop: a spoke asks for the next hop, FRR
# sees to the answer, and data goes straight.
node hub 192.0.2.1 172.16.0.1
frr_hub hub 192.0.2.1 10.255.0.1 15
for i in 1 2; do
    node s$i 192.0.2.1$i 172.16.$i.1
    our_spoke s$i 192.0.2.1$i 10.255.0.1$i 15 192.0.2.1
done
for i in 1 2; do
    expect 20 "spoke $i is registered with FRR" shows '"state":"registered"' ours s$i --json show nhs
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.$((3 - i)).0/24 10.255.0.1$((3 - i))
done
expect 10 "data arrives" answered s1 172.16.1.1 172.16.2.1
expect 10 "spoke 1 has resolved its next hop" shows '"origin":"resolved"' ours s1 --json show bindings
expect 10 "spoke 2 has resolved its next hop" shows '"origin":"resolved"' ours s2 --json show bindings
expect 10 "data goes straight" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
