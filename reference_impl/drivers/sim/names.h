/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names: from a word to a number, in a time that does not grow with the number of words. Serves the loader,
 * whose scenarios may have a hundred thousand names.
 */
#ifndef DMVPNKIT_SIM_NAMES_H
#define DMVPNKIT_SIM_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct names_slot {
    char *word; /* owned; NULL: free */
    size_t value;
};

/* All zero is an empty one. */
struct names {
    struct names_slot *slots;
    size_t count;
    size_t cap; /* a power of two */
};

enum names_result { NAMES_ADDED, NAMES_TAKEN, NAMES_NO_MEMORY };

/* The word is copied. When it is taken already nothing changes. */
enum names_result names_add(struct names *names, const char *word, size_t value);
bool names_find(const struct names *names, const char *word, size_t *value);
void names_free(struct names *names);

#endif
