/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plain_text: text that others have written (comments, file names) as something that a terminal, a page and
 * JSON can show: whole UTF-8, no control characters but line ends, nothing that turns the direction of what
 * follows. Markup is the writers' business.
 */
#ifndef DMVPNKIT_EXPLAIN_PLAIN_TEXT_H
#define DMVPNKIT_EXPLAIN_PLAIN_TEXT_H

#include <stddef.h>

/* A copy in which '?' stands for each octet or character that is not fit to be shown. free() it. NULL gives NULL. */
char *plain_text(const char *text);

#endif
