/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict: see verdict.h. */
#include "verdict.h"

#include <stdlib.h>

#include "memory.h"

struct finding *result_add_finding(struct case_result *result, enum finding_kind kind)
{
    result->findings = memory_room_for_one(result->findings, result->finding_count, &result->finding_cap,
                                           sizeof(*result->findings));
    struct finding *finding = &result->findings[result->finding_count++];
    *finding = (struct finding){.kind = kind};
    return finding;
}

static int64_t finding_time(const struct finding *finding)
{
    return finding->has_expected_at ? finding->expected_us : finding->actual_us;
}

static int compare_times(const void *a, const void *b)
{
    int64_t ta = finding_time(a), tb = finding_time(b);
    return (ta > tb) - (ta < tb);
}

void result_conclude(struct case_result *result)
{
    if (result->finding_count > 1)
        qsort(result->findings, result->finding_count, sizeof(*result->findings), compare_times);
    if (result->verdict == VERDICT_ERROR)
        return;
    result->verdict = result->finding_count > 0 ? VERDICT_NON_STRICT : VERDICT_PASS;
    for (size_t i = 0; i < result->finding_count; i++)
        if (!result->findings[i].is_note)
            result->verdict = VERDICT_FAIL;
}

void result_free(struct case_result *result)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        free(result->findings[i].expected);
        free(result->findings[i].actual);
        free(result->findings[i].differences);
    }
    free(result->findings);
    free(result->error);
    *result = (struct case_result){0};
}

const char *verdict_words(enum verdict verdict)
{
    static const char *const words[] = {"pass", "non-strict", "fail", "error"};
    return words[verdict];
}

const char *finding_words(enum finding_kind kind)
{
    static const char *const words[] = {
        "fields differ",
        "missing",
        "wrong time",
        "unexpected",
        "undecodable",
        "not delivered to the host side",
        "unexpected delivery to the host side",
    };
    return words[kind];
}
