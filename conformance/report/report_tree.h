/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report_tree: a run as a JSON tree, for the reports that are made from one or from several.
 */
#ifndef DMVPNKIT_CONFORMANCE_REPORT_TREE_H
#define DMVPNKIT_CONFORMANCE_REPORT_TREE_H

#include <jansson.h>

#include "report/report.h"

/* The tree that report_json() writes. json_decref() it. */
json_t *report_tree(const struct run_result *run);
/* The page of several runs, an array of such trees. */
void report_html_runs(const json_t *runs, FILE *out);

#endif
