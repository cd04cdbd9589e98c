/* SPDX-License-Identifier: GPL-2.0-or-later */
/* known: see known.h. */
#include "known.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

void known_add(struct known_list *list, const char *pattern, const char *requirement, const char *reason)
{
    list->items = memory_room_for_one(list->items, list->count, &list->cap, sizeof(*list->items));
    list->items[list->count++] = (struct known){.pattern = memory_copy_text(pattern),
                                                .requirement = memory_copy_text(requirement),
                                                .reason = memory_copy_text(reason)};
}

void known_free(struct known_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].pattern);
        free(list->items[i].requirement);
        free(list->items[i].reason);
    }
    free(list->items);
    *list = (struct known_list){.items = NULL};
}

bool known_load_baseline(const char *path, struct known_list *list, char error[KNOWN_ERROR_MAX])
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        snprintf(error, KNOWN_ERROR_MAX, "%s: %s", path, strerror(errno));
        return false;
    }
    char *line = NULL;
    size_t cap = 0;
    bool good = true;
    for (unsigned number = 1; good && getline(&line, &cap, file) > 0; number++) {
        line[strcspn(line, "\r\n")] = '\0';
        char *id = line + strspn(line, " \t");
        size_t len = strcspn(id, " \t");
        if (*id == '\0' || *id == '#')
            continue;
        char *reason = id + len + strspn(id + len, " \t");
        if (*reason == '\0') {
            snprintf(error, KNOWN_ERROR_MAX, "%s:%u: a case is known to fail for a reason, and none is given",
                     path, number);
            good = false;
        }
        id[len] = '\0';
        if (good)
            known_add(list, id, NULL, reason);
    }
    if (good && ferror(file)) {
        snprintf(error, KNOWN_ERROR_MAX, "%s: cannot be read", path);
        good = false;
    }
    free(line);
    fclose(file);
    return good;
}

/* Why it failed, in a few words: the first requirement that it violates. */
static const char *reason_of(const struct case_result *result)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct finding *finding = &result->findings[i];
        if (finding->is_note)
            continue;
        if (finding->requirement != NULL)
            return finding->requirement->id;
        for (size_t j = 0; j < finding->difference_count; j++)
            if (!finding->differences[j].is_note && finding->differences[j].requirement != NULL)
                return finding->differences[j].requirement->id;
        return finding_words(finding->kind);
    }
    return result->known != NULL ? result->known : "fails";
}

bool known_write_baseline(const char *path, const struct run_result *run, char error[KNOWN_ERROR_MAX])
{
    char *temporary = memory_format("%s.part", path);
    FILE *file = fopen(temporary, "w");
    bool good = file != NULL;
    if (good) {
        fprintf(file, "# Cases that %s is known to fail, and why.\n", run->implementation);
        for (size_t i = 0; i < run->count; i++)
            if (run->cases[i].verdict == VERDICT_FAIL || run->cases[i].verdict == VERDICT_EXPECTED_FAILURE)
                fprintf(file, "%s %s\n", run->cases[i].c->id, reason_of(&run->cases[i]));
        good = !ferror(file);
        good = fclose(file) == 0 && good && rename(temporary, path) == 0;
    }
    if (!good) {
        snprintf(error, KNOWN_ERROR_MAX, "%s: %s", path, strerror(errno));
        remove(temporary);
    }
    free(temporary);
    return good;
}

/* Does everything that is wrong violate this requirement? */
static bool is_all_about(const struct case_result *result, const char *requirement)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct finding *finding = &result->findings[i];
        if (finding->is_note)
            continue;
        if (finding->kind != FINDING_FIELDS &&
            (finding->requirement == NULL || strcmp(finding->requirement->id, requirement) != 0))
            return false;
        for (size_t j = 0; finding->kind == FINDING_FIELDS && j < finding->difference_count; j++) {
            const struct difference *difference = &finding->differences[j];
            if (!difference->is_note &&
                (difference->requirement == NULL || strcmp(difference->requirement->id, requirement) != 0))
                return false;
        }
    }
    return true;
}

void known_apply(const struct known_list *list, struct case_result *result)
{
    bool failed = result->verdict == VERDICT_FAIL;
    if (!failed && result->verdict != VERDICT_PASS && result->verdict != VERDICT_NON_STRICT)
        return;
    for (size_t i = 0; i < list->count; i++) {
        const struct known *known = &list->items[i];
        if (known->pattern != NULL && fnmatch(known->pattern, result->c->id, 0) != 0)
            continue;
        if (failed && known->requirement != NULL && !is_all_about(result, known->requirement))
            continue;
        /* That a pattern or a requirement fails somewhere does not say that it does everywhere. */
        if (!failed && (known->requirement != NULL || strpbrk(known->pattern, "*?[") != NULL))
            continue;
        result->verdict = failed ? VERDICT_EXPECTED_FAILURE : VERDICT_UNEXPECTED_PASS;
        result->known = memory_copy_text(known->reason);
        return;
    }
}
