/* SPDX-License-Identifier: GPL-2.0-or-later */
/* selftest_audit: the audit's half of the self-test: does it name the mistakes that captures were made to
 * show? */
#ifndef DMVPNKIT_CONFORMANCE_SELFTEST_AUDIT_H
#define DMVPNKIT_CONFORMANCE_SELFTEST_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

#define SELFTEST_ERROR_MAX 1024

struct audit_rule;

struct mistake_row {
    const char *capture; /* name in the folder of captures, without .pcapng */
    const char *bug;
    const struct audit_rule *by; /* the rule that named it, or NULL */
    char *evidence;
};

struct mistake_rows {
    struct mistake_row *items;
    size_t count;
    size_t caught;
    size_t false_alarms; /* clean captures in which something worse than a note was found */
};

/* Audit the captures. False and one line in error if one cannot be read. Free with mistake_rows_free(). */
bool selftest_audit_run(const char *captures_folder, struct mistake_rows *out,
                        char error[SELFTEST_ERROR_MAX]);
void mistake_rows_free(struct mistake_rows *rows);

#endif
