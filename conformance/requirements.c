/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * requirements: reads the tab-separated table. The columns are explained at the head of the table itself.
 */
#include "requirements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define COLUMN_COUNT 9
static const char *const columns[COLUMN_COUNT] = {"id",   "level", "binds",      "phase", "clause",
                                                  "text", "why",   "observable", "note"};
static const char *const level_names[] = {"MUST", "SHOULD", "MAY", "DEFACTO"};
static const char *const binds_names[] = {"client", "server", "transit", "any"};
static const char *const observable_names[] = {"active", "passive", "both", "no"};
static const char *const documents[] = {"RFC2332 ", "RFC2784 ", "RFC2890 ", "RFC1812 ",
                                        "RFC4303 ", "DRAFT ",   "DEFACTO"};

const char *requirement_level_words(enum requirement_level level)
{
    return level == LEVEL_DEFACTO ? "DE FACTO" : level_names[level];
}

const char *requirement_observable_word(enum requirement_observable observable)
{
    return observable_names[observable];
}

static char *file_contents(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    size_t len = 0, cap = 0;
    char *text = NULL;
    int octet;
    while ((octet = getc(file)) != EOF) {
        text = memory_room_for_one(text, len, &cap, 1);
        text[len++] = (char)octet;
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    text = memory_room_for_one(text, len, &cap, 1);
    text[len] = '\0';
    if (failed) {
        free(text);
        return NULL;
    }
    return text;
}

/* Cut a line into its columns in place; the number of columns it has. */
static size_t split_line(char *line, char *out[COLUMN_COUNT])
{
    size_t count = 0;
    for (char *rest = line; rest != NULL; count++) {
        char *cell = strsep(&rest, "\t");
        if (count < COLUMN_COUNT)
            out[count] = cell;
    }
    return count;
}

static int name_index(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return (int)i;
    return -1;
}

static bool id_is_wellformed(const char *id)
{
    return id[0] != '\0' && id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789.-")] == '\0';
}

static bool clause_is_known(const char *clause)
{
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
        if (strncmp(clause, documents[i], strlen(documents[i])) == 0)
            return true;
    return false;
}

static bool phase_is_wellformed(const char *phase)
{
    if (strcmp(phase, "any") == 0)
        return true;
    for (; *phase >= '1' && *phase <= '3'; phase += 2)
        if (phase[1] == '\0')
            return true;
        else if (phase[1] != ',')
            return false;
    return false;
}

/* One line of data to a requirement; NULL, or what is wrong with it. */
static const char *parse_requirement(char *line, struct requirement *out)
{
    char *cell[COLUMN_COUNT];
    if (split_line(line, cell) != COLUMN_COUNT)
        return "not nine columns separated by tabs";
    int level = name_index(cell[1], level_names, sizeof(level_names) / sizeof(level_names[0]));
    int binds = name_index(cell[2], binds_names, sizeof(binds_names) / sizeof(binds_names[0]));
    int observable =
        name_index(cell[7], observable_names, sizeof(observable_names) / sizeof(observable_names[0]));
    const char *note = strcmp(cell[8], "-") == 0 ? "" : cell[8];
    if (!id_is_wellformed(cell[0]))
        return "the id has other characters than a-z, 0-9, '.' and '-'";
    if (level < 0)
        return "the level is none of MUST, SHOULD, MAY, DEFACTO";
    if (binds < 0)
        return "'binds' is none of client, server, transit, any";
    if (!phase_is_wellformed(cell[3]))
        return "the phase is neither 'any' nor a list such as 2,3";
    if (!clause_is_known(cell[4]))
        return "the clause names no document that is known here";
    if (cell[5][0] == '\0' || cell[6][0] == '\0')
        return "the text or the reason is empty";
    if (observable < 0)
        return "'observable' is none of active, passive, both, no";
    if (cell[8][0] == '\0')
        return "the note is empty; write - for none";
    if (observable == OBSERVABLE_NO && note[0] == '\0')
        return "there is no note on why it cannot be observed";
    *out = (struct requirement){.id = cell[0],
                                .level = (enum requirement_level)level,
                                .binds = (enum requirement_binds)binds,
                                .phase = cell[3],
                                .clause = cell[4],
                                .text = cell[5],
                                .why = cell[6],
                                .observable = (enum requirement_observable)observable,
                                .note = note};
    return NULL;
}

static const char *check_header(char *line)
{
    char *cell[COLUMN_COUNT];
    bool same = split_line(line, cell) == COLUMN_COUNT;
    for (size_t i = 0; same && i < COLUMN_COUNT; i++)
        same = strcmp(cell[i], columns[i]) == 0;
    return same ? NULL
                : "the first line does not name the columns id, level, binds, phase, clause, text, why, "
                  "observable, note";
}

static const char *take_line(struct requirement_table *table, size_t *cap, char *line, bool *header_seen)
{
    if (!*header_seen) {
        *header_seen = true;
        return check_header(line);
    }
    struct requirement requirement;
    const char *wrong = parse_requirement(line, &requirement);
    if (wrong != NULL)
        return wrong;
    if (requirements_find(table, requirement.id) != NULL)
        return "this id is there already";
    table->items = memory_room_for_one(table->items, table->count, cap, sizeof(*table->items));
    table->items[table->count++] = requirement;
    return NULL;
}

bool requirements_load(const char *path, struct requirement_table *out, char error[REQUIREMENTS_ERROR_MAX])
{
    *out = (struct requirement_table){.storage = file_contents(path)};
    if (out->storage == NULL) {
        snprintf(error, REQUIREMENTS_ERROR_MAX, "%s: cannot be read", path);
        return false;
    }
    size_t cap = 0, number = 0;
    bool header_seen = false;
    const char *wrong = NULL;
    for (char *rest = out->storage; rest != NULL && wrong == NULL;) {
        char *line = strsep(&rest, "\n");
        number++;
        if (line[0] != '\0' && line[0] != '#')
            wrong = take_line(out, &cap, line, &header_seen);
    }
    if (wrong == NULL && out->count == 0)
        wrong = "there are no requirements in it";
    if (wrong != NULL) {
        snprintf(error, REQUIREMENTS_ERROR_MAX, "%s:%zu: %s", path, number, wrong);
        requirements_free(out);
        return false;
    }
    return true;
}

void requirements_free(struct requirement_table *table)
{
    free(table->items);
    free(table->storage);
    *table = (struct requirement_table){0};
}

const struct requirement *requirements_find(const struct requirement_table *table, const char *id)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->items[i].id, id) == 0)
            return &table->items[i];
    return NULL;
}
