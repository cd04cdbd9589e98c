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
/* For programs: story.schema.json. */
story_writer_fn story_json;
/* A page of its own, to step through. */
story_writer_fn story_html;
/* A sequence diagram for Mermaid. */
story_writer_fn story_mermaid;
/* A ladder of the packets as one drawing. */
story_writer_fn story_svg;

#endif
