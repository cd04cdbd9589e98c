/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/owner.h"

#include "codec/gre.h"
#include "codec/ip.h"

/* How well a packet fits a tunnel at its address; the best counts, and of equals the first. */
enum fitness {
    FITS_NOT_HERE = -1,
    FITS_ADDRESS,
    FITS_PROTECTION, /* or the key, where only encrypted packets are taken */
    FITS_CLOUD,      /* GRE key, or SPI */
    FITS_OTHER_END,  /* and it is from the other end of a point-to-point tunnel */
};

/* What of a packet tells tunnels apart. */
struct label {
    struct addr source;
    struct addr destination;
    bool encrypted;
    uint32_t spi;
    bool has_key;
    uint32_t key;
};

static bool read_label(struct span packet, struct label *out)
{
    struct ip outer;
    struct udp udp;
    struct gre gre;
    if (ip_decode(packet, &outer).status != CODEC_OK)
        return false;
    *out = (struct label){.source = outer.source, .destination = outer.destination};
    if (outer.protocol == IP_PROTOCOL_GRE) {
        if (gre_decode(outer.payload, &gre).status == CODEC_OK) {
            out->has_key = gre.has_key;
            out->key = gre.key;
        }
        return true;
    }
    out->encrypted = true;
    struct span esp = outer.payload;
    if (outer.protocol == IP_PROTOCOL_UDP && udp_decode(outer.payload, &udp).status == CODEC_OK)
        esp = udp.payload;
    struct reader r = reader_of(esp);
    out->spi = reader_u32(&r); /* 0, which is nobody's, if it is too short */
    return true;
}

static enum fitness fitness_of(const struct instance *in, const struct label *label)
{
    const struct tunnel_config *tunnel = &in->config.node.tunnel;
    bool encrypts = instance_is_protected(in);
    if (!in->node || !addr_equal(tunnel->nbma, label->destination))
        return FITS_NOT_HERE;
    if (label->encrypted) {
        if (!encrypts)
            return FITS_ADDRESS;
        return live_tunnel_config_has_spi(&in->config, label->spi) ? FITS_CLOUD : FITS_PROTECTION;
    }
    if (tunnel->has_key != label->has_key || tunnel->key != label->key)
        return FITS_ADDRESS;
    if (encrypts)
        return FITS_PROTECTION;
    if (tunnel->mode != TUNNEL_POINT_TO_POINT)
        return FITS_CLOUD;
    return addr_equal(tunnel->destination, label->source) ? FITS_OTHER_END : FITS_ADDRESS;
}

struct instance *owner_find(struct instance *const *instances, size_t count, struct span packet)
{
    struct label label;
    struct instance *best = NULL;
    enum fitness best_fitness = FITS_NOT_HERE;
    if (!read_label(packet, &label))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        enum fitness fitness = fitness_of(instances[i], &label);
        if (fitness > best_fitness) {
            best_fitness = fitness;
            best = instances[i];
        }
    }
    return best;
}
