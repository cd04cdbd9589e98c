/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report_tap: results in the Test Anything Protocol, version 14. */
#include "report/report.h"

/* '#' would begin a directive; no title has one, but an id comes from a file name. */
static void print_description(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '#' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

void report_tap(const struct run_result *run, FILE *out)
{
    fprintf(out, "TAP version 14\n1..%zu\n", run->count);
    for (size_t i = 0; i < run->count; i++) {
        const struct case_result *result = &run->cases[i];
        bool good = result->verdict == VERDICT_PASS || result->verdict == VERDICT_NON_STRICT;
        fprintf(out, "%s %zu - ", good ? "ok" : "not ok", i + 1);
        print_description(result->c->id, out);
        fputs(" ", out);
        print_description(result->c->title, out);
        fputc('\n', out);
        report_findings(result, out, "# ");
    }
}
