#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The man pages are free of faults, as far as mandoc can tell, and the completions are at least well-formed.
cd "$(dirname "$0")" || exit 1
if ! command -v mandoc >/dev/null; then
    echo "SKIPPED: mandoc is missing: install package 'mandoc'"
    exit 77
fi
failed=0
for page in ./*.[1-8]; do
    # Other systems' pages are not on every machine, or not in its index: whether they exist is not looked at.
    mandoc -T lint -W style "$page" | grep -v -e 'referenced manual not found' -e 'outdated mandoc.db' && failed=1
done
bash -n ../completion/dmvpnkit.bash || failed=1
if command -v zsh >/dev/null; then
    zsh -n ../completion/_dmvpnkit || failed=1
fi
exit $failed
