/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report_text: results for a person at a terminal. */
#include "report/report.h"

#include <inttypes.h>
#include <string.h>

#define NAME_WIDTH  30
#define VALUE_WIDTH 24

static const char *colour_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS:
        return "\033[32m";
    case VERDICT_NON_STRICT:
        return "\033[33m";
    default:
        return "\033[31m";
    }
}

static void print_time(FILE *out, const char *label, int64_t us)
{
    fprintf(out, "%s %" PRId64 ".%06" PRId64 " s", label, us / 1000000, us % 1000000);
}

static void print_requirement(FILE *out, const char *indent, const struct requirement *requirement)
{
    if (requirement == NULL)
        return;
    fprintf(out, "%s  %s  [%s, %s]\n", indent, requirement->id, requirement->clause,
            requirement_level_words(requirement->level));
    fprintf(out, "%s    %s\n", indent, requirement->text);
}

static void print_differences(const struct finding *finding, FILE *out, const char *indent)
{
    fprintf(out, "%s  %-*s %6s  %-*s %s\n", indent, NAME_WIDTH, "field", "octet", VALUE_WIDTH, "expected",
            "actual");
    const struct requirement *last = NULL;
    for (size_t i = 0; i < finding->difference_count; i++) {
        const struct difference *difference = &finding->differences[i];
        if (last != NULL && difference->requirement != last)
            print_requirement(out, indent, last);
        fprintf(out, "%s  %-*s %6zu  %-*s %s%s\n", indent, NAME_WIDTH, difference->name, difference->offset,
                VALUE_WIDTH, difference->expected, difference->actual, difference->is_note ? "  (note)" : "");
        last = difference->requirement;
    }
    print_requirement(out, indent, last);
}

static void print_finding(const struct finding *finding, FILE *out, const char *indent)
{
    fprintf(out, "%s%s%s", indent, finding->is_note ? "note: " : "", finding_words(finding->kind));
    if (finding->frame != 0)
        fprintf(out, ", frame %zu of the capture", finding->frame);
    if (finding->has_expected_at)
        print_time(out, ", expected at", finding->expected_us);
    if (finding->has_actual_at)
        print_time(out, ", came at", finding->actual_us);
    fputc('\n', out);
    if (finding->expected != NULL)
        fprintf(out, "%s  expected: %s\n", indent, finding->expected);
    if (finding->actual != NULL)
        fprintf(out, "%s  actual:   %s\n", indent, finding->actual);
    if (finding->difference_count > 0)
        print_differences(finding, out, indent);
    print_requirement(out, indent, finding->requirement);
}

void report_findings(const struct case_result *result, FILE *out, const char *indent)
{
    if (result->reason != REASON_NONE)
        fprintf(out, "%s%s: %s\n", indent, verdict_reason_code(result->reason),
                verdict_reason_words(result->reason));
    if (result->error != NULL)
        fprintf(out, "%s%s\n", indent, result->error);
    if (result->known != NULL)
        fprintf(out, "%sknown: %s\n", indent, result->known);
    for (size_t i = 0; i < result->finding_count; i++)
        print_finding(&result->findings[i], out, indent);
}

void report_text(const struct run_result *run, FILE *out, bool colour)
{
    size_t width = 0;
    for (size_t i = 0; i < run->count; i++)
        if (strlen(run->cases[i].c->id) > width)
            width = strlen(run->cases[i].c->id);
    for (size_t i = 0; i < run->count; i++) {
        const struct case_result *result = &run->cases[i];
        fprintf(out, "%s%-16s%s  %-*s  %s", colour ? colour_of(result->verdict) : "",
                verdict_words(result->verdict), colour ? "\033[0m" : "", (int)width, result->c->id,
                result->c->title);
        if (result->verdict != VERDICT_ERROR)
            fprintf(out, "  (%zu of %zu frames)", result->matched, result->expected);
        fputc('\n', out);
        report_findings(result, out, "                  ");
    }
    fprintf(out, "%s%s%s: %zu passed", run->implementation, run->deviation != NULL ? " with " : "",
            run->deviation != NULL ? run->deviation : "", run->verdicts[VERDICT_PASS]);
    fprintf(out, ", %zu failed", run->verdicts[VERDICT_FAIL]);
    for (unsigned v = 0; v < VERDICT_COUNT; v++)
        if (v != VERDICT_PASS && v != VERDICT_FAIL && run->verdicts[v] > 0)
            fprintf(out, ", %zu %s", run->verdicts[v], verdict_words((enum verdict)v));
    fprintf(out, ", of %zu\n", run->count);
}
