/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * require: a promise that must hold for any input; a broken one ends the program where a fuzzer sees it.
 */
#ifndef DMVPNKIT_TESTS_FUZZ_REQUIRE_H
#define DMVPNKIT_TESTS_FUZZ_REQUIRE_H

#include <stdio.h>
#include <stdlib.h>

#define REQUIRE(condition)                                                                 \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                       \
        }                                                                                  \
    } while (0)

#endif
