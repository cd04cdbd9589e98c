# SPDX-License-Identifier: GPL-2.0-or-later
# strongswan: one IKE daemon a node, with a pre-shared key, and the kernel's ESP in transport mode for GRE. Trap
# policies, one for each peer, so that the first packet to a peer starts IKE.

# Debian's modules for ESP come without the aliases by which the kernel finds its ciphers: a helper loads them.
strongswan_machine() {
    local module
    for module in xfrm_algo xfrm_user esp4 af_key gcm ghash-generic ctr seqiv echainiv ccm cbc cmac sha256_generic \
        sha512_generic authenc drbg; do
        modprobe -d "$LAB_MODULES" $module || echo "no module $module"
    done
    printf '#!/bin/sh\nexec /usr/sbin/modprobe -d %s "$@"\n' "$LAB_MODULES" >/run/lab/modprobe
    chmod 755 /run/lab/modprobe
    echo /run/lab/modprobe >/proc/sys/kernel/modprobe
}

# strongswan_start NODE NBMA PEER...
strongswan_start() {
    local node=$1 nbma=$2 folder=/run/lab/$1/swan peer
    shift 2
    mkdir -p "$folder"
    cat >"$folder/strongswan.conf" <<CONF
charon-systemd {
  # Just what is needed: some plugins of Debian's bring their own IPsec, or exempt whole networks from it.
  load = random nonce openssl aes sha1 sha2 hmac kdf gcm kernel-netlink socket-default vici
  install_routes = no
  install_virtual_ip = no
  plugins { vici { socket = unix://$folder/vici } }
  filelog { log { path = $LAB_OUT/$node-charon.log
    default = 1
    flush_line = yes } }
}
swanctl { plugins { vici { socket = unix://$folder/vici } } }
CONF
    {
        echo 'connections {'
        for peer in "$@"; do
            cat <<CONF
  to-${peer//./-} {
    version = 2
    local_addrs = $nbma
    remote_addrs = $peer
    proposals = aes128-sha256-modp2048
    local { auth = psk }
    remote { auth = psk }
    children { gre {
      mode = transport
      local_ts = dynamic[gre]
      remote_ts = dynamic[gre]
      esp_proposals = aes128gcm16
      start_action = trap
    } }
  }
CONF
        done
        echo '}'
        echo 'secrets { ike { secret = "dmvpnkit" } }'
    } >"$folder/swanctl.conf"
    ip netns exec "$node" env STRONGSWAN_CONF="$folder/strongswan.conf" charon-systemd >"$LAB_OUT/$node-charon.txt" 2>&1 &
    echo $! >"$folder/pid"
    until [ -S "$folder/vici" ]; do sleep 0.2; done
    strongswan "$node" --load-all --file "$folder/swanctl.conf" >>"$LAB_OUT/$node-charon.txt" 2>&1
}

# strongswan NODE ARGUMENT...: swanctl.
strongswan() {
    local node=$1
    shift
    ip netns exec "$node" env STRONGSWAN_CONF="/run/lab/$node/swan/strongswan.conf" swanctl "$@" \
        --uri "unix:///run/lab/$node/swan/vici" 2>&1 | grep -v '^plugin '
}

# strongswan_cloud: hub, s1 and s2 with an IKE daemon each and a trap policy for every other. Fails, with a note, where
# there is no strongSwan.
strongswan_cloud() {
    if ! command -v charon-systemd >/dev/null; then
        note skip "charon-systemd is missing: apt-get install charon-systemd strongswan-swanctl"
        return 1
    fi
    strongswan_machine
    node hub 192.0.2.1 172.16.0.1
    node s1 192.0.2.11 172.16.1.1
    node s2 192.0.2.12 172.16.2.1
    strongswan_start hub 192.0.2.1 192.0.2.11 192.0.2.12
    strongswan_start s1 192.0.2.11 192.0.2.1 192.0.2.12
    strongswan_start s2 192.0.2.12 192.0.2.1 192.0.2.11
}
