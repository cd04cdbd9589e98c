/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deviant: passes everything through to the implementation inside, and lets a deviation at what comes back on
 * the underlay. Makes IPv4, GRE and NHRP checksums right again unless the fault is one of them.
 */
#include "iut/deviant.h"

#include <stdlib.h>

#include "base/checksum.h"
#include "memory.h"

struct deviant {
    const struct deviant_setup *setup;
    void *inner;
    uint8_t *sent; /* the packet of the last event */
    struct iut_event again;
    bool has_again;
};

static void *deviant_open(const void *setup, const struct iut_config *config, struct instant now,
                          char error[IUT_ERROR_MAX])
{
    const struct deviant_setup *own = setup;
    void *inner = own->inner->open(own->inner_setup, config, now, error);
    if (inner == NULL)
        return NULL;
    struct deviant *d = memory_zeroed(1, sizeof(*d));
    d->setup = own;
    d->inner = inner;
    return d;
}

static bool deviant_send_underlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    struct deviant *d = self;
    return d->setup->inner->send_underlay(d->inner, packet, error);
}

static bool deviant_send_overlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    struct deviant *d = self;
    return d->setup->inner->send_overlay(d->inner, packet, error);
}

static void put_checksum(uint8_t *at, struct span over)
{
    at[0] = at[1] = 0;
    uint16_t sum = checksum_of(over);
    at[0] = (uint8_t)(sum >> 8);
    at[1] = (uint8_t)sum;
}

/* packet was decoded from data before that was changed. */
static void renew_checksums(const struct packet *packet, uint8_t *data)
{
    if (packet->kind == PACKET_NHRP) {
        struct span payload = packet->has_gre ? packet->gre.payload : packet->outer.payload;
        nhrp_set_checksum(data + (payload.data - data), packet->nhrp.fixed.packet_size);
    }
    if (packet->kind == PACKET_DATA && packet->inner.source.family == ADDR_IPV4) {
        uint8_t *inner = data + (packet->gre.payload.data - data);
        put_checksum(inner + 10, span_of(inner, (size_t)(inner[0] & 0x0f) * 4));
    }
    if (packet->has_gre && packet->gre.has_checksum) {
        uint8_t *gre = data + (packet->outer.payload.data - data);
        put_checksum(gre + 4, packet->outer.payload);
    }
}

/* True if the event goes on to the runner. */
static bool deviate(struct deviant *d, struct iut_event *event)
{
    struct packet packet;
    free(d->sent);
    d->sent = memory_copy(event->packet.data, event->packet.len);
    packet_decode(span_of(d->sent, event->packet.len), &packet);
    enum deviation_act act =
        packet.kind == PACKET_BAD ? DEVIATE_NOT : d->setup->deviation->apply(&packet, d->sent);
    if (act == DEVIATE_EDIT)
        renew_checksums(&packet, d->sent);
    event->packet = span_of(d->sent, event->packet.len);
    d->has_again = act == DEVIATE_TWICE;
    d->again = *event;
    return act != DEVIATE_DROP;
}

static int deviant_advance(void *self, struct instant until, struct iut_event *event,
                           char error[IUT_ERROR_MAX])
{
    struct deviant *d = self;
    if (d->has_again) {
        d->has_again = false;
        *event = d->again;
        return 1;
    }
    for (;;) {
        int got = d->setup->inner->advance(d->inner, until, event, error);
        if (got != 1 || event->kind != IUT_SENT || deviate(d, event))
            return got;
    }
}

static void deviant_close(void *self)
{
    struct deviant *d = self;
    d->setup->inner->close(d->inner);
    free(d->sent);
    free(d);
}

const struct iut_driver iut_deviant = {
    .name = "deviant",
    .words = "another implementation with a planted fault",
    .sees_host_side = true,
    .open = deviant_open,
    .send_underlay = deviant_send_underlay,
    .send_overlay = deviant_send_overlay,
    .advance = deviant_advance,
    .close = deviant_close,
};
