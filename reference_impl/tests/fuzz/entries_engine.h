/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entries_engine: a whole node fed with anything in any order: a hub with three registered spokes and a
 * server of its own, configured in one of several ways, gets a list of steps, each an input of some kind, at some time, with some octets. After
 * each step the node's promises are checked: what it sends can be decoded and fits, tables stay within their
 * limits, no error is reported about an error, none twice.
 */
#ifndef DMVPNKIT_TESTS_FUZZ_ENTRIES_ENGINE_H
#define DMVPNKIT_TESTS_FUZZ_ENTRIES_ENGINE_H

#include "base/cursor.h"

/* What a step's octets are; three bits. The other bits of that octet say who sends them. */
enum fuzz_step_kind {
    FUZZ_STEP_UNDERLAY, /* a packet from its outer IP header on */
    FUZZ_STEP_NHRP,     /* a message, whose size and checksum are made right */
    FUZZ_STEP_DATA,     /* an inner IP packet */
    FUZZ_STEP_OVERLAY,  /* a packet from the host side */
    FUZZ_STEP_TIME,     /* much time passes */
    FUZZ_STEP_LINK,
    FUZZ_STEP_ROUTE,
    FUZZ_STEP_ADMIN,
    FUZZ_STEP_KINDS,
};

/* How the node is configured; bits. */
enum fuzz_profile {
    FUZZ_PROFILE_FORWARD = 1,        /* passes resolutions on where it could answer them */
    FUZZ_PROFILE_PASSWORD = 2,       /* cleartext authentication */
    FUZZ_PROFILE_CHECKED = 4,        /* GRE with checksum and sequence number */
    FUZZ_PROFILE_POINT_TO_POINT = 8, /* a Phase 1 spoke, which takes no clients */
};

/* The profile; then steps: kind and sender, time (in 16 ms), length (two octets), octets. */
void fuzz_engine(const uint8_t *data, size_t len);

#define FUZZ_STEP_HEADER 4
/* Write one step; out has room for FUZZ_STEP_HEADER + octets.len. Returns its length. */
size_t fuzz_engine_step(uint8_t *out, enum fuzz_step_kind kind, unsigned sender, uint8_t time,
                        struct span octets);

#endif
