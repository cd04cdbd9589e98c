/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * requirements: the table of requirements (requirements/requirements.tsv), read and checked.
 */
#ifndef DMVPNKIT_CONFORMANCE_REQUIREMENTS_H
#define DMVPNKIT_CONFORMANCE_REQUIREMENTS_H

#include <stdbool.h>
#include <stddef.h>

#define REQUIREMENTS_ERROR_MAX 512

enum requirement_level { LEVEL_MUST, LEVEL_SHOULD, LEVEL_MAY, LEVEL_DEFACTO };
enum requirement_binds { BINDS_CLIENT, BINDS_SERVER, BINDS_TRANSIT, BINDS_ANY };

struct requirement {
    const char *id;
    enum requirement_level level;
    enum requirement_binds binds;
    const char *phase; /* "any" or a list such as "2,3" */
    const char *clause;
    const char *text;
    const char *why;
};

struct requirement_table {
    struct requirement *items;
    size_t count;
    char *storage; /* what the texts point into */
};

/* Read a table. False, *out empty, and "FILE:LINE: what is wrong" in error. Free with requirements_free(). */
bool requirements_load(const char *path, struct requirement_table *out, char error[REQUIREMENTS_ERROR_MAX]);
void requirements_free(struct requirement_table *table);
/* NULL if there is none of that id. */
const struct requirement *requirements_find(const struct requirement_table *table, const char *id);
/* "MUST", "SHOULD", "MAY", "DE FACTO". */
const char *requirement_level_words(enum requirement_level level);

#endif
