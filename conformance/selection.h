/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * selection: the suite's files, loaded, and the cases that a user's patterns pick.
 */
#ifndef DMVPNKIT_CONFORMANCE_SELECTION_H
#define DMVPNKIT_CONFORMANCE_SELECTION_H

#include "case.h"
#include "requirements.h"

#define SELECTION_ERROR_MAX 1024

#define SELECTION_FILTERS_MAX 64

/* What picks cases: all of it must hold. Globs are fnmatch()'s. */
struct selection_patterns {
    char *const *wanted; /* globs of ids; none: all */
    size_t wanted_count;
    const char *excluded[SELECTION_FILTERS_MAX]; /* globs of ids */
    size_t excluded_count;
    const char *tags[SELECTION_FILTERS_MAX]; /* globs; the case has one of them */
    size_t tag_count;
    const char
        *clauses[SELECTION_FILTERS_MAX]; /* globs of clauses or requirement ids; it checks one of them */
    size_t clause_count;
    const char *configurations[SELECTION_FILTERS_MAX]; /* globs of configuration classes; it needs one */
    size_t configuration_count;
    bool has_level;
    enum requirement_level level; /* it checks a requirement of that level */
    bool has_role;
    enum case_role role;
    unsigned phase;     /* 0: any */
    bool with_excluded; /* also those of cases/excluded.txt */
};

struct selection {
    struct requirement_table requirements;
    struct case_set set;
    const struct conform_case **cases; /* into the set */
    size_t count;
    size_t left_out; /* that would have been picked if cases/excluded.txt did not name them */
};

/*
 * Load requirements/requirements.tsv and cases/ of the data folder and pick cases. cases/excluded.txt, if it
 * is there, lists cases that are left out unless they are asked for: "CASE REASON", # begins a comment. False
 * and one line in error if a file is bad. An empty pick is no error. Free with selection_free().
 */
bool selection_load(const char *data_folder, const struct selection_patterns *patterns, struct selection *out,
                    char error[SELECTION_ERROR_MAX]);
void selection_free(struct selection *selection);

#endif
