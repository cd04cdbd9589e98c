#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The libraries below the drivers do no I/O: what they take from outside must be on this list and nothing else.
# Usage: symbols_test.sh NM ARCHIVE...
set -eu

allowed='
memchr memcmp memcpy memmove memset strlen strnlen strspn strcspn strchr strcmp
malloc calloc realloc free
snprintf vsnprintf inet_pton inet_ntop strtoul __errno_location
_GLOBAL_OFFSET_TABLE_ __stack_chk_fail __assert_fail
'

nm=$1
shift
defined=$("$nm" --defined-only -g "$@" | awk 'NF == 3 { print $3 }' | sort -u)
wanted=$("$nm" -u "$@" | awk '$1 == "U" { print $2 }' | sort -u)
[ -n "$defined" ] && [ -n "$wanted" ] || { echo "nm found no symbols in: $*" >&2; exit 1; }

bad=
for symbol in $wanted; do
    case $symbol in
    __asan_* | __ubsan_* | __gcov_* | __llvm_* | __sanitizer_*) continue ;;
    __*_chk) # the checked variant of a function under _FORTIFY_SOURCE
        symbol=${symbol#__}
        symbol=${symbol%_chk} ;;
    __isoc23_*) symbol=${symbol#__isoc23_} ;;
    EVP_* | OSSL_PARAM_construct_* | CRYPTO_memcmp | OPENSSL_cleanse) continue ;; # computation, no I/O
    esac
    printf '%s\n' $allowed $defined | grep -qxF -- "$symbol" || bad="$bad $symbol"
done
if [ -n "$bad" ]; then
    echo "symbols that libraries below the drivers must not use:$bad" >&2
    exit 1
fi
echo "$(printf '%s\n' $wanted | wc -l) symbols wanted, all allowed"
