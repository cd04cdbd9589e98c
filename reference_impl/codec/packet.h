/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet: a packet of the underlay taken to pieces, layer after layer, and what it turned out to carry.
 *
 * What every reader of traffic starts with. Judges nothing: a tunnel's key, say, is for others to compare.
 */
#ifndef DMVPNKIT_CODEC_PACKET_H
#define DMVPNKIT_CODEC_PACKET_H

#include "codec/gre.h"
#include "codec/ip.h"
#include "codec/nhrp.h"

enum packet_kind {
    PACKET_BAD,       /* error says why; the layers outside the bad one are filled in */
    PACKET_NHRP,      /* in GRE, or as IP protocol 54: nhrp is filled in */
    PACKET_DATA,      /* an IP packet in GRE: inner is filled in */
    PACKET_KEEPALIVE, /* GRE protocol 0, or an IP packet in GRE that is to come back as one (DEFACTO, Cisco)
                       */
    PACKET_GRE_OTHER, /* GRE with some other payload */
    PACKET_IP_OTHER,  /* no GRE, or a fragment: only the whole would tell */
};

enum packet_layer { PACKET_OUTER, PACKET_GRE, PACKET_INNER, PACKET_MESSAGE };

struct packet {
    enum packet_kind kind;
    struct ip outer;
    bool has_gre;
    struct gre gre;
    struct ip inner;
    struct nhrp_message nhrp;
    enum packet_layer bad_layer; /* PACKET_BAD */
    struct codec_error error;    /* PACKET_BAD; the offset counts from the start of that layer */
};

/* Decode bytes that start at the outer IP header. *out holds spans into bytes. */
void packet_decode(struct span bytes, struct packet *out);

/* "outer IP", "GRE", "inner IP", "NHRP". */
const char *packet_layer_words(enum packet_layer layer);

#endif
