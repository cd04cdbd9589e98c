/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/random.h"

struct random_state random_seeded(uint64_t seed)
{
    return (struct random_state){.word = seed};
}

uint64_t random_u64(struct random_state *r)
{
    uint64_t z = (r->word += 0x9e3779b97f4a7c15ULL);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
    return z ^ z >> 31;
}

uint64_t random_below(struct random_state *r, uint64_t bound)
{
    if (bound == 0)
        return 0;
    uint64_t uneven = -bound % bound; /* values below this would make small results likelier */
    uint64_t value;
    do
        value = random_u64(r);
    while (value < uneven);
    return value % bound;
}
