/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * narrator: the comments in a capture, for people who read it: who speaks to whom, what happens and why, and
 * the clause that asks for it.
 */
#ifndef DMVPNKIT_SIM_NARRATOR_H
#define DMVPNKIT_SIM_NARRATOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "drivers/sim/scenario.h"
#include "engine/io.h"

#define NARRATOR_COMMENT_MAX 1024

struct narration {
    const char *from;
    const char *to;     /* NULL when nobody is at the destination */
    const char *words;  /* why it is sent */
    const char *clause; /* what asks for it */
    struct span packet; /* outer IP header first */
    struct span inside; /* the same without ESP around it; empty: there is none */
    unsigned copies;    /* how often it arrives; 0: lost */
    unsigned piece;     /* which fragment of a packet that was split on the way, from 1; 0: whole */
    size_t link_mtu;    /* not 0: the packet does not fit a link of so many octets, and may not be split */
    bool scripted;      /* the scenario's own packet, not a node's */
};

/* "spoke1 to hub: registers with its next hop server: 10.255.0.11 tells ... [RFC2332 §5.2.3]" */
const char *narrator_packet(const struct narration *narration, char comment[NARRATOR_COMMENT_MAX]);

/* The comment of the whole capture: story, phase, clauses, seed. malloc()ed; NULL when memory runs out. */
char *narrator_capture(const struct scenario *scenario, uint64_t seed);

#endif
