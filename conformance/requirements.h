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
/* How a breach can be seen: only by putting something to the station, only in what it sends of itself over
 * time, either way, or not on the wire at all. */
enum requirement_observable { OBSERVABLE_ACTIVE, OBSERVABLE_PASSIVE, OBSERVABLE_BOTH, OBSERVABLE_NO };

struct requirement {
    const char *id;
    enum requirement_level level;
    enum requirement_binds binds;
    const char *phase; /* "any" or a list such as "2,3" */
    const char *clause;
    const char *text;
    const char *why;
    enum requirement_observable observable;
    const char *note; /* "" if there is none; never empty when the observable is OBSERVABLE_NO */
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
/* "active", "passive", "both", "no". */
const char *requirement_observable_word(enum requirement_observable observable);

#endif
