/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands: the sub-commands of dmvpn-conform and what they share. Each takes its own name as argv[0] and
 * returns an exit code.
 */
#ifndef DMVPNKIT_CONFORMANCE_COMMANDS_H
#define DMVPNKIT_CONFORMANCE_COMMANDS_H

#include <stdio.h>

#include "filter_options.h"

enum exit_code {
    EXIT_PASSED = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,        /* also: a file that is missing or bad */
    EXIT_NOTHING = 3,      /* no case was selected */
    EXIT_INCONCLUSIVE = 4, /* nothing failed, but of some cases nothing is known */
    EXIT_SUITE = 5,        /* a case could not be judged for a fault of the suite or its surroundings */
};

int command_audit(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_list(int argc, char **argv);
int command_requirements(int argc, char **argv);
int command_run(int argc, char **argv);
int command_selftest(int argc, char **argv);
int command_show(int argc, char **argv);
int command_configure(int argc, char **argv);
int command_features(int argc, char **argv);
int command_policy(int argc, char **argv);
int command_deviations(int argc, char **argv);

/* "dmvpn-conform COMMAND: ..." on standard error, one line; returns EXIT_USAGE. */
int command_refuse(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* After getopt_long() returned '?' or ':' for argv. */
int command_refuse_option(int argc, char **argv);
/* Load the files and pick the cases: EXIT_PASSED, or the exit code after a line on standard error. */
int command_select(const char *command, const struct filter_options *options, struct selection *out);
/* Make sure that everything written went out: code, or EXIT_USAGE after a line on standard error. */
int command_finish(const char *command, int code);

#endif
