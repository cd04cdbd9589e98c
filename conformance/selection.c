/* SPDX-License-Identifier: GPL-2.0-or-later */
/* selection: see selection.h. */
#include "selection.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "known.h"
#include "memory.h"

static bool matches_any(const char *const *globs, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (fnmatch(globs[i], text, 0) == 0)
            return true;
    return false;
}

static bool has_tag(const struct selection_patterns *patterns, const struct conform_case *c)
{
    for (size_t i = 0; i < c->tag_count; i++)
        if (matches_any(patterns->tags, patterns->tag_count, c->tags[i]))
            return true;
    return patterns->tag_count == 0;
}

static bool checks_clause(const struct selection_patterns *patterns, const struct conform_case *c)
{
    for (size_t i = 0; i < c->requirement_count; i++)
        if (matches_any(patterns->clauses, patterns->clause_count, c->requirements[i]->clause) ||
            matches_any(patterns->clauses, patterns->clause_count, c->requirements[i]->id))
            return true;
    return patterns->clause_count == 0;
}

static bool checks_level(const struct selection_patterns *patterns, const struct conform_case *c)
{
    for (size_t i = 0; i < c->requirement_count; i++)
        if (c->requirements[i]->level == patterns->level)
            return true;
    return !patterns->has_level;
}

static bool needs_configuration(const struct selection_patterns *patterns, const struct conform_case *c)
{
    return patterns->configuration_count == 0 ||
           (c->configuration != NULL &&
            matches_any(patterns->configurations, patterns->configuration_count, c->configuration));
}

static bool is_wanted(const struct selection_patterns *patterns, const struct conform_case *c)
{
    if (matches_any(patterns->excluded, patterns->excluded_count, c->id))
        return false;
    if (patterns->wanted_count > 0 &&
        !matches_any((const char *const *)patterns->wanted, patterns->wanted_count, c->id))
        return false;
    return (patterns->phase == 0 || c->phase == patterns->phase) &&
           (!patterns->has_role || c->role == patterns->role) && has_tag(patterns, c) &&
           checks_clause(patterns, c) && checks_level(patterns, c) && needs_configuration(patterns, c);
}

/* What is left out unless asked for; a missing file leaves nothing out. */
static bool load_excluded(const char *folder, struct known_list *out, char error[SELECTION_ERROR_MAX])
{
    char *path = memory_format("%s/excluded.txt", folder);
    bool good = access(path, F_OK) != 0 || known_load_baseline(path, out, error);
    free(path);
    return good;
}

static void pick(const struct selection_patterns *patterns, const struct known_list *excluded,
                 struct selection *out)
{
    for (size_t i = 0; i < out->set.count; i++) {
        const struct conform_case *c = out->set.items[i];
        bool is_excluded = false;
        for (size_t j = 0; j < excluded->count && !patterns->with_excluded; j++)
            is_excluded = is_excluded || strcmp(excluded->items[j].pattern, c->id) == 0;
        if (!is_wanted(patterns, c))
            continue;
        if (is_excluded)
            out->left_out++;
        else
            out->cases[out->count++] = c;
    }
}

bool selection_load(const char *data_folder, const struct selection_patterns *patterns, struct selection *out,
                    char error[SELECTION_ERROR_MAX])
{
    *out = (struct selection){0};
    char *table = memory_format("%s/requirements/requirements.tsv", data_folder);
    char *folder = memory_format("%s/cases", data_folder);
    bool good = requirements_load(table, &out->requirements, error) &&
                case_set_load(folder, &out->requirements, &out->set, error);
    struct known_list excluded = {.items = NULL};
    good = good && load_excluded(folder, &excluded, error);
    free(table);
    free(folder);
    if (good) {
        out->cases = memory_zeroed(out->set.count, sizeof(*out->cases));
        pick(patterns, &excluded, out);
    } else {
        selection_free(out);
    }
    known_free(&excluded);
    return good;
}

void selection_free(struct selection *selection)
{
    free(selection->cases);
    case_set_free(&selection->set);
    requirements_free(&selection->requirements);
    *selection = (struct selection){0};
}
