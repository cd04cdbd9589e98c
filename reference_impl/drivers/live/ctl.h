/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctl: dmvpnctl's commands: a request to the daemon's control socket, and its answer shown. Each returns the
 * program's exit code, having said on standard error what is wrong.
 */
#ifndef DMVPNKIT_LIVE_CTL_H
#define DMVPNKIT_LIVE_CTL_H

#include <jansson.h>
#include <stdbool.h>

#define CTL_EXIT_REFUSED 1
#define CTL_EXIT_USAGE   2

struct ctl_arguments {
    const char *socket;
    const char *tunnel; /* NULL: all */
    bool json;
    bool data;
    unsigned long count;   /* 0: no limit */
    unsigned long seconds; /* likewise */
};

int ctl_show(const struct ctl_arguments *arguments, const char *what);
int ctl_clear(const struct ctl_arguments *arguments, const char *what);
/* A command that is one word and has nothing to show. */
int ctl_simple(const struct ctl_arguments *arguments, const char *command);
int ctl_trace(const struct ctl_arguments *arguments, bool on);
/* Until interrupted, or a limit is reached. */
int ctl_watch(const struct ctl_arguments *arguments);
/* The same; path is a pcapng file. */
int ctl_capture(const struct ctl_arguments *arguments, const char *path);

/* An answer to "show", as a table with a heading on standard output. */
void ctl_print_table(const json_t *answer);
/* An event, as one line of key=value. */
void ctl_print_event(const json_t *event);

#endif
