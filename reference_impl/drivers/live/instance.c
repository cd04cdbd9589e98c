/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * instance: a tunnel's life: made, started, called, ended. What the kernel tells it is instance_kernel.c's
 * business, what its packets look like to an onlooker capture_tap.c's.
 */
#include "drivers/live/instance.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "drivers/live/event.h"
#include "drivers/live/overlay.h"
#include "drivers/live/tap.h"

#define OVERLAY_BATCH 64 /* packets read from the host in one turn */
#define PACKET_MOST   65536
#define MTU_DEFAULT   1400 /* octets; the engine's default */
#define SEED_MIX      UINT64_C(0x9e3779b97f4a7c15)

/* Chance decides only where entries fall in hash tables: nobody outside should be able to foresee that. */
static uint64_t make_seed(const struct instance *instance)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return ((uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec) * SEED_MIX ^ (uint64_t)getpid() << 32 ^
           instance->device;
}

static bool open_device(struct instance *in, char error[LIVE_ERROR_MAX])
{
    const struct live_tunnel_config *c = &in->config;
    uint16_t mtu = c->node.tunnel.mtu ? c->node.tunnel.mtu : MTU_DEFAULT;
    in->overlay = overlay_open(c->name);
    if (in->overlay < 0) {
        snprintf(error, LIVE_ERROR_MAX, "%s: no TUN device: %s", c->name, strerror(errno));
        return false;
    }
    in->device = if_nametoindex(c->name);
    if (!kernel_set_device(in->services->kernel, c->name, c->node.protocol, c->node.protocol_len, mtu)) {
        snprintf(error, LIVE_ERROR_MAX, "%s: the device cannot be set up: %s", c->name, strerror(errno));
        return false;
    }
    return true;
}

static enum addr_family underlay_family(const struct live_tunnel_config *c)
{
    if (!addr_is_none(c->node.tunnel.nbma))
        return c->node.tunnel.nbma.family;
    if (c->node.nhs_count > 0)
        return c->node.nhs[0].nbma.family;
    return addr_is_none(c->node.tunnel.destination) ? ADDR_IPV4 : c->node.tunnel.destination.family;
}

/* Plain GRE is received even where it is not wanted, so that it is dropped for a reason. */
static bool open_underlay(const struct instance *in)
{
    struct underlay *u = in->services->underlay;
    bool v6 = underlay_family(&in->config) == ADDR_IPV6;
    if (!underlay_open(u, v6 ? UNDERLAY_GRE6 : UNDERLAY_GRE4))
        return false;
    if (!instance_is_protected(in))
        return true;
    return underlay_open(u, v6 ? UNDERLAY_ESP6 : UNDERLAY_ESP4) &&
           (!in->config.udp_encapsulation || underlay_open(u, v6 ? UNDERLAY_UDP6 : UNDERLAY_UDP4));
}

struct instance *instance_create(struct live_tunnel_config *config, const char *state_folder,
                                 struct services *services, char error[LIVE_ERROR_MAX])
{
    struct instance *in = calloc(1, sizeof *in);
    if (!in) {
        snprintf(error, LIVE_ERROR_MAX, "%s: out of memory", config->name);
        return NULL;
    }
    in->config = *config;
    config->node.nhs = NULL;
    config->node.routes = NULL;
    config->fingerprint = NULL;
    config->node.ipsec.associations = NULL;
    config->keys = NULL;
    config->spis = NULL;
    in->services = services;
    in->overlay = -1;
    in->state.fd = -1;
    in->link_up = true;
    struct instant never_started = {0};
    if (!open_underlay(in)) {
        snprintf(error, LIVE_ERROR_MAX, "%s: no socket for the underlay: %s", in->config.name,
                 strerror(errno));
        instance_free(in, never_started);
        return NULL;
    }
    if (!open_device(in, error)) {
        instance_free(in, never_started);
        return NULL;
    }
    if (!state_open(&in->state, state_folder, in->config.name, services->owner,
                    &in->config.node.first_request_id))
        log_line(LOG_WARNING, in->config.name, "request ids are not kept in %s: %s", state_folder,
                 strerror(errno));
    return in;
}

void instance_free(struct instance *in, struct instant now)
{
    if (!in)
        return;
    if (in->node) {
        struct node_input stop = {.kind = INPUT_ADMIN, .admin = ADMIN_STOP};
        instance_input(in, now, &stop);
        underlay_flush(in->services->underlay);
        state_close(&in->state, node_next_request_id(in->node));
        node_free(in->node);
    } else
        state_close(&in->state, in->config.node.first_request_id);
    if (in->overlay >= 0)
        close(in->overlay);
    live_tunnel_config_clear(&in->config);
    free(in);
}

bool instance_start(struct instance *in, struct instant now, char error[LIVE_ERROR_MAX])
{
    const char *why;
    if (in->node || addr_is_none(in->config.node.tunnel.nbma))
        return true;
    in->node = node_create(&in->config.node, make_seed(in), &why);
    if (!in->node) {
        snprintf(error, LIVE_ERROR_MAX, "%s: %s", in->config.name, why);
        return false;
    }
    struct node_input up = {.kind = INPUT_LINK,
                            .link = {.up = in->link_up, .nbma = in->config.node.tunnel.nbma}};
    instance_input(in, now, &up);
    return true;
}

/* ---- outputs ---- */

static void set_route(struct instance *in, const struct node_output *output)
{
    const struct services *s = in->services;
    if (s->install_routes && !kernel_set_route(s->kernel, output->route.install, s->install_table,
                                               output->route.prefix, in->device, output->route.via))
        in->counters.routes_refused++;
}

static void tell(struct instance *in, const struct node_output *output)
{
    struct control *control = in->services->control;
    bool heard = control && control_audience(control, CONTROL_EVENTS) > 0;
    if (!heard && !in->services->trace)
        return;
    json_t *event = event_json(output);
    if (in->services->trace)
        log_object(LOG_INFO, in->config.name, event);
    if (heard)
        control_publish(control, CONTROL_EVENTS, in->config.name, event);
    json_decref(event);
}

static void take_output(struct instance *in, const struct node_output *output)
{
    struct instance_counters *c = &in->counters;
    switch (output->kind) {
    case OUTPUT_UNDERLAY:
        c->underlay_out++;
        c->underlay_out_octets += output->underlay.packet.len;
        tap_sent(in, output->underlay.packet, output->underlay.reason);
        underlay_send(in->services->underlay, output->underlay.packet);
        break;
    case OUTPUT_OVERLAY:
        c->overlay_out++;
        c->overlay_out_octets += output->overlay.len;
        if (!overlay_write(in->overlay, output->overlay))
            c->overlay_refused++;
        break;
    case OUTPUT_ROUTE:
        set_route(in, output);
        break;
    case OUTPUT_NEIGHBOUR: /* the kernel has no neighbours on a TUN device */
    case OUTPUT_SA:        /* static ones are there from the start, and there is no IKE here */
    case OUTPUT_TRACE:
        break;
    }
}

/* Data packets are no events: capture shows them. */
static bool is_event(const struct node_output *output)
{
    if (output->kind == OUTPUT_OVERLAY)
        return false;
    return output->kind != OUTPUT_UNDERLAY || !tap_is_data(output->underlay.reason);
}

void instance_input(struct instance *in, struct instant now, const struct node_input *input)
{
    struct node_output output;
    if (!in->node)
        return;
    node_input(in->node, now, input);
    while (node_output(in->node, &output)) {
        take_output(in, &output);
        if (is_event(&output))
            tell(in, &output);
    }
    state_note(&in->state, node_next_request_id(in->node));
}

/* ---- inputs ---- */

bool instance_read_overlay(struct instance *in, struct instant now)
{
    static uint8_t buffer[PACKET_MOST];
    struct node_input input = {.kind = INPUT_OVERLAY};
    for (unsigned i = 0; i < OVERLAY_BATCH; i++) {
        size_t len = overlay_read(in->overlay, buffer, sizeof buffer);
        if (len == 0)
            return i > 0;
        in->counters.overlay_in++;
        in->counters.overlay_in_octets += len;
        input.packet = span_of(buffer, len);
        instance_input(in, now, &input);
    }
    return true;
}

void instance_wake(struct instance *in, struct instant now)
{
    struct node_input input = {.kind = INPUT_TIME};
    if (in->node && instant_reached(now, node_deadline(in->node)))
        instance_input(in, now, &input);
}

struct instant instance_deadline(const struct instance *in)
{
    return in->node ? node_deadline(in->node) : INSTANT_NEVER;
}

bool instance_is_protected(const struct instance *in)
{
    return in->config.node.ipsec.mode == IPSEC_REQUIRED;
}

void instance_take_packet(struct instance *in, struct instant now, struct span packet)
{
    struct node_input input = {.kind = INPUT_UNDERLAY, .packet = packet};
    in->counters.underlay_in++;
    in->counters.underlay_in_octets += packet.len;
    tap_received(in, packet);
    instance_input(in, now, &input);
}
