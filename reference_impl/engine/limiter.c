/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/limiter.h"

#include <stdlib.h>

#define TOKEN UINT64_C(1000000) /* a microsecond at one token a second brings one millionth */

struct limiter limiter_of(uint32_t per_s)
{
    return (struct limiter){.per_s = per_s, .fill = per_s * TOKEN};
}

bool limiter_take(struct limiter *limiter, struct instant now)
{
    if (limiter->per_s == 0)
        return true;
    uint64_t most = limiter->per_s * TOKEN;
    int64_t elapsed = instant_diff_us(limiter->filled_at, now);
    limiter->filled_at = now;
    if (elapsed >= US_PER_S)
        limiter->fill = most;
    else if (elapsed > 0)
        limiter->fill += (uint64_t)elapsed * limiter->per_s;
    if (limiter->fill > most)
        limiter->fill = most;
    if (limiter->fill < TOKEN)
        return false;
    limiter->fill -= TOKEN;
    return true;
}

struct limiter_table *limiter_table_create(uint32_t per_s, uint64_t seed)
{
    struct limiter_table *table = malloc(sizeof *table);
    if (!table)
        return NULL;
    table->seed = seed;
    for (size_t i = 0; i < LIMITER_BUCKETS; i++)
        table->buckets[i] = limiter_of(per_s);
    return table;
}

bool limiter_table_take(struct limiter_table *table, struct addr who, struct instant now)
{
    return limiter_take(&table->buckets[addr_hash(who, table->seed) % LIMITER_BUCKETS], now);
}
