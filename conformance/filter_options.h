/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter_options: the options that pick cases, which several commands share. */
#ifndef DMVPNKIT_CONFORMANCE_FILTER_OPTIONS_H
#define DMVPNKIT_CONFORMANCE_FILTER_OPTIONS_H

#include "selection.h"

/* Values of getopt_long() for these options; a command's own are characters. */
enum filter_option {
    FILTER_DATA = 256,
    FILTER_EXCLUDE,
    FILTER_TAG,
    FILTER_CLAUSE,
    FILTER_LEVEL,
    FILTER_ROLE,
    FILTER_PHASE,
    FILTER_CONFIGURATION,
    FILTER_WITH_EXCLUDED,
};

/* Rows for a table of struct option. */
#define FILTER_OPTIONS                                                                                    \
    {"data", required_argument, NULL, FILTER_DATA}, {"exclude", required_argument, NULL, FILTER_EXCLUDE}, \
        {"tag", required_argument, NULL, FILTER_TAG}, {"clause", required_argument, NULL, FILTER_CLAUSE}, \
        {"level", required_argument, NULL, FILTER_LEVEL}, {"role", required_argument, NULL, FILTER_ROLE}, \
        {"phase", required_argument, NULL, FILTER_PHASE},                                                 \
        {"configuration", required_argument, NULL, FILTER_CONFIGURATION},                                 \
    {                                                                                                     \
        "with-excluded", no_argument, NULL, FILTER_WITH_EXCLUDED                                          \
    }

struct filter_options {
    const char *data;
    struct selection_patterns patterns;
};

/* One of these options with its argument: EXIT_PASSED, or EXIT_USAGE after a line on standard error. */
int filter_take(const char *command, int option, const char *argument, struct filter_options *out);
void filter_print_help(void);

#endif
