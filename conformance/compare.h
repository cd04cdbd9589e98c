/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare: one frame of the capture against one frame of the implementation, field by field, under the
 * policy.
 */
#ifndef DMVPNKIT_CONFORMANCE_COMPARE_H
#define DMVPNKIT_CONFORMANCE_COMPARE_H

#include "case.h"
#include "field.h"
#include "id_map.h"
#include "policy.h"
#include "requirements.h"
#include "verdict.h"

struct compare_context {
    struct policy_context policy;
    const struct iut_config *config;
    const struct frame_override *override; /* or NULL */
    const struct id_map *ids;
    const struct requirement_table *requirements;
};

/* A packet with its fields. */
struct compared_packet {
    struct span bytes;
    const struct packet *packet;
    const struct field_list *fields;
};

struct comparison {
    struct difference *differences; /* free() it, or hand it on */
    size_t count;
    size_t cap;
    bool failed; /* one of them is more than a note */
};

void compare_packets(const struct compare_context *context, const struct compared_packet *expected,
                     const struct compared_packet *actual, struct comparison *out);

#endif
