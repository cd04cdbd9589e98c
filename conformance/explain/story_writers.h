/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_writers: the forms that a story is written in. Each writes the whole to out; whether that worked, the
 * caller asks ferror().
 */
#ifndef DMVPNKIT_EXPLAIN_STORY_WRITERS_H
#define DMVPNKIT_EXPLAIN_STORY_WRITERS_H

#include <stdio.h>

#include "explain/story.h"

typedef void story_writer_fn(const struct story *story, FILE *out);

/* For a terminal: a numbered list. */
story_writer_fn story_text;

#endif
