/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link: delay, jitter, loss, duplication and reordering. Keeps no state: what is on its way is in the clock's
 * queue. Sizes are the underlay's business (underlay.c).
 */
#include "drivers/sim/link.h"

#include <stdbool.h>

static bool happens(uint32_t parts, struct random_state *chance)
{
    return parts > 0 && random_below(chance, LINK_CERTAIN) < parts;
}

static struct instant arrival(const struct link_config *config, struct instant sent,
                              struct random_state *chance)
{
    int64_t more_us =
        config->jitter_us > 0 ? (int64_t)random_below(chance, (uint64_t)config->jitter_us + 1) : 0;
    if (happens(config->reorder, chance))
        more_us += config->reorder_us;
    return instant_after_us(sent, config->delay_us + more_us);
}

struct link_fate link_send(const struct link_config *config, struct instant sent, struct random_state *chance)
{
    struct link_fate fate = {0};
    if (happens(config->loss, chance))
        return fate;
    fate.copies = happens(config->duplicate, chance) ? 2 : 1;
    for (unsigned i = 0; i < fate.copies; i++)
        fate.arrivals[i] = arrival(config, sent, chance);
    return fate;
}
