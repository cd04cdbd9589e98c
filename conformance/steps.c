/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps: one function for each verb. A step that waits waits for a packet, never for a time to pass: that
 * nothing comes is known when a probe that was sent later has been answered.
 *
 * An expectation that is not met ends the case, because what follows would only repeat it.
 */
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>

#include "arrivals.h"
#include "codec/dump.h"
#include "memory.h"

#define LINE_MAX_OCTETS 256

static struct instant deadline_of(const struct session *s, const struct case_step *step)
{
    return instant_after_us(s->now, step != NULL && step->has_within ? step->within_us : s->c->tolerance_us);
}

static char *line_of_packet(struct span bytes)
{
    char line[LINE_MAX_OCTETS];
    return memory_copy_text(dump_packet_line(bytes, line, sizeof(line)));
}

static struct finding *add_finding(struct session *s, enum finding_kind kind, const struct case_step *step)
{
    struct finding *finding = result_add_finding(s->result, kind);
    finding->step = s->step;
    finding->is_note = step != NULL && step->is_should;
    finding->has_expected_at = true;
    finding->expected_us = s->now.us;
    return finding;
}

static void set_actual(struct finding *finding, const struct arrival *arrival)
{
    finding->sent = arrival->record;
    finding->has_actual_at = true;
    finding->actual_us = arrival->at.us;
    finding->actual = line_of_packet(span_of(arrival->bytes, arrival->len));
}

/* "Registration Reply or Error Indication", for what was expected without a frame that it is like. */
static char *words_of_messages(unsigned messages)
{
    char text[LINE_MAX_OCTETS] = "";
    size_t at = 0;
    for (uint8_t type = 1; type <= 8; type++)
        if (messages & POLICY_NHRP(type) && at < sizeof(text))
            at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", at > 0 ? " or " : "",
                                   nhrp_type_words(type));
    if (messages & POLICY_DATA && at < sizeof(text))
        snprintf(text + at, sizeof(text) - at, "%sdata", at > 0 ? " or " : "");
    return memory_copy_text(text);
}

static void set_expected(struct finding *finding, const struct wanted *wanted)
{
    finding->frame = wanted->like != NULL ? wanted->like->frame : 0;
    finding->expected =
        wanted->like != NULL ? line_of_packet(wanted->like_bytes) : words_of_messages(wanted->messages);
}

static const struct requirement *requirement_of_missing(const struct session *s, const struct wanted *wanted)
{
    if (wanted->by != NULL && wanted->by->requirement != NULL)
        return wanted->by->requirement;
    unsigned message = wanted->messages & (~wanted->messages + 1u);
    struct policy_context policy = {.message = message, .origin = ORIGIN_REPLY, .phase = s->c->phase};
    if (wanted->like != NULL)
        policy.origin = wanted->like->origin;
    return requirements_find(s->requirements, policy_missing(&policy, false));
}

/* Wait for what is wanted and report what is wrong with it. False when the case ends here. */
static bool expect(struct session *s, const struct wanted *wanted, const struct case_step *step)
{
    struct comparison comparison;
    struct instant began = s->now;
    s->wants = wanted->messages;
    s->result->expected++;
    struct arrival *arrival = session_await(s, wanted, deadline_of(s, step), &comparison);
    s->wants = 0;
    if (s->ended) {
        free(comparison.differences);
        return false;
    }
    s->result->matched += arrival != NULL;
    if (arrival == NULL) {
        struct finding *finding = add_finding(s, FINDING_MISSING, step);
        set_expected(finding, wanted);
        finding->expected_us = began.us;
        finding->requirement = requirement_of_missing(s, wanted);
        return finding->is_note;
    }
    if (comparison.count == 0)
        return true;
    struct finding *finding = add_finding(s, FINDING_FIELDS, NULL);
    set_expected(finding, wanted);
    finding->expected_us = began.us;
    set_actual(finding, arrival);
    finding->is_note = !comparison.failed;
    finding->differences = comparison.differences;
    finding->difference_count = comparison.count;
    return true;
}

/* What the case is built on did not come about: it says nothing about what it is for. */
static bool give_up(struct session *s, const struct wanted *wanted)
{
    char *words = words_of_messages(wanted->messages);
    s->ended = true;
    s->result->verdict = VERDICT_INCONCLUSIVE;
    s->result->reason = s->got != NULL ? REASON_PRECONDITION : REASON_NO_ANSWER;
    s->result->error = memory_format("step %zu: no %s came, as frame %zu of the capture", s->step, words,
                                     wanted->like->frame);
    free(words);
    return false;
}

static bool await_given(struct session *s, const struct wanted *wanted)
{
    struct comparison comparison;
    s->wants = wanted->messages;
    struct arrival *arrival = session_await(s, wanted, deadline_of(s, NULL), &comparison);
    s->wants = 0;
    free(comparison.differences);
    if (s->ended)
        return false;
    return arrival != NULL || give_up(s, wanted);
}

/* Send a frame that others send in the capture, with the request ids that the implementation uses. */
static bool send_frame(struct session *s, const struct step *frame)
{
    uint8_t *bytes = memory_copy(frame->bytes, frame->len);
    id_map_rewrite(&s->ids, bytes, frame->len, addr_span(&s->c->config.protocol));
    bool good = session_send(s, span_of(bytes, frame->len), frame->frame);
    free(bytes);
    return good;
}

/* Can the adapter reach the host side? If not, the case says nothing. */
static bool has_host_side(struct session *s)
{
    if (s->driver->sees_host_side)
        return true;
    s->ended = true;
    s->result->verdict = VERDICT_INCONCLUSIVE;
    s->result->reason = REASON_HOST_SIDE;
    return false;
}

static bool play_own_frame(struct session *s, const struct step *frame, bool is_judged)
{
    struct wanted wanted = {.messages = policy_message(&frame->packet),
                            .like = frame,
                            .like_bytes = span_of(frame->bytes, frame->len),
                            .is_judged = is_judged};
    if (frame->host_sends) {
        if (!has_host_side(s))
            return false;
        uint8_t *bytes = script_host_packet(&frame->packet);
        bool good = session_send_host(s, span_of(bytes, frame->packet.gre.payload.len), frame->frame);
        free(bytes);
        if (!good)
            return false;
    }
    return is_judged ? expect(s, &wanted, NULL) : await_given(s, &wanted);
}

static bool play_frames(struct session *s, const struct case_step *step)
{
    bool good = true;
    for (size_t i = 0; good && i < step->frame_count; i++) {
        const struct step *frame = session_frame(s, step->frames[i]);
        if (frame == NULL)
            return false;
        good = frame->kind == STEP_INJECT ? send_frame(s, frame)
                                          : play_own_frame(s, frame, step->verb == VERB_REPLAY);
    }
    return good;
}

/* A frame as the step changes it. free() what is in *out. */
static bool edit_frame(struct session *s, const struct case_step *step, const struct step *frame,
                       struct edit_octets *out)
{
    char error[EDIT_ERROR_MAX] = "";
    uint8_t *bytes = memory_copy(frame->bytes, frame->len);
    struct edit_sources sources = session_sources(s);
    id_map_rewrite(&s->ids, bytes, frame->len, addr_span(&s->c->config.protocol));
    bool good = edit_packet(span_of(bytes, frame->len), step->edits, step->edit_count, &sources,
                            !step->leave_wrong, out, error);
    free(bytes);
    return good || session_break(s, error);
}

static bool step_send(struct session *s, const struct case_step *step)
{
    const struct step *frame = session_frame(s, step->frames[0]);
    bool good = frame != NULL;
    for (size_t i = 0; good && i < step->times; i++) {
        struct edit_octets edited;
        good = edit_frame(s, step, frame, &edited);
        if (good)
            good = session_send(s, span_of(edited.data, edited.len), frame->frame);
        free(edited.data);
    }
    return good;
}

static bool step_host(struct session *s, const struct case_step *step)
{
    const struct step *frame = session_frame(s, step->frames[0]);
    bool good = frame != NULL && has_host_side(s);
    for (size_t i = 0; good && i < step->times; i++) {
        struct edit_octets edited;
        struct packet packet;
        if (!edit_frame(s, step, frame, &edited))
            return false;
        packet_decode(span_of(edited.data, edited.len), &packet);
        if (packet.kind == PACKET_DATA) {
            uint8_t *inner = script_host_packet(&packet);
            good = session_send_host(s, span_of(inner, packet.gre.payload.len), frame->frame);
            free(inner);
        } else {
            good = session_break(s, "the frame has no inner packet for the host side");
        }
        free(edited.data);
    }
    return good;
}

static bool step_expect(struct session *s, const struct case_step *step)
{
    struct edit_octets edited = {.data = NULL};
    struct wanted wanted = {.messages = step->messages, .is_judged = true, .by = step};
    if (step->like != 0) {
        wanted.like = session_frame(s, step->like);
        if (wanted.like == NULL)
            return false;
        char error[EDIT_ERROR_MAX];
        struct edit_sources sources = session_sources(s);
        if (!edit_packet(span_of(wanted.like->bytes, wanted.like->len), step->edits, step->edit_count,
                         &sources, true, &edited, error))
            return session_break(s, error);
        wanted.like_bytes = span_of(edited.data, edited.len);
    }
    bool good = expect(s, &wanted, step);
    free(edited.data);
    return good;
}

static bool await_delivery(struct session *s, const struct case_step *step, const struct step *frame,
                           struct span packet)
{
    struct packet decoded;
    packet_decode(packet, &decoded);
    if (decoded.kind != PACKET_DATA)
        return session_break(s, "the frame has no inner packet for the host side");
    if (session_await_delivery(s, &decoded.inner, deadline_of(s, step)) != NULL)
        return true;
    if (s->ended)
        return false;
    struct finding *finding = add_finding(s, FINDING_UNDELIVERED, step);
    finding->frame = frame->frame;
    finding->expected = line_of_packet(packet);
    finding->requirement = step->requirement != NULL
                               ? step->requirement
                               : requirements_find(s->requirements, POLICY_NOT_DELIVERED);
    return finding->is_note;
}

static bool step_deliver(struct session *s, const struct case_step *step)
{
    const struct step *frame = session_frame(s, step->frames[0]);
    struct edit_octets edited;
    if (frame == NULL)
        return false;
    if (!has_host_side(s) || !edit_frame(s, step, frame, &edited))
        return false;
    bool good = await_delivery(s, step, frame, span_of(edited.data, edited.len));
    free(edited.data);
    return good;
}

static void report_unexpected(struct session *s, const struct case_step *step, struct arrival *arrival)
{
    struct finding *finding =
        add_finding(s, arrival->is_delivery ? FINDING_UNEXPECTED_DELIVERY : FINDING_UNEXPECTED, step);
    arrival->taken = true;
    set_actual(finding, arrival);
    finding->has_expected_at = false;
    if (step != NULL && step->requirement != NULL) {
        finding->requirement = step->requirement;
        return;
    }
    struct policy_context policy = {.message = policy_message(&arrival->packet),
                                    .origin = session_origin(s, &arrival->packet),
                                    .phase = s->c->phase};
    finding->requirement = requirements_find(
        s->requirements, arrival->is_delivery ? POLICY_NOT_DELIVERED : policy_unexpected(&policy));
}

/* Whatever came and was not asked for. Packets for the station itself may come out on its host side. */
static void report_leftovers(struct session *s, const struct case_step *step, size_t until)
{
    for (size_t i = 0; i < until; i++) {
        struct arrival *arrival = s->arrivals[i];
        struct ip ip;
        if (arrival->taken)
            continue;
        if (arrival->is_delivery) {
            bool is_local =
                ip_decode(span_of(arrival->bytes, arrival->len), &ip).status == CODEC_OK &&
                (addr_equal(ip.destination, s->c->config.protocol) || addr_is_multicast(ip.destination));
            if (is_local)
                continue;
        } else if (arrival->packet.kind == PACKET_DATA &&
                   addr_equal(arrival->packet.inner.source, s->c->config.protocol)) {
            continue; /* its own, an ICMP error say, and none of the case's business */
        } else if (step != NULL && step->messages & policy_message(&arrival->packet)) {
            arrival->taken = true;
            continue;
        }
        report_unexpected(s, step, arrival);
    }
}

/* The probe of a step that names none, from a station of the capture: a Purge Request for an address that
 * nobody has (section 5.2.5: it is answered whether or not anything was cached), or a registration of it. */
static bool made_up_probe(struct session *s, uint32_t request_id, struct edit_octets *out, size_t *frame)
{
    struct addr nobody = s->c->config.protocol;
    nobody.bytes[addr_len(nobody) - 1] = 250;
    char unknown[96], id[48], source[96], destination[96], error[EDIT_ERROR_MAX], text[ADDR_TEXT_MAX];
    snprintf(id, sizeof(id), "nhrp.reqid = %u", request_id);
    snprintf(unknown, sizeof(unknown), "nhrp.cie[0].prot.addr = %s", addr_format(nobody, text));
    for (size_t i = 0; i < s->script.count; i++) {
        const struct step *from = &s->script.steps[i];
        if (from->kind != STEP_INJECT || from->packet.kind != PACKET_NHRP ||
            !nhrp_type_has_cies(from->packet.nhrp.fixed.type))
            continue;
        bool is_reply = !nhrp_type_is_request(from->packet.nhrp.fixed.type);
        struct span sender =
            is_reply ? from->packet.nhrp.destination_protocol : from->packet.nhrp.source_protocol;
        snprintf(source, sizeof(source), "nhrp.src.prot.addr = %s",
                 addr_format(addr_from_span(sender), text));
        snprintf(destination, sizeof(destination), "nhrp.dst.prot.addr = %s",
                 addr_format(s->c->config.protocol, text));
        char nbma[96];
        snprintf(nbma, sizeof(nbma), "nhrp.src.nbma.addr = %s", addr_format(from->packet.outer.source, text));
        bool has_auth = s->c->config.authentication != NULL;
        char auth[64];
        snprintf(auth, sizeof(auth), "nhrp.ext[auth].value = %s", "00000001");
        for (const char *octet = s->c->config.authentication; has_auth && *octet != '\0'; octet++)
            snprintf(auth + strlen(auth), sizeof(auth) - strlen(auth), "%02x", (unsigned char)*octet);
        bool registers = s->driver->probe == IUT_PROBE_REGISTRATION;
        if (registers)
            snprintf(source, sizeof(source), "nhrp.src.prot.addr = %s", addr_format(nobody, text));
        const char *const statements[] = {registers ? "nhrp.hdr.op.type = 3" : "nhrp.hdr.op.type = 5",
                                          "nhrp.flags = 0",
                                          id,
                                          source,
                                          destination,
                                          nbma,
                                          "remove nhrp.ext",
                                          "remove nhrp.cie",
                                          "nhrp.cie[0].prefix = 32",
                                          unknown,
                                          auth};
        *frame = from->frame;
        return edit_packet(span_of(from->bytes, from->len), statements,
                           sizeof(statements) / sizeof(statements[0]) - !has_auth, NULL, true, out, error) ||
               session_break(s, error);
    }
    return session_break(s, "no frame of the capture can be made a probe; name one");
}

static bool frame_probe(struct session *s, const struct case_step *step, uint32_t request_id,
                        struct edit_octets *out, size_t *frame)
{
    const struct step *from = session_frame(s, step->like);
    struct edit_octets edited;
    char statement[48], error[EDIT_ERROR_MAX];
    const char *const statements[] = {statement};
    snprintf(statement, sizeof(statement), "nhrp.reqid = %u", request_id);
    if (from == NULL || !edit_frame(s, step, from, &edited))
        return false;
    *frame = from->frame;
    bool good = edit_packet(span_of(edited.data, edited.len), statements, 1, NULL, true, out, error);
    free(edited.data);
    return good || session_break(s, error);
}

/* It has answered in this case before, so its silence is a failure; else silence proves nothing. */
static bool report_silence(struct session *s, const struct case_step *step)
{
    if (s->got == NULL) {
        s->ended = true;
        s->result->verdict = VERDICT_INCONCLUSIVE;
        s->result->reason = REASON_NO_ANSWER;
        return false;
    }
    struct finding *finding = add_finding(s, FINDING_STOPPED, NULL);
    finding->expected = line_of_packet(span_of(s->sent.bytes, s->sent.len));
    finding->requirement = step->requirement;
    return false;
}

static void forget_packet(struct sent_packet *packet)
{
    field_list_free(&packet->fields);
    free(packet->bytes);
    *packet = (struct sent_packet){.bytes = NULL};
}

/* Give the case up, or report, with the packet that was sent before the probe out of the way. */
static bool quiet_ends(struct session *s, const struct case_step *step, struct sent_packet *kept,
                       bool is_silent)
{
    forget_packet(kept);
    return is_silent && report_silence(s, step);
}

static bool step_quiet(struct session *s, const struct case_step *step)
{
    struct edit_octets probe = {.data = NULL};
    struct comparison comparison;
    size_t frame = 0;
    uint32_t request_id = s->next_probe++;
    bool made = step->like != 0 ? frame_probe(s, step, request_id, &probe, &frame)
                                : made_up_probe(s, request_id, &probe, &frame);
    /* What came for earlier steps counts, even if it is still on its way. */
    if (!made || !session_pump(s, s->now)) {
        free(probe.data);
        return false;
    }
    struct sent_packet kept = s->sent;
    s->sent = (struct sent_packet){.bytes = NULL};
    bool sent = session_send(s, span_of(probe.data, probe.len), frame);
    free(probe.data);
    if (!sent)
        return quiet_ends(s, step, &kept, false);
    struct wanted wanted = {.messages = POLICY_NHRP(nhrp_type_reply(s->sent.packet.nhrp.fixed.type)),
                            .has_request_id = true,
                            .request_id = request_id};
    const struct arrival *got = s->got;
    struct arrival *answer = session_await(s, &wanted, deadline_of(s, step), &comparison);
    free(comparison.differences);
    if (s->ended)
        return quiet_ends(s, step, &kept, false);
    report_leftovers(s, step, s->arrival_count);
    if (answer == NULL) {
        s->got = got;
        return quiet_ends(s, step, &kept, true);
    }
    /* What the case sent last is still what $sent: means. */
    struct sent_packet of_probe = s->sent;
    s->sent = kept;
    forget_packet(&of_probe);
    if (got != NULL)
        s->got = got;
    return true;
}

static bool run_step(struct session *s, const struct case_step *step)
{
    switch (step->verb) {
    case VERB_GIVEN:
    case VERB_REPLAY:
        return play_frames(s, step);
    case VERB_SEND:
        return step_send(s, step);
    case VERB_HOST:
        return step_host(s, step);
    case VERB_EXPECT:
        return step_expect(s, step);
    case VERB_DELIVER:
        return step_deliver(s, step);
    case VERB_QUIET:
        return step_quiet(s, step);
    case VERB_ADVANCE:
        return session_pump(s, instant_after_us(s->now, step->within_us));
    }
    return session_break(s, "a step of no known kind");
}

void steps_run(const struct conform_case *c, const struct requirement_table *requirements,
               const struct iut_driver *driver, const void *setup, struct case_result *out)
{
    struct session s;
    bool good = session_begin(&s, c, requirements, driver, setup, out);
    for (size_t i = 0; good && i < c->step_count; i++) {
        s.step = i + 1;
        good = run_step(&s, &c->steps[i]);
    }
    if (good && session_pump(&s, s.now))
        report_leftovers(&s, NULL, s.arrival_count);
    session_end(&s);
}
