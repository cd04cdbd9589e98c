/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_fields: see story_fields.h. */
#include "explain/story_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/nhrp_cie.h"
#include "memory.h"

static const struct words {
    const char *pattern, *label;
    size_t octets;
    const char *clause;
} words[] = {
#define FIELD_WORDS(pattern, label, octets, clause) {pattern, label, octets, clause},
#include "explain/field_words.def"
};
#define WORDS_COUNT (sizeof(words) / sizeof(words[0]))

/* Fields that decoding has verified, so that the list of fields leaves them out. */
static const struct {
    const char *name;
    size_t offset;
} verified[] = {
    {"nhrp.hdr.pktsz", 10},
    {"nhrp.hdr.chksum", 12},
    {"nhrp.hdr.extoff", 14},
};

static const struct words *words_of(const char *name)
{
    for (size_t i = 0; i < WORDS_COUNT; i++)
        if (field_name_matches(words[i].pattern, name))
            return &words[i];
    return NULL;
}

static bool ends_with(const char *name, const char *end)
{
    size_t len = strlen(name), end_len = strlen(end);
    return len >= end_len && strcmp(name + len - end_len, end) == 0;
}

/* What a code means, behind its number. */
static const char *meaning(const struct field *field)
{
    if (field->kind != FIELD_NUMBER)
        return NULL;
    if (strcmp(field->name, "nhrp.hdr.op.type") == 0)
        return nhrp_type_words((uint8_t)field->number);
    if (strcmp(field->name, "nhrp.err.code") == 0)
        return nhrp_error_words((uint16_t)field->number);
    if (strcmp(field->name, "nhrp.hdr.afn") == 0)
        return field->number == NHRP_AFN_IPV4 ? "IPv4" : field->number == NHRP_AFN_IPV6 ? "IPv6" : NULL;
    if (ends_with(field->name, "].code"))
        return nhrp_cie_code_words((uint8_t)field->number);
    return NULL;
}

static unsigned depth_of(const char *name)
{
    unsigned depth = strstr(name, "].") != NULL;
    const char *cie = strstr(name, ".cie[");
    if (cie != NULL && strncmp(name, "nhrp.ext[", 9) == 0)
        depth += strstr(cie, "].") != NULL;
    if (strncmp(name, "nhrp.packet.", 12) == 0 || strncmp(name, "gre.", 4) == 0 || strncmp(name, "data.", 5) == 0)
        depth = 1;
    return depth;
}

static void add_field(struct story_field *out, const struct field *field, const struct words *w)
{
    char value[FIELD_TEXT_MAX];
    const char *means = meaning(field);
    bool has_octets = field->kind == FIELD_ADDRESS || field->kind == FIELD_OCTETS;
    snprintf(out->name, sizeof(out->name), "%s", field->name);
    out->label = w->label;
    out->clause = w->clause;
    out->offset = field->offset;
    out->len = has_octets ? field->octets.len : w->octets > 0 ? w->octets : field->octets.len;
    out->depth = depth_of(field->name);
    if (field->kind != FIELD_GROUP)
        snprintf(out->value, sizeof(out->value), "%s%s%s%s", field_format(field, value), means != NULL ? " (" : "",
                 means != NULL ? means : "", means != NULL ? ")" : "");
}

static size_t add_verified(struct story_field *out, struct span bytes, size_t start)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof(verified) / sizeof(verified[0]); i++) {
        size_t at = start + verified[i].offset;
        const struct words *w = words_of(verified[i].name);
        if (at + 2 > bytes.len)
            continue;
        unsigned value = (unsigned)bytes.data[at] << 8 | bytes.data[at + 1];
        struct story_field *field = &out[count++];
        *field = (struct story_field){.label = w->label, .clause = w->clause, .offset = at, .len = 2};
        snprintf(field->name, sizeof(field->name), "%s", verified[i].name);
        snprintf(field->value, sizeof(field->value), i == 1 ? "0x%04x" : "%u", value);
    }
    return count;
}

/* Stable, and few are out of order. */
static void sort(struct story_field *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct story_field item = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1].offset > item.offset; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

static void list_of(struct span bytes, bool is_message, struct field_list *list)
{
    *list = (struct field_list){0};
    if (is_message) {
        struct nhrp_message message;
        if (nhrp_decode(bytes, NHRP_DECODE_STRICT, &message).status == CODEC_OK)
            fields_of_message(bytes, &message, list);
        return;
    }
    struct packet packet;
    packet_decode(bytes, &packet);
    if (packet.kind != PACKET_BAD || packet.bad_layer != PACKET_OUTER)
        fields_of_packet(bytes, &packet, list);
}

size_t story_fields(struct span bytes, bool is_message, struct story_field **out)
{
    struct field_list list;
    if (bytes.len > STORY_FIELDS_OCTETS)
        bytes.len = 0;
    list_of(bytes, is_message, &list);
    *out = memory_zeroed(list.count + 4, sizeof(**out));
    size_t count = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct field *field = &list.items[i];
        const struct words *w = words_of(field->name);
        bool empty = (field->kind == FIELD_ADDRESS || field->kind == FIELD_OCTETS) && field->octets.len == 0;
        /* IPv6 has no such bit. */
        bool no_bit = ends_with(field->name, ".df") && field->number == 0;
        if (w == NULL || empty || no_bit || field->offset >= bytes.len)
            continue;
        add_field(&(*out)[count++], field, w);
        if (strcmp(field->name, "nhrp") == 0)
            count += add_verified(&(*out)[count], bytes, field->offset);
    }
    for (size_t i = 0; i < count; i++)
        if ((*out)[i].len > bytes.len - (*out)[i].offset)
            (*out)[i].len = bytes.len - (*out)[i].offset;
    field_list_free(&list);
    sort(*out, count);
    return count;
}
