/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limiter: how often something may be done: a bucket that fills with so many tokens a second, holds those of
 * one second, and loses one each time. Pure; time is an argument.
 */
#ifndef DMVPNKIT_ENGINE_LIMITER_H
#define DMVPNKIT_ENGINE_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/instant.h"

struct limiter {
    uint32_t per_s; /* 0: no limit */
    uint64_t fill;  /* millionths of a token */
    struct instant filled_at;
};

/* A full bucket. */
struct limiter limiter_of(uint32_t per_s);
/* Take a token; false if there is none, and nothing must be done. */
bool limiter_take(struct limiter *limiter, struct instant now);

#define LIMITER_BUCKETS 256

/*
 * A limit for each of many, in a fixed room: an address has the bucket that its hash says, so that who asks
 * too often takes away from few others.
 */
struct limiter_table {
    uint64_t seed;
    struct limiter buckets[LIMITER_BUCKETS];
};

/* NULL when memory runs out. Free it with free(). */
struct limiter_table *limiter_table_create(uint32_t per_s, uint64_t seed);
bool limiter_table_take(struct limiter_table *table, struct addr who, struct instant now);

#endif
