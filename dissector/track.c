/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of the analysis. See track.h.
 */
#include "track.h"

struct track_state *track;

/* A fact as it is kept: most frames of a big capture are plain requests and replies without findings. */
struct packed_fact {
    uint32_t cause; /* exchange, redirect or shortcut, as the kind has it */
    uint32_t grant;
    uint32_t reference;
    uint32_t number;
    uint16_t cloud;
    uint8_t kind;
    uint8_t hop;
    uint8_t path_phase;
    uint8_t roles;
};

void track_open(void)
{
    track = wmem_new0(wmem_file_scope(), struct track_state);
    track_array_init(&track->stations, sizeof(struct track_station));
    track_array_init(&track->clouds, sizeof(struct track_cloud));
    track_array_init(&track->tunnels, sizeof(struct track_tunnel));
    track_array_init(&track->clients, sizeof(struct track_client));
    track_array_init(&track->exchanges, sizeof(struct track_exchange));
    track_array_init(&track->details, sizeof(struct track_details));
    track_array_init(&track->bindings, sizeof(struct track_binding));
    track_array_init(&track->redirects, sizeof(struct track_redirect));
    track_array_init(&track->shortcuts, sizeof(struct track_shortcut));
    track_array_init(&track->facts, sizeof(struct packed_fact));
    track_array_init(&track->findings, sizeof(uint64_t));
}

void track_close(void)
{
    track = NULL;
}

struct track_details track_details_read(const struct track_exchange *exchange)
{
    bool answered = exchange->reply_frame != 0;
    struct track_details plain = {
        .last_ns = exchange->request_ns,
        .last_frame = exchange->request_frame,
        .copy_frame = answered ? exchange->reply_frame : exchange->request_frame,
        .copy_way = answered ? exchange->reply_way : exchange->request_way,
        .copy_hops = answered ? exchange->reply_hops : exchange->request_hops,
        .transmissions = exchange->request_frame != 0,
        .replies = answered,
    };

    if (exchange->details == 0)
        return plain;
    return *(struct track_details *)track_array_at(&track->details, exchange->details);
}

struct track_details *track_details_of(struct track_exchange *exchange)
{
    if (exchange->details == 0) {
        struct track_details plain = track_details_read(exchange);

        exchange->details = track_array_add(&track->details);
        *(struct track_details *)track_array_at(&track->details, exchange->details) = plain;
    }
    return (struct track_details *)track_array_at(&track->details, exchange->details);
}

const struct track_address *track_grant_claimed(const struct track_exchange *granted)
{
    return &track_client_at(granted->client)->nbma;
}

const struct track_address *track_grant_seen(const struct track_exchange *granted)
{
    if (granted->request_way / 2 == 0)
        return track_grant_claimed(granted);
    return track_end(granted->request_way / 2, granted->request_way % 2);
}

static void keep_findings(uint32_t frame, uint64_t findings)
{
    uint32_t number = track_pages_get(&track->findings_of_frame, frame);

    if (number == 0) {
        number = track_array_add(&track->findings);
        track_pages_set(&track->findings_of_frame, frame, number);
    }
    *(uint64_t *)track_array_at(&track->findings, number) = findings;
}

void track_fact_keep(uint32_t frame, const struct track_fact *fact)
{
    uint32_t number = track_pages_get(&track->fact_of_frame, frame);
    struct packed_fact *packed;

    if (number == 0) {
        number = track_array_add(&track->facts);
        track_pages_set(&track->fact_of_frame, frame, number);
    }
    packed = (struct packed_fact *)track_array_at(&track->facts, number);
    packed->cause = fact->kind == KIND_REDIRECT ? fact->redirect
                    : fact->kind == KIND_DATA   ? fact->shortcut
                                                : fact->exchange;
    packed->grant = fact->grant;
    packed->reference = fact->reference;
    packed->number = fact->number;
    packed->cloud = fact->cloud;
    packed->kind = fact->kind;
    packed->hop = fact->hop;
    packed->path_phase = (uint8_t)(fact->path << 4 | fact->phase);
    packed->roles = (uint8_t)(fact->roles[0] << 4 | fact->roles[1]);
    if (fact->findings != 0)
        keep_findings(frame, fact->findings);
}

struct track_fact track_fact_get(uint32_t frame)
{
    const struct packed_fact *packed = (const struct packed_fact *)track_array_at(
        &track->facts, track_pages_get(&track->fact_of_frame, frame));
    struct track_fact fact = {
        .findings = *(const uint64_t *)track_array_at(&track->findings,
                                                      track_pages_get(&track->findings_of_frame, frame)),
        .grant = packed->grant,
        .reference = packed->reference,
        .number = packed->number,
        .cloud = packed->cloud,
        .kind = packed->kind,
        .path = packed->path_phase >> 4,
        .phase = packed->path_phase & 0xF,
        .hop = packed->hop,
        .roles = {packed->roles >> 4, packed->roles & 0xF},
    };

    if (fact.kind == KIND_REDIRECT)
        fact.redirect = packed->cause;
    else if (fact.kind == KIND_DATA)
        fact.shortcut = packed->cause;
    else
        fact.exchange = packed->cause;
    return fact;
}
