/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump_fields: a message field by field, in wire order, under the names and in the notation of Wireshark's
 * fields.
 */
#include "codec/dump.h"

#include "base/text.h"
#include "codec/ip.h"
#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "codec/nhrp_text.h"
#include "codec/nhrp_type.h"
#include "codec/nhrp_wire.h"

#define NUMBER_TEXT_MAX 16
#define NAME_MAX_LEN    48
#define BYTES_TEXT_MAX  (3 * 255 + 1) /* the longest address; longer values are cut */

struct sink {
    dump_field_fn *emit;
    void *arg;
    const struct nhrp_message *message;
};

static void emit_number(const struct sink *s, unsigned depth, const char *name, uint32_t value)
{
    char buf[NUMBER_TEXT_MAX];
    struct text t = text_of(buf, sizeof buf);
    text_add(&t, "%u", value);
    s->emit(s->arg, depth, name, buf);
}

static void emit_hex(const struct sink *s, unsigned depth, const char *name, int digits, uint32_t value)
{
    char buf[NUMBER_TEXT_MAX];
    struct text t = text_of(buf, sizeof buf);
    text_add(&t, "0x%0*x", digits, value);
    s->emit(s->arg, depth, name, buf);
}

static void emit_bytes(const struct sink *s, unsigned depth, const char *name, struct span bytes)
{
    char buf[BYTES_TEXT_MAX];
    struct text t = text_of(buf, sizeof buf);
    text_add_hex(&t, bytes);
    if (bytes.len > 0)
        s->emit(s->arg, depth, name, buf);
}

/* Under base if it is an IP address, else under base_bytes. */
static void emit_addr(const struct sink *s, unsigned depth, const char *base, struct addr a,
                      struct span bytes)
{
    char name[NAME_MAX_LEN], buf[ADDR_TEXT_MAX];
    struct text t = text_of(name, sizeof name);
    text_add(&t, "%s%s", base, addr_is_none(a) ? "_bytes" : "");
    if (addr_is_none(a))
        emit_bytes(s, depth, name, bytes);
    else
        s->emit(s->arg, depth, name, addr_format(a, buf));
}

static void emit_nbma(const struct sink *s, unsigned depth, const char *base, struct nhrp_nbma_type type,
                      struct span bytes)
{
    emit_addr(s, depth, base, nhrp_nbma_addr(&s->message->fixed, type, bytes), bytes);
}

static void emit_protocol(const struct sink *s, unsigned depth, const char *base, struct span bytes)
{
    emit_addr(s, depth, base, nhrp_protocol_addr(&s->message->fixed, bytes), bytes);
}

/* A type/length octet and its parts. */
static void emit_type_len(const struct sink *s, unsigned depth, const char *base, struct nhrp_nbma_type type,
                          size_t len)
{
    char name[NAME_MAX_LEN];
    emit_number(s, depth, base, nhrp_nbma_join(type, len));
    struct text t = text_of(name, sizeof name);
    text_add(&t, "%s.reserved", base);
    emit_number(s, depth + 1, name, type.reserved);
    t = text_of(name, sizeof name);
    text_add(&t, "%s.type", base);
    emit_number(s, depth + 1, name, type.e164);
    t = text_of(name, sizeof name);
    text_add(&t, "%s.len", base);
    emit_number(s, depth + 1, name, (uint32_t)len);
}

static void emit_fixed(const struct sink *s, unsigned depth)
{
    const struct nhrp_message *m = s->message;
    const struct nhrp_fixed *fixed = &m->fixed;
    struct span snap = span_of(fixed->protocol_snap, sizeof fixed->protocol_snap);
    emit_hex(s, depth, "nhrp.hdr.afn", 4, fixed->afn);
    emit_hex(s, depth, "nhrp.hdr.pro.type", 4, fixed->protocol_type);
    if (fixed->protocol_type == NHRP_PROTOCOL_SNAP) {
        emit_number(s, depth, "nhrp.hdr.pro.snap.oui",
                    (uint32_t)(snap.data[0] << 16 | snap.data[1] << 8 | snap.data[2]));
        emit_hex(s, depth, "nhrp.hdr.pro.snap.pid", 4, (uint32_t)(snap.data[3] << 8 | snap.data[4]));
    } else {
        emit_bytes(s, depth, "nhrp.protocol_type", snap);
    }
    emit_number(s, depth, "nhrp.hdr.hopcnt", fixed->hop_count);
    emit_number(s, depth, "nhrp.hdr.pktsz", fixed->packet_size);
    emit_hex(s, depth, "nhrp.hdr.chksum", 4, fixed->checksum);
    emit_number(s, depth, "nhrp.hdr.extoff", fixed->extensions_offset);
    emit_number(s, depth, "nhrp.hdr.version", fixed->version);
    emit_number(s, depth, "nhrp.hdr.op.type", fixed->type);
    emit_type_len(s, depth, "nhrp.hdr.shtl", fixed->source_nbma_type, m->source_nbma.len);
    emit_type_len(s, depth, "nhrp.hdr.sstl", fixed->source_subaddress_type, m->source_subaddress.len);
}

static void emit_flag_bits(const struct sink *s, unsigned depth)
{
    const struct nhrp_message *m = s->message;
    switch (m->fixed.type) {
    case NHRP_RESOLUTION_REQUEST:
    case NHRP_RESOLUTION_REPLY:
        emit_number(s, depth, "nhrp.flag.q", m->resolution.requester_is_router);
        emit_number(s, depth, "nhrp.flag.a", m->resolution.authoritative);
        emit_number(s, depth, "nhrp.flag.d", m->resolution.destination_stable);
        emit_number(s, depth, "nhrp.flag.u", m->resolution.unique);
        emit_number(s, depth, "nhrp.flag.s", m->resolution.source_stable);
        emit_number(s, depth, "nhrp.flag.nat", m->resolution.nat);
        emit_hex(s, depth, "nhrp.flags.unused", 4, m->resolution.unused);
        break;
    case NHRP_REGISTRATION_REQUEST:
    case NHRP_REGISTRATION_REPLY:
        emit_number(s, depth, "nhrp.flag.u", m->registration.unique);
        emit_number(s, depth, "nhrp.flag.nat", m->registration.nat);
        emit_hex(s, depth, "nhrp.flags.unused", 4, m->registration.unused);
        break;
    default:
        emit_number(s, depth, "nhrp.flag.n", m->purge.no_reply);
        emit_number(s, depth, "nhrp.flag.nat", m->purge.nat);
        emit_hex(s, depth, "nhrp.flags.unused", 4, m->purge.unused);
    }
}

static void emit_body(const struct sink *s, unsigned depth)
{
    const struct nhrp_message *m = s->message;
    emit_number(s, depth, "nhrp.src.prot.len", (uint32_t)m->source_protocol.len);
    emit_number(s, depth, "nhrp.dst.prot.len", (uint32_t)m->destination_protocol.len);
    if (nhrp_type_has_cies(m->fixed.type)) {
        emit_hex(s, depth, "nhrp.flags", 4, nhrp_row_of(m->fixed.type)->pack(m).flags);
        emit_flag_bits(s, depth + 1);
        emit_hex(s, depth, "nhrp.reqid", 8, m->request_id);
    } else if (m->fixed.type == NHRP_ERROR_INDICATION) {
        emit_hex(s, depth, "nhrp.err.unused", 4, m->error.unused);
        emit_number(s, depth, "nhrp.err.code", m->error.code);
        emit_number(s, depth, "nhrp.err.offset", m->error.offset);
    } else {
        emit_hex(s, depth, "nhrp.tind.unused", 4, m->traffic.unused);
        emit_number(s, depth, "nhrp.tind.code", m->traffic.code);
        emit_hex(s, depth, "nhrp.tind.unused", 4, m->traffic.unused2);
    }
    emit_nbma(s, depth, "nhrp.src.nbma.addr", m->fixed.source_nbma_type, m->source_nbma);
    emit_bytes(s, depth, "nhrp.src.nbma.saddr", m->source_subaddress);
    emit_protocol(s, depth, "nhrp.src.prot.addr", m->source_protocol);
    emit_protocol(s, depth, "nhrp.dst.prot.addr", m->destination_protocol);
}

static void emit_cies(const struct sink *s, unsigned depth, struct span list)
{
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie)) {
        emit_number(s, depth, "nhrp.code", cie.code);
        emit_number(s, depth, "nhrp.prefix", cie.prefix_len);
        emit_number(s, depth, "nhrp.unused", cie.unused);
        emit_number(s, depth, "nhrp.mtu", cie.mtu);
        emit_number(s, depth, "nhrp.htime", cie.hold_s);
        emit_type_len(s, depth, "nhrp.cli.addr_tl", cie.nbma_type, cie.nbma.len);
        emit_type_len(s, depth, "nhrp.cli.saddr_tl", cie.subaddress_type, cie.subaddress.len);
        emit_number(s, depth, "nhrp.prot.len", (uint32_t)cie.protocol.len);
        emit_number(s, depth, "nhrp.pref", cie.preference);
        emit_nbma(s, depth, "nhrp.client.nbma.addr", cie.nbma_type, cie.nbma);
        emit_bytes(s, depth, "nhrp.client.nbma.saddr", cie.subaddress);
        emit_protocol(s, depth, "nhrp.client.prot.addr", cie.protocol);
    }
}

static void emit_password(const struct sink *s, unsigned depth, struct span secret)
{
    char buf[BYTES_TEXT_MAX];
    struct text t = text_of(buf, sizeof buf);
    for (size_t i = 0; i < secret.len; i++) {
        bool printable = secret.data[i] >= 0x20 && secret.data[i] < 0x7f;
        text_add(&t, printable ? "%c" : "\\x%02x", secret.data[i]);
    }
    s->emit(s->arg, depth, "nhrp.auth_ext.password", buf);
}

static bool emit_auth(const struct sink *s, unsigned depth, struct span value)
{
    struct nhrp_auth auth;
    if (!nhrp_auth_decode(value, s->message->source_protocol.len, &auth))
        return false;
    emit_number(s, depth, "nhrp.auth_ext.reserved", auth.reserved);
    emit_number(s, depth, "nhrp.auth_ext.spi", auth.spi);
    emit_protocol(s, depth, "nhrp.auth_ext.src_addr", auth.source);
    if (auth.form == NHRP_AUTH_CLEARTEXT)
        emit_password(s, depth, auth.secret);
    else
        emit_bytes(s, depth, "nhrp.auth_ext.data", auth.secret);
    return true;
}

/* RFC 2520 section 2: laid out like the keyed hash, and never a password. */
static bool emit_mobile_auth(const struct sink *s, unsigned depth, struct span value)
{
    struct reader r = reader_of(value);
    uint16_t reserved = reader_u16(&r);
    uint16_t spi = reader_u16(&r);
    struct span source = reader_span(&r, s->message->source_protocol.len);
    if (r.failed)
        return false;
    emit_number(s, depth, "nhrp.auth_ext.reserved", reserved);
    emit_number(s, depth, "nhrp.auth_ext.spi", spi);
    emit_protocol(s, depth, "nhrp.auth_ext.src_addr", source);
    emit_bytes(s, depth, "nhrp.auth_ext.data", reader_rest(&r));
    return true;
}

static bool emit_vendor(const struct sink *s, unsigned depth, struct span value)
{
    struct nhrp_vendor vendor;
    if (!nhrp_vendor_decode(value, &vendor))
        return false;
    emit_number(s, depth, "nhrp.vendor_ext.id", vendor.oui);
    emit_bytes(s, depth, "nhrp.vendor_ext.data", vendor.data);
    return true;
}

static bool emit_capabilities(const struct sink *s, unsigned depth, struct span value)
{
    struct nhrp_capabilities capabilities;
    if (!nhrp_capabilities_decode(value, &capabilities))
        return false;
    emit_hex(s, depth, "nhrp.devcap_ext.srccap", 8, capabilities.source);
    emit_number(s, depth + 1, "nhrp.devcap_ext.srccap.V", capabilities.source & NHRP_CAPABILITY_VPN_AWARE);
    emit_hex(s, depth, "nhrp.devcap_ext.dstcap", 8, capabilities.destination);
    emit_number(s, depth + 1, "nhrp.devcap_ext.dstcap.V",
                capabilities.destination & NHRP_CAPABILITY_VPN_AWARE);
    return true;
}

/* Each kind of value that a type may hold; false if this value is none of its kinds. */
static bool emit_known_value(const struct sink *s, unsigned depth, const struct nhrp_ext *ext)
{
    struct span list;
    if (nhrp_ext_cies(ext, &list)) {
        emit_cies(s, depth, list);
        return true;
    }
    switch (ext->type) {
    case NHRP_EXT_AUTHENTICATION:
        return emit_auth(s, depth, ext->value);
    case NHRP_EXT_MOBILE_AUTHENTICATION:
        return emit_mobile_auth(s, depth, ext->value);
    case NHRP_EXT_VENDOR_PRIVATE:
        return emit_vendor(s, depth, ext->value);
    case NHRP_EXT_NAT_ADDRESS:
        return emit_capabilities(s, depth, ext->value);
    default:
        return false;
    }
}

static void emit_extensions(const struct sink *s, unsigned depth)
{
    struct span list = s->message->extensions;
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext)) {
        emit_number(s, depth, "nhrp.ext.c", ext.compulsory);
        emit_number(s, depth, "nhrp.ext.u", ext.reserved);
        emit_hex(s, depth, "nhrp.ext.type", 4, ext.type);
        emit_number(s, depth, "nhrp.ext.len", (uint32_t)ext.value.len);
        if (!emit_known_value(s, depth + 1, &ext))
            emit_bytes(s, depth + 1, "nhrp.unknown_ext.value", ext.value);
    }
    emit_bytes(s, depth, "nhrp.ext.rest", s->message->trailer);
}

/* The embedded packet's addresses; one level down only, whatever an error about an error may hold. */
static void emit_embedded(const struct sink *s, unsigned depth)
{
    const struct nhrp_message *m = s->message;
    emit_number(s, depth, "nhrp.embedded.length", (uint32_t)m->contents.len);
    if (m->fixed.type == NHRP_ERROR_INDICATION) {
        struct nhrp_message inside;
        if (nhrp_decode_head(m->contents, &inside).status == CODEC_OK) {
            struct sink deeper = {.emit = s->emit, .arg = s->arg, .message = &inside};
            emit_fixed(&deeper, depth + 1);
            emit_body(&deeper, depth + 1);
        }
        return;
    }
    struct ip data;
    char buf[ADDR_TEXT_MAX];
    if (ip_decode_head(m->contents, &data).status != CODEC_OK)
        return;
    bool ipv6 = data.source.family == ADDR_IPV6;
    s->emit(s->arg, depth + 1, ipv6 ? "ipv6.src" : "ip.src", addr_format(data.source, buf));
    s->emit(s->arg, depth + 1, ipv6 ? "ipv6.dst" : "ip.dst", addr_format(data.destination, buf));
}

void dump_nhrp_fields(const struct nhrp_message *message, dump_field_fn *emit, void *arg)
{
    struct sink s = {.emit = emit, .arg = arg, .message = message};
    emit_fixed(&s, 0);
    emit_body(&s, 0);
    if (nhrp_type_has_cies(message->fixed.type))
        emit_cies(&s, 1, message->cies);
    else
        emit_embedded(&s, 0);
    emit_extensions(&s, 0);
}
