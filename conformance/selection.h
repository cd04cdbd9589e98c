/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * selection: the suite's files, loaded, and the cases that a user's patterns pick.
 */
#ifndef DMVPNKIT_CONFORMANCE_SELECTION_H
#define DMVPNKIT_CONFORMANCE_SELECTION_H

#include "case.h"
#include "requirements.h"

#define SELECTION_ERROR_MAX 1024

/* Globs (fnmatch) of case ids. A pattern without wildcards must be an id. */
struct selection_patterns {
    char *const *wanted; /* none: all */
    size_t wanted_count;
    const char *const *excluded;
    size_t excluded_count;
};

struct selection {
    struct requirement_table requirements;
    struct case_set set;
    const struct conform_case **cases; /* into the set */
    size_t count;
};

/*
 * Load requirements/requirements.tsv and cases/ of the data folder and pick cases. False and one line in
 * error if a file is bad. An empty pick is no error. Free with selection_free().
 */
bool selection_load(const char *data_folder, const struct selection_patterns *patterns, struct selection *out,
                    char error[SELECTION_ERROR_MAX]);
void selection_free(struct selection *selection);

#endif
