/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deviant: passes everything through to the implementation inside, and lets a deviation at what goes in or
 * comes out. Whatever is edited has right lengths and checksums again, unless they are the fault.
 */
#include "iut/deviant.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/nhrp_cie.h"
#include "condition.h"
#include "memory.h"

#define IDS_MAX    64
#define LATER_FROM 3

struct queued {
    enum iut_event_kind kind;
    struct instant at;
    uint8_t *bytes;
    size_t len;
};

struct deviant {
    const struct deviant_setup *setup;
    struct iut_config config;
    void *inner;
    struct instant now;
    struct queued *queue; /* what comes out next, before what the implementation sends */
    size_t count;
    size_t cap;
    uint8_t *given;        /* the packet of the last event */
    uint8_t *last_request; /* Resolution Request that went out last, or NULL */
    size_t last_request_len;
    uint32_t ids[IDS_MAX]; /* of requests that went out */
    size_t id_count;
    size_t seen; /* packets that the deviation was about */
    bool got_reply;
    bool crashed;
};

static void *deviant_open(const void *setup, const struct iut_config *config, struct instant now,
                          char error[IUT_ERROR_MAX])
{
    const struct deviant_setup *own = setup;
    struct deviant *d = memory_zeroed(1, sizeof(*d));
    d->setup = own;
    d->config = *config;
    d->now = now;
    if (own->deviation->configure != NULL)
        own->deviation->configure(&d->config);
    d->inner = own->inner->open(own->inner_setup, &d->config, now, error);
    if (d->inner != NULL)
        return d;
    free(d);
    return NULL;
}

static void enqueue(struct deviant *d, enum iut_event_kind kind, struct span packet)
{
    d->queue = memory_room_for_one(d->queue, d->count, &d->cap, sizeof(*d->queue));
    d->queue[d->count++] = (struct queued){
        .kind = kind, .at = d->now, .bytes = memory_copy(packet.data, packet.len), .len = packet.len};
}

static bool is_about(const struct deviation *deviation, struct span bytes, const struct packet *packet)
{
    if (packet->kind == PACKET_BAD) {
        const char *reason = deviation->edits[0];
        return deviation->messages & DEVIATE_BAD && packet->bad_layer == PACKET_MESSAGE &&
               (reason == NULL || strstr(codec_status_words(packet->error.status), reason) != NULL);
    }
    if (!(deviation->messages & policy_message(packet)))
        return false;
    if (deviation->condition == NULL)
        return true;
    struct field_list fields;
    struct difference difference;
    char error[EDIT_ERROR_MAX];
    struct edit_sources none = {.sent = NULL};
    struct requirement_table no_table = {.count = 0};
    struct policy_context policy = {.message = policy_message(packet), .phase = 1};
    fields_of_packet(bytes, packet, &fields);
    struct condition_context context = {
        .fields = &fields, .sources = &none, .policy = &policy, .requirements = &no_table};
    bool holds = condition_judge(deviation->condition, &context, &difference, error) == CONDITION_HOLDS;
    field_list_free(&fields);
    return holds;
}

static size_t edit_count(const struct deviation *deviation)
{
    size_t count = 0;
    while (count < DEVIATION_EDITS_MAX && deviation->edits[count] != NULL)
        count++;
    return count;
}

/* The packet with the deviation's statements applied; false if they do not fit it, and it stays as it is. */
static bool apply_edits(const struct deviation *deviation, struct span packet, struct edit_octets *out)
{
    char error[EDIT_ERROR_MAX];
    struct edit_sources none = {.sent = NULL};
    return edit_packet(packet, deviation->edits, edit_count(deviation), &none, deviation->act != ACT_BREAK,
                       out, error);
}

/* Back to its sender, as an answer of the implementation. */
static void echo(struct deviant *d, const struct packet *packet, struct span bytes)
{
    struct edit_octets edited, turned;
    char source[96], destination[96], error[EDIT_ERROR_MAX], text[ADDR_TEXT_MAX];
    struct edit_sources none = {.sent = NULL};
    if (!apply_edits(d->setup->deviation, bytes, &edited))
        return;
    snprintf(source, sizeof(source), "ip.src = %s", addr_format(packet->outer.destination, text));
    snprintf(destination, sizeof(destination), "ip.dst = %s", addr_format(packet->outer.source, text));
    const char *const turn[] = {source, destination};
    if (edit_packet(span_of(edited.data, edited.len), turn, 2, &none, true, &turned, error)) {
        enqueue(d, IUT_SENT, span_of(turned.data, turned.len));
        free(turned.data);
    }
    free(edited.data);
}

static void emit_last_request(struct deviant *d)
{
    struct edit_octets edited;
    if (d->last_request == NULL ||
        !apply_edits(d->setup->deviation, span_of(d->last_request, d->last_request_len), &edited))
        return;
    enqueue(d, IUT_SENT, span_of(edited.data, edited.len));
    free(edited.data);
}

/* As if nobody had looked at the version and the size of the message. */
static struct edit_octets repaired(struct span bytes)
{
    struct edit_octets out = {.data = memory_copy(bytes.data, bytes.len), .len = bytes.len};
    struct packet packet;
    packet_decode(bytes, &packet);
    size_t at = packet.has_gre ? (size_t)(packet.gre.payload.data - bytes.data) : bytes.len;
    if (at + NHRP_FIXED_LEN <= out.len) {
        out.data[at + 16] = NHRP_VERSION;
        out.data[at + 10] = (uint8_t)((out.len - at) >> 8);
        out.data[at + 11] = (uint8_t)(out.len - at);
        nhrp_set_checksum(out.data + at, out.len - at);
    }
    return out;
}

static bool has_padding(const struct packet *packet)
{
    struct span payload = packet->has_gre ? packet->gre.payload : packet->outer.payload;
    return packet->kind == PACKET_NHRP && payload.len > packet->nhrp.fixed.packet_size;
}

static bool deviant_send_underlay(void *self, struct span bytes, char error[IUT_ERROR_MAX])
{
    struct deviant *d = self;
    const struct deviation *deviation = d->setup->deviation;
    struct packet packet;
    packet_decode(bytes, &packet);
    struct edit_octets edited = {.data = NULL};
    bool concerned = deviation->way == DEVIATE_IN && is_about(deviation, bytes, &packet);
    bool lost = false;
    if (concerned && deviation->act == ACT_ECHO)
        echo(d, &packet, bytes);
    if (concerned && deviation->act == ACT_EMIT && ++d->seen > 1)
        emit_last_request(d);
    if (concerned && deviation->act == ACT_CRASH)
        d->crashed = true;
    if (concerned && deviation->act == ACT_REPAIR)
        edited = repaired(bytes);
    if (concerned && deviation->act == ACT_EDIT && !apply_edits(deviation, bytes, &edited))
        edited.data = NULL;
    lost = concerned && (deviation->act == ACT_DROP || deviation->act == ACT_ECHO || d->crashed ||
                         (deviation->act == ACT_DROP_PADDED && has_padding(&packet)));
    d->got_reply = d->got_reply || policy_message(&packet) == POLICY_NHRP(NHRP_RESOLUTION_REPLY);
    if (edited.data != NULL)
        bytes = span_of(edited.data, edited.len);
    bool good = lost || d->setup->inner->send_underlay(d->inner, bytes, error);
    free(edited.data);
    return good;
}

static bool deviant_send_overlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    struct deviant *d = self;
    return d->setup->inner->send_overlay(d->inner, packet, error);
}

/* Was a request of this id sent before? It is remembered. */
static bool is_repeat(struct deviant *d, uint32_t id)
{
    for (size_t i = 0; i < d->id_count; i++)
        if (d->ids[i] == id)
            return true;
    if (d->id_count < IDS_MAX)
        d->ids[d->id_count++] = id;
    return false;
}

static bool is_lost(struct deviant *d, const struct packet *packet)
{
    switch (d->setup->deviation->act) {
    case ACT_DROP:
        return true;
    case ACT_DROP_REPEAT:
        return is_repeat(d, packet->nhrp.request_id);
    case ACT_DROP_NEW:
        is_repeat(d, packet->nhrp.request_id);
        return d->ids[0] != packet->nhrp.request_id;
    case ACT_DROP_AFTER:
        return d->got_reply;
    case ACT_DROP_LATER:
        return ++d->seen > LATER_FROM;
    default:
        return false;
    }
}

static void break_odd_sum(const struct packet *packet, uint8_t *data)
{
    if (packet->nhrp.fixed.packet_size % 2 == 0 || !packet->has_gre)
        return;
    size_t at = (size_t)(packet->gre.payload.data - packet->outer.payload.data);
    data[at + 12] ^= 0x5a;
}

/* True if the event goes on to the runner, perhaps changed. */
static bool deviate(struct deviant *d, struct iut_event *event)
{
    const struct deviation *deviation = d->setup->deviation;
    struct packet packet;
    struct edit_octets edited = {.data = NULL};
    packet_decode(event->packet, &packet);
    if (policy_message(&packet) == POLICY_NHRP(NHRP_RESOLUTION_REQUEST)) {
        free(d->last_request);
        d->last_request = memory_copy(event->packet.data, event->packet.len);
        d->last_request_len = event->packet.len;
    }
    if (deviation->way != DEVIATE_OUT || !is_about(deviation, event->packet, &packet))
        return true;
    if (is_lost(d, &packet))
        return false;
    if (edit_count(deviation) > 0 && apply_edits(deviation, event->packet, &edited))
        event->packet = span_of(edited.data, edited.len);
    else
        event->packet = span_of(memory_copy(event->packet.data, event->packet.len), event->packet.len);
    free(d->given);
    d->given = (uint8_t *)event->packet.data;
    if (deviation->act == ACT_BAD_ODD_SUM)
        break_odd_sum(&packet, d->given + (packet.outer.source.family == ADDR_IPV4 ? 20 : 40));
    if (deviation->act == ACT_TWICE)
        enqueue(d, IUT_SENT, event->packet);
    return true;
}

static bool take_queued(struct deviant *d, struct iut_event *event)
{
    if (d->count == 0)
        return false;
    struct queued first = d->queue[0];
    d->count--;
    memmove(d->queue, d->queue + 1, d->count * sizeof(*d->queue));
    free(d->given);
    d->given = first.bytes;
    *event = (struct iut_event){.kind = first.kind, .at = d->now, .packet = span_of(first.bytes, first.len)};
    return true;
}

static int deviant_advance(void *self, struct instant until, struct iut_event *event,
                           char error[IUT_ERROR_MAX])
{
    struct deviant *d = self;
    if (d->crashed) {
        snprintf(error, IUT_ERROR_MAX, "it ended, because of '%s'", d->setup->deviation->name);
        return -1;
    }
    if (take_queued(d, event))
        return 1;
    for (;;) {
        int got = d->setup->inner->advance(d->inner, until, event, error);
        d->now = got == 1 ? event->at : until;
        if (got != 1)
            return got;
        bool lost =
            event->kind == IUT_DELIVERED ? d->setup->deviation->way == DEVIATE_HOST : !deviate(d, event);
        if (!lost)
            return got;
    }
}

static void deviant_close(void *self)
{
    struct deviant *d = self;
    d->setup->inner->close(d->inner);
    for (size_t i = 0; i < d->count; i++)
        free(d->queue[i].bytes);
    free(d->queue);
    free(d->given);
    free(d->last_request);
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
