# SPDX-License-Identifier: GPL-2.0-or-later
# RIP of FRR over our tunnels, with next hops that stay: Phase 2.
routing_cloud
routing_daemons ripd 'interface dmvpn0
 no ip rip split-horizon
exit
router rip
 timers basic 5 30 20
 network dmvpn0
 network lan0' 'router rip
 timers basic 5 30 20
 network dmvpn0
 network lan0'
expect 60 "RIP: the hub learns a spoke's site" learned hub 172.16.1.0/24 10.255.0.11
expect 60 "RIP: a spoke learns the other's, with the other as next hop" learned s1 172.16.2.0/24 10.255.0.12
expect 20 "RIP: data arrives" answered s1 172.16.1.1 172.16.2.1
expect 30 "RIP, Phase 2: data goes straight" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
