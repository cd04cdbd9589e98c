/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/pieces.h"

#include "codec/nhrp.h"

size_t pieces_of(const struct vector *v, struct span out[PIECES_MAX])
{
    struct nhrp_message message;
    size_t count = 0;
    out[count++] = vector_span(v);
    if (v->decoder != VECTOR_NHRP || nhrp_decode(out[0], NHRP_DECODE_STRICT, &message).status != CODEC_OK)
        return count;
    if (message.cies.len > 0)
        out[count++] = message.cies;
    if (message.extensions.len > 0)
        out[count++] = message.extensions;
    return count;
}
