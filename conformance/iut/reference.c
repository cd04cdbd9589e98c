/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reference: this project's engine as the implementation under test, in virtual time. The only file of the
 * suite that knows the engine.
 */
#include "iut/iut.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/node.h"
#include "memory.h"

/* The seed matters for jitter only; a fixed one makes a run repeatable. */
#define REFERENCE_SEED 1
/* A node whose deadline does not move on after so many turns at one instant never will. */
#define TURNS_MAX 10000

struct pending {
    enum iut_event_kind kind;
    struct instant at;
    uint8_t *bytes;
    size_t len;
};

struct reference {
    struct node *node;
    struct instant now;
    struct pending *queue;
    size_t head;
    size_t count;
    size_t cap;
};

static struct node_config node_config_of(const struct iut_config *from, struct nhs_config *nhs,
                                         struct route_config *routes)
{
    struct node_config config = {
        .tunnel =
            {
                .mode = from->point_to_point ? TUNNEL_POINT_TO_POINT : TUNNEL_MULTIPOINT,
                .nbma = from->nbma,
                .destination = from->destination,
                .has_key = from->has_key,
                .key = from->key,
                .checksum = from->checksum,
                .sequence = from->sequence,
                .mtu = from->mtu,
                .ttl = from->ttl,
            },
        .protocol = from->protocol,
        .protocol_len = from->protocol_len,
        .hold_s = from->hold_s,
        .hop_count = from->hop_count,
        .unique = from->unique,
        .redirect = from->redirect,
        .shortcut = from->shortcut,
        .resolution = from->answers ? RESOLUTION_ANSWER : RESOLUTION_FORWARD,
        .nhs = nhs,
        .nhs_count = from->nhs_count,
        .routes = routes,
        .route_count = from->route_count,
    };
    snprintf(config.name, sizeof(config.name), "%s", from->name);
    snprintf(config.password, sizeof(config.password), "%s",
             from->authentication != NULL ? from->authentication : "");
    for (size_t i = 0; i < from->nhs_count; i++)
        nhs[i] = (struct nhs_config){.protocol = from->nhs[i].protocol, .nbma = from->nhs[i].nbma};
    for (size_t i = 0; i < from->route_count; i++)
        routes[i] = (struct route_config){.prefix = from->routes[i].prefix, .via = from->routes[i].via};
    return config;
}

static void enqueue(struct reference *r, enum iut_event_kind kind, struct span packet)
{
    r->queue = memory_room_for_one(r->queue, r->count, &r->cap, sizeof(*r->queue));
    r->queue[r->count++] = (struct pending){
        .kind = kind, .at = r->now, .bytes = memory_copy(packet.data, packet.len), .len = packet.len};
}

/* Outputs last until the next input only, so they are copied; what the runner cannot judge is let go. */
static void input(struct reference *r, const struct node_input *in)
{
    struct node_output out;
    node_input(r->node, r->now, in);
    while (node_output(r->node, &out)) {
        if (out.kind == OUTPUT_UNDERLAY)
            enqueue(r, IUT_SENT, out.underlay.packet);
        else if (out.kind == OUTPUT_OVERLAY)
            enqueue(r, IUT_DELIVERED, out.overlay);
    }
}

static void *reference_open(const void *setup, const struct iut_config *config, struct instant now,
                            char error[IUT_ERROR_MAX])
{
    (void)setup;
    struct nhs_config *nhs = memory_zeroed(config->nhs_count, sizeof(*nhs));
    struct route_config *routes = memory_zeroed(config->route_count, sizeof(*routes));
    struct node_config node_config = node_config_of(config, nhs, routes);
    const char *why = "out of memory";
    struct node *node = node_create(&node_config, REFERENCE_SEED, &why);
    free(nhs);
    free(routes);
    if (node == NULL) {
        snprintf(error, IUT_ERROR_MAX, "the reference does not start: %s", why);
        return NULL;
    }
    struct reference *r = memory_zeroed(1, sizeof(*r));
    r->node = node;
    r->now = now;
    input(r, &(struct node_input){.kind = INPUT_TIME});
    return r;
}

static bool reference_send_underlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    (void)error;
    input(self, &(struct node_input){.kind = INPUT_UNDERLAY, .packet = packet});
    return true;
}

static bool reference_send_overlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    (void)error;
    input(self, &(struct node_input){.kind = INPUT_OVERLAY, .packet = packet});
    return true;
}

static void forget_queue(struct reference *r)
{
    for (size_t i = 0; i < r->count; i++)
        free(r->queue[i].bytes);
    r->head = r->count = 0;
}

static int reference_advance(void *self, struct instant until, struct iut_event *event,
                             char error[IUT_ERROR_MAX])
{
    struct reference *r = self;
    for (unsigned turns = 0; turns < TURNS_MAX; turns++) {
        if (r->head < r->count) {
            const struct pending *next = &r->queue[r->head++];
            *event = (struct iut_event){
                .kind = next->kind, .at = next->at, .packet = span_of(next->bytes, next->len)};
            return 1;
        }
        forget_queue(r);
        struct instant deadline = node_deadline(r->node);
        if (instant_before(until, deadline)) {
            if (instant_before(r->now, until))
                r->now = until;
            return 0;
        }
        if (instant_before(r->now, deadline)) {
            r->now = deadline;
            turns = 0;
        }
        input(r, &(struct node_input){.kind = INPUT_TIME});
    }
    snprintf(error, IUT_ERROR_MAX, "the reference asks to be called again and again at one instant");
    return -1;
}

static void reference_close(void *self)
{
    struct reference *r = self;
    forget_queue(r);
    free(r->queue);
    node_free(r->node);
    free(r);
}

const struct iut_driver iut_reference = {
    .name = "reference",
    .words = "this project's engine, in this process, in virtual time",
    .sees_host_side = true,
    .open = reference_open,
    .send_underlay = reference_send_underlay,
    .send_overlay = reference_send_overlay,
    .advance = reference_advance,
    .close = reference_close,
};
