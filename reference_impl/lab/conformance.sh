# SPDX-License-Identifier: GPL-2.0-or-later
# conformance: dmvpn-conform in one namespace, and one implementation in another, which the suite meets on two wires:
# the underlay, where it plays all other stations, and the router's site, where it plays the hosts. The implementation
# is configured from its profile, and starts anew for each case (conformance-reset).

conform=$LAB_BUILD/conformance/dmvpn-conform

# conformance_wires hub|spoke NBMA SITE: a router, and the suite around it in the namespace ROLE-suite.
conformance_wires() {
    [ ! -e "/run/netns/$1" ] || return 0
    node "$1" "$2" "$3"
    ip -n "$1" route add default dev eth0
    ip netns add "$1-suite"
    ip link add "s$1" type veth peer name eth1 netns "$1-suite"
    ip link set "s$1" netns wan
    ip -n wan link set "s$1" master br0 up
    ip -n "$1-suite" link set eth1 up
    ip -n "$1" link del lan0
    ip -n "$1" link add lan0 type veth peer name lan1 netns "$1-suite"
    ip -n "$1" addr add "$3/24" dev lan0
    ip -n "$1" link set lan0 up
    ip -n "$1-suite" link set lan1 up
}

conformance_classes() {
    local file
    for file in "$lab/../../conformance/configurations"/*.yaml; do basename "$file" .yaml; done
}

# conformance_run frr|dmvpnd CLASS [PATTERN...]: the cases of one configuration class. Report and captures are kept.
conformance_run() {
    local who=$1 class=$2 role=${2%%-*} code=0 site
    shift 2
    if [ "$role" = hub ]; then
        site=10.1.0.1
        conformance_wires hub 192.0.2.1 $site
    else
        site=10.1.1.1
        conformance_wires spoke 198.51.100.11 $site
    fi
    mkdir -p "/run/lab/$role" "$LAB_OUT/$class"
    chmod 777 "/run/lab/$role"
    "$conform" configure --profile "$who" --configuration "$class" | grep -v '^! ----' >"$LAB_OUT/$class/configuration"
    "$conform" run --live eth1 --netns "$role-suite" --host-interface lan1 --host-gateway $site --profile "$who" \
        --prepare "$lab/conformance-reset $who $role $LAB_OUT/$class/configuration >>$LAB_OUT/$class/reset.log 2>&1" \
        --configuration "$class" --captures "$LAB_OUT/$class/captures" --format json "$@" \
        >"$LAB_OUT/$class/report.json" 2>"$LAB_OUT/$class/messages" || code=$?
    if [ ! -s "$LAB_OUT/$class/report.json" ]; then
        note fail "$class: no report (exit code $code, see $class/messages)"
        return 0
    fi
    "$lab/conformance-verdict" "$class" "$LAB_OUT/$class/report.json" | tee -a "$LAB_OUT/verdict"
}
