/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link: what happens to a packet between two nodes. Chance comes from the simulation's seeded generator only.
 */
#ifndef DMVPNKIT_SIM_LINK_H
#define DMVPNKIT_SIM_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/random.h"

#define LINK_COPIES_MAX 2
#define LINK_CERTAIN    1000000u /* parts in a million */

/* Times are one way; chances in parts in a million. All zero: everything arrives at once. */
struct link_config {
    int64_t delay_us;
    int64_t jitter_us; /* evenly up to this much more; a later packet may overtake */
    uint32_t loss;
    uint32_t duplicate; /* arrives twice, each copy with its own jitter */
    uint32_t reorder;   /* held back by reorder_us, so that later ones overtake */
    int64_t reorder_us;
    size_t mtu; /* octets of a whole IP packet; 0: any size passes */
};

struct link_fate {
    unsigned copies; /* 0: lost */
    struct instant arrivals[LINK_COPIES_MAX];
};

/* Send one packet that fits the link at the instant `sent`. Draws from chance only for what the configuration
 * leaves to chance. */
struct link_fate link_send(const struct link_config *config, struct instant sent,
                           struct random_state *chance);

#endif
