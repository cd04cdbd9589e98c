/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seeds: good inputs for the fuzz targets that captures/vectors has nothing for: ESP and RIP.
 */
#ifndef DMVPNKIT_TESTS_FUZZ_SEEDS_H
#define DMVPNKIT_TESTS_FUZZ_SEEDS_H

#include "base/cursor.h"

struct seed {
    const char *name;
    struct span octets;
};

size_t seeds_count(void);
struct seed seeds_get(size_t i);

#endif
