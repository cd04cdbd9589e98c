/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * field: values, their text, and names with wildcards. Making fields from packets is packet_fields.c.
 */
#include "field.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

const struct field *field_find(const struct field_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return &list->items[i];
    return NULL;
}

bool field_equal(const struct field *a, const struct field *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case FIELD_GROUP:
        return true;
    case FIELD_NUMBER:
    case FIELD_HEX:
    case FIELD_FLAG:
        return a->number == b->number;
    case FIELD_ADDRESS:
    case FIELD_OCTETS:
        return span_equal(a->octets, b->octets);
    case FIELD_TEXT:
        return strcmp(a->text, b->text) == 0;
    }
    return false;
}

static const char *octets_format(struct span octets, char buf[FIELD_TEXT_MAX])
{
    const size_t shown_max = 20;
    size_t shown = octets.len > shown_max ? shown_max : octets.len;
    size_t at = 0;
    for (size_t i = 0; i < shown; i++)
        at += (size_t)snprintf(buf + at, FIELD_TEXT_MAX - at, "%02x", octets.data[i]);
    if (octets.len > shown)
        snprintf(buf + at, FIELD_TEXT_MAX - at, "... (%zu octets)", octets.len);
    else if (octets.len == 0)
        snprintf(buf, FIELD_TEXT_MAX, "(empty)");
    return buf;
}

const char *field_format(const struct field *field, char buf[FIELD_TEXT_MAX])
{
    struct addr address;
    switch (field->kind) {
    case FIELD_GROUP:
        snprintf(buf, FIELD_TEXT_MAX, "present");
        break;
    case FIELD_NUMBER:
    case FIELD_FLAG:
        snprintf(buf, FIELD_TEXT_MAX, "%" PRIu64, field->number);
        break;
    case FIELD_HEX:
        snprintf(buf, FIELD_TEXT_MAX, "0x%04" PRIx64, field->number);
        break;
    case FIELD_ADDRESS:
        address = addr_from_span(field->octets);
        if (addr_is_none(address))
            return octets_format(field->octets, buf);
        {
            char text[ADDR_TEXT_MAX];
            snprintf(buf, FIELD_TEXT_MAX, "%s", addr_format(address, text));
        }
        break;
    case FIELD_OCTETS:
        return octets_format(field->octets, buf);
    case FIELD_TEXT:
        snprintf(buf, FIELD_TEXT_MAX, "%s", field->text);
        break;
    }
    return buf;
}

void field_list_free(struct field_list *list)
{
    free(list->items);
    *list = (struct field_list){0};
}

/* Backtracks to the last star only, so the time is bounded by pattern length times name length. */
bool field_name_matches(const char *pattern, const char *name)
{
    const char *star = NULL;
    const char *resume = NULL;
    while (*name != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            resume = name;
        } else if (*pattern == *name) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star + 1;
            name = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
