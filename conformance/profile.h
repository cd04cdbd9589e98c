/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile: what is to be known about one implementation, as data (profiles/NAME.yaml): which features it has,
 * how it is configured for each configuration class, what it is known to get wrong.
 */
#ifndef DMVPNKIT_CONFORMANCE_PROFILE_H
#define DMVPNKIT_CONFORMANCE_PROFILE_H

#include "case.h"
#include <stdio.h>

#include "known.h"

#define PROFILE_ERROR_MAX 1024

struct profile_template {
    char *configuration; /* class name, or "*" for all without one of their own */
    char *text;
};

struct profile {
    struct profile_file *file; /* the loaded file, which the texts point into */
    const char *name;
    const char *title;
    const char *story;
    enum iut_probe probe; /* what it answers whatever happens */
    const char *const *features;
    size_t feature_count;
    struct known_list known; /* what has not expired */
};

/*
 * Load one. today is YYYY-MM-DD, and decides which known deviations have expired; their reasons go to
 * `expired`, one line each, if it is not NULL. NULL and one line in error for a bad file. Free with
 * profile_free().
 */
struct profile *profile_load(const char *data_folder, const char *name, const char *today, FILE *expired,
                             char error[PROFILE_ERROR_MAX]);
void profile_free(struct profile *profile);
/* The first feature that the case needs and the implementation lacks, or NULL. */
const char *profile_missing_feature(const struct profile *profile, const struct conform_case *c);
/*
 * Print how the implementation is configured for a class: the template with the class's values in the places
 * of ${...}. False, one line in error, if there is no template, or a place that nothing is known for.
 */
bool profile_print_configuration(const struct profile *profile, const char *class_name,
                                 const struct iut_config *config, FILE *out, char error[PROFILE_ERROR_MAX]);

#endif
