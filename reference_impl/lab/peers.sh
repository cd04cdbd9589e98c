# SPDX-License-Identifier: GPL-2.0-or-later
# peers: the programs under study, one set to a namespace: dmvpnd, and FRR's daemons.

live=$LAB_BUILD/reference_impl/drivers/live

# FRR of this machine, or of another root folder (make-root), which then sees this machine's /proc, /sys, /dev and /run.
frr_inside=
if [ -n "${LAB_FRR_ROOT:-}" ]; then
    frr_inside="chroot $LAB_FRR_ROOT"
fi
frr_root_mount() {
    local folder
    [ -n "${LAB_FRR_ROOT:-}" ] || return 0
    for folder in proc sys dev run; do mount --rbind "/$folder" "$LAB_FRR_ROOT/$folder"; done
}

# dmvpnd_start NODE: with the configuration on standard input, which gets the rest of what each needs here.
dmvpnd_start() {
    local folder=/run/lab/$1
    mkdir -p "$folder"
    {
        printf 'control: %s/control\nstate: %s/state\nlog: {format: json, trace: true}\n' "$folder" "$folder"
        cat
    } >"$folder/dmvpnd.yaml"
    dmvpnd_again "$1"
}

# dmvpnd_again NODE: with the configuration that it has.
dmvpnd_again() {
    ip netns exec "$1" "$live/dmvpnd" -c "/run/lab/$1/dmvpnd.yaml" 2>>"$LAB_OUT/$1-dmvpnd.log" &
    echo $! >"/run/lab/$1/dmvpnd.pid"
    until [ -S "/run/lab/$1/control" ]; do
        kill -0 "$(cat "/run/lab/$1/dmvpnd.pid")" || return 1
        sleep 0.1
    done
}

dmvpnd_signal() { kill "-$2" "$(cat "/run/lab/$1/dmvpnd.pid")"; }

# ours NODE WORD...: ask a dmvpnd.
ours() {
    local node=$1
    shift
    "$live/dmvpnctl" -s "/run/lab/$node/control" "$@"
}

# frr_start NODE: zebra, and nhrpd with the configuration on standard input.
frr_start() {
    local folder=/run/lab/$1
    mkdir -p "$folder"
    chmod 777 "$folder"
    # zebra gets lines of its own only: some versions do not survive others.
    printf 'hostname %s\nlog file %s/zebra.log\n' "$1" "$folder" >"$folder/zebra.conf"
    frr_daemon "$1" zebra <"$folder/zebra.conf"
    { printf 'debug nhrp all\n'; cat; } | frr_daemon "$1" nhrpd
}

# frr_daemon NODE DAEMON: with the configuration on standard input.
frr_daemon() {
    local folder=/run/lab/$1
    { printf 'hostname %s\nlog file %s/%s.log debugging\n' "$1" "$folder" "$2"; cat; } >"$folder/$2.new"
    mv "$folder/$2.new" "$folder/$2.conf"
    frr_again "$1" "$2"
}

frr_again() {
    local folder=/run/lab/$1
    ip netns exec "$1" $frr_inside "/usr/lib/frr/$2" -d -u root -g frrvty -f "$folder/$2.conf" \
        -z "$folder/zserv.api" --vty_socket "$folder" -i "$folder/$2.pid"
}

# frr NODE COMMAND: ask FRR.
frr() { ip netns exec "$1" $frr_inside vtysh --vty_socket "/run/lab/$1" -c "$2"; }
frr_kill() { kill -9 "$(cat "/run/lab/$1/$2.pid")"; }

# FRR's hub tells of better paths when the kernel shows it packets that go back into the tunnel.
frr_redirects() {
    ip netns exec "$1" iptables-legacy -A FORWARD -i gre1 -o gre1 -m hashlimit --hashlimit-upto 4/minute \
        --hashlimit-burst 1 --hashlimit-mode srcip,dstip --hashlimit-srcmask 24 --hashlimit-dstmask 24 \
        --hashlimit-name redirects -j NFLOG --nflog-group 1 --nflog-size 128
}

# FRR nodes as the scenarios want them: frr_hub NODE NBMA ADDRESS HOLD [redirect], frr_spoke NODE NBMA ADDRESS HOLD
# HUB-NBMA [shortcut|"" [dynamic]].
frr_hub() {
    kernel_tunnel "$1" "$2" "$3/32"
    [ -z "${5:-}" ] || frr_redirects "$1"
    frr_start "$1" <<CONF
nhrp nflog-group 1
interface gre1
 ip nhrp holdtime $4
 ${5:+ip nhrp redirect}
 ip nhrp network-id 1
 ip nhrp registration no-unique
 tunnel source eth0
exit
CONF
}

frr_spoke() {
    kernel_tunnel "$1" "$2" "$3/32"
    frr_start "$1" <<CONF
interface gre1
 ip nhrp holdtime $4
 ${6:+ip nhrp shortcut}
 ip nhrp network-id 1
 ip nhrp nhs ${7:-10.255.0.1} nbma $5
 ip nhrp registration no-unique
 tunnel source eth0
exit
CONF
}

# dmvpnd nodes: our_hub NODE NBMA ADDRESS HOLD NHRP-KEYS..., our_spoke NODE NBMA ADDRESS HOLD HUB-NBMA NHRP-KEYS...
our_hub() {
    local more="${*:5}"
    dmvpnd_start "$1" <<CONF
tunnels:
  - name: dmvpn0
    nbma: $2
    tunnel: {address: $3/24, mode: multipoint, key: 42}
    nhrp: {hold_s: $4${more:+, $more}}
CONF
}

our_spoke() {
    local more="${*:6}"
    dmvpnd_start "$1" <<CONF
tunnels:
  - name: dmvpn0
    nbma: $2
    tunnel: {address: $3/24, mode: multipoint, key: 42}
    nhrp:
      hold_s: $4
      nhs: [{protocol: 10.255.0.1, nbma: $5}]
      ${more:-unique: false}
CONF
}

peers_keep_logs() {
    local folder
    for folder in /run/lab/*/; do
        local node
        node=$(basename "$folder")
        local file
        for file in "$folder"*.log "$folder"*.conf "$folder"*.yaml; do
            [ -e "$file" ] && cp "$file" "$LAB_OUT/$node-$(basename "$file")"
        done
    done
}
