/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report: the results of a run for people and for machines. Each report is written in one go from a finished
 * run_result, and reads nothing else.
 */
#ifndef DMVPNKIT_CONFORMANCE_REPORT_H
#define DMVPNKIT_CONFORMANCE_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "verdict.h"

#define REPORT_ERROR_MAX 512

enum report_kind {
    REPORT_TEXT,
    REPORT_TAP,
    REPORT_JUNIT,
    REPORT_JSON,
    REPORT_MARKDOWN,
    REPORT_HTML,
    REPORT_FORMAT_COUNT
};

/* "text", "tap", "junit", "json", "markdown", "html": false if the name is none of these. */
bool report_kind_find(const char *name, enum report_kind *out);
/* All names, with commas between. */
const char *report_kind_names(void);
/* The report of that format; colour concerns text only. */
void report_write(const struct run_result *run, enum report_kind format, FILE *out, bool colour);

/* A line a case, expected and actual side by side under those that failed; colour only if asked for. */
void report_text(const struct run_result *run, FILE *out, bool colour);
/* What report_text() says about one case's findings, every line behind the indent. */
void report_findings(const struct case_result *result, FILE *out, const char *indent);
/* Test Anything Protocol, version 14; findings as comments. */
void report_tap(const struct run_result *run, FILE *out);
/* JUnit XML, as continuous integration systems read it. */
void report_junit(const struct run_result *run, FILE *out);
/* One JSON object, as report/report.schema.json describes it. */
void report_json(const struct run_result *run, FILE *out);
/* A summary, a table of all cases, and what is behind those that did not pass. */
void report_markdown(const struct run_result *run, FILE *out);
/* One page that needs nothing else: a grid of cases, each with its story, packets and differences. */
void report_html(const struct run_result *run, FILE *out);

/*
 * One line on how far a run is, over the one before; only for a terminal. done == count ends the line.
 */
void report_progress(size_t done, size_t count, const char *id, FILE *terminal);

/*
 * One pcapng file for each case, FOLDER/ID.pcapng, with every packet that went over the interface and the
 * verdict as a comment: on the guilty packet, or on the file. The folder is made if it is not there. False,
 * and one line in error, if a file cannot be written.
 */
bool report_captures(const struct run_result *run, const char *folder, char error[REPORT_ERROR_MAX]);

#endif
