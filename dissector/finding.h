/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings: expert items that name the requirement they are about.
 * Owns: struct finding, which findings the strictness preference shows. Must not: know what is found.
 */
#ifndef DMVPN_FINDING_H
#define DMVPN_FINDING_H

#include "compat.h"
#include <epan/expert.h>
#include <epan/packet.h>

/* Where a finding comes from, and so who wants to see it */
enum finding_origin {
    FINDING_FACT,   /* something happened: always shown */
    FINDING_RULE,   /* a document forbids it: always shown */
    FINDING_HABIT,  /* a document forbids it, yet widespread routers do it and all peers accept it */
    FINDING_STRICT, /* what only a reader of the letter of the documents calls a fault */
};

/* How much to report; the strictness preference */
enum finding_strictness {
    STRICTNESS_LENIENT = 0, /* facts and rules */
    STRICTNESS_NORMAL = 1,  /* and habits */
    STRICTNESS_LETTER = 2,  /* everything */
};

struct finding {
    expert_field expert;
    enum finding_origin origin;
    const char *requirement; /* id in the table of requirements */
};

extern int finding_strictness;

/* Report a finding at an item (which may be NULL) with the text it is registered with. */
void finding_add(packet_info *pinfo, proto_item *item, struct finding *finding);

/* The same with a text made for the occasion; the requirement id is put behind it. */
void finding_add_text(packet_info *pinfo, proto_item *item, struct finding *finding, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

#endif
