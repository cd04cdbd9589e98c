/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * coverage: which cases, audit rules and dissector expert items look at each requirement.
 */
#ifndef DMVPNKIT_CONFORMANCE_COVERAGE_H
#define DMVPNKIT_CONFORMANCE_COVERAGE_H

#include "case.h"
#include "requirements.h"

#define COVERAGE_ERROR_MAX 512

/* Names that live as long as what they were collected from. */
struct name_list {
    const char **names;
    size_t count, cap;
};

struct covered {
    const struct requirement *requirement;
    struct name_list cases, rules, experts;
};

struct coverage {
    struct covered *items; /* in the order of the table */
    size_t count;
    char **texts; /* of the files of expert items, which the names point into */
    size_t text_count;
    /* Requirements of level MUST: those that can be observed so, and those that are covered. */
    size_t active, active_covered;   /* by a case */
    size_t passive, passive_covered; /* by an audit rule */
};

/*
 * Collect. experts is the folder with the dissector's *experts.def files, or NULL for none; a folder that is
 * not there has none. False, *out empty, and one line in error, if such a file names a requirement that the
 * table lacks. Everything given must outlive *out; free it with coverage_free().
 */
bool coverage_collect(const struct requirement_table *table, const struct case_set *cases,
                      const char *experts, struct coverage *out, char error[COVERAGE_ERROR_MAX]);
void coverage_free(struct coverage *coverage);

#endif
