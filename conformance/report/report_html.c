/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report_html: one self-contained page. The page is a file of its own (report.html), built into the program;
 * the runs go into it as JSON.
 */
#include "report/report_tree.h"

#include <string.h>

#include "report_page.h"

#define PLACE "@RUNS@"

/* JSON inside a script element must not have "</" in it. */
static int write_safely(const char *buffer, size_t size, void *data)
{
    FILE *out = data;
    for (size_t i = 0; i < size; i++) {
        if (buffer[i] == '<')
            fputs("\\u003c", out);
        else
            fputc(buffer[i], out);
    }
    return 0;
}

void report_html_runs(const json_t *runs, FILE *out)
{
    const char *page = (const char *)report_page;
    const char *place = strstr(page, PLACE);
    fwrite(page, 1, (size_t)(place - page), out);
    json_dump_callback(runs, write_safely, out, JSON_COMPACT);
    fputs(place + strlen(PLACE), out);
}
