/* SPDX-License-Identifier: GPL-2.0-or-later */
/* selection: see selection.h. */
#include "selection.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

static bool is_wanted(const struct selection_patterns *patterns, const char *id)
{
    for (size_t i = 0; i < patterns->excluded_count; i++)
        if (fnmatch(patterns->excluded[i], id, 0) == 0)
            return false;
    for (size_t i = 0; i < patterns->wanted_count; i++)
        if (fnmatch(patterns->wanted[i], id, 0) == 0)
            return true;
    return patterns->wanted_count == 0;
}

bool selection_load(const char *data_folder, const struct selection_patterns *patterns, struct selection *out,
                    char error[SELECTION_ERROR_MAX])
{
    *out = (struct selection){0};
    char *table = memory_format("%s/requirements/requirements.tsv", data_folder);
    char *folder = memory_format("%s/cases", data_folder);
    bool good = requirements_load(table, &out->requirements, error) &&
                case_set_load(folder, &out->requirements, &out->set, error);
    free(table);
    free(folder);
    if (!good) {
        selection_free(out);
        return false;
    }
    out->cases = memory_zeroed(out->set.count, sizeof(*out->cases));
    for (size_t i = 0; i < out->set.count; i++)
        if (is_wanted(patterns, out->set.items[i]->id))
            out->cases[out->count++] = out->set.items[i];
    return true;
}

void selection_free(struct selection *selection)
{
    free(selection->cases);
    case_set_free(&selection->set);
    requirements_free(&selection->requirements);
    *selection = (struct selection){0};
}
