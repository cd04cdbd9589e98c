/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/nhrp.h"

#include "base/checksum.h"
#include "codec/nhrp_type.h"
#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "codec/nhrp_wire.h"

/* Where the fields are that an error may point at (RFC2332 §5.1). */
#define AT_PACKET_SIZE       10
#define AT_CHECKSUM          12
#define AT_EXTENSIONS_OFFSET 14
#define AT_VERSION           16
#define AT_TYPE              17

static const struct codec_error no_error = {CODEC_OK, 0};

static struct codec_error error_at(enum codec_status status, size_t offset)
{
    return (struct codec_error){status, offset};
}

static struct span span_part(struct span whole, size_t from, size_t to)
{
    return from == to ? (struct span){0} : span_of(whole.data + from, to - from);
}

/* Lengths of the four addresses in wire order; what they are is told in two places. */
struct address_lens {
    uint8_t source_nbma;
    uint8_t source_subaddress;
    uint8_t source_protocol;
    uint8_t destination_protocol;
};

static void fixed_read(struct reader *r, struct nhrp_fixed *out, struct address_lens *lens)
{
    out->afn = reader_u16(r);
    out->protocol_type = reader_u16(r);
    for (size_t i = 0; i < sizeof out->protocol_snap; i++)
        out->protocol_snap[i] = reader_u8(r);
    out->hop_count = reader_u8(r);
    out->packet_size = reader_u16(r);
    out->checksum = reader_u16(r);
    out->extensions_offset = reader_u16(r);
    out->version = reader_u8(r);
    out->type = reader_u8(r);
    lens->source_nbma = nhrp_nbma_split(reader_u8(r), &out->source_nbma_type);
    lens->source_subaddress = nhrp_nbma_split(reader_u8(r), &out->source_subaddress_type);
}

static void body_read(struct reader *r, const struct nhrp_row *row, struct nhrp_message *out,
                      struct address_lens *lens)
{
    lens->source_protocol = reader_u8(r);
    lens->destination_protocol = reader_u8(r);
    struct nhrp_body body = {.flags = reader_u16(r)};
    body.word = reader_u32(r);
    row->unpack(body, out);
}

static void addresses_read(struct reader *r, const struct address_lens *lens, struct nhrp_message *out)
{
    out->source_nbma = reader_span(r, lens->source_nbma);
    out->source_subaddress = reader_span(r, lens->source_subaddress);
    out->source_protocol = reader_span(r, lens->source_protocol);
    out->destination_protocol = reader_span(r, lens->destination_protocol);
}

/* The Fixed Part's own fields, in the order in which each makes the next worth believing. */
static struct codec_error fixed_check(struct span bytes, unsigned options, const struct nhrp_fixed *fixed)
{
    if (fixed->version != NHRP_VERSION)
        return error_at(CODEC_BAD_VERSION, AT_VERSION);
    if (fixed->packet_size < NHRP_FIXED_LEN || fixed->packet_size > bytes.len)
        return error_at(CODEC_BAD_SIZE, AT_PACKET_SIZE);
    /* A checksum of 0 is no exemption: RFC2332 §5.1 has none, unlike UDP. */
    if (!(options & NHRP_DECODE_IGNORE_CHECKSUM) && checksum_of(span_of(bytes.data, fixed->packet_size)) != 0)
        return error_at(CODEC_BAD_CHECKSUM, AT_CHECKSUM);
    if (!nhrp_row_of(fixed->type))
        return error_at(CODEC_BAD_TYPE, AT_TYPE);
    if (fixed->extensions_offset != 0 && (fixed->extensions_offset < NHRP_FIXED_LEN + NHRP_BODY_LEN ||
                                          fixed->extensions_offset > fixed->packet_size))
        return error_at(CODEC_BAD_EXTENSIONS_OFFSET, AT_EXTENSIONS_OFFSET);
    return no_error;
}

/* Records that RFC2332 §5.3 defines must be whole. Type 9 is another RFC's too, and may be ignored: not
 * checked. */
static bool ext_must_hold_cies(const struct nhrp_ext *ext)
{
    return nhrp_ext_has_cies(ext->type) && ext->type != NHRP_EXT_NAT_ADDRESS;
}

/* Walk the Extensions Part, [from, to) of the message, up to its End. */
static struct codec_error extensions_check(struct span bytes, size_t from, size_t to,
                                           struct nhrp_message *out)
{
    struct span left = span_part(bytes, from, to);
    struct nhrp_ext ext;
    for (;;) {
        size_t at = to - left.len;
        if (left.len == 0)
            return error_at(CODEC_MISSING_END, at);
        if (!nhrp_ext_next(&left, &ext))
            return error_at(CODEC_BAD_EXTENSION, at);
        size_t bad_at;
        if (ext_must_hold_cies(&ext) && !nhrp_cie_check(ext.value, NULL, &bad_at))
            return error_at(CODEC_BAD_CIE, at + NHRP_EXT_HEADER_LEN + bad_at);
        if (ext.type != NHRP_EXT_END)
            continue;
        if (ext.value.len > 0)
            return error_at(CODEC_BAD_LENGTH, at + 2);
        out->extensions = span_part(bytes, from, to - left.len);
        out->trailer = span_part(bytes, to - left.len, to);
        return no_error;
    }
}

struct codec_error nhrp_decode(struct span bytes, unsigned options, struct nhrp_message *out)
{
    *out = (struct nhrp_message){0};
    struct address_lens lens;
    struct reader fixed = reader_of(bytes);
    fixed_read(&fixed, &out->fixed, &lens);
    if (fixed.failed)
        return error_at(CODEC_TRUNCATED, fixed.failed_at);
    struct codec_error error = fixed_check(bytes, options, &out->fixed);
    if (error.status != CODEC_OK)
        return error;

    size_t size = out->fixed.packet_size;
    struct reader r = reader_of(span_of(bytes.data, size));
    reader_span(&r, NHRP_FIXED_LEN);
    const struct nhrp_row *row = nhrp_row_of(out->fixed.type);
    body_read(&r, row, out, &lens);
    addresses_read(&r, &lens, out);
    if (r.failed)
        return error_at(CODEC_TRUNCATED, r.failed_at);

    size_t mandatory_end = out->fixed.extensions_offset ? out->fixed.extensions_offset : size;
    if (mandatory_end < r.pos)
        return error_at(CODEC_BAD_EXTENSIONS_OFFSET, AT_EXTENSIONS_OFFSET);
    struct span rest = span_part(bytes, r.pos, mandatory_end);
    if (row->has_cies) {
        size_t bad_at;
        if (!nhrp_cie_check(rest, NULL, &bad_at))
            return error_at(CODEC_BAD_CIE, r.pos + bad_at);
        out->cies = rest;
    } else {
        out->contents = rest;
    }
    return out->fixed.extensions_offset ? extensions_check(bytes, mandatory_end, size, out) : no_error;
}

struct codec_error nhrp_decode_head(struct span bytes, struct nhrp_message *out)
{
    *out = (struct nhrp_message){0};
    struct address_lens lens;
    struct reader r = reader_of(bytes);
    fixed_read(&r, &out->fixed, &lens);
    if (r.failed)
        return error_at(CODEC_TRUNCATED, r.failed_at);
    if (out->fixed.version != NHRP_VERSION)
        return error_at(CODEC_BAD_VERSION, AT_VERSION);
    const struct nhrp_row *row = nhrp_row_of(out->fixed.type);
    if (!row)
        return error_at(CODEC_BAD_TYPE, AT_TYPE);
    if (reader_left(&r) < NHRP_BODY_LEN)
        return no_error;
    body_read(&r, row, out, &lens);
    addresses_read(&r, &lens, out);
    return no_error;
}
