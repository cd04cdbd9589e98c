/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report_junit: results as JUnit XML, in the dialect that continuous integration systems share. */
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "memory.h"

/* Text or attribute: what XML reserves, and control characters, which it cannot hold at all. */
static void print_escaped(const char *text, FILE *out)
{
    for (; text != NULL && *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '&')
            fputs("&amp;", out);
        else if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else if (c == '\n' || c >= 0x20)
            fputc(c, out);
        else
            fputc('?', out);
    }
}

/* The findings as text, as report_text() has them. free() it. */
static char *findings_text(const struct case_result *result)
{
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    if (memory == NULL)
        memory_missing();
    report_findings(result, memory, "");
    if (fclose(memory) != 0)
        memory_missing();
    return text;
}

static const char *element_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS:
    case VERDICT_NON_STRICT:
        return NULL;
    case VERDICT_FAIL:
    case VERDICT_UNEXPECTED_PASS:
        return "failure";
    case VERDICT_ERROR:
        return "error";
    default:
        return "skipped";
    }
}

static void print_case(const struct run_result *run, const struct case_result *result, FILE *out)
{
    const char *element = element_of(result->verdict);
    char *text = findings_text(result);
    fputs("    <testcase classname=\"", out);
    print_escaped(run->implementation, out);
    fputs("\" name=\"", out);
    print_escaped(result->c->id, out);
    fprintf(out, "\" time=\"%.6f\">\n", (double)result->took_us / 1e6);
    if (element != NULL) {
        fprintf(out, "      <%s message=\"", element);
        print_escaped(verdict_words(result->verdict), out);
        if (result->reason != REASON_NONE)
            fprintf(out, ": %s", verdict_reason_code(result->reason));
        fputs("\">", out);
        print_escaped(result->c->title, out);
        fputc('\n', out);
        print_escaped(text, out);
        fprintf(out, "</%s>\n", element);
    } else if (text[0] != '\0') {
        fputs("      <system-out>", out);
        print_escaped(text, out);
        fputs("</system-out>\n", out);
    }
    fputs("    </testcase>\n", out);
    free(text);
}

void report_junit(const struct run_result *run, FILE *out)
{
    size_t failures = 0, errors = 0, skipped = 0;
    for (size_t i = 0; i < run->count; i++) {
        const char *element = element_of(run->cases[i].verdict);
        failures += element != NULL && element[0] == 'f';
        errors += element != NULL && element[0] == 'e';
        skipped += element != NULL && element[0] == 's';
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
    fprintf(out, "<testsuites tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.6f\">\n", run->count,
            failures, errors, (double)run->took_us / 1e6);
    fputs("  <testsuite name=\"dmvpn-conform ", out);
    print_escaped(run->implementation, out);
    fprintf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.6f\">\n",
            run->count, failures, errors, skipped, (double)run->took_us / 1e6);
    for (size_t i = 0; i < run->count; i++)
        print_case(run, &run->cases[i], out);
    fputs("  </testsuite>\n</testsuites>\n", out);
}
