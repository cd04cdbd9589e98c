/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/nhrp.h"

#include "base/checksum.h"
#include "codec/nhrp_type.h"
#include "codec/nhrp_wire.h"

#define AT_PACKET_SIZE       10
#define AT_CHECKSUM          12
#define AT_EXTENSIONS_OFFSET 14

static bool lengths_fit(const struct nhrp_message *message)
{
    return message->source_nbma.len <= NHRP_NBMA_LEN_MAX &&
           message->source_subaddress.len <= NHRP_NBMA_LEN_MAX &&
           message->source_protocol.len <= NHRP_PROTOCOL_LEN_MAX &&
           message->destination_protocol.len <= NHRP_PROTOCOL_LEN_MAX;
}

static void fixed_write(struct writer *w, const struct nhrp_message *message)
{
    const struct nhrp_fixed *fixed = &message->fixed;
    writer_u16(w, fixed->afn);
    writer_u16(w, fixed->protocol_type);
    writer_span(w, span_of(fixed->protocol_snap, sizeof fixed->protocol_snap));
    writer_u8(w, fixed->hop_count);
    writer_zeros(w, 6); /* packet size, checksum and extensions offset, when they are known */
    writer_u8(w, fixed->version);
    writer_u8(w, fixed->type);
    writer_u8(w, nhrp_nbma_join(fixed->source_nbma_type, message->source_nbma.len));
    writer_u8(w, nhrp_nbma_join(fixed->source_subaddress_type, message->source_subaddress.len));
}

bool nhrp_encode(const struct nhrp_message *message, void *buf, size_t cap, struct span *out)
{
    *out = (struct span){0};
    const struct nhrp_row *row = nhrp_row_of(message->fixed.type);
    bool has_extensions = message->extensions.len > 0;
    if (!row || !lengths_fit(message) || (!has_extensions && message->trailer.len > 0))
        return false;

    struct writer w = writer_of(buf, cap);
    fixed_write(&w, message);
    struct nhrp_body body = row->pack(message);
    writer_u8(&w, (uint8_t)message->source_protocol.len);
    writer_u8(&w, (uint8_t)message->destination_protocol.len);
    writer_u16(&w, body.flags);
    writer_u32(&w, body.word);
    writer_span(&w, message->source_nbma);
    writer_span(&w, message->source_subaddress);
    writer_span(&w, message->source_protocol);
    writer_span(&w, message->destination_protocol);
    writer_span(&w, row->has_cies ? message->cies : message->contents);
    size_t extensions_offset = w.pos;
    writer_span(&w, message->extensions);
    writer_span(&w, message->trailer);
    if (w.failed || w.pos > UINT16_MAX)
        return false;

    writer_patch_u16(&w, AT_PACKET_SIZE, (uint16_t)w.pos);
    if (has_extensions)
        writer_patch_u16(&w, AT_EXTENSIONS_OFFSET, (uint16_t)extensions_offset);
    nhrp_set_checksum(w.data, w.pos);
    return writer_done(&w, out);
}

void nhrp_set_checksum(uint8_t *data, size_t len)
{
    struct writer w = {.data = data, .cap = len, .pos = len};
    writer_patch_u16(&w, AT_CHECKSUM, 0);
    if (!w.failed)
        writer_patch_u16(&w, AT_CHECKSUM, checksum_of(span_of(data, len)));
}
