# SPDX-License-Identifier: GPL-2.0-or-later
# network: the virtual machine and the networks in it. The underlay is one bridge, 192.0.2.0/24, in a namespace of its
# own; each node is a namespace with one interface there and one to its site.

machine_start() {
    mount -t proc proc /proc
    mount -t sysfs sys /sys
    mount -t devtmpfs dev /dev 2>/dev/null
    mount -t tmpfs tmpfs /run
    mkdir -p /run/netns /run/frr /run/lab
    chmod 777 /run/frr /run/lab
    local module
    for module in veth bridge dummy tun ip_gre ip6_gre ip_tables iptable_filter iptable_nat nfnetlink_log xt_NFLOG \
        xt_hashlimit xt_MASQUERADE sch_netem; do
        modprobe -d "$LAB_MODULES" $module || echo "no module $module"
    done
    [ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
    [ -e /dev/net/tun ] || { mkdir -p /dev/net; mknod /dev/net/tun c 10 200; }
    sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip link set lo up
    ip netns add wan
    ip -n wan link add br0 type bridge
    ip -n wan link set br0 up
    ip netns exec wan tcpdump -Z root -U -i br0 -w "$LAB_OUT/wan.pcap" \
        'proto gre or proto 50 or udp port 500 or udp port 4500' >/dev/null 2>&1 &
    until [ -s "$LAB_OUT/wan.pcap" ]; do sleep 0.1; done
}

# node NAME NBMA SITE: a router with a site behind it.
node() {
    ip netns add "$1"
    ip link add "u$1" type veth peer name eth0 netns "$1"
    ip link set "u$1" netns wan
    ip -n wan link set "u$1" master br0 up
    ip -n "$1" link set lo up
    ip -n "$1" link set eth0 up
    ip -n "$1" addr add "$2/24" dev eth0
    ip -n "$1" link add lan0 type dummy
    ip -n "$1" link set lan0 up
    ip -n "$1" addr add "$3/24" dev lan0
    ip netns exec "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
        net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
}

# kernel_tunnel NODE NBMA ADDRESS [REMOTE]: the kernel's own GRE tunnel, multipoint unless it has a remote end.
# FRR wants a host's prefix on it.
kernel_tunnel() {
    if [ -n "${4:-}" ]; then
        ip -n "$1" tunnel add gre1 mode gre key 42 ttl 64 local "$2" remote "$4" dev eth0
    else
        ip -n "$1" tunnel add gre1 mode gre key 42 ttl 64 local "$2" dev eth0
    fi
    ip -n "$1" addr add "$3" dev gre1
    ip -n "$1" link set gre1 up mtu 1400
}

# route NODE PREFIX VIA: through whichever tunnel the node has.
route() {
    local device=gre1
    ip -n "$1" link show gre1 >/dev/null 2>&1 || device=dmvpn0
    ip -n "$1" route replace "$2" via "$3" dev $device onlink
}

# loss NODE PERCENT: of what the node sends and gets on the underlay.
loss() {
    ip netns exec "$1" tc qdisc replace dev eth0 root netem loss "$2%"
    ip netns exec wan tc qdisc replace dev "u$1" root netem loss "$2%"
}
