/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report_markdown: results as Markdown, for an issue or a wiki. */
#include "report/report.h"

/* '|' would end a cell, '<' begin HTML. */
static void print_cell(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '|' || *text == '<' || *text == '*' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

static bool is_worth_explaining(const struct case_result *result)
{
    return result->verdict != VERDICT_PASS &&
           (result->finding_count > 0 || result->error != NULL || result->reason != REASON_NONE);
}

static void print_case(const struct case_result *result, FILE *out)
{
    fprintf(out, "\n### %s: %s\n\n", result->c->id, verdict_words(result->verdict));
    print_cell(result->c->title, out);
    fputs(".\n", out);
    if (result->reason != REASON_NONE)
        fprintf(out, "\nReason: %s.\n", verdict_reason_words(result->reason));
    if (result->known != NULL)
        fprintf(out, "\nKnown: %s\n", result->known);
    fputs("\n```\n", out);
    report_findings(result, out, "");
    fputs("```\n", out);
}

void report_markdown(const struct run_result *run, FILE *out)
{
    fputs("# Conformance of ", out);
    print_cell(run->implementation, out);
    if (run->deviation != NULL)
        fprintf(out, " with %s", run->deviation);
    fputs("\n\n| verdict | cases |\n|---|---|\n", out);
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        if (run->verdicts[verdict] > 0)
            fprintf(out, "| %s | %zu |\n", verdict_words((enum verdict)verdict), run->verdicts[verdict]);
    fputs("\n| case | verdict | phase | role | what it is about |\n|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < run->count; i++) {
        const struct case_result *result = &run->cases[i];
        fprintf(out, "| %s | %s | %u | %s | ", result->c->id, verdict_words(result->verdict),
                result->c->phase, case_role_words(result->c->role));
        print_cell(result->c->title, out);
        fputs(" |\n", out);
    }
    for (size_t i = 0; i < run->count; i++)
        if (is_worth_explaining(&run->cases[i]))
            print_case(&run->cases[i], out);
}
