/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_findings: see story_findings.h. */
#include "explain/story_findings.h"

void story_each_finding(const struct story *story, size_t frame, story_finding_fn *fn, void *arg)
{
    const struct audit_finding *finding;
    for (size_t i = 0; (finding = audit_finding_at(story->audit, i)) != NULL; i++)
        for (size_t k = 0; k < finding->frame_count; k++)
            if (finding->frames[k] == frame) {
                struct story_finding out = {.rule = finding->rule,
                                            .about = finding->about,
                                            .evidence = k == 0 ? finding->evidence : audit_rule_words(finding->rule)};
                fn(arg, &out);
                break;
            }
}
