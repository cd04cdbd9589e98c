/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctl_print: the daemon's answers as text. A table's columns are the keys of its rows, in the order in which
 * they first come; its widths are those of what stands in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/live/ctl.h"

#define COLUMNS_MOST 24
#define CELL_MAX     160

struct columns {
    const char *keys[COLUMNS_MOST];
    int widths[COLUMNS_MOST];
    size_t count;
};

static const char *cell_text(const json_t *value, char text[CELL_MAX])
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        snprintf(text, CELL_MAX, "%s", json_string_value(value));
        break;
    case JSON_INTEGER:
        snprintf(text, CELL_MAX, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_TRUE:
        snprintf(text, CELL_MAX, "yes");
        break;
    case JSON_FALSE:
        snprintf(text, CELL_MAX, "no");
        break;
    default:
        snprintf(text, CELL_MAX, "-");
    }
    return text;
}

static size_t column_of(struct columns *columns, const char *key)
{
    for (size_t i = 0; i < columns->count; i++)
        if (strcmp(columns->keys[i], key) == 0)
            return i;
    if (columns->count == COLUMNS_MOST)
        return COLUMNS_MOST;
    columns->keys[columns->count] = key;
    columns->widths[columns->count] = (int)strlen(key);
    return columns->count++;
}

static void measure(struct columns *columns, const json_t *rows)
{
    size_t index;
    json_t *row, *value;
    const char *key;
    char text[CELL_MAX];
    json_array_foreach((json_t *)rows, index, row)
    {
        json_object_foreach(row, key, value)
        {
            size_t column = column_of(columns, key);
            int width = (int)strlen(cell_text(value, text));
            if (column < COLUMNS_MOST && width > columns->widths[column])
                columns->widths[column] = width;
        }
    }
}

static void print_rows(const json_t *rows)
{
    struct columns columns = {0};
    size_t index;
    json_t *row;
    char text[CELL_MAX];
    measure(&columns, rows);
    for (size_t i = 0; i < columns.count; i++)
        printf("%-*s%s", i + 1 < columns.count ? columns.widths[i] : 0, columns.keys[i],
               i + 1 < columns.count ? "  " : "\n");
    json_array_foreach((json_t *)rows, index, row) for (size_t i = 0; i < columns.count; i++)
        printf("%-*s%s", i + 1 < columns.count ? columns.widths[i] : 0,
               cell_text(json_object_get(row, columns.keys[i]), text), i + 1 < columns.count ? "  " : "\n");
}

/* Few rows of many numbers read better downwards. */
static void print_downwards(const json_t *row)
{
    const char *key;
    json_t *value;
    char text[CELL_MAX];
    json_object_foreach((json_t *)row, key, value) printf("%-22s %s\n", key, cell_text(value, text));
}

void ctl_print_table(const json_t *answer)
{
    const json_t *rows = json_object_get(answer, "rows");
    const json_t *process = json_object_get(answer, "process");
    size_t index;
    json_t *row;
    if (!process) {
        if (json_array_size(rows) == 0)
            puts("(none)");
        print_rows(rows);
        return;
    }
    json_array_foreach((json_t *)rows, index, row)
    {
        print_downwards(row);
        putchar('\n');
    }
    print_downwards(process);
}

void ctl_print_event(const json_t *event)
{
    const char *key, *between = "";
    json_t *value;
    char text[CELL_MAX];
    json_object_foreach((json_t *)event, key, value)
    {
        printf("%s%s=%s", between, key, cell_text(value, text));
        between = " ";
    }
    putchar('\n');
}
