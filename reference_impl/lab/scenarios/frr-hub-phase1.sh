# SPDX-License-Identifier: GPL-2.0-or-later
# A hub of FRR, two of our spokes with point-to-point tunnels: everything goes by way of the hub.
node hub 192.0.2.1 172.16.0.1
frr_hub hub 192.0.2.1 10.255.0.1 15
for i in 1 2; do
    node s$i 192.0.2.1$i 172.16.$i.1
    dmvpnd_start s$i <<CONF
tunnels:
  - name: dmvpn0
    nbma: 192.0.2.1$i
    tunnel: {address: 10.255.0.1$i/24, mode: point-to-point, destination: 192.0.2.1, key: 42}
    nhrp: {hold_s: 15, nhs: [{protocol: 10.255.0.1, nbma: 192.0.2.1}]}
CONF
done
for i in 1 2; do
    expect 20 "spoke $i is registered with FRR" shows '"state":"registered"' ours s$i --json show nhs
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.0.0/16 10.255.0.1
done
expect 10 "a spoke reaches the hub's site" answered s1 172.16.1.1 172.16.0.1
expect 10 "data goes by way of the hub" goes_through_hub s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
refute "no spoke asks for anybody" shows '"reason":"resolution' cat "$LAB_OUT/s1-dmvpnd.log"
