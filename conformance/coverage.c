/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * coverage: see coverage.h. Of an expert item's line, EXPERT(variable, "name", ..., "requirement",
 * "summary"), the first quoted text is its name and the second its requirement.
 */
#include "coverage.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "memory.h"

static void add_name(struct name_list *list, const char *name)
{
    list->names = memory_room_for_one(list->names, list->count, &list->cap, sizeof(*list->names));
    list->names[list->count++] = name;
}

static struct covered *find(struct coverage *coverage, const char *id, size_t len)
{
    for (size_t i = 0; i < coverage->count; i++)
        if (strlen(coverage->items[i].requirement->id) == len &&
            strncmp(coverage->items[i].requirement->id, id, len) == 0)
            return &coverage->items[i];
    return NULL;
}

static void collect_cases(struct coverage *coverage, const struct case_set *cases)
{
    for (size_t i = 0; i < cases->count; i++)
        for (size_t j = 0; j < cases->items[i]->requirement_count; j++) {
            const char *id = cases->items[i]->requirements[j]->id;
            add_name(&find(coverage, id, strlen(id))->cases, cases->items[i]->id);
        }
}

static void add_rule(struct coverage *coverage, const char *ids, const struct audit_rule *rule)
{
    for (const char *at = ids; at != NULL && *at != '\0';) {
        size_t len = strcspn(at, " ");
        struct covered *covered = find(coverage, at, len);
        if (covered != NULL)
            add_name(&covered->rules, audit_rule_id(rule));
        at += len + (at[len] == ' ');
    }
}

static void collect_rules(struct coverage *coverage)
{
    const struct audit_rule *rule;
    for (size_t i = 0; (rule = audit_rule_at(i)) != NULL; i++) {
        add_rule(coverage, audit_rule_requirement(rule), rule);
        add_rule(coverage, audit_rule_also(rule), rule);
    }
}

static char *file_text(const char *path)
{
    char *text = NULL;
    size_t cap = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    ssize_t len = getdelim(&text, &cap, '\0', file);
    fclose(file);
    if (len < 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* The next quoted text on the line, cut out in place; NULL if there is none. */
static char *next_quoted(char **rest)
{
    char *begin = *rest != NULL ? strchr(*rest, '"') : NULL;
    char *end = begin != NULL ? strchr(begin + 1, '"') : NULL;
    if (end == NULL)
        return NULL;
    *end = '\0';
    *rest = end + 1;
    return begin + 1;
}

static bool collect_expert_line(struct coverage *coverage, char *line, const char *path,
                                char error[COVERAGE_ERROR_MAX])
{
    if (strncmp(line, "EXPERT(", strlen("EXPERT(")) != 0)
        return true;
    char *rest = line, *name = next_quoted(&rest), *id = next_quoted(&rest);
    struct covered *covered = id != NULL ? find(coverage, id, strlen(id)) : NULL;
    if (covered == NULL) {
        snprintf(error, COVERAGE_ERROR_MAX, "%s: '%s' names no requirement of the table", path,
                 name != NULL ? name : line);
        return false;
    }
    add_name(&covered->experts, name);
    return true;
}

static bool collect_expert_file(struct coverage *coverage, const char *path, char error[COVERAGE_ERROR_MAX])
{
    char *text = file_text(path);
    if (text == NULL) {
        snprintf(error, COVERAGE_ERROR_MAX, "%s: cannot be read", path);
        return false;
    }
    coverage->texts = reallocarray(coverage->texts, coverage->text_count + 1, sizeof(*coverage->texts));
    if (coverage->texts == NULL)
        memory_missing();
    coverage->texts[coverage->text_count++] = text;
    bool good = true;
    for (char *rest = text; rest != NULL && good;)
        good = collect_expert_line(coverage, strsep(&rest, "\n"), path, error);
    return good;
}

static bool collect_experts(struct coverage *coverage, const char *folder, char error[COVERAGE_ERROR_MAX])
{
    glob_t found = {0};
    char *pattern = memory_format("%s/*experts.def", folder);
    bool good = true;
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc && good; i++)
            good = collect_expert_file(coverage, found.gl_pathv[i], error);
    globfree(&found);
    free(pattern);
    return good;
}

static void count(struct coverage *coverage)
{
    for (size_t i = 0; i < coverage->count; i++) {
        const struct covered *covered = &coverage->items[i];
        enum requirement_observable observable = covered->requirement->observable;
        if (covered->requirement->level != LEVEL_MUST)
            continue;
        if (observable == OBSERVABLE_ACTIVE || observable == OBSERVABLE_BOTH) {
            coverage->active++;
            coverage->active_covered += covered->cases.count > 0;
        }
        if (observable == OBSERVABLE_PASSIVE || observable == OBSERVABLE_BOTH) {
            coverage->passive++;
            coverage->passive_covered += covered->rules.count > 0;
        }
    }
}

bool coverage_collect(const struct requirement_table *table, const struct case_set *cases,
                      const char *experts, struct coverage *out, char error[COVERAGE_ERROR_MAX])
{
    *out =
        (struct coverage){.items = memory_zeroed(table->count, sizeof(*out->items)), .count = table->count};
    for (size_t i = 0; i < table->count; i++)
        out->items[i].requirement = &table->items[i];
    collect_cases(out, cases);
    collect_rules(out);
    if (experts != NULL && !collect_experts(out, experts, error)) {
        coverage_free(out);
        return false;
    }
    count(out);
    return true;
}

void coverage_free(struct coverage *coverage)
{
    for (size_t i = 0; i < coverage->count; i++) {
        free(coverage->items[i].cases.names);
        free(coverage->items[i].rules.names);
        free(coverage->items[i].experts.names);
    }
    for (size_t i = 0; i < coverage->text_count; i++)
        free(coverage->texts[i]);
    free(coverage->items);
    free(coverage->texts);
    *coverage = (struct coverage){0};
}
