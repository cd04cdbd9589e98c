/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_fields: decoded packets to named fields with byte offsets.
 *
 * Reads the layers that codec/packet.h decoded: outer IP, GRE (RFC 2784, RFC 2890), NHRP (RFC 2332 section 5)
 * or the inner IP packet. Judges nothing.
 */
#include "field.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "memory.h"

struct emitter {
    struct field_list *list;
    const uint8_t *base; /* of the whole packet */
    char prefix[FIELD_NAME_MAX];
};

static struct field *emit(struct emitter *e, enum field_kind kind, size_t offset, const char *leaf)
{
    struct field_list *list = e->list;
    list->items = memory_room_for_one(list->items, list->count, &list->cap, sizeof(*list->items));
    struct field *field = &list->items[list->count++];
    *field = (struct field){.kind = kind, .offset = offset};
    if (leaf[0] == '\0')
        snprintf(field->name, sizeof(field->name), "%s", e->prefix);
    else
        snprintf(field->name, sizeof(field->name), "%.40s%s%.20s", e->prefix, e->prefix[0] ? "." : "", leaf);
    return field;
}

static void emit_number(struct emitter *e, const char *leaf, uint64_t value, size_t offset)
{
    emit(e, FIELD_NUMBER, offset, leaf)->number = value;
}

static void emit_hex(struct emitter *e, const char *leaf, uint64_t value, size_t offset)
{
    emit(e, FIELD_HEX, offset, leaf)->number = value;
}

static void emit_flag(struct emitter *e, const char *leaf, bool value, size_t offset)
{
    emit(e, FIELD_FLAG, offset, leaf)->number = value;
}

/* An empty span has no place of its own; `otherwise` is where it would be. */
static void emit_octets(struct emitter *e, enum field_kind kind, const char *leaf, struct span value,
                        size_t otherwise)
{
    size_t offset = value.len > 0 ? (size_t)(value.data - e->base) : otherwise;
    emit(e, kind, offset, leaf)->octets = value;
}

static void set_prefix(struct emitter *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void set_prefix(struct emitter *e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(e->prefix, sizeof(e->prefix), format, args);
    va_end(args);
}

/* Where the fields of an IP header stand, by version. */
struct ip_offsets {
    size_t source, destination, ttl, tos, id, protocol;
};

static struct ip_offsets ip_offsets_of(const struct ip *ip)
{
    if (ip->source.family == ADDR_IPV4)
        return (struct ip_offsets){
            .source = 12, .destination = 16, .ttl = 8, .tos = 1, .id = 4, .protocol = 9};
    return (struct ip_offsets){.source = 8, .destination = 24, .ttl = 7, .tos = 0, .id = 0, .protocol = 6};
}

static void emit_ip(struct emitter *e, const char *prefix, const struct ip *ip, struct span bytes)
{
    size_t start = (size_t)(bytes.data - e->base);
    struct ip_offsets at = ip_offsets_of(ip);
    set_prefix(e, "%s", prefix);
    size_t len = addr_len(ip->source);
    emit_octets(e, FIELD_ADDRESS, "src", span_of(bytes.data + at.source, len), start);
    emit_octets(e, FIELD_ADDRESS, "dst", span_of(bytes.data + at.destination, len), start);
    emit_number(e, "proto", ip->protocol, start + at.protocol);
    emit_number(e, "ttl", ip->ttl, start + at.ttl);
    emit_number(e, "tos", ip->tos, start + at.tos);
    emit_number(e, "id", ip->id, start + at.id);
    emit_flag(e, "df", ip->dont_fragment, start + at.id + 2);
}

static void emit_gre(struct emitter *e, const struct gre *gre, size_t start)
{
    set_prefix(e, "gre");
    emit(e, FIELD_GROUP, start, "");
    emit_flag(e, "flags.checksum", gre->has_checksum, start);
    emit_flag(e, "flags.key", gre->has_key, start);
    emit_flag(e, "flags.sequence", gre->has_sequence, start);
    emit_hex(e, "reserved", gre->ignored_bits, start);
    emit_hex(e, "proto", gre->protocol, start + 2);
    size_t at = start + 4 + (gre->has_checksum ? 4 : 0);
    if (gre->has_key)
        emit_number(e, "key", gre->key, at);
    if (gre->has_sequence)
        emit_number(e, "sequence", gre->sequence, at + (gre->has_key ? 4 : 0));
}

/* What an NBMA length octet says beside the length, in place. */
static uint64_t nbma_type_bits(struct nhrp_nbma_type type)
{
    return (type.reserved ? 0x80u : 0) | (type.e164 ? 0x40u : 0);
}

static void emit_fixed(struct emitter *e, const struct nhrp_fixed *fixed, size_t start)
{
    set_prefix(e, "nhrp.hdr");
    emit_number(e, "afn", fixed->afn, start);
    emit_hex(e, "pro.type", fixed->protocol_type, start + 2);
    emit_octets(e, FIELD_OCTETS, "pro.snap", span_of(e->base + start + 4, sizeof(fixed->protocol_snap)),
                start + 4);
    emit_number(e, "hopcnt", fixed->hop_count, start + 9);
    emit_number(e, "version", fixed->version, start + 16);
    emit_number(e, "op.type", fixed->type, start + 17);
    emit_hex(e, "shtl.type", nbma_type_bits(fixed->source_nbma_type), start + 18);
    emit_hex(e, "sstl.type", nbma_type_bits(fixed->source_subaddress_type), start + 19);
}

static void emit_flags(struct emitter *e, const struct nhrp_message *m, size_t at)
{
    set_prefix(e, "nhrp.flag");
    switch (m->fixed.type) {
    case NHRP_RESOLUTION_REQUEST:
    case NHRP_RESOLUTION_REPLY:
        emit_flag(e, "q", m->resolution.requester_is_router, at);
        emit_flag(e, "a", m->resolution.authoritative, at);
        emit_flag(e, "d", m->resolution.destination_stable, at);
        emit_flag(e, "u", m->resolution.unique, at);
        emit_flag(e, "s", m->resolution.source_stable, at);
        emit_flag(e, "nat", m->resolution.nat, at + 1);
        emit_hex(e, "unused", m->resolution.unused, at);
        break;
    case NHRP_REGISTRATION_REQUEST:
    case NHRP_REGISTRATION_REPLY:
        emit_flag(e, "u", m->registration.unique, at);
        emit_flag(e, "nat", m->registration.nat, at + 1);
        emit_hex(e, "unused", m->registration.unused, at);
        break;
    case NHRP_PURGE_REQUEST:
    case NHRP_PURGE_REPLY:
        emit_flag(e, "n", m->purge.no_reply, at);
        emit_flag(e, "nat", m->purge.nat, at + 1);
        emit_hex(e, "unused", m->purge.unused, at);
        break;
    case NHRP_ERROR_INDICATION:
        set_prefix(e, "nhrp.err");
        emit_hex(e, "unused", m->error.unused, at);
        emit_number(e, "code", m->error.code, at + 2);
        emit_number(e, "offset", m->error.offset, at + 4);
        break;
    case NHRP_TRAFFIC_INDICATION:
        set_prefix(e, "nhrp.traffic");
        emit_hex(e, "unused", m->traffic.unused, at);
        emit_number(e, "code", m->traffic.code, at + 2);
        emit_hex(e, "unused2", m->traffic.unused2, at + 4);
        break;
    }
    if (nhrp_type_has_cies(m->fixed.type)) {
        set_prefix(e, "nhrp");
        emit_number(e, "reqid", m->request_id, at + 2);
    }
}

static void emit_addresses(struct emitter *e, const struct nhrp_message *m, size_t at)
{
    set_prefix(e, "nhrp");
    emit_octets(e, FIELD_ADDRESS, "src.nbma.addr", m->source_nbma, at);
    emit_octets(e, FIELD_OCTETS, "src.nbma.saddr", m->source_subaddress, at);
    emit_octets(e, FIELD_ADDRESS, "src.prot.addr", m->source_protocol, at);
    emit_octets(e, FIELD_ADDRESS, "dst.prot.addr", m->destination_protocol, at);
}

static void emit_cies(struct emitter *e, const char *container, struct span list)
{
    struct nhrp_cie cie;
    size_t start = list.len > 0 ? (size_t)(list.data - e->base) : 0;
    for (unsigned i = 0; nhrp_cie_next(&list, &cie); i++) {
        set_prefix(e, "%.40s.cie[%u]", container, i);
        emit(e, FIELD_GROUP, start, "");
        emit_number(e, "code", cie.code, start);
        emit_number(e, "prefix", cie.prefix_len, start + 1);
        emit_hex(e, "unused", cie.unused, start + 2);
        emit_number(e, "mtu", cie.mtu, start + 4);
        emit_number(e, "htime", cie.hold_s, start + 6);
        emit_hex(e, "addr.type", nbma_type_bits(cie.nbma_type), start + 8);
        emit_hex(e, "saddr.type", nbma_type_bits(cie.subaddress_type), start + 9);
        emit_number(e, "pref", cie.preference, start + 11);
        emit_octets(e, FIELD_ADDRESS, "nbma.addr", cie.nbma, start + 8);
        emit_octets(e, FIELD_OCTETS, "nbma.saddr", cie.subaddress, start + 9);
        emit_octets(e, FIELD_ADDRESS, "prot.addr", cie.protocol, start + 10);
        start = list.len > 0 ? (size_t)(list.data - e->base) : start;
    }
}

static const char *extension_slug(uint16_t type, char buf[16])
{
    switch (type) {
    case NHRP_EXT_END:
        return "end";
    case NHRP_EXT_RESPONDER_ADDRESS:
        return "responder";
    case NHRP_EXT_FORWARD_TRANSIT:
        return "forward";
    case NHRP_EXT_REVERSE_TRANSIT:
        return "reverse";
    case NHRP_EXT_AUTHENTICATION:
        return "auth";
    case NHRP_EXT_VENDOR_PRIVATE:
        return "vendor";
    case NHRP_EXT_NAT_ADDRESS:
        return "nat";
    }
    snprintf(buf, 16, "0x%04x", type);
    return buf;
}

/* How many extensions of this type stand in [from, until). */
static unsigned extension_occurrence(struct span from, const uint8_t *until, uint16_t type)
{
    unsigned count = 0;
    struct nhrp_ext ext;
    while (from.data < until && nhrp_ext_next(&from, &ext))
        count += ext.type == type;
    return count;
}

static void emit_extensions(struct emitter *e, struct span extensions)
{
    char order[FIELD_NAME_MAX] = "";
    size_t order_len = 0;
    struct span list = extensions;
    struct nhrp_ext ext;
    for (;;) {
        const uint8_t *here = list.data;
        size_t start = list.len > 0 ? (size_t)(here - e->base) : 0;
        if (!nhrp_ext_next(&list, &ext))
            break;
        char number[16];
        const char *slug = extension_slug(ext.type, number);
        unsigned seen = extension_occurrence(extensions, here, ext.type);
        char container[FIELD_NAME_MAX];
        if (seen == 0)
            snprintf(container, sizeof(container), "nhrp.ext[%s]", slug);
        else
            snprintf(container, sizeof(container), "nhrp.ext[%s#%u]", slug, seen + 1);
        set_prefix(e, "%s", container);
        emit(e, FIELD_GROUP, start, "");
        emit_flag(e, "c", ext.compulsory, start);
        emit_flag(e, "u", ext.reserved, start);
        struct span cies;
        if (nhrp_ext_cies(&ext, &cies))
            emit_cies(e, container, cies);
        else
            emit_octets(e, FIELD_OCTETS, "value", ext.value, start + 4);
        int wrote =
            snprintf(order + order_len, sizeof(order) - order_len, "%s%s", order_len > 0 ? " " : "", slug);
        order_len = wrote < 0 || order_len + (size_t)wrote >= sizeof(order) ? sizeof(order) - 1
                                                                            : order_len + (size_t)wrote;
    }
    if (extensions.len > 0) {
        set_prefix(e, "nhrp.ext");
        struct field *field = emit(e, FIELD_TEXT, (size_t)(extensions.data - e->base), "order");
        memcpy(field->text, order, sizeof(field->text));
    }
}

/* The packet inside an Error Indication or a Traffic Indication. */
static void emit_contents(struct emitter *e, const struct nhrp_message *m, size_t otherwise)
{
    set_prefix(e, "nhrp.packet");
    if (m->fixed.type == NHRP_TRAFFIC_INDICATION) {
        struct ip head;
        if (ip_decode_head(m->contents, &head).status == CODEC_OK) {
            emit_ip(e, "nhrp.packet", &head, m->contents);
            emit_octets(e, FIELD_OCTETS, "payload", head.payload, otherwise);
            return;
        }
    }
    emit_octets(e, FIELD_OCTETS, "octets", m->contents, otherwise);
}

static void emit_nhrp(struct emitter *e, const struct nhrp_message *m, size_t start)
{
    const size_t flags_at = start + NHRP_FIXED_LEN + 2;
    const size_t addresses_at = start + NHRP_FIXED_LEN + 8;
    set_prefix(e, "nhrp");
    emit(e, FIELD_GROUP, start, "")->octets = span_of(e->base + start, m->fixed.packet_size);
    emit_fixed(e, &m->fixed, start);
    emit_flags(e, m, flags_at);
    emit_addresses(e, m, addresses_at);
    if (nhrp_type_has_cies(m->fixed.type))
        emit_cies(e, "nhrp", m->cies);
    else
        emit_contents(e, m, addresses_at);
    emit_extensions(e, m->extensions);
    if (m->trailer.len > 0) {
        set_prefix(e, "nhrp");
        emit_octets(e, FIELD_OCTETS, "trailer", m->trailer, start);
    }
}

void fields_of_message(struct span bytes, const struct nhrp_message *message, struct field_list *out)
{
    *out = (struct field_list){0};
    struct emitter e = {.list = out, .base = bytes.data};
    emit_nhrp(&e, message, 0);
}

void fields_of_packet(struct span bytes, const struct packet *packet, struct field_list *out)
{
    *out = (struct field_list){0};
    struct emitter e = {.list = out, .base = bytes.data};
    emit_ip(&e, "ip", &packet->outer, bytes);
    if (packet->has_gre)
        emit_gre(&e, &packet->gre, (size_t)(packet->outer.payload.data - bytes.data));
    struct span payload = packet->has_gre ? packet->gre.payload : packet->outer.payload;
    switch (packet->kind) {
    case PACKET_NHRP:
        emit_nhrp(&e, &packet->nhrp, (size_t)(payload.data - bytes.data));
        break;
    case PACKET_DATA:
    case PACKET_KEEPALIVE:
        set_prefix(&e, "data");
        emit(&e, FIELD_GROUP, (size_t)(payload.data - bytes.data), "");
        if (payload.len > 0 && !addr_is_none(packet->inner.source)) {
            emit_ip(&e, "data.ip", &packet->inner, payload);
            set_prefix(&e, "data");
            emit_octets(&e, FIELD_OCTETS, "payload", packet->inner.payload,
                        (size_t)(payload.data - bytes.data));
        }
        break;
    case PACKET_GRE_OTHER:
    case PACKET_IP_OTHER:
        set_prefix(&e, "payload");
        emit_octets(&e, FIELD_OCTETS, "octets", payload, (size_t)(payload.data - bytes.data));
        break;
    case PACKET_BAD:
        break;
    }
}
