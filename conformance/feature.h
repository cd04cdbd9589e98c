/* SPDX-License-Identifier: GPL-2.0-or-later */
/* feature: what an implementation may have or lack; the words of an implementation conformance statement. */
#ifndef DMVPNKIT_CONFORMANCE_FEATURE_H
#define DMVPNKIT_CONFORMANCE_FEATURE_H

#include <stddef.h>

struct feature {
    const char *name;
    const char *words; /* what an implementation that has it does */
};

size_t feature_count(void);
const struct feature *feature_at(size_t i);
/* NULL if there is none of that name. */
const struct feature *feature_find(const char *name);

#endif
