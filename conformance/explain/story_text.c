/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_text: the story for a terminal. */
#include "explain/story_writers.h"

#include <inttypes.h>

static void print_step(const struct story *story, const struct story_step *step, FILE *out)
{
    int64_t us = instant_diff_us(story->begins, step->at);
    fprintf(out, "%5zu  %+.3f s  %s\n", step->frame, (double)us / US_PER_S, step->title);
    if (step->says.clause != NULL)
        fprintf(out, "       %s. [%s]\n", step->says.sentence, step->says.clause);
}

void story_text(const struct story *story, FILE *out)
{
    for (size_t i = 0; i < story->count; i++)
        print_step(story, &story->steps[i], out);
}
