/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * selftest: does the suite notice what it claims to? Plants every deviation between the reference and the
 * wire, one after the other, and looks for a case that notices; and runs all cases against the reference as
 * it is, where nothing may be noticed.
 */
#ifndef DMVPNKIT_CONFORMANCE_SELFTEST_H
#define DMVPNKIT_CONFORMANCE_SELFTEST_H

#include "deviations/deviations.h"
#include "selection.h"
#include "verdict.h"

/* What became of one deviation. */
struct selftest_row {
    const struct deviation *deviation;
    const struct conform_case *by;         /* the case that caught it, or NULL */
    enum verdict verdict;                  /* of that case */
    char *finding;                         /* the first thing that it found */
    const struct requirement *requirement; /* that this violates, or NULL */
};

struct selftest {
    struct selftest_row *rows;
    size_t planted;
    size_t caught;
    struct case_result *alarms; /* cases that do not pass on the clean reference */
    size_t false_alarms;
};

/*
 * Run it on the selected cases. A deviation is caught by a case that fails, or is not strict, with it; the
 * cases that name one of its bugs among their tags are tried first. Free with selftest_free().
 */
void selftest_run(const struct selection *selection, const struct iut_driver *reference,
                  struct selftest *out);
void selftest_free(struct selftest *selftest);

#endif
