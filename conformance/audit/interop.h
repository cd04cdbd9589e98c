/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interop: the table of faults and mistakes that were met in the field (requirements/interop-map.tsv).
 */
#ifndef DMVPNKIT_AUDIT_INTEROP_H
#define DMVPNKIT_AUDIT_INTEROP_H

#include <stdbool.h>
#include <stddef.h>

#define INTEROP_ERROR_MAX 512

struct interop_fault {
    const char *id;           /* "IB-152" */
    const char *section;      /* "A": an implementation's, "C": an operator's */
    const char *decidable;    /* "active", "passive", "both", "no" */
    const char *requirements; /* ids, separated by commas */
    const char *words;
};

struct interop_table {
    struct interop_fault *items;
    size_t count;
    char *storage; /* what the texts point into */
};

/* Read a table. False, *out empty, and "FILE:LINE: what is wrong" in error. Free with interop_free(). */
bool interop_load(const char *path, struct interop_table *out, char error[INTEROP_ERROR_MAX]);
void interop_free(struct interop_table *table);
/* The fault whose id is the first len characters of id; or NULL. */
const struct interop_fault *interop_find(const struct interop_table *table, const char *id, size_t len);

#endif
