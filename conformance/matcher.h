/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * matcher: finds for each packet that comes back the frame of the capture that it is, compares the two, and
 * at the end says what was missing and what was too much.
 */
#ifndef DMVPNKIT_CONFORMANCE_MATCHER_H
#define DMVPNKIT_CONFORMANCE_MATCHER_H

#include "case.h"
#include "id_map.h"
#include "requirements.h"
#include "script.h"
#include "verdict.h"

/* A packet that matched nothing when it came. */
struct stray {
    struct instant at;
    uint8_t *bytes;
    size_t len;
    size_t sent;  /* its place in the result's frames, + 1 */
    bool claimed; /* accounted for after all */
};

struct matcher {
    const struct conform_case *c;
    const struct script *script;
    const struct requirement_table *requirements;
    struct case_result *result;
    struct id_map ids;
    size_t sent;     /* the packet being taken, as finding.sent */
    bool *matched;   /* per step: this expected frame came */
    bool *injected;  /* per step: this frame was sent to the implementation */
    bool *delivered; /* per step: its inner packet came out on the host side */
    struct stray *strays;
    size_t stray_count;
    size_t stray_cap;
};

/* Everything given must outlive the matcher. Free with matcher_end(). */
void matcher_begin(struct matcher *m, const struct conform_case *c, const struct script *script,
                   const struct requirement_table *requirements, struct case_result *result);
/* A packet came on the underlay: the step that it is, or STEP_NONE. Findings go to the result. */
size_t matcher_take_frame(struct matcher *m, struct instant at, struct span bytes);
/* A packet came out on the host side. */
void matcher_take_delivery(struct matcher *m, struct instant at, struct span bytes);
/* Step `step` has been sent to the implementation. */
void matcher_note_injected(struct matcher *m, size_t step);
/* Has the expected frame come? */
bool matcher_has(const struct matcher *m, size_t step);
/* Nothing more will come: what is missing, what is left over. Packets after `end` are nobody's business. */
void matcher_conclude(struct matcher *m, struct instant end, bool sees_host_side);
void matcher_end(struct matcher *m);

#endif
