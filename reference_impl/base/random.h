/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * random: a small seeded generator (SplitMix64), the only source of chance above the drivers.
 *
 * The same seed gives the same sequence on every machine. Not for secrets.
 */
#ifndef DMVPNKIT_BASE_RANDOM_H
#define DMVPNKIT_BASE_RANDOM_H

#include <stdint.h>

struct random_state {
    uint64_t word;
};

struct random_state random_seeded(uint64_t seed);
uint64_t random_u64(struct random_state *r);
/* Evenly from [0, bound); bound 0 gives 0. */
uint64_t random_below(struct random_state *r, uint64_t bound);

#endif
