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

size_t result_add_frame(struct case_result *result, enum frame_way way, int64_t at_us, struct span bytes)
{
    result->frames =
        memory_room_for_one(result->frames, result->frame_count, &result->frame_cap, sizeof(*result->frames));
    result->frames[result->frame_count++] = (struct frame_record){
        .way = way, .at_us = at_us, .bytes = memory_copy(bytes.data, bytes.len), .len = bytes.len};
    return result->frame_count;
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
    if (result->verdict == VERDICT_ERROR || result->verdict == VERDICT_NOT_APPLICABLE)
        return;
    if (result->verdict != VERDICT_INCONCLUSIVE)
        result->verdict = result->finding_count > 0 ? VERDICT_NON_STRICT : VERDICT_PASS;
    for (size_t i = 0; i < result->finding_count; i++)
        if (!result->findings[i].is_note)
            result->verdict = VERDICT_FAIL;
}

void run_count(struct run_result *run, enum verdict verdict)
{
    run->verdicts[verdict]++;
}

void result_free(struct case_result *result)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        free(result->findings[i].expected);
        free(result->findings[i].actual);
        free(result->findings[i].differences);
    }
    for (size_t i = 0; i < result->frame_count; i++)
        free(result->frames[i].bytes);
    free(result->frames);
    free(result->findings);
    free(result->error);
    free(result->known);
    *result = (struct case_result){0};
}

const char *verdict_words(enum verdict verdict)
{
    static const char *const words[VERDICT_COUNT] = {
        "pass",
        "non-strict",
        "fail",
        "inconclusive",
        "not applicable",
        "expected failure",
        "unexpected pass",
        "error",
    };
    return words[verdict];
}

const char *finding_words(enum finding_kind kind)
{
    static const char *const words[FINDING_COUNT] = {
        "fields differ",
        "missing",
        "wrong time",
        "unexpected",
        "undecodable",
        "not delivered to the host side",
        "unexpected delivery to the host side",
        "the implementation crashed",
        "no end within the time limit",
        "the implementation stopped answering",
    };
    return words[kind];
}

static const struct {
    const char *code;
    const char *words;
} reasons[REASON_COUNT] = {
    {"", ""},
    {"no-answer", "it answered nothing in this case, so its silence proves nothing"},
    {"precondition", "what the case is built on did not come about"},
    {"host-side", "the host side of the implementation cannot be seen"},
    {"feature", "the implementation does not claim a feature that the case needs"},
    {"unsupported", "the implementation cannot be configured so"},
};

const char *verdict_reason_code(enum verdict_reason reason)
{
    return reasons[reason].code;
}

const char *verdict_reason_words(enum verdict_reason reason)
{
    return reasons[reason].words;
}
