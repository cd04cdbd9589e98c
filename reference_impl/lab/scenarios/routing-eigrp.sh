# SPDX-License-Identifier: GPL-2.0-or-later
# EIGRP of FRR over our tunnels, between hub and spokes: Phase 1. (FRR cannot switch split horizon off.)
routing_cloud
routing_daemons eigrpd 'router eigrp 1
 network 10.255.0.0/24
 network 172.16.0.0/24' 'router eigrp 1
 network 10.255.0.0/24
 network 172.16.%i.0/24'
expect 90 "EIGRP: the hub learns a spoke's site" learned hub 172.16.1.0/24 10.255.0.11
expect 60 "EIGRP: a spoke learns the hub's site" learned s1 172.16.0.0/24 10.255.0.1
expect 20 "EIGRP, Phase 1: data arrives" answered s1 172.16.1.1 172.16.0.1
