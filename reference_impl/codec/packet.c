/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/packet.h"

static enum packet_kind packet_bad(struct packet *out, enum packet_layer layer, struct codec_error error)
{
    out->bad_layer = layer;
    out->error = error;
    return PACKET_BAD;
}

static enum packet_kind message_decode(struct span bytes, struct packet *out)
{
    struct codec_error error = nhrp_decode(bytes, NHRP_DECODE_STRICT, &out->nhrp);
    return error.status == CODEC_OK ? PACKET_NHRP : packet_bad(out, PACKET_MESSAGE, error);
}

/* A keepalive is a tunnel packet wrapped up in another and addressed to the one who sends it. */
static bool inner_is_keepalive(const struct ip *inner)
{
    struct gre gre;
    return inner->protocol == IP_PROTOCOL_GRE && gre_decode(inner->payload, &gre).status == CODEC_OK &&
           gre.protocol == GRE_PROTOCOL_KEEPALIVE;
}

static enum packet_kind inner_decode(struct packet *out)
{
    struct codec_error error = ip_decode(out->gre.payload, &out->inner);
    if (error.status != CODEC_OK)
        return packet_bad(out, PACKET_INNER, error);
    return inner_is_keepalive(&out->inner) ? PACKET_KEEPALIVE : PACKET_DATA;
}

static enum packet_kind gre_payload_decode(struct packet *out)
{
    struct codec_error error = gre_decode(out->outer.payload, &out->gre);
    if (error.status != CODEC_OK)
        return packet_bad(out, PACKET_GRE, error);
    out->has_gre = true;
    switch (out->gre.protocol) {
    case GRE_PROTOCOL_NHRP:
        return message_decode(out->gre.payload, out);
    case GRE_PROTOCOL_IPV4:
    case GRE_PROTOCOL_IPV6:
        return inner_decode(out);
    case GRE_PROTOCOL_KEEPALIVE:
        return PACKET_KEEPALIVE;
    default:
        return PACKET_GRE_OTHER;
    }
}

void packet_decode(struct span bytes, struct packet *out)
{
    *out = (struct packet){0};
    struct codec_error error = ip_decode(bytes, &out->outer);
    if (error.status != CODEC_OK)
        out->kind = packet_bad(out, PACKET_OUTER, error);
    else if (out->outer.more_fragments || out->outer.fragment_offset > 0)
        out->kind = PACKET_IP_OTHER;
    else if (out->outer.protocol == IP_PROTOCOL_GRE)
        out->kind = gre_payload_decode(out);
    else if (out->outer.protocol == IP_PROTOCOL_NHRP)
        out->kind = message_decode(out->outer.payload, out);
    else
        out->kind = PACKET_IP_OTHER;
}

const char *packet_layer_words(enum packet_layer layer)
{
    static const char *const words[] = {[PACKET_OUTER] = "outer IP",
                                        [PACKET_GRE] = "GRE",
                                        [PACKET_INNER] = "inner IP",
                                        [PACKET_MESSAGE] = "NHRP"};
    return words[layer];
}
