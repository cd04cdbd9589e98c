# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash: dmvpnd, dmvpnctl, dmvpn-sim, dmvpn-conform, dmvpn-explain.

_dmvpnkit_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]}")
}

_dmvpnkit_files() {
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
}

_dmvpnd() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    -c | --config) _dmvpnkit_files ;;
    *) _dmvpnkit_words "-c --config --check -h --help --version" ;;
    esac
}

_dmvpnctl() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    show) _dmvpnkit_words "bindings nhs requests shortcuts told routes tunnels drops counters" ;;
    clear) _dmvpnkit_words "bindings shortcuts" ;;
    trace) _dmvpnkit_words "on off watch" ;;
    capture | -s | --socket) _dmvpnkit_files ;;
    -t | --tunnel | --count | --seconds) COMPREPLY=() ;;
    *)
        _dmvpnkit_words "show clear register purge trace capture -s --socket -t --tunnel -j --json --data --count --seconds \
-h --help --version"
        ;;
    esac
}

_dmvpn_sim() {
    case ${COMP_WORDS[COMP_CWORD]} in
    -*) _dmvpnkit_words "-o --output --seed --table --trace --trace-json -h --help --version" ;;
    *) _dmvpnkit_files ;;
    esac
}

# What a command of dmvpn-conform takes beside --help.
_dmvpn_conform_options() {
    local selection="--exclude --tag --clause --level --role --phase --configuration --with-excluded --data"
    case $1 in
    list) echo "--requirements $selection" ;;
    show) echo "--fields $selection" ;;
    run)
        echo "--iut --exec --live --host-interface --host-gateway --netns --raw --prepare --profile --baseline \
--write-baseline --max-skipped --time-limit --format --captures --deviation $selection"
        ;;
    compare) echo "--matrix --format" ;;
    requirements) echo "--format --data --experts" ;;
    audit) echo "--narrate --format --esp-sa --list --data" ;;
    selftest) echo "--format $selection" ;;
    configure) echo "--profile $selection" ;;
    esac
}

_dmvpn_conform_formats() {
    case $1 in
    run) echo "text tap junit json markdown html" ;;
    compare) echo "text markdown html" ;;
    requirements) echo "text json markdown html" ;;
    *) echo "text json" ;;
    esac
}

_dmvpn_conform() {
    local command=${COMP_WORDS[1]}
    if [ "$COMP_CWORD" = 1 ]; then
        _dmvpnkit_words "list show run compare requirements audit selftest configure features policy deviations --help --version"
        return
    fi
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    --iut) _dmvpnkit_words "reference silent" ;;
    --format) _dmvpnkit_words "$(_dmvpn_conform_formats "$command")" ;;
    --deviation) _dmvpnkit_words "$(dmvpn-conform deviations 2>/dev/null | awk '{print $1}')" ;;
    --level) _dmvpnkit_words "MUST SHOULD MAY DEFACTO" ;;
    --role) _dmvpnkit_words "hub spoke transit" ;;
    --phase) _dmvpnkit_words "1 2 3" ;;
    --data | --experts | --captures | --profile | --baseline | --write-baseline | --esp-sa | --exec) _dmvpnkit_files ;;
    --live | --host-interface) _dmvpnkit_words "$(ls /sys/class/net 2>/dev/null)" ;;
    --host-gateway | --netns | --prepare | --max-skipped | --time-limit | --exclude | --tag | --clause | --configuration)
        COMPREPLY=()
        ;;
    *)
        case ${COMP_WORDS[COMP_CWORD]}:$command in
        -*) _dmvpnkit_words "$(_dmvpn_conform_options "$command") --help" ;;
        *:audit | *:compare) _dmvpnkit_files ;;
        *) _dmvpnkit_words "$(dmvpn-conform list 2>/dev/null | awk '{print $1}')" ;;
        esac
        ;;
    esac
}

_dmvpn_explain() {
    case ${COMP_WORDS[COMP_CWORD]} in
    -*) _dmvpnkit_words "--text --json --html --mermaid --svg -o --output --esp-sa --frames --no-comments --help --version" ;;
    *) _dmvpnkit_files ;;
    esac
}

complete -F _dmvpn_explain dmvpn-explain
complete -F _dmvpnd dmvpnd
complete -F _dmvpnctl dmvpnctl
complete -F _dmvpn_sim dmvpn-sim
complete -F _dmvpn_conform dmvpn-conform
