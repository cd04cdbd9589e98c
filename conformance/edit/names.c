/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names: tables of field names, and where in a model each is. Flags are bits of the common header's flag
 * field; which bit depends on the message family (RFC 2332 sections 5.2.1, 5.2.3, 5.2.5).
 */
#include "edit/names.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum place_kind { PLACE_U8, PLACE_U16, PLACE_U32, PLACE_BOOL, PLACE_ADDR, PLACE_SPAN, PLACE_LIMIT };

struct place {
    const char *name;
    enum place_kind kind;
    enum field_kind value; /* how its value is written */
    size_t at;             /* offsetof() in the structure that the table is about */
};

#define IN(member) offsetof(struct model, member)
static const struct place model_places[] = {
    {"ip.src", PLACE_ADDR, FIELD_ADDRESS, IN(packet.outer.source)},
    {"ip.dst", PLACE_ADDR, FIELD_ADDRESS, IN(packet.outer.destination)},
    {"ip.proto", PLACE_U8, FIELD_NUMBER, IN(packet.outer.protocol)},
    {"ip.ttl", PLACE_U8, FIELD_NUMBER, IN(packet.outer.ttl)},
    {"ip.tos", PLACE_U8, FIELD_NUMBER, IN(packet.outer.tos)},
    {"ip.df", PLACE_BOOL, FIELD_FLAG, IN(packet.outer.dont_fragment)},
    {"gre.flags.checksum", PLACE_BOOL, FIELD_FLAG, IN(packet.gre.has_checksum)},
    {"gre.flags.key", PLACE_BOOL, FIELD_FLAG, IN(packet.gre.has_key)},
    {"gre.flags.sequence", PLACE_BOOL, FIELD_FLAG, IN(packet.gre.has_sequence)},
    {"gre.reserved", PLACE_U16, FIELD_HEX, IN(packet.gre.ignored_bits)},
    {"gre.reserved1", PLACE_U16, FIELD_HEX, IN(packet.gre.reserved1)},
    {"gre.proto", PLACE_U16, FIELD_HEX, IN(packet.gre.protocol)},
    {"gre.key", PLACE_U32, FIELD_NUMBER, IN(packet.gre.key)},
    {"gre.sequence", PLACE_U32, FIELD_NUMBER, IN(packet.gre.sequence)},
    {"data.ip.src", PLACE_ADDR, FIELD_ADDRESS, IN(packet.inner.source)},
    {"data.ip.dst", PLACE_ADDR, FIELD_ADDRESS, IN(packet.inner.destination)},
    {"data.ip.proto", PLACE_U8, FIELD_NUMBER, IN(packet.inner.protocol)},
    {"data.ip.ttl", PLACE_U8, FIELD_NUMBER, IN(packet.inner.ttl)},
    {"data.ip.tos", PLACE_U8, FIELD_NUMBER, IN(packet.inner.tos)},
    {"data.ip.id", PLACE_U32, FIELD_NUMBER, IN(packet.inner.id)},
    {"data.payload", PLACE_SPAN, FIELD_OCTETS, IN(packet.inner.payload)},
    {"nhrp.hdr.afn", PLACE_U16, FIELD_NUMBER, IN(fixed.afn)},
    {"nhrp.hdr.pro.type", PLACE_U16, FIELD_HEX, IN(fixed.protocol_type)},
    {"nhrp.hdr.hopcnt", PLACE_U8, FIELD_NUMBER, IN(fixed.hop_count)},
    {"nhrp.hdr.version", PLACE_U8, FIELD_NUMBER, IN(fixed.version)},
    {"nhrp.hdr.op.type", PLACE_U8, FIELD_NUMBER, IN(fixed.type)},
    {"nhrp.hdr.pktsz", PLACE_LIMIT, FIELD_NUMBER, IN(packet_size)},
    {"nhrp.hdr.chksum", PLACE_LIMIT, FIELD_HEX, IN(checksum)},
    {"nhrp.hdr.extoff", PLACE_LIMIT, FIELD_NUMBER, IN(extensions_offset)},
    {"nhrp.hdr.shtl.e164", PLACE_BOOL, FIELD_FLAG, IN(fixed.source_nbma_type.e164)},
    {"nhrp.flags", PLACE_U16, FIELD_HEX, IN(flags)},
    {"nhrp.err.unused", PLACE_U16, FIELD_HEX, IN(flags)},
    {"nhrp.traffic.unused", PLACE_U16, FIELD_HEX, IN(flags)},
    {"nhrp.reqid", PLACE_U32, FIELD_NUMBER, IN(word)},
    {"nhrp.src.nbma.addr", PLACE_SPAN, FIELD_ADDRESS, IN(source_nbma)},
    {"nhrp.src.nbma.saddr", PLACE_SPAN, FIELD_OCTETS, IN(source_subaddress)},
    {"nhrp.src.prot.addr", PLACE_SPAN, FIELD_ADDRESS, IN(source_protocol)},
    {"nhrp.dst.prot.addr", PLACE_SPAN, FIELD_ADDRESS, IN(destination_protocol)},
    {"nhrp.packet.octets", PLACE_SPAN, FIELD_OCTETS, IN(contents)},
    {"nhrp.trailer", PLACE_SPAN, FIELD_OCTETS, IN(trailer)},
};
#undef IN

#define IN(member) offsetof(struct nhrp_cie, member)
static const struct place cie_places[] = {
    {"code", PLACE_U8, FIELD_NUMBER, IN(code)},
    {"prefix", PLACE_U8, FIELD_NUMBER, IN(prefix_len)},
    {"unused", PLACE_U16, FIELD_HEX, IN(unused)},
    {"mtu", PLACE_U16, FIELD_NUMBER, IN(mtu)},
    {"htime", PLACE_U16, FIELD_NUMBER, IN(hold_s)},
    {"pref", PLACE_U8, FIELD_NUMBER, IN(preference)},
    {"nbma.addr", PLACE_SPAN, FIELD_ADDRESS, IN(nbma)},
    {"nbma.saddr", PLACE_SPAN, FIELD_OCTETS, IN(subaddress)},
    {"prot.addr", PLACE_SPAN, FIELD_ADDRESS, IN(protocol)},
    {"addr.e164", PLACE_BOOL, FIELD_FLAG, IN(nbma_type.e164)},
};
#undef IN

#define IN(member) offsetof(struct nhrp_ext, member)
static const struct place ext_places[] = {
    {"c", PLACE_BOOL, FIELD_FLAG, IN(compulsory)},
    {"u", PLACE_BOOL, FIELD_FLAG, IN(reserved)},
    {"type", PLACE_U16, FIELD_HEX, IN(type)},
    {"value", PLACE_SPAN, FIELD_OCTETS, IN(value)},
};
#undef IN
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Bits of the flag field: one row for each message family (types by pairs). */
static const struct {
    const char *name;
    uint8_t family; /* request type of the pair; 0: all */
    uint16_t bit;
} flag_bits[] = {
    {"q", NHRP_RESOLUTION_REQUEST, 0x8000}, {"a", NHRP_RESOLUTION_REQUEST, 0x4000},
    {"d", NHRP_RESOLUTION_REQUEST, 0x2000}, {"u", NHRP_RESOLUTION_REQUEST, 0x1000},
    {"s", NHRP_RESOLUTION_REQUEST, 0x0800}, {"u", NHRP_REGISTRATION_REQUEST, 0x8000},
    {"n", NHRP_PURGE_REQUEST, 0x8000},      {"nat", 0, 0x0002},
};

static const struct place *find_place(const struct place *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static bool too_large(char error[EDIT_ERROR_MAX], const char *name)
{
    snprintf(error, EDIT_ERROR_MAX, "the value is too large for '%s'", name);
    return false;
}

/* Put a value into the structure at base. */
static bool put_value(struct model *m, void *base, const struct place *place, const struct edit_value *value,
                      char error[EDIT_ERROR_MAX])
{
    uint8_t *at = (uint8_t *)base + place->at;
    switch (place->kind) {
    case PLACE_U8:
        *at = (uint8_t)value->number;
        return value->number <= UINT8_MAX || too_large(error, place->name);
    case PLACE_U16:
        memcpy(at, &(uint16_t){(uint16_t)value->number}, sizeof(uint16_t));
        return value->number <= UINT16_MAX || too_large(error, place->name);
    case PLACE_U32:
        memcpy(at, &(uint32_t){(uint32_t)value->number}, sizeof(uint32_t));
        return value->number <= UINT32_MAX || too_large(error, place->name);
    case PLACE_LIMIT:
        memcpy(at, &(int32_t){(int32_t)value->number}, sizeof(int32_t));
        return value->number <= UINT16_MAX || too_large(error, place->name);
    case PLACE_BOOL:
        *(bool *)at = value->number != 0;
        return value->number <= 1 || too_large(error, place->name);
    case PLACE_SPAN:
        *(struct span *)(void *)at = model_keep(m, value->octets, value->len);
        return true;
    case PLACE_ADDR:
        *(struct addr *)(void *)at = addr_from_span(span_of(value->octets, value->len));
        if (value->len == 4 || value->len == 16)
            return true;
        snprintf(error, EDIT_ERROR_MAX, "'%s' needs an address", place->name);
        return false;
    }
    return false;
}

static bool set_place(struct model *m, void *base, const struct place *place, const char *value,
                      const struct edit_sources *sources, char error[EDIT_ERROR_MAX])
{
    struct edit_value parsed;
    return edit_value_parse(value, place->value, sources, &parsed, error) &&
           put_value(m, base, place, &parsed, error);
}

static bool set_flag(struct model *m, const char *name, const char *value, const struct edit_sources *sources,
                     char error[EDIT_ERROR_MAX])
{
    struct edit_value parsed;
    uint8_t family = (uint8_t)(m->fixed.type - (m->fixed.type % 2 == 0 ? 1 : 0));
    if (!edit_value_parse(value, FIELD_NUMBER, sources, &parsed, error))
        return false;
    if (strcmp(name, "unused") == 0) {
        m->flags |= (uint16_t)parsed.number;
        return parsed.number <= UINT16_MAX || too_large(error, name);
    }
    for (size_t i = 0; i < COUNT(flag_bits); i++)
        if (strcmp(flag_bits[i].name, name) == 0 &&
            (flag_bits[i].family == 0 || flag_bits[i].family == family)) {
            m->flags =
                (uint16_t)(parsed.number != 0 ? m->flags | flag_bits[i].bit : m->flags & ~flag_bits[i].bit);
            return true;
        }
    snprintf(error, EDIT_ERROR_MAX, "messages of type %u have no flag '%s'", m->fixed.type, name);
    return false;
}

/* Code and offset of an Error Indication, code and what follows of a Traffic Indication: halves of one word.
 */
static bool set_half(struct model *m, bool high, const char *value, const struct edit_sources *sources,
                     char error[EDIT_ERROR_MAX])
{
    struct edit_value parsed;
    if (!edit_value_parse(value, FIELD_NUMBER, sources, &parsed, error))
        return false;
    if (parsed.number > UINT16_MAX)
        return too_large(error, "code or offset");
    uint32_t half = (uint32_t)parsed.number;
    m->word = high ? (m->word & 0xffff) | half << 16 : (m->word & 0xffff0000u) | half;
    return true;
}

/* "cie[N].LEAF" in a list. */
static bool set_cie(struct model *m, struct model_cies *list, const char *name, const char *value,
                    const struct edit_sources *sources, char error[EDIT_ERROR_MAX])
{
    char *end;
    unsigned long i = strtoul(name + 4, &end, 10);
    const struct place *place =
        strncmp(end, "].", 2) == 0 ? find_place(cie_places, COUNT(cie_places), end + 2) : NULL;
    struct nhrp_cie *cie = place != NULL ? model_cie_at(list, i) : NULL;
    if (cie == NULL) {
        snprintf(error, EDIT_ERROR_MAX, "there is no field '%s' to set", name);
        return false;
    }
    return set_place(m, cie, place, value, sources, error);
}

/* The slug between the brackets of "nhrp.ext[SLUG]..."; rest is what follows the bracket. */
static bool take_slug(const char *name, char slug[32], const char **rest)
{
    const char *from = name + strlen("nhrp.ext[");
    size_t len = strcspn(from, "]");
    if (strncmp(name, "nhrp.ext[", 9) != 0 || from[len] != ']' || len >= 32)
        return false;
    memcpy(slug, from, len);
    slug[len] = '\0';
    *rest = from + len + 1;
    return true;
}

static bool set_ext(struct model *m, const char *name, const char *value, const struct edit_sources *sources,
                    char error[EDIT_ERROR_MAX])
{
    char slug[32];
    const char *rest;
    uint16_t raw_type;
    if (!take_slug(name, slug, &rest) || rest[0] != '.' || !model_ext_type(slug, &raw_type)) {
        snprintf(error, EDIT_ERROR_MAX, "'%s' is no field of an extension", name);
        return false;
    }
    struct model_ext *own = model_ext_find(m, slug);
    if (own == NULL)
        own = model_ext_add(m, raw_type, span_of(NULL, 0));
    if (strncmp(rest, ".cie[", 5) == 0) {
        own->is_list = true;
        return set_cie(m, &own->cies, rest + 1, value, sources, error);
    }
    const struct place *place = find_place(ext_places, COUNT(ext_places), rest + 1);
    if (place == NULL) {
        snprintf(error, EDIT_ERROR_MAX, "there is no field '%s' to set", name);
        return false;
    }
    if (place->kind == PLACE_SPAN)
        own->is_list = false;
    return set_place(m, &own->ext, place, value, sources, error);
}

static bool set_snap(struct model *m, const char *value, const struct edit_sources *sources,
                     char error[EDIT_ERROR_MAX])
{
    struct edit_value parsed;
    if (!edit_value_parse(value, FIELD_OCTETS, sources, &parsed, error))
        return false;
    if (parsed.len != sizeof(m->fixed.protocol_snap))
        return too_large(error, "nhrp.hdr.pro.snap");
    memcpy(m->fixed.protocol_snap, parsed.octets, parsed.len);
    return true;
}

bool names_set(struct model *m, const char *name, const char *value, const struct edit_sources *sources,
               char error[EDIT_ERROR_MAX])
{
    const struct place *place = find_place(model_places, COUNT(model_places), name);
    if (place != NULL && (strncmp(name, "nhrp.", 5) != 0 || m->packet.kind == PACKET_NHRP))
        return set_place(m, m, place, value, sources, error);
    if (m->packet.kind == PACKET_NHRP) {
        if (strncmp(name, "nhrp.flag.", 10) == 0)
            return set_flag(m, name + 10, value, sources, error);
        if (strcmp(name, "nhrp.err.code") == 0 || strcmp(name, "nhrp.traffic.code") == 0)
            return set_half(m, true, value, sources, error);
        if (strcmp(name, "nhrp.err.offset") == 0 || strcmp(name, "nhrp.traffic.unused2") == 0)
            return set_half(m, false, value, sources, error);
        if (strcmp(name, "nhrp.hdr.pro.snap") == 0)
            return set_snap(m, value, sources, error);
        if (strncmp(name, "nhrp.cie[", 9) == 0)
            return set_cie(m, &m->cies, name + 5, value, sources, error);
        if (strncmp(name, "nhrp.ext[", 9) == 0)
            return set_ext(m, name, value, sources, error);
    }
    snprintf(error, EDIT_ERROR_MAX, "there is no field '%s' to set", name);
    return false;
}

/* The list and index that "nhrp.cie[N]" or "nhrp.ext[SLUG].cie[N]" names, if it is there. */
static struct model_cies *find_cie(struct model *m, const char *name, size_t *i)
{
    char slug[32];
    const char *rest = name + strlen("nhrp.");
    struct model_cies *list = &m->cies;
    if (take_slug(name, slug, &rest)) {
        struct model_ext *own = model_ext_find(m, slug);
        list = own != NULL ? &own->cies : NULL;
        rest++;
    }
    char *end;
    if (list == NULL || strncmp(rest, "cie[", 4) != 0)
        return NULL;
    *i = strtoul(rest + 4, &end, 10);
    return strcmp(end, "]") == 0 && *i < list->count ? list : NULL;
}

static struct model_ext *find_ext(struct model *m, const char *name)
{
    char slug[32];
    const char *rest;
    return take_slug(name, slug, &rest) && *rest == '\0' ? model_ext_find(m, slug) : NULL;
}

bool names_remove(struct model *m, const char *name)
{
    size_t i;
    if (m->packet.kind != PACKET_NHRP)
        return false;
    if (strcmp(name, "nhrp.ext") == 0) {
        while (m->ext_count > 0)
            model_ext_remove(m, &m->exts[m->ext_count - 1]);
        return true;
    }
    if (strcmp(name, "nhrp.cie") == 0) {
        m->cies.count = 0;
        return true;
    }
    struct model_ext *ext = find_ext(m, name);
    if (ext != NULL) {
        model_ext_remove(m, ext);
        return true;
    }
    struct model_cies *list = find_cie(m, name, &i);
    if (list == NULL)
        return false;
    memmove(&list->items[i], &list->items[i + 1], (list->count - i - 1) * sizeof(*list->items));
    list->count--;
    return true;
}

bool names_copy(struct model *m, const char *name)
{
    size_t i;
    struct model_cies *list = m->packet.kind == PACKET_NHRP ? find_cie(m, name, &i) : NULL;
    if (list != NULL) {
        struct nhrp_cie cie = list->items[i];
        *model_cie_at(list, list->count) = cie;
        return true;
    }
    struct model_ext *from = find_ext(m, name);
    if (from == NULL)
        return false;
    struct model_ext was = *from;
    struct model_ext *copy = model_ext_add(m, was.ext.type, was.ext.value);
    copy->ext = was.ext;
    copy->is_list = was.is_list;
    for (size_t k = 0; k < was.cies.count; k++)
        *model_cie_at(&copy->cies, k) = was.cies.items[k];
    return true;
}

bool names_move_last(struct model *m, const char *name)
{
    struct model_ext *ext = find_ext(m, name);
    if (ext == NULL)
        return false;
    struct model_ext was = *ext;
    ext->cies = (struct model_cies){.items = NULL};
    model_ext_remove(m, ext);
    struct model_ext *moved = model_ext_add(m, was.ext.type, was.ext.value);
    *moved = was;
    return true;
}
