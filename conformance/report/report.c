/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report: the formats by name, and the line of progress. */
#include "report/report.h"

#include <string.h>

#include "report/report_tree.h"

static const char *const names[REPORT_FORMAT_COUNT] = {
    [REPORT_TEXT] = "text", [REPORT_TAP] = "tap",           [REPORT_JUNIT] = "junit",
    [REPORT_JSON] = "json", [REPORT_MARKDOWN] = "markdown", [REPORT_HTML] = "html"};

bool report_kind_find(const char *name, enum report_kind *out)
{
    for (int i = 0; i < REPORT_FORMAT_COUNT; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum report_kind)i;
            return true;
        }
    return false;
}

const char *report_kind_names(void)
{
    return "text, tap, junit, json, markdown, html";
}

void report_html(const struct run_result *run, FILE *out)
{
    json_t *runs = json_array();
    json_array_append_new(runs, report_tree(run));
    report_html_runs(runs, out);
    json_decref(runs);
}

void report_write(const struct run_result *run, enum report_kind format, FILE *out, bool colour)
{
    switch (format) {
    case REPORT_TAP:
        report_tap(run, out);
        break;
    case REPORT_JUNIT:
        report_junit(run, out);
        break;
    case REPORT_JSON:
        report_json(run, out);
        break;
    case REPORT_MARKDOWN:
        report_markdown(run, out);
        break;
    case REPORT_HTML:
        report_html(run, out);
        break;
    default:
        report_text(run, out, colour);
    }
}

void report_progress(size_t done, size_t count, const char *id, FILE *terminal)
{
    fprintf(terminal, "\r\033[K%zu of %zu  %s", done, count, id);
    if (done == count)
        fputs("\r\033[K", terminal);
    fflush(terminal);
}
