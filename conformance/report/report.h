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

/* A line a case, expected and actual side by side under those that failed; colour only if asked for. */
void report_text(const struct run_result *run, FILE *out, bool colour);
/* What report_text() says about one case's findings, every line behind the indent. */
void report_findings(const struct case_result *result, FILE *out, const char *indent);
/* Test Anything Protocol, version 14; findings as comments. */
void report_tap(const struct run_result *run, FILE *out);
/* One JSON object. */
void report_json(const struct run_result *run, FILE *out);

#endif
