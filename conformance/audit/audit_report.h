/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audit_report: what an audit found, for people and for machines. Reads a finished audit and changes nothing.
 */
#ifndef DMVPNKIT_AUDIT_REPORT_H
#define DMVPNKIT_AUDIT_REPORT_H

#include <stdio.h>

#include "audit/audit.h"
#include "audit/interop.h"
#include "requirements.h"

struct audit_report {
    const struct audit *audit;
    const char *file;
    const struct requirement_table *requirements;
    const struct interop_table *interop;
};

/* The capture in a few lines, then each finding with its requirement, frames, evidence and remedy. */
void audit_report_text(const struct audit_report *report, FILE *out, bool colour);
/* One JSON object with all captures; docs/conformance-audit.md and audit/audit.schema.json list its members.
 */
void audit_report_json(const struct audit_report *reports, size_t count, FILE *out);

#endif
