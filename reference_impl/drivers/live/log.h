/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log: lines on standard error, as text or as one JSON object each. The daemon's only output besides
 * packets; a service manager adds what else it wants.
 */
#ifndef DMVPNKIT_LIVE_LOG_H
#define DMVPNKIT_LIVE_LOG_H

#include <jansson.h>

enum log_form { LOG_FORM_TEXT, LOG_FORM_JSON };

/* The lower the more important. */
enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Before this, lines are text and those below LOG_INFO are left out. */
void log_setup(enum log_form form, enum log_level level);

/* about: the tunnel it is about, or NULL. */
__attribute__((format(printf, 3, 4))) void log_line(enum log_level level, const char *about,
                                                    const char *format, ...);

/* A line made of the members of a flat object: "key=value ..." as text. The object stays the caller's. */
void log_object(enum log_level level, const char *about, const json_t *object);

#endif
