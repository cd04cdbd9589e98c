/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * known: what is known to fail, with the reason: from the profile of an implementation, or from a baseline
 * file. A failure that is known is expected; a pass of what is known to fail is news.
 */
#ifndef DMVPNKIT_CONFORMANCE_KNOWN_H
#define DMVPNKIT_CONFORMANCE_KNOWN_H

#include "verdict.h"

#define KNOWN_ERROR_MAX 512

struct known {
    char *pattern;     /* of case ids; NULL: any case that fails of this requirement and no other */
    char *requirement; /* id, or NULL */
    char *reason;
};

struct known_list {
    struct known *items;
    size_t count;
    size_t cap;
};

void known_add(struct known_list *list, const char *pattern, const char *requirement, const char *reason);
void known_free(struct known_list *list);

/*
 * Add the lines of a baseline file: "CASE REASON", # begins a comment. False, and "FILE:LINE: what is wrong"
 * in error.
 */
bool known_load_baseline(const char *path, struct known_list *list, char error[KNOWN_ERROR_MAX]);
/* Write one, with what failed in this run. False, one line in error and no file if it cannot be written. */
bool known_write_baseline(const char *path, const struct run_result *run, char error[KNOWN_ERROR_MAX]);

/* Turn a verdict into "expected failure" or "unexpected pass" where the list says so. */
void known_apply(const struct known_list *list, struct case_result *result);

#endif
