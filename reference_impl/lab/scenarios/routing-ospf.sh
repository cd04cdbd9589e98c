# SPDX-License-Identifier: GPL-2.0-or-later
# OSPF of FRR over our tunnels as a broadcast network, the hub as its designated router: Phase 2.
routing_cloud
routing_daemons ospfd 'interface dmvpn0
 ip ospf network broadcast
 ip ospf hello-interval 2
 ip ospf dead-interval 8
 ip ospf priority 10
exit
router ospf
 ospf router-id 10.255.0.1
 network 10.255.0.0/24 area 0
 network 172.16.0.0/16 area 0' 'interface dmvpn0
 ip ospf network broadcast
 ip ospf hello-interval 2
 ip ospf dead-interval 8
 ip ospf priority 0
exit
router ospf
 ospf router-id 10.255.0.1%i
 network 10.255.0.0/24 area 0
 network 172.16.0.0/16 area 0'
expect 90 "OSPF: the hub learns a spoke's site" learned hub 172.16.1.0/24 10.255.0.11
expect 60 "OSPF: a spoke learns the other's, with the other as next hop" learned s1 172.16.2.0/24 10.255.0.12
expect 20 "OSPF: data arrives" answered s1 172.16.1.1 172.16.2.1
expect 30 "OSPF, Phase 2: data goes straight" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
