/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: see model.h. The layout is that of RFC 2332 sections 5.1 to 5.3 and of the draft's section 5.1. */
#include "edit/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "memory.h"

#define NHRP_AT_SIZE     10
#define NHRP_AT_CHECKSUM 12
#define NHRP_AT_OFFSET   14
#define NHRP_AT_FLAGS    22
#define NHRP_AT_WORD     24

static void cies_of_span(struct span list, struct model_cies *out)
{
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie)) {
        out->items = memory_room_for_one(out->items, out->count, &out->cap, sizeof(*out->items));
        out->items[out->count++] = cie;
    }
}

static struct model_ext *append_ext(struct model *m)
{
    m->exts = memory_room_for_one(m->exts, m->ext_count, &m->ext_cap, sizeof(*m->exts));
    struct model_ext *ext = &m->exts[m->ext_count++];
    *ext = (struct model_ext){.is_list = false};
    return ext;
}

static void take_nhrp(struct model *m, struct span bytes)
{
    const struct nhrp_message *message = &m->packet.nhrp;
    struct reader r = reader_of(span_of(bytes.data + NHRP_AT_FLAGS, bytes.len - NHRP_AT_FLAGS));
    m->flags = reader_u16(&r);
    m->word = reader_u32(&r);
    m->fixed = message->fixed;
    m->source_nbma = message->source_nbma;
    m->source_subaddress = message->source_subaddress;
    m->source_protocol = message->source_protocol;
    m->destination_protocol = message->destination_protocol;
    m->contents = message->contents;
    m->trailer = message->trailer;
    cies_of_span(message->cies, &m->cies);
    struct span list = message->extensions;
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext)) {
        struct model_ext *own = append_ext(m);
        struct span cies;
        own->ext = ext;
        own->is_list = nhrp_ext_cies(&ext, &cies);
        if (own->is_list)
            cies_of_span(cies, &own->cies);
    }
}

bool model_of_packet(struct span bytes, struct model *out)
{
    *out = (struct model){
        .packet_size = MODEL_AS_WRITTEN, .checksum = MODEL_AS_WRITTEN, .extensions_offset = MODEL_AS_WRITTEN};
    packet_decode(bytes, &out->packet);
    if (out->packet.kind == PACKET_BAD)
        return false;
    out->payload = out->packet.has_gre ? out->packet.gre.payload : out->packet.outer.payload;
    if (out->packet.kind == PACKET_NHRP)
        take_nhrp(out, out->payload);
    return true;
}

void model_free(struct model *m)
{
    for (size_t i = 0; i < m->owned_count; i++)
        free(m->owned[i]);
    free(m->owned);
    for (size_t i = 0; i < m->ext_count; i++)
        free(m->exts[i].cies.items);
    free(m->exts);
    free(m->cies.items);
    *m = (struct model){.packet_size = MODEL_AS_WRITTEN};
}

struct span model_keep(struct model *m, const void *data, size_t len)
{
    m->owned = memory_room_for_one(m->owned, m->owned_count, &m->owned_cap, sizeof(*m->owned));
    m->owned[m->owned_count] = memory_copy(data, len);
    return span_of(m->owned[m->owned_count++], len);
}

static const struct {
    const char *slug;
    uint16_t raw_type;
} slugs[] = {
    {"end", 0x8000},  {"responder", 0x8003}, {"forward", 0x8004}, {"reverse", 0x8005},
    {"auth", 0x8007}, {"vendor", 0x0008},    {"nat", 0x0009},
};

bool model_ext_type(const char *slug, uint16_t *raw_type)
{
    size_t len = strcspn(slug, "#");
    for (size_t i = 0; i < sizeof(slugs) / sizeof(slugs[0]); i++)
        if (strlen(slugs[i].slug) == len && strncmp(slugs[i].slug, slug, len) == 0) {
            *raw_type = slugs[i].raw_type;
            return true;
        }
    char *end;
    unsigned long number = strtoul(slug, &end, 0);
    *raw_type = (uint16_t)number;
    return strncmp(slug, "0x", 2) == 0 && (*end == '\0' || *end == '#') && number <= UINT16_MAX;
}

struct model_ext *model_ext_find(struct model *m, const char *slug)
{
    const uint16_t type_mask = 0x3fff;
    uint16_t raw_type;
    const char *mark = strchr(slug, '#');
    unsigned long wanted = mark != NULL ? strtoul(mark + 1, NULL, 10) : 1;
    if (!model_ext_type(slug, &raw_type))
        return NULL;
    for (size_t i = 0; i < m->ext_count; i++)
        if (m->exts[i].ext.type == (raw_type & type_mask) && --wanted == 0)
            return &m->exts[i];
    return NULL;
}

static struct nhrp_ext ext_of_raw(uint16_t raw_type, struct span value)
{
    return (struct nhrp_ext){.compulsory = raw_type & 0x8000,
                             .reserved = raw_type & 0x4000,
                             .type = raw_type & 0x3fff,
                             .value = value};
}

struct model_ext *model_ext_add(struct model *m, uint16_t raw_type, struct span value)
{
    if (m->ext_count == 0)
        append_ext(m)->ext = ext_of_raw(0x8000, span_of(NULL, 0));
    append_ext(m);
    size_t at = m->ext_count - 1;
    if (m->exts[at - 1].ext.type == NHRP_EXT_END) {
        m->exts[at] = m->exts[at - 1];
        at--;
    }
    m->exts[at] = (struct model_ext){.ext = ext_of_raw(raw_type, value),
                                     .is_list = nhrp_ext_has_cies(raw_type & 0x3fff) && value.len == 0};
    return &m->exts[at];
}

void model_ext_remove(struct model *m, struct model_ext *ext)
{
    size_t at = (size_t)(ext - m->exts);
    free(ext->cies.items);
    memmove(ext, ext + 1, (m->ext_count - at - 1) * sizeof(*ext));
    m->ext_count--;
}

struct nhrp_cie *model_cie_at(struct model_cies *list, size_t i)
{
    if (i > list->count)
        return NULL;
    if (i == list->count) {
        list->items = memory_room_for_one(list->items, list->count, &list->cap, sizeof(*list->items));
        list->items[list->count++] = (struct nhrp_cie){.code = 0};
    }
    return &list->items[i];
}

static uint8_t type_and_len(struct nhrp_nbma_type type, size_t len)
{
    return (uint8_t)((type.reserved ? 0x80 : 0) | (type.e164 ? 0x40 : 0) | (len & 0x3f));
}

static void write_ext(struct writer *w, const struct model_ext *own)
{
    writer_u16(
        w, (uint16_t)((own->ext.compulsory ? 0x8000 : 0) | (own->ext.reserved ? 0x4000 : 0) | own->ext.type));
    size_t len_at = w->pos;
    writer_u16(w, 0);
    if (!own->is_list)
        writer_span(w, own->ext.value);
    for (size_t i = 0; own->is_list && i < own->cies.count; i++)
        nhrp_cie_write(w, &own->cies.items[i]);
    writer_patch_u16(w, len_at, (uint16_t)(w->pos - len_at - 2));
}

/* Fixed part and common header, with what is computed still 0. */
static void write_header(struct writer *w, const struct model *m)
{
    writer_u16(w, m->fixed.afn);
    writer_u16(w, m->fixed.protocol_type);
    writer_span(w, span_of(m->fixed.protocol_snap, sizeof(m->fixed.protocol_snap)));
    writer_u8(w, m->fixed.hop_count);
    writer_zeros(w, 6);
    writer_u8(w, m->fixed.version);
    writer_u8(w, m->fixed.type);
    writer_u8(w, type_and_len(m->fixed.source_nbma_type, m->source_nbma.len));
    writer_u8(w, type_and_len(m->fixed.source_subaddress_type, m->source_subaddress.len));
    writer_u8(w, (uint8_t)m->source_protocol.len);
    writer_u8(w, (uint8_t)m->destination_protocol.len);
    writer_u16(w, m->flags);
    writer_u32(w, m->word);
    writer_span(w, m->source_nbma);
    writer_span(w, m->source_subaddress);
    writer_span(w, m->source_protocol);
    writer_span(w, m->destination_protocol);
}

static uint16_t chosen(int32_t set, size_t computed)
{
    return set == MODEL_AS_WRITTEN ? (uint16_t)computed : (uint16_t)set;
}

static bool write_nhrp(const struct model *m, struct writer *w)
{
    write_header(w, m);
    for (size_t i = 0; i < m->cies.count; i++)
        nhrp_cie_write(w, &m->cies.items[i]);
    writer_span(w, m->contents);
    size_t extensions_at = m->ext_count > 0 ? w->pos : 0;
    for (size_t i = 0; i < m->ext_count; i++)
        write_ext(w, &m->exts[i]);
    writer_span(w, m->trailer);
    writer_patch_u16(w, NHRP_AT_SIZE, chosen(m->packet_size, w->pos));
    writer_patch_u16(w, NHRP_AT_OFFSET, chosen(m->extensions_offset, extensions_at));
    struct span whole;
    if (!writer_done(w, &whole))
        return false;
    writer_patch_u16(w, NHRP_AT_CHECKSUM, chosen(m->checksum, checksum_of(whole)));
    return true;
}

bool model_write(const struct model *m, struct writer *w)
{
    uint8_t *room = memory_zeroed(2, MODEL_PACKET_MAX);
    struct writer payload_writer = writer_of(room, MODEL_PACKET_MAX);
    struct writer gre_writer = writer_of(room + MODEL_PACKET_MAX, MODEL_PACKET_MAX);
    struct span payload = {.data = NULL}, carried = {.data = NULL};
    bool good = true;
    if (m->packet.kind == PACKET_NHRP)
        good = write_nhrp(m, &payload_writer);
    else if (m->packet.kind == PACKET_DATA)
        ip_write(&payload_writer, &m->packet.inner, m->packet.inner.payload);
    else
        writer_span(&payload_writer, m->payload);
    good = good && writer_done(&payload_writer, &payload);
    if (good && m->packet.has_gre)
        gre_write(&gre_writer, &m->packet.gre, payload);
    good = good && writer_done(&gre_writer, &carried);
    if (good)
        ip_write(w, &m->packet.outer, m->packet.has_gre ? carried : payload);
    free(room);
    return good && !w->failed;
}

static void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void fix_ipv4_header(uint8_t *data, size_t len)
{
    put_u16(data + 2, (uint16_t)len);
    put_u16(data + 10, 0);
    put_u16(data + 10, checksum_of(span_of(data, (size_t)(data[0] & 0x0f) * 4)));
}

static void fix_nhrp(uint8_t *data, size_t len)
{
    if (len < NHRP_FIXED_LEN)
        return;
    size_t size = (size_t)(data[NHRP_AT_SIZE] << 8 | data[NHRP_AT_SIZE + 1]);
    nhrp_set_checksum(data, size >= NHRP_FIXED_LEN && size < len ? size : len);
}

void model_fix(uint8_t *data, size_t len, bool keep_nhrp)
{
    const size_t ipv4_header = 20, ipv6_header = 40;
    bool is_ipv4 = len >= ipv4_header && data[0] == 0x45;
    if (!is_ipv4 && (len < ipv6_header || data[0] >> 4 != 6))
        return;
    size_t at = is_ipv4 ? ipv4_header : ipv6_header;
    uint8_t protocol = data[is_ipv4 ? 9 : 6];
    if (protocol == IP_PROTOCOL_GRE && len >= at + 4) {
        uint8_t *gre = data + at;
        size_t header = 4 + (gre[0] & 0x80 ? 4u : 0) + (gre[0] & 0x20 ? 4u : 0) + (gre[0] & 0x10 ? 4u : 0);
        bool is_nhrp = gre[2] == GRE_PROTOCOL_NHRP >> 8 && gre[3] == (GRE_PROTOCOL_NHRP & 0xff);
        if (is_nhrp && !keep_nhrp && len > at + header)
            fix_nhrp(gre + header, len - at - header);
        if (gre[0] & 0x80 && len >= at + header) {
            put_u16(gre + 4, 0);
            put_u16(gre + 4, checksum_of(span_of(gre, len - at)));
        }
    }
    if (is_ipv4)
        fix_ipv4_header(data, len);
    else
        put_u16(data + 4, (uint16_t)(len - ipv6_header));
}
