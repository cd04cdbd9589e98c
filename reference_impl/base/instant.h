/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * instant: a point in time that cannot be mixed up with a number.
 *
 * Microseconds since an epoch that the driver chooses (the start of a simulation, or the daemon's monotonic
 * clock). Durations are plain int64_t whose names carry their unit.
 */
#ifndef DMVPNKIT_BASE_INSTANT_H
#define DMVPNKIT_BASE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

struct instant {
    int64_t us;
};

#define INSTANT_NEVER ((struct instant){.us = INT64_MAX})
#define US_PER_S INT64_C(1000000)
#define US_PER_MS INT64_C(1000)

static inline bool instant_before(struct instant a, struct instant b)
{
    return a.us < b.us;
}

/* True from the instant `when` on. */
static inline bool instant_reached(struct instant now, struct instant when)
{
    return now.us >= when.us;
}

static inline struct instant instant_min(struct instant a, struct instant b)
{
    return a.us < b.us ? a : b;
}

/* t + us; stays "never" instead of overflowing. */
static inline struct instant instant_after_us(struct instant t, int64_t us)
{
    return t.us > INT64_MAX - us ? INSTANT_NEVER : (struct instant){.us = t.us + us};
}

static inline struct instant instant_after_s(struct instant t, int64_t s)
{
    return instant_after_us(t, s * US_PER_S);
}

/* From a to b, negative if b is earlier. */
static inline int64_t instant_diff_us(struct instant a, struct instant b)
{
    return b.us - a.us;
}

#endif
