# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for bash: dmvpnd, dmvpnctl, dmvpn-sim, dmvpn-conform.

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
    *) _dmvpnkit_words "-c --config --check --help --version" ;;
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
        _dmvpnkit_words "show clear register purge trace capture -s --socket -t --tunnel -j --json --data --count --seconds --help \
--version"
        ;;
    esac
}

_dmvpn_sim() {
    case ${COMP_WORDS[COMP_CWORD]} in
    -*) _dmvpnkit_words "-o --output --seed --table --trace --trace-json --help --version" ;;
    *) _dmvpnkit_files ;;
    esac
}

_dmvpn_conform() {
    if [ "$COMP_CWORD" = 1 ]; then
        _dmvpnkit_words "list run policy deviations --help --version"
        return
    fi
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    --iut) _dmvpnkit_words "reference silent" ;;
    --format) _dmvpnkit_words "text tap json" ;;
    --deviation) _dmvpnkit_words "$(dmvpn-conform deviations 2>/dev/null | awk '{print $1}')" ;;
    --data) _dmvpnkit_files ;;
    *)
        _dmvpnkit_words "--iut --format --exclude --deviation --data --requirements --help \
$(dmvpn-conform list 2>/dev/null | awk '{print $1}')"
        ;;
    esac
}

_dmvpn_explain() {
    case ${COMP_WORDS[COMP_CWORD]} in
    -*) _dmvpnkit_words "--text --json --html --mermaid --svg -o --output --esp-sa --frames --help --version" ;;
    *) _dmvpnkit_files ;;
    esac
}

complete -F _dmvpn_explain dmvpn-explain
complete -F _dmvpnd dmvpnd
complete -F _dmvpnctl dmvpnctl
complete -F _dmvpn_sim dmvpn-sim
complete -F _dmvpn_conform dmvpn-conform
