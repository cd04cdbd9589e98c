/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interop: reads the tab-separated table. The columns are explained at the head of the table itself. */
#include "audit/interop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define COLUMN_COUNT 5

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

static bool split_line(char *line, char *out[COLUMN_COUNT])
{
    size_t count = 0;
    for (char *rest = line; rest != NULL; count++) {
        char *cell = strsep(&rest, "\t");
        if (count < COLUMN_COUNT)
            out[count] = cell;
    }
    return count == COLUMN_COUNT;
}

static bool take_line(struct interop_table *table, size_t *cap, char *line, bool *header_seen)
{
    char *cell[COLUMN_COUNT];
    if (!split_line(line, cell))
        return false;
    if (!*header_seen) {
        *header_seen = true;
        return strcmp(cell[0], "ib") == 0;
    }
    table->items = memory_room_for_one(table->items, table->count, cap, sizeof(*table->items));
    table->items[table->count++] = (struct interop_fault){
        .id = cell[0], .section = cell[1], .decidable = cell[2], .requirements = cell[3], .words = cell[4]};
    return true;
}

bool interop_load(const char *path, struct interop_table *out, char error[INTEROP_ERROR_MAX])
{
    *out = (struct interop_table){.storage = file_contents(path)};
    if (out->storage == NULL) {
        snprintf(error, INTEROP_ERROR_MAX, "%s: cannot be read", path);
        return false;
    }
    size_t cap = 0, number = 0;
    bool header_seen = false;
    for (char *rest = out->storage; rest != NULL;) {
        char *line = strsep(&rest, "\n");
        number++;
        if (line[0] == '\0' || line[0] == '#' || take_line(out, &cap, line, &header_seen))
            continue;
        snprintf(error, INTEROP_ERROR_MAX,
                 "%s:%zu: not the five columns ib, section, decidable, requirements, what", path, number);
        interop_free(out);
        return false;
    }
    return true;
}

void interop_free(struct interop_table *table)
{
    free(table->items);
    free(table->storage);
    *table = (struct interop_table){0};
}

const struct interop_fault *interop_find(const struct interop_table *table, const char *id, size_t len)
{
    for (size_t i = 0; i < table->count; i++)
        if (strlen(table->items[i].id) == len && strncmp(table->items[i].id, id, len) == 0)
            return &table->items[i];
    return NULL;
}
