/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * edit: parses statements and applies them to a model. What each name means is in edit/names.c.
 *
 * Statements about fields come first, in their order, then the packet is written, then octets are patched,
 * appended and cut, then lengths and checksums are made right. So a patch sees the packet as edited.
 */
#include "edit/edit.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "edit/names.h"
#include "memory.h"

#define STATEMENT_MAX (EDIT_OCTETS_MAX * 2 + 128)

static bool refuse(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(char *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(error, EDIT_ERROR_MAX, format, args);
    va_end(args);
    return false;
}

static bool octets_parse(const char *text, struct edit_value *out)
{
    out->len = 0;
    for (; *text != '\0'; text += 2) {
        unsigned octet;
        char pair[3] = {text[0], text[1], '\0'};
        char *end;
        octet = (unsigned)strtoul(pair, &end, 16);
        if (end != pair + 2 || out->len == EDIT_OCTETS_MAX)
            return false;
        out->octets[out->len++] = (uint8_t)octet;
    }
    return true;
}

static bool octets_value(const char *text, struct edit_value *out)
{
    struct addr address;
    size_t len = strlen(text);
    if (strcmp(text, "(empty)") == 0)
        return true;
    if (len >= 2 && text[0] == '"' && text[len - 1] == '"' && len - 2 <= EDIT_OCTETS_MAX) {
        out->len = len - 2;
        memcpy(out->octets, text + 1, out->len);
        return true;
    }
    if (strpbrk(text, ".:") != NULL && addr_parse(text, &address)) {
        out->len = addr_len(address);
        memcpy(out->octets, address.bytes, out->len);
        return true;
    }
    return octets_parse(text, out);
}

static bool value_of_field(const struct field_list *list, const char *name, struct edit_value *out,
                           char error[EDIT_ERROR_MAX])
{
    const struct field *field = list != NULL ? field_find(list, name) : NULL;
    if (field == NULL)
        return refuse(error, "there is no packet yet, or it has no field '%s'", name);
    out->number = field->number;
    if (field->octets.len > EDIT_OCTETS_MAX)
        return refuse(error, "the field '%s' is too long to be copied", name);
    out->len = field->octets.len;
    if (out->len > 0)
        memcpy(out->octets, field->octets.data, out->len);
    return true;
}

bool edit_value_parse(const char *text, enum field_kind kind, const struct edit_sources *sources,
                      struct edit_value *out, char error[EDIT_ERROR_MAX])
{
    out->number = 0;
    out->len = 0;
    if (strncmp(text, "$sent:", 6) == 0)
        return value_of_field(sources->sent, text + 6, out, error);
    if (strncmp(text, "$got:", 5) == 0)
        return value_of_field(sources->got, text + 5, out, error);
    if (kind == FIELD_ADDRESS || kind == FIELD_OCTETS)
        return octets_value(text, out) || refuse(error, "'%s' is neither an address nor octets", text);
    char *end;
    errno = 0;
    out->number = strtoull(text, &end, 0);
    if (end == text || *end != '\0' || errno != 0)
        return refuse(error, "'%s' is no number", text);
    return true;
}

/* "NAME = VALUE" cut in two in place; spaces around both go. False if there is no "=". */
static bool split_assignment(char *text, char **name, char **value)
{
    char *sign = strstr(text, " =");
    if (sign == NULL)
        return false;
    *sign = '\0';
    *name = text;
    *value = sign + 2;
    *value += strspn(*value, " ");
    return true;
}

struct patch {
    size_t at;
    struct edit_value value;
};

static bool find_base(struct span packet, const char *base, size_t *at)
{
    struct packet decoded;
    packet_decode(packet, &decoded);
    if (strcmp(base, "ip") == 0) {
        *at = 0;
        return true;
    }
    struct field_list fields;
    fields_of_packet(packet, &decoded, &fields);
    const struct field *field = field_find(&fields, base);
    if (field != NULL)
        *at = field->offset;
    field_list_free(&fields);
    return field != NULL;
}

static bool patch_packet(struct edit_octets *packet, struct span sound, char *text,
                         char error[EDIT_ERROR_MAX])
{
    char *place, *octets;
    struct edit_value value = {.len = 0};
    size_t base;
    if (!split_assignment(text, &place, &octets))
        return refuse(error, "a patch is written BASE+N = OCTETS");
    char *plus = strrchr(place, '+');
    char *end = NULL;
    unsigned long distance = plus != NULL ? strtoul(plus + 1, &end, 0) : 0;
    if (plus == NULL || *end != '\0')
        return refuse(error, "'%s' is no place such as nhrp+16", place);
    *plus = '\0';
    if (!octets_parse(octets, &value) || value.len == 0)
        return refuse(error, "'%s' are no octets in hexadecimal", octets);
    if (!find_base(sound, place, &base))
        return refuse(error, "the packet has no field '%s'", place);
    if (distance > packet->len || base + distance + value.len > packet->len)
        return refuse(error, "the patch runs off the packet, which has %zu octets", packet->len);
    memcpy(packet->data + base + distance, value.octets, value.len);
    return true;
}

/* Statements that work on the written packet; others leave it alone. */
static bool apply_to_octets(struct edit_octets *packet, struct span sound, const char *statement,
                            char error[EDIT_ERROR_MAX])
{
    char text[STATEMENT_MAX];
    struct edit_value value;
    char *end;
    snprintf(text, sizeof(text), "%s", statement);
    if (strncmp(text, "patch ", 6) == 0)
        return patch_packet(packet, sound, text + 6, error);
    if (strncmp(text, "append ", 7) == 0) {
        if (!octets_parse(text + 7, &value) || packet->len + value.len > MODEL_PACKET_MAX)
            return refuse(error, "'%s' are no octets in hexadecimal, or too many", text + 7);
        memcpy(packet->data + packet->len, value.octets, value.len);
        packet->len += value.len;
    } else if (strncmp(text, "cut ", 4) == 0) {
        unsigned long count = strtoul(text + 4, &end, 0);
        if (*end != '\0' || count >= packet->len)
            return refuse(error, "'%s' octets cannot be cut off %zu", text + 4, packet->len);
        packet->len -= count;
    }
    return true;
}

static bool works_on_octets(const char *statement)
{
    return strncmp(statement, "patch ", 6) == 0 || strncmp(statement, "append ", 7) == 0 ||
           strncmp(statement, "cut ", 4) == 0;
}

static bool apply_to_model(struct model *m, const char *statement, const struct edit_sources *sources,
                           char error[EDIT_ERROR_MAX])
{
    char text[STATEMENT_MAX];
    char *name, *value;
    if (strlen(statement) >= sizeof(text))
        return refuse(error, "a statement is too long");
    snprintf(text, sizeof(text), "%s", statement);
    if (strncmp(text, "remove ", 7) == 0)
        return names_remove(m, text + 7) || refuse(error, "there is no '%s' to remove", text + 7);
    if (strncmp(text, "copy ", 5) == 0)
        return names_copy(m, text + 5) || refuse(error, "there is no '%s' to copy", text + 5);
    if (strncmp(text, "last ", 5) == 0)
        return names_move_last(m, text + 5) || refuse(error, "there is no '%s' to move", text + 5);
    if (!split_assignment(text, &name, &value))
        return refuse(error, "'%s' is no statement", statement);
    if (strncmp(name, "add ext ", 8) == 0) {
        struct edit_value octets = {.len = 0};
        uint16_t raw_type;
        if (!model_ext_type(name + 8, &raw_type) || !octets_value(value, &octets))
            return refuse(error, "'%s' adds no extension", statement);
        model_ext_add(m, raw_type, model_keep(m, octets.octets, octets.len))->is_list = false;
        return true;
    }
    return names_set(m, name, value, sources, error);
}

bool edit_packet(struct span packet, const char *const *statements, size_t count,
                 const struct edit_sources *sources, bool fix, struct edit_octets *out,
                 char error[EDIT_ERROR_MAX])
{
    struct model m;
    bool patched = false, good = true;
    *out = (struct edit_octets){.data = NULL};
    if (!model_of_packet(packet, &m))
        return refuse(error, "the packet cannot be decoded, so not edited either");
    for (size_t i = 0; good && i < count; i++)
        if (!works_on_octets(statements[i]))
            good = apply_to_model(&m, statements[i], sources, error);
    out->data = memory_zeroed(MODEL_PACKET_MAX, 1);
    struct writer w = writer_of(out->data, MODEL_PACKET_MAX);
    if (good && !model_write(&m, &w))
        good = refuse(error, "the edited packet does not fit");
    out->len = w.pos;
    /* Names are looked up in the packet as it would be without wrong lengths. */
    struct model sound_model = m;
    sound_model.packet_size = sound_model.checksum = sound_model.extensions_offset = MODEL_AS_WRITTEN;
    uint8_t *sound = memory_zeroed(MODEL_PACKET_MAX, 1);
    struct writer sound_writer = writer_of(sound, MODEL_PACKET_MAX);
    if (good)
        model_write(&sound_model, &sound_writer);
    for (size_t i = 0; good && i < count; i++)
        if (works_on_octets(statements[i])) {
            patched = true;
            good = apply_to_octets(out, span_of(sound, sound_writer.pos), statements[i], error);
        }
    if (good && fix)
        model_fix(out->data, out->len,
                  m.checksum != MODEL_AS_WRITTEN || (!patched && m.packet_size == MODEL_AS_WRITTEN));
    free(sound);
    model_free(&m);
    if (!good) {
        free(out->data);
        *out = (struct edit_octets){.data = NULL};
    }
    return good;
}
