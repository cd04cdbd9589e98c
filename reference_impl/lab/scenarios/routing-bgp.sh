# SPDX-License-Identifier: GPL-2.0-or-later
# BGP of FRR over our tunnels, the hub as route reflector with a summary: Phase 3.
routing_cloud
routing_daemons bgpd 'router bgp 65000
 bgp router-id 10.255.0.1
 no bgp default ipv4-unicast
 neighbor spokes peer-group
 neighbor spokes remote-as 65000
 neighbor spokes timers 2 6
 neighbor 10.255.0.11 peer-group spokes
 neighbor 10.255.0.12 peer-group spokes
 address-family ipv4 unicast
  network 172.16.0.0/24
  aggregate-address 172.16.0.0/16 summary-only
  neighbor spokes activate
  neighbor spokes route-reflector-client
  neighbor spokes next-hop-self force' 'router bgp 65000
 bgp router-id 10.255.0.1%i
 no bgp default ipv4-unicast
 neighbor 10.255.0.1 remote-as 65000
 neighbor 10.255.0.1 timers 2 6
 neighbor 10.255.0.1 timers connect 2
 address-family ipv4 unicast
  network 172.16.%i.0/24
  neighbor 10.255.0.1 activate'
expect 90 "BGP: the hub learns a spoke's site" learned hub 172.16.1.0/24 10.255.0.11
expect 60 "BGP: a spoke learns the summary, with the hub as next hop" learned s1 172.16.0.0/16 10.255.0.1
expect 20 "BGP: data arrives" answered s1 172.16.1.1 172.16.2.1
expect 20 "BGP, Phase 3: data goes straight after a redirect" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 \
    192.0.2.1 192.0.2.12
