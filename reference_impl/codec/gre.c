/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/gre.h"

#include "base/checksum.h"

#define FLAG_CHECKSUM 0x8000
#define FLAG_KEY      0x2000
#define FLAG_SEQUENCE 0x1000
#define FORBIDDEN_BITS \
    0x4c00 /* bits 1, 4 and 5: routing, strict source route, recursion control in RFC 1701 */
#define IGNORED_BITS 0x03f8
#define VERSION_MASK 0x0007

#define AT_FLAGS    0
#define AT_VERSION  1
#define AT_CHECKSUM 4

struct codec_error gre_decode(struct span bytes, struct gre *out)
{
    struct reader r = reader_of(bytes);
    uint16_t flags = reader_u16(&r);
    struct gre header = {
        .has_checksum = flags & FLAG_CHECKSUM,
        .has_key = flags & FLAG_KEY,
        .has_sequence = flags & FLAG_SEQUENCE,
        .protocol = reader_u16(&r),
        .ignored_bits = flags & IGNORED_BITS,
    };
    if (r.failed)
        return (struct codec_error){CODEC_TRUNCATED, r.failed_at};
    if (flags & VERSION_MASK)
        return (struct codec_error){CODEC_BAD_VERSION, AT_VERSION};
    if (flags & FORBIDDEN_BITS)
        return (struct codec_error){CODEC_BAD_FLAGS, AT_FLAGS};
    if (header.has_checksum) {
        reader_u16(&r);
        header.reserved1 = reader_u16(&r);
    }
    if (header.has_key)
        header.key = reader_u32(&r);
    if (header.has_sequence)
        header.sequence = reader_u32(&r);
    if (r.failed)
        return (struct codec_error){CODEC_TRUNCATED, r.failed_at};
    if (header.has_checksum && checksum_of(bytes) != 0)
        return (struct codec_error){CODEC_BAD_CHECKSUM, AT_CHECKSUM};
    header.payload = reader_rest(&r);
    *out = header;
    return (struct codec_error){CODEC_OK, 0};
}

size_t gre_header_len(const struct gre *header)
{
    return 4 + (header->has_checksum ? 4u : 0u) + (header->has_key ? 4u : 0u) +
           (header->has_sequence ? 4u : 0u);
}

void gre_write_header(struct writer *w, const struct gre *header, struct span payload)
{
    size_t start = w->pos;
    writer_u16(w, (uint16_t)((header->has_checksum ? FLAG_CHECKSUM : 0) | (header->has_key ? FLAG_KEY : 0) |
                             (header->has_sequence ? FLAG_SEQUENCE : 0) |
                             (header->ignored_bits & IGNORED_BITS)));
    writer_u16(w, header->protocol);
    if (header->has_checksum) {
        writer_u16(w, 0);
        writer_u16(w, header->reserved1);
    }
    if (header->has_key)
        writer_u32(w, header->key);
    if (header->has_sequence)
        writer_u32(w, header->sequence);
    if (header->has_checksum && !w->failed)
        writer_patch_u16(w, start + AT_CHECKSUM,
                         checksum_of_two(span_of(w->data + start, w->pos - start), payload));
}

void gre_write(struct writer *w, const struct gre *header, struct span payload)
{
    gre_write_header(w, header, payload);
    writer_span(w, payload);
}
