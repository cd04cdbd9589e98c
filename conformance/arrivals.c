/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arrivals: see arrivals.h. */
#include "arrivals.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/dump.h"
#include "condition.h"
#include "memory.h"

/* More than any case has use for: an implementation that sends this much will not stop by itself. */
#define EVENTS_MAX 10000

bool session_break(struct session *s, const char *why)
{
    if (!s->ended) {
        s->ended = true;
        s->result->verdict = VERDICT_ERROR;
        free(s->result->error);
        s->result->error = s->step > 0 ? memory_format("%s, step %zu: %s", s->c->id, s->step, why)
                                       : memory_format("%s: %s", s->c->id, why);
    }
    return false;
}

/* The implementation is gone: its doing, not the suite's. */
static bool note_crash(struct session *s, const char *why)
{
    if (!s->ended) {
        s->ended = true;
        struct finding *finding = result_add_finding(s->result, FINDING_CRASHED);
        finding->step = s->step;
        finding->has_actual_at = true;
        finding->actual_us = s->now.us;
        finding->actual = memory_copy_text(why);
    }
    return false;
}

static void forget_sent(struct session *s)
{
    field_list_free(&s->sent.fields);
    free(s->sent.bytes);
    s->sent = (struct sent_packet){.bytes = NULL};
}

bool session_begin(struct session *s, const struct conform_case *c,
                   const struct requirement_table *requirements, const struct iut_driver *driver,
                   const void *setup, struct case_result *result)
{
    *s = (struct session){
        .c = c, .requirements = requirements, .driver = driver, .result = result, .next_probe = 0x51000001};
    char error[SCRIPT_ERROR_MAX] = "";
    if (!script_load(c, &s->script, error))
        return session_break(s, error);
    char why[IUT_ERROR_MAX] = "";
    s->self = driver->open(setup, &c->config, s->now, why);
    if (s->self != NULL)
        return true;
    if (iut_is_unsupported(why)) {
        result->verdict = VERDICT_NOT_APPLICABLE;
        result->reason = REASON_UNSUPPORTED;
        result->error = memory_copy_text(why);
        return false;
    }
    return session_break(s, why);
}

void session_end(struct session *s)
{
    if (s->self != NULL)
        s->driver->close(s->self);
    for (size_t i = 0; i < s->arrival_count; i++) {
        field_list_free(&s->arrivals[i]->fields);
        free(s->arrivals[i]->bytes);
        free(s->arrivals[i]);
    }
    free(s->arrivals);
    forget_sent(s);
    id_map_free(&s->ids);
    script_free(&s->script);
}

const struct step *session_frame(struct session *s, size_t number)
{
    for (size_t i = 0; i < s->script.count; i++)
        if (s->script.steps[i].frame == number)
            return &s->script.steps[i];
    char why[96];
    snprintf(why, sizeof(why), "frame %zu of the capture is neither from nor for the role under test",
             number);
    session_break(s, why);
    return NULL;
}

struct edit_sources session_sources(const struct session *s)
{
    return (struct edit_sources){.sent = s->sent.bytes != NULL ? &s->sent.fields : NULL,
                                 .got = s->got != NULL ? &s->got->fields : NULL};
}

static void record(struct session *s, enum frame_way way, struct span packet, size_t capture_frame)
{
    size_t at = result_add_frame(s->result, way, s->now.us, packet);
    s->result->frames[at - 1].capture = capture_frame;
    s->result->frames[at - 1].step = s->step;
}

bool session_send(struct session *s, struct span packet, size_t capture_frame)
{
    char error[IUT_ERROR_MAX] = "";
    uint8_t *copy = memory_copy(packet.data, packet.len);
    forget_sent(s);
    s->sent.bytes = copy;
    s->sent.len = packet.len;
    packet_decode(span_of(copy, packet.len), &s->sent.packet);
    fields_of_packet(span_of(copy, packet.len), &s->sent.packet, &s->sent.fields);
    record(s, FRAME_TO_IUT, packet, capture_frame);
    s->result->injected++;
    return s->driver->send_underlay(s->self, span_of(copy, packet.len), error) || note_crash(s, error);
}

bool session_send_host(struct session *s, struct span packet, size_t capture_frame)
{
    char error[IUT_ERROR_MAX] = "";
    record(s, FRAME_HOST_TO_IUT, packet, capture_frame);
    s->result->hosted++;
    return s->driver->send_overlay(s->self, packet, error) || note_crash(s, error);
}

/* A client renews while the case is about something else: the server that the suite plays confirms it. */
static bool answer_renewal(struct session *s, struct arrival *arrival)
{
    if (s->c->watches_renewals || s->wants & POLICY_NHRP(NHRP_REGISTRATION_REQUEST) || arrival->is_delivery ||
        policy_message(&arrival->packet) != POLICY_NHRP(NHRP_REGISTRATION_REQUEST))
        return true;
    for (size_t i = 0; i < s->script.count; i++) {
        const struct step *reply = &s->script.steps[i];
        char statement[48], error[EDIT_ERROR_MAX];
        const char *const statements[] = {statement};
        struct edit_octets edited;
        if (reply->kind != STEP_INJECT ||
            policy_message(&reply->packet) != POLICY_NHRP(NHRP_REGISTRATION_REPLY) ||
            !addr_equal(reply->packet.outer.source, arrival->packet.outer.destination))
            continue;
        snprintf(statement, sizeof(statement), "nhrp.reqid = %u", arrival->packet.nhrp.request_id);
        if (!edit_packet(span_of(reply->bytes, reply->len), statements, 1, NULL, true, &edited, error))
            return session_break(s, error);
        arrival->taken = true;
        record(s, FRAME_TO_IUT, span_of(edited.data, edited.len), reply->frame);
        char why[IUT_ERROR_MAX] = "";
        bool sent = s->driver->send_underlay(s->self, span_of(edited.data, edited.len), why);
        free(edited.data);
        return sent || note_crash(s, why);
    }
    return true;
}

static bool note_undecodable(struct session *s, const struct arrival *arrival)
{
    struct finding *finding = result_add_finding(s->result, FINDING_UNDECODABLE);
    char line[256];
    finding->step = s->step;
    finding->sent = arrival->record;
    finding->has_actual_at = true;
    finding->actual_us = arrival->at.us;
    finding->actual =
        memory_copy_text(dump_packet_line(span_of(arrival->bytes, arrival->len), line, sizeof(line)));
    finding->requirement = requirements_find(
        s->requirements, policy_undecodable(arrival->packet.bad_layer, arrival->packet.error.status));
    return true;
}

static bool take_event(struct session *s, const struct iut_event *event)
{
    struct arrival *arrival = memory_zeroed(1, sizeof(*arrival));
    s->arrivals =
        memory_room_for_one(s->arrivals, s->arrival_count, &s->arrival_cap, sizeof(struct arrival *));
    s->arrivals[s->arrival_count++] = arrival;
    arrival->at = event->at;
    arrival->len = event->packet.len;
    arrival->bytes = memory_copy(event->packet.data, event->packet.len);
    arrival->is_delivery = event->kind == IUT_DELIVERED;
    struct span bytes = span_of(arrival->bytes, arrival->len);
    arrival->record = result_add_frame(s->result, arrival->is_delivery ? FRAME_HOST_FROM_IUT : FRAME_FROM_IUT,
                                       event->at.us, bytes);
    s->result->frames[arrival->record - 1].step = s->step;
    if (arrival->is_delivery)
        return true;
    packet_decode(bytes, &arrival->packet);
    fields_of_packet(bytes, &arrival->packet, &arrival->fields);
    if (arrival->packet.kind == PACKET_BAD) {
        arrival->taken = true;
        return note_undecodable(s, arrival);
    }
    return answer_renewal(s, arrival);
}

/* Until something comes back or `until` is reached: 1, 0, or -1 when the case cannot go on. */
static int pump_once(struct session *s, struct instant until)
{
    struct iut_event event;
    char error[IUT_ERROR_MAX] = "";
    int got = s->driver->advance(s->self, until, &event, error);
    if (got < 0) {
        note_crash(s, error);
        return -1;
    }
    s->now = got == 0 ? until : event.at;
    if (got == 0)
        return 0;
    if (s->arrival_count >= EVENTS_MAX) {
        session_break(s, "the implementation sends without end");
        return -1;
    }
    return take_event(s, &event) ? 1 : -1;
}

bool session_pump(struct session *s, struct instant until)
{
    int got;
    while ((got = pump_once(s, until)) == 1)
        continue;
    return got == 0;
}

enum packet_origin session_origin(const struct session *s, const struct packet *packet)
{
    for (size_t i = 0; i < s->result->frame_count; i++) {
        const struct frame_record *frame = &s->result->frames[i];
        struct packet sent;
        if (frame->way != FRAME_TO_IUT)
            continue;
        packet_decode(span_of(frame->bytes, frame->len), &sent);
        if (sent.kind != packet->kind)
            continue;
        if (packet->kind == PACKET_DATA && script_same_inner(&sent.inner, &packet->inner))
            return ORIGIN_FORWARDED;
        if (packet->kind == PACKET_NHRP && nhrp_type_has_cies(packet->nhrp.fixed.type) &&
            sent.nhrp.fixed.type == packet->nhrp.fixed.type &&
            sent.nhrp.request_id == packet->nhrp.request_id &&
            span_equal(sent.nhrp.source_protocol, packet->nhrp.source_protocol))
            return ORIGIN_FORWARDED;
    }
    bool is_reply = packet->kind == PACKET_NHRP && nhrp_type_has_cies(packet->nhrp.fixed.type) &&
                    !nhrp_type_is_request(packet->nhrp.fixed.type);
    return is_reply ? ORIGIN_REPLY : ORIGIN_OWN;
}

static bool is_of_sort(const struct arrival *arrival, const struct wanted *wanted)
{
    const struct packet *packet = &arrival->packet;
    if (arrival->taken || arrival->is_delivery || !(policy_message(packet) & wanted->messages))
        return false;
    if (wanted->has_request_id &&
        (packet->kind != PACKET_NHRP || packet->nhrp.request_id != wanted->request_id))
        return false;
    if (wanted->like == NULL || packet->kind != PACKET_DATA)
        return true;
    struct packet like;
    packet_decode(wanted->like_bytes, &like);
    return like.kind == PACKET_DATA && addr_equal(like.inner.source, packet->inner.source) &&
           addr_equal(like.inner.destination, packet->inner.destination);
}

static bool add_conditions(struct session *s, const struct arrival *arrival, const struct wanted *wanted,
                           const struct policy_context *policy, struct comparison *out)
{
    struct edit_sources sources = session_sources(s);
    struct condition_context context = {
        .fields = &arrival->fields,
        .sources = &sources,
        .policy = policy,
        .requirement = wanted->by->requirement,
        .requirements = s->requirements,
        .skips_absent = (wanted->messages & (wanted->messages - 1)) != 0,
    };
    for (size_t i = 0; i < wanted->by->condition_count; i++) {
        struct difference difference;
        char error[EDIT_ERROR_MAX];
        enum condition_answer answer =
            condition_judge(wanted->by->conditions[i], &context, &difference, error);
        if (answer == CONDITION_BAD)
            return session_break(s, error);
        if (answer == CONDITION_HOLDS)
            continue;
        out->differences =
            memory_room_for_one(out->differences, out->count, &out->cap, sizeof(*out->differences));
        out->differences[out->count++] = difference;
        out->failed = out->failed || !difference.is_note;
    }
    return true;
}

static bool judge(struct session *s, const struct arrival *arrival, const struct wanted *wanted,
                  struct comparison *out)
{
    *out = (struct comparison){0};
    if (!wanted->is_judged)
        return true;
    struct policy_context policy = {.message = policy_message(&arrival->packet),
                                    .origin = session_origin(s, &arrival->packet),
                                    .phase = s->c->phase};
    if (wanted->like != NULL) {
        struct frame_override masks = {.masks = wanted->by != NULL ? wanted->by->masks : NULL,
                                       .mask_count = wanted->by != NULL ? wanted->by->mask_count : 0};
        struct compare_context context = {.policy = policy,
                                          .config = &s->c->config,
                                          .override = &masks,
                                          .ids = &s->ids,
                                          .requirements = s->requirements};
        struct packet packet;
        struct field_list fields;
        packet_decode(wanted->like_bytes, &packet);
        fields_of_packet(wanted->like_bytes, &packet, &fields);
        struct compared_packet expected = {.bytes = wanted->like_bytes, .packet = &packet, .fields = &fields};
        struct compared_packet actual = {.bytes = span_of(arrival->bytes, arrival->len),
                                         .packet = &arrival->packet,
                                         .fields = &arrival->fields};
        compare_packets(&context, &expected, &actual, out);
        field_list_free(&fields);
    }
    return wanted->by == NULL || add_conditions(s, arrival, wanted, &policy, out);
}

/* The best of what is there; fewer differences are better, and notes better than failures. */
static struct arrival *best_candidate(struct session *s, const struct wanted *wanted, struct comparison *best)
{
    struct arrival *found = NULL;
    *best = (struct comparison){0};
    for (size_t i = 0; i < s->arrival_count && !s->ended; i++) {
        struct comparison comparison;
        if (!is_of_sort(s->arrivals[i], wanted))
            continue;
        if (!judge(s, s->arrivals[i], wanted, &comparison)) {
            free(comparison.differences);
            continue;
        }
        bool better = found == NULL || (best->failed && !comparison.failed) ||
                      (best->failed == comparison.failed && comparison.count < best->count);
        free(better ? best->differences : comparison.differences);
        if (better) {
            *best = comparison;
            found = s->arrivals[i];
        }
    }
    return found;
}

struct arrival *session_await(struct session *s, const struct wanted *wanted, struct instant until,
                              struct comparison *comparison)
{
    struct arrival *found;
    for (;;) {
        found = best_candidate(s, wanted, comparison);
        if (s->ended || (found != NULL && !comparison->failed) || !instant_before(s->now, until))
            break;
        free(comparison->differences);
        *comparison = (struct comparison){0};
        if (pump_once(s, until) < 0)
            return NULL;
    }
    if (found != NULL) {
        /* Others that came while a better one was hoped for are more of the same, not more faults. */
        for (size_t i = 0; comparison->failed && i < s->arrival_count; i++)
            s->arrivals[i]->taken = s->arrivals[i]->taken || is_of_sort(s->arrivals[i], wanted);
        found->taken = true;
        s->got = found;
        if (wanted->like != NULL) {
            s->result->frames[found->record - 1].capture = wanted->like->frame;
            const struct nhrp_message *like = &wanted->like->packet.nhrp;
            if (found->packet.kind == PACKET_NHRP && nhrp_type_is_request(found->packet.nhrp.fixed.type))
                id_map_bind(&s->ids, found->packet.nhrp.fixed.type, like->request_id,
                            found->packet.nhrp.request_id);
        }
    }
    return found;
}

struct arrival *session_await_delivery(struct session *s, const struct ip *inner, struct instant until)
{
    for (;;) {
        for (size_t i = 0; i < s->arrival_count; i++) {
            struct ip ip;
            if (s->arrivals[i]->taken || !s->arrivals[i]->is_delivery ||
                ip_decode(span_of(s->arrivals[i]->bytes, s->arrivals[i]->len), &ip).status != CODEC_OK ||
                !script_same_inner(&ip, inner))
                continue;
            s->arrivals[i]->taken = true;
            s->result->delivered++;
            return s->arrivals[i];
        }
        if (s->ended || !instant_before(s->now, until) || pump_once(s, until) < 0)
            return NULL;
    }
}
