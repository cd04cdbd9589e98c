# SPDX-License-Identifier: GPL-2.0-or-later
# Routing daemons of FRR over our tunnels, one after the other on the same three routers, each in the phase that suits
# it: RIP and OSPF with next hops that stay (Phase 2), BGP with a summary from a route reflector (Phase 3), EIGRP between
# hub and spokes (Phase 1).
node hub 192.0.2.1 172.16.0.1
our_hub hub 192.0.2.1 10.255.0.1 60 "redirect: true, resolution: forward"
for i in 1 2; do
    node s$i 192.0.2.1$i 172.16.$i.1
    our_spoke s$i 192.0.2.1$i 10.255.0.1$i 60 192.0.2.1 "shortcut: true"
    expect 10 "spoke $i is registered" shows '"state":"registered"' ours s$i --json show nhs
done
for n in hub s1 s2; do
    mkdir -p /run/lab/$n
    chmod 777 /run/lab/$n
    frr_daemon $n zebra <<<""
done

# each DAEMON HUB-LINES SPOKE-LINES: in the lines, %i is the spoke's number.
each() {
    frr_daemon hub "$1" <<<"$2"
    local i
    for i in 1 2; do frr_daemon s$i "$1" <<<"${3//%i/$i}"; done
}

stop() {
    local n
    for n in hub s1 s2; do frr_kill $n "$1"; done
    # What a dead daemon has left, zebra keeps: new ones for the next.
    for n in hub s1 s2; do
        frr_kill $n zebra
        ip -n $n route flush proto "$2" 2>/dev/null || true
        frr_again $n zebra
    done
    for n in s1 s2; do ours $n clear shortcuts; done
}

# learned NODE PREFIX VIA: by the routing daemon, into the kernel, and from there into the node's own table.
learned() {
    ip -n "$1" route show "$2" | grep -q "via $3 dev dmvpn0" &&
        ours "$1" --json show routes | grep -q "\"prefix\":\"$2\",\"kind\":\"via\",\"via\":\"$3\""
}

each ripd 'interface dmvpn0
 no ip rip split-horizon
exit
router rip
 timers basic 5 30 20
 network dmvpn0
 network lan0' 'router rip
 timers basic 5 30 20
 network dmvpn0
 network lan0'
expect 30 "RIP: the hub learns a spoke's site" learned hub 172.16.1.0/24 10.255.0.11
expect 30 "RIP: a spoke learns the other's, with the other as next hop" learned s1 172.16.2.0/24 10.255.0.12
expect 10 "RIP: data arrives" answered s1 172.16.1.1 172.16.2.1
expect 15 "RIP, Phase 2: data goes straight" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
stop ripd rip

each ospfd 'interface dmvpn0
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
expect 60 "OSPF: the hub learns a spoke's site" learned hub 172.16.1.0/24 10.255.0.11
expect 30 "OSPF: a spoke learns the other's, with the other as next hop" learned s1 172.16.2.0/24 10.255.0.12
expect 10 "OSPF: data arrives" answered s1 172.16.1.1 172.16.2.1
expect 15 "OSPF, Phase 2: data goes straight" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 192.0.2.1 192.0.2.12
stop ospfd ospf

each bgpd 'router bgp 65000
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
expect 60 "BGP: the hub learns a spoke's site" learned hub 172.16.1.0/24 10.255.0.11
expect 30 "BGP: a spoke learns the summary, with the hub as next hop" learned s1 172.16.0.0/16 10.255.0.1
expect 20 "BGP: data arrives" answered s1 172.16.1.1 172.16.2.1
expect 20 "BGP, Phase 3: data goes straight after a redirect" goes_direct s1 172.16.1.1 172.16.2.1 192.0.2.11 \
    192.0.2.1 192.0.2.12
stop bgpd bgp

each eigrpd 'router eigrp 1
 network 10.255.0.0/24
 network 172.16.0.0/24' 'router eigrp 1
 network 10.255.0.0/24
 network 172.16.%i.0/24'
expect 60 "EIGRP: the hub learns a spoke's site" learned hub 172.16.1.0/24 10.255.0.11
expect 30 "EIGRP: a spoke learns the hub's site" learned s1 172.16.0.0/24 10.255.0.1
expect 10 "EIGRP, Phase 1: data arrives" answered s1 172.16.1.1 172.16.0.1
