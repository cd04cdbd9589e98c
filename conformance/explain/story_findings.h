/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_findings: what the audit finds at a frame. */
#ifndef DMVPNKIT_EXPLAIN_STORY_FINDINGS_H
#define DMVPNKIT_EXPLAIN_STORY_FINDINGS_H

#include "explain/story.h"

struct story_finding {
    const struct audit_rule *rule;
    struct addr about;
    const char *evidence; /* of the finding's first frame; for the others, the rule's words */
};

typedef void story_finding_fn(void *arg, const struct story_finding *finding);
/* Those of which that frame is one of the first AUDIT_FRAMES_MAX. */
void story_each_finding(const struct story *story, size_t frame, story_finding_fn *fn, void *arg);

#endif
