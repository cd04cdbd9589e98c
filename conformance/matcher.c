/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * matcher: see matcher.h. A packet is taken at once for the frame, within its time, that it is the like of
 * and differs least from. What is left over at the end is paired more loosely, so that a wrong packet is
 * shown beside the one that should have come.
 */
#include "matcher.h"

#include <stdlib.h>

#include "codec/dump.h"
#include "compare.h"
#include "memory.h"

#define LINE_MAX_OCTETS 256

void matcher_begin(struct matcher *m, const struct conform_case *c, const struct script *script,
                   const struct requirement_table *requirements, struct case_result *result)
{
    *m = (struct matcher){.c = c, .script = script, .requirements = requirements, .result = result};
    m->matched = memory_zeroed(script->count, sizeof(*m->matched));
    m->injected = memory_zeroed(script->count, sizeof(*m->injected));
    m->delivered = memory_zeroed(script->count, sizeof(*m->delivered));
    for (size_t i = 0; i < script->count; i++)
        result->expected += script->steps[i].kind == STEP_EXPECT && !script->steps[i].is_optional;
}

void matcher_end(struct matcher *m)
{
    for (size_t i = 0; i < m->stray_count; i++)
        free(m->strays[i].bytes);
    free(m->strays);
    free(m->matched);
    free(m->injected);
    free(m->delivered);
    id_map_free(&m->ids);
}

bool matcher_has(const struct matcher *m, size_t step)
{
    return m->matched[step];
}

void matcher_note_injected(struct matcher *m, size_t step)
{
    m->injected[step] = true;
}

static char *line_of_packet(struct span bytes)
{
    char line[LINE_MAX_OCTETS];
    return memory_copy_text(dump_packet_line(bytes, line, sizeof(line)));
}

static void set_expected(struct finding *finding, const struct step *step)
{
    finding->frame = step->frame;
    finding->has_expected_at = true;
    finding->expected_us = step->at.us;
    finding->expected = line_of_packet(span_of(step->bytes, step->len));
}

static void set_actual(struct finding *finding, size_t sent, struct instant at, struct span bytes)
{
    finding->sent = sent;
    finding->has_actual_at = true;
    finding->actual_us = at.us;
    finding->actual = line_of_packet(bytes);
}

/* Could this packet stand for that frame at all? */
static bool is_same_sort(const struct packet *a, const struct packet *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == PACKET_NHRP)
        return a->nhrp.fixed.type == b->nhrp.fixed.type;
    if (a->kind == PACKET_DATA)
        return addr_equal(a->inner.source, b->inner.source) &&
               addr_equal(a->inner.destination, b->inner.destination) &&
               a->inner.protocol == b->inner.protocol;
    return true;
}

/* Two messages of one type: do they say something about the same thing? */
static bool is_same_matter(const struct nhrp_message *a, const struct nhrp_message *b)
{
    struct ip about_a, about_b;
    if (!nhrp_type_has_cies(a->fixed.type))
        return ip_decode_head(a->contents, &about_a).status != CODEC_OK ||
               ip_decode_head(b->contents, &about_b).status != CODEC_OK ||
               (addr_equal(about_a.source, about_b.source) &&
                addr_equal(about_a.destination, about_b.destination));
    return span_equal(a->source_protocol, b->source_protocol) &&
           span_equal(a->destination_protocol, b->destination_protocol);
}

/*
 * Is this packet, whatever else may be wrong with it, that frame and no other? Indications go both ways, and
 * a registration may be addressed in two manners, so there the next hop counts.
 */
static bool is_like(const struct packet *a, const struct packet *b)
{
    if (!is_same_sort(a, b))
        return false;
    if (a->kind != PACKET_NHRP)
        return true;
    bool same_next_hop = addr_equal(a->outer.destination, b->outer.destination);
    if (a->nhrp.fixed.type == NHRP_REGISTRATION_REQUEST)
        return same_next_hop && span_equal(a->nhrp.source_protocol, b->nhrp.source_protocol);
    return is_same_matter(&a->nhrp, &b->nhrp) && (nhrp_type_has_cies(a->nhrp.fixed.type) || same_next_hop);
}

static bool is_in_time(const struct step *step, struct instant at)
{
    int64_t off_us = instant_diff_us(step->at, at);
    return off_us >= -step->early_us && off_us <= step->late_us;
}

static struct policy_context policy_of(const struct matcher *m, const struct step *step)
{
    return (struct policy_context){
        .message = policy_message(&step->packet), .origin = step->origin, .phase = m->c->phase};
}

static void compare_with_step(const struct matcher *m, const struct step *step,
                              const struct compared_packet *actual, struct comparison *out)
{
    struct compare_context context = {
        .policy = policy_of(m, step),
        .config = &m->c->config,
        .override = step->override,
        .ids = &m->ids,
        .requirements = m->requirements,
    };
    struct compared_packet expected = {
        .bytes = span_of(step->bytes, step->len), .packet = &step->packet, .fields = &step->fields};
    compare_packets(&context, &expected, actual, out);
}

/* The better of two candidates: what is owed before what may be left out, then the fewer differences. */
static bool is_better(const struct step *a, const struct comparison *of_a, const struct step *b,
                      const struct comparison *of_b)
{
    if (of_a->failed != of_b->failed)
        return !of_a->failed;
    if (a->is_optional != b->is_optional)
        return !a->is_optional;
    return of_a->count < of_b->count;
}

static size_t find_step(const struct matcher *m, struct instant at, const struct compared_packet *actual,
                        struct comparison *best)
{
    size_t found = STEP_NONE;
    *best = (struct comparison){0};
    for (size_t i = 0; i < m->script->count; i++) {
        const struct step *step = &m->script->steps[i];
        if (step->kind != STEP_EXPECT || m->matched[i] || !is_like(&step->packet, actual->packet) ||
            !is_in_time(step, at))
            continue;
        struct comparison comparison;
        compare_with_step(m, step, actual, &comparison);
        if (found == STEP_NONE || is_better(step, &comparison, &m->script->steps[found], best)) {
            free(best->differences);
            *best = comparison;
            found = i;
        } else {
            free(comparison.differences);
        }
    }
    return found;
}

/* A refresh far from the capture's time, though before the binding expires, follows no recommendation. */
static void note_refresh_time(struct matcher *m, const struct step *step, struct instant at,
                              struct span bytes)
{
    if (!step->is_refresh || llabs(instant_diff_us(step->at, at)) <= m->c->tolerance_us)
        return;
    struct finding *finding = result_add_finding(m->result, FINDING_TIME);
    set_expected(finding, step);
    set_actual(finding, m->sent, at, bytes);
    finding->is_note = true;
    struct policy_context policy = policy_of(m, step);
    finding->requirement = requirements_find(m->requirements, policy_missing(&policy, true));
}

static void settle_step(struct matcher *m, size_t at_step, struct instant at,
                        const struct compared_packet *actual, struct comparison *comparison)
{
    const struct step *step = &m->script->steps[at_step];
    m->matched[at_step] = true;
    if (!step->is_optional)
        m->result->matched++;
    if (step->origin == ORIGIN_OWN && actual->packet->kind == PACKET_NHRP &&
        nhrp_type_is_request(actual->packet->nhrp.fixed.type))
        id_map_bind(&m->ids, actual->packet->nhrp.fixed.type, step->packet.nhrp.request_id,
                    actual->packet->nhrp.request_id);
    m->result->frames[m->sent - 1].capture = step->frame;
    if (step->is_optional || comparison->count == 0) {
        free(comparison->differences);
    } else {
        struct finding *finding = result_add_finding(m->result, FINDING_FIELDS);
        set_expected(finding, step);
        set_actual(finding, m->sent, at, actual->bytes);
        finding->is_note = !comparison->failed;
        finding->differences = comparison->differences;
        finding->difference_count = comparison->count;
    }
    note_refresh_time(m, step, at, actual->bytes);
}

static void add_stray(struct matcher *m, struct instant at, struct span bytes)
{
    m->strays = memory_room_for_one(m->strays, m->stray_count, &m->stray_cap, sizeof(*m->strays));
    m->strays[m->stray_count++] = (struct stray){
        .at = at, .bytes = memory_copy(bytes.data, bytes.len), .len = bytes.len, .sent = m->sent};
}

static void report_undecodable(struct matcher *m, struct instant at, struct span bytes,
                               const struct packet *packet)
{
    struct finding *finding = result_add_finding(m->result, FINDING_UNDECODABLE);
    set_actual(finding, m->sent, at, bytes);
    finding->requirement =
        requirements_find(m->requirements, policy_undecodable(packet->bad_layer, packet->error.status));
}

size_t matcher_take_frame(struct matcher *m, struct instant at, struct span bytes)
{
    m->sent = result_add_frame(m->result, FRAME_FROM_IUT, at.us, bytes);
    struct packet packet;
    packet_decode(bytes, &packet);
    if (packet.kind == PACKET_BAD) {
        report_undecodable(m, at, bytes, &packet);
        return STEP_NONE;
    }
    struct field_list fields;
    fields_of_packet(bytes, &packet, &fields);
    struct compared_packet actual = {.bytes = bytes, .packet = &packet, .fields = &fields};
    struct comparison comparison;
    size_t step = find_step(m, at, &actual, &comparison);
    if (step != STEP_NONE)
        settle_step(m, step, at, &actual, &comparison);
    else
        add_stray(m, at, bytes);
    field_list_free(&fields);
    return step;
}

void matcher_take_delivery(struct matcher *m, struct instant at, struct span bytes)
{
    m->sent = result_add_frame(m->result, FRAME_HOST_FROM_IUT, at.us, bytes);
    struct ip ip;
    bool decoded = ip_decode(bytes, &ip).status == CODEC_OK;
    bool is_local = false;
    for (size_t i = 0; decoded && i < m->script->count; i++) {
        const struct step *step = &m->script->steps[i];
        if (!m->injected[i] || step->packet.kind != PACKET_DATA ||
            !script_same_inner(&step->packet.inner, &ip))
            continue;
        if (step->delivers && !m->delivered[i]) {
            m->delivered[i] = true;
            m->result->delivered++;
            return;
        }
        is_local = addr_equal(ip.destination, m->c->config.protocol) || addr_is_multicast(ip.destination);
    }
    if (is_local)
        return;
    struct finding *finding = result_add_finding(m->result, FINDING_UNEXPECTED_DELIVERY);
    set_actual(finding, m->sent, at, bytes);
    finding->requirement = requirements_find(m->requirements, POLICY_NOT_DELIVERED);
}

/*
 * Of the packets that matched nothing, the one that was most likely meant to be this frame: one of its sort
 * that came in time, or its equal that did not. NULL if there is none; else *best is the comparison, which
 * the caller frees.
 */
static struct stray *find_stray(struct matcher *m, const struct step *step, struct comparison *best)
{
    struct stray *found = NULL;
    *best = (struct comparison){0};
    for (size_t i = 0; i < m->stray_count; i++) {
        struct stray *stray = &m->strays[i];
        struct packet packet;
        packet_decode(span_of(stray->bytes, stray->len), &packet);
        if (stray->claimed || !is_same_sort(&packet, &step->packet))
            continue;
        struct field_list fields;
        fields_of_packet(span_of(stray->bytes, stray->len), &packet, &fields);
        struct compared_packet actual = {
            .bytes = span_of(stray->bytes, stray->len), .packet = &packet, .fields = &fields};
        struct comparison comparison;
        compare_with_step(m, step, &actual, &comparison);
        field_list_free(&fields);
        bool usable = is_in_time(step, stray->at) || !comparison.failed;
        if (usable && (found == NULL || comparison.count < best->count)) {
            free(best->differences);
            *best = comparison;
            found = stray;
        } else {
            free(comparison.differences);
        }
    }
    return found;
}

static void report_absent(struct matcher *m, const struct step *step)
{
    struct comparison comparison;
    struct stray *stray = find_stray(m, step, &comparison);
    enum finding_kind kind = FINDING_MISSING;
    if (stray != NULL)
        kind = comparison.failed ? FINDING_FIELDS : FINDING_TIME;
    struct finding *finding = result_add_finding(m->result, kind);
    set_expected(finding, step);
    if (stray != NULL) {
        stray->claimed = true;
        set_actual(finding, stray->sent, stray->at, span_of(stray->bytes, stray->len));
        finding->differences = comparison.differences;
        finding->difference_count = comparison.count;
    }
    if (kind == FINDING_FIELDS)
        return;
    struct policy_context policy = policy_of(m, step);
    finding->requirement = requirements_find(m->requirements, policy_missing(&policy, step->is_refresh));
}

static void report_stray(struct matcher *m, const struct stray *stray)
{
    struct finding *finding = result_add_finding(m->result, FINDING_UNEXPECTED);
    set_actual(finding, stray->sent, stray->at, span_of(stray->bytes, stray->len));
    struct packet packet;
    packet_decode(span_of(stray->bytes, stray->len), &packet);
    struct policy_context policy = {
        .message = policy_message(&packet), .origin = ORIGIN_OWN, .phase = m->c->phase};
    finding->requirement = requirements_find(m->requirements, policy_unexpected(&policy));
}

void matcher_conclude(struct matcher *m, struct instant end, bool sees_host_side)
{
    for (size_t i = 0; i < m->script->count; i++) {
        const struct step *step = &m->script->steps[i];
        if (step->kind == STEP_EXPECT && !step->is_optional && !m->matched[i])
            report_absent(m, step);
        if (step->kind == STEP_INJECT && sees_host_side && step->delivers && !m->delivered[i]) {
            struct finding *finding = result_add_finding(m->result, FINDING_UNDELIVERED);
            set_expected(finding, step);
            finding->requirement = requirements_find(m->requirements, POLICY_NOT_DELIVERED);
        }
    }
    for (size_t i = 0; i < m->stray_count; i++)
        if (!m->strays[i].claimed && !instant_before(end, m->strays[i].at))
            report_stray(m, &m->strays[i]);
}
