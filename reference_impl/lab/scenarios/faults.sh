# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong in practice: a hub that dies, an underlay that is down for a shorter and a longer time than the
# holding time, a spoke whose address changes, and loss. dmvpnd on all nodes.
node hub 192.0.2.1 172.16.0.1
node s1 192.0.2.11 172.16.1.1
node s2 192.0.2.12 172.16.2.1
our_hub hub 192.0.2.1 10.255.0.1 9 "redirect: true, resolution: forward"
for i in 1 2; do
    dmvpnd_start s$i <<CONF
tunnels:
  - name: dmvpn0
    nbma_device: eth0
    tunnel: {address: 10.255.0.1$i/24, mode: multipoint, key: 42}
    nhrp: {hold_s: 9, shortcut: true, nhs: [{protocol: 10.255.0.1, nbma: 192.0.2.1}]}
CONF
    expect 10 "spoke $i is registered" shows '"state":"registered"' ours s$i --json show nhs
    route hub 172.16.$i.0/24 10.255.0.1$i
    route s$i 172.16.0.0/16 10.255.0.1
done
expect 10 "data arrives" answered s1 172.16.1.1 172.16.2.1

dmvpnd_signal hub KILL
sleep 1
dmvpnd_again hub
for i in 1 2; do route hub 172.16.$i.0/24 10.255.0.1$i; done
expect 15 "after the hub has died and come back, both register again" eval \
    'bound hub 10.255.0.11 && bound hub 10.255.0.12'
expect 10 "and data arrives" answered s1 172.16.1.1 172.16.2.1

ip -n wan link set us1 down
sleep 3
ip -n wan link set us1 up
expect 15 "after an outage shorter than the holding time, data arrives" answered s1 172.16.1.1 172.16.2.1
ip -n wan link set us1 down
expect 15 "in a longer one the hub forgets the spoke" eval '! bound hub 10.255.0.11'
ip -n wan link set us1 up
expect 15 "after it the spoke registers again" bound hub 10.255.0.11
expect 15 "and data arrives" answered s1 172.16.1.1 172.16.2.1

ip -n s1 addr add 192.0.2.99/24 dev eth0
ip -n s1 addr del 192.0.2.11/24 dev eth0
ip -n s1 addr replace 192.0.2.99/24 dev eth0
expect 15 "a renumbered spoke registers its new address" shows '"nbma":"192.0.2.99"' ours hub --json show bindings
expect 15 "and data arrives" answered s1 172.16.1.1 172.16.2.1
expect 15 "the other spoke's data finds it" answered s2 172.16.2.1 172.16.1.1

loss s1 10
loss s2 10
sleep 20
expect 5 "with a tenth lost both ways, both stay registered over two holding times" eval \
    'bound hub 10.255.0.11 && bound hub 10.255.0.12'
expect 20 "and most data arrives" eval \
    'test "$(ip netns exec s1 ping -n -c 40 -i 0.1 -W 1 -I 172.16.1.1 172.16.2.1 | grep -c "bytes from")" -ge 20'
