/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script: sorts the frames of a capture by who sent them to whom, and works out what depends on what. Looks
 * at no field that the comparison judges, except to recognise a message that comes by twice.
 */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/checksum.h"
#include "codec/nhrp_cie.h"
#include "files/capture.h"
#include "memory.h"

struct reading {
    const struct conform_case *c;
    struct script *script;
    size_t cap;
    bool has_first;
    struct instant first;
    char *error;
};

bool script_same_inner(const struct ip *a, const struct ip *b)
{
    return addr_equal(a->source, b->source) && addr_equal(a->destination, b->destination) &&
           a->protocol == b->protocol && a->id == b->id && a->fragment_offset == b->fragment_offset &&
           span_equal(a->payload, b->payload);
}

/* One router hop back: what a host sent before the role under test lowered the time to live. */
static void raise_ttl(uint8_t *data, size_t len)
{
    const size_t header_min = 20;
    if (len < header_min)
        return;
    if (data[0] >> 4 == 6) {
        if (data[7] < 255)
            data[7]++;
        return;
    }
    size_t header_len = (size_t)(data[0] & 0x0f) * 4;
    if (data[8] == 255 || header_len < header_min || header_len > len)
        return;
    data[8]++;
    data[10] = data[11] = 0;
    uint16_t sum = checksum_of(span_of(data, header_len));
    data[10] = (uint8_t)(sum >> 8);
    data[11] = (uint8_t)sum;
}

uint8_t *script_host_packet(const struct packet *packet)
{
    uint8_t *bytes = memory_copy(packet->gre.payload.data, packet->gre.payload.len);
    raise_ttl(bytes, packet->gre.payload.len);
    return bytes;
}

static bool refuse(struct reading *r, size_t frame, const char *what)
{
    snprintf(r->error, SCRIPT_ERROR_MAX, "%s: frame %zu %s", r->c->capture_path, frame, what);
    return false;
}

/*
 * Copy a frame that concerns the role under test; other parties' dealings with each other, ARP and the like
 * are passed over. What others send may be as malformed as it likes behind its outer header.
 */
static bool take_frame(struct reading *r, const struct capture_frame *frame)
{
    const struct frame_override *override = case_frame_override(r->c, frame->number);
    bool ignored = override != NULL && override->ignore;
    uint16_t ethertype;
    struct span bytes;
    if (!capture_packet(frame, &ethertype, &bytes) || (ethertype != 0x0800 && ethertype != 0x86dd))
        return true;
    struct packet packet;
    packet_decode(bytes, &packet);
    bool has_outer = packet.kind != PACKET_BAD || packet.bad_layer != PACKET_OUTER;
    bool sent = has_outer && addr_equal(packet.outer.source, r->c->config.nbma);
    bool received = has_outer && addr_equal(packet.outer.destination, r->c->config.nbma);
    if (packet.kind == PACKET_BAD && (sent || !has_outer)) {
        char what[160];
        snprintf(what, sizeof(what), "cannot be decoded: %s, %s at offset %zu",
                 packet_layer_words(packet.bad_layer), codec_status_words(packet.error.status),
                 packet.error.offset);
        return ignored || refuse(r, frame->number, what);
    }
    if (!sent && (!received || ignored))
        return true;
    struct script *script = r->script;
    script->steps = memory_room_for_one(script->steps, script->count, &r->cap, sizeof(*script->steps));
    struct step *step = &script->steps[script->count++];
    *step = (struct step){
        .kind = sent ? STEP_EXPECT : STEP_INJECT,
        .frame = frame->number,
        .at = {.us = instant_diff_us(r->first, frame->at)},
        .bytes = memory_copy(bytes.data, bytes.len),
        .len = bytes.len,
        .override = override,
        .is_optional = ignored,
        .answers = STEP_NONE,
    };
    packet_decode(span_of(step->bytes, step->len), &step->packet);
    fields_of_packet(span_of(step->bytes, step->len), &step->packet, &step->fields);
    return true;
}

static bool read_frames(struct reading *r)
{
    char wrong[CAPTURE_ERROR_MAX];
    struct capture_reader *reader = capture_open(r->c->capture_path, wrong);
    if (reader == NULL) {
        snprintf(r->error, SCRIPT_ERROR_MAX, "%s", wrong);
        return false;
    }
    struct capture_frame frame;
    int more;
    bool good = true;
    while (good && (more = capture_read(reader, &frame, wrong)) == 1) {
        if (!r->has_first) {
            r->has_first = true;
            r->first = frame.at;
        }
        r->script->end.us = instant_diff_us(r->first, frame.at);
        good = take_frame(r, &frame);
    }
    capture_close(reader);
    if (good && more < 0)
        snprintf(r->error, SCRIPT_ERROR_MAX, "%s", wrong);
    return good && more == 0;
}

static bool same_exchange(const struct nhrp_message *a, const struct nhrp_message *b)
{
    return a->request_id == b->request_id && span_equal(a->source_protocol, b->source_protocol);
}

/* Did the role under test get, before step `at`, what it sends there? */
static bool was_received(const struct script *script, size_t at)
{
    const struct packet *sent = &script->steps[at].packet;
    for (size_t i = at; i-- > 0;) {
        const struct packet *got = &script->steps[i].packet;
        if (script->steps[i].kind != STEP_INJECT || got->kind != sent->kind)
            continue;
        if (sent->kind == PACKET_DATA && script_same_inner(&got->inner, &sent->inner))
            return true;
        if (sent->kind == PACKET_NHRP && got->nhrp.fixed.type == sent->nhrp.fixed.type &&
            (nhrp_type_has_cies(sent->nhrp.fixed.type) ? same_exchange(&got->nhrp, &sent->nhrp)
                                                       : span_equal(got->nhrp.contents, sent->nhrp.contents)))
            return true;
    }
    return false;
}

static enum packet_origin origin_of(const struct script *script, size_t at)
{
    const struct packet *packet = &script->steps[at].packet;
    if (was_received(script, at))
        return ORIGIN_FORWARDED;
    if (packet->kind == PACKET_NHRP && nhrp_type_has_cies(packet->nhrp.fixed.type) &&
        !nhrp_type_is_request(packet->nhrp.fixed.type))
        return ORIGIN_REPLY;
    return ORIGIN_OWN;
}

/* The last step before `at` of that kind whose NHRP message has the type and, if exchange is given, belongs
 * to it. */
static size_t find_before(const struct script *script, size_t at, enum step_kind kind, uint8_t type,
                          const struct nhrp_message *exchange)
{
    for (size_t i = at; i-- > 0;) {
        const struct step *step = &script->steps[i];
        if (step->kind == kind && step->packet.kind == PACKET_NHRP && step->packet.nhrp.fixed.type == type &&
            (exchange == NULL || same_exchange(&step->packet.nhrp, exchange)))
            return i;
    }
    return STEP_NONE;
}

/*
 * A registration that renews an answered one may come any time before the binding expires (section 5.2.3; a
 * third of the holding time is a recommendation), but not so soon that it is a retry.
 */
static void widen_for_refresh(struct script *script, size_t at)
{
    struct step *step = &script->steps[at];
    if (step->packet.kind != PACKET_NHRP || step->packet.nhrp.fixed.type != NHRP_REGISTRATION_REQUEST ||
        step->origin != ORIGIN_OWN)
        return;
    size_t previous = find_before(script, at, STEP_EXPECT, NHRP_REGISTRATION_REQUEST, NULL);
    if (previous == STEP_NONE)
        return;
    const struct step *before = &script->steps[previous];
    if (!span_equal(before->packet.nhrp.destination_protocol, step->packet.nhrp.destination_protocol) ||
        find_before(script, at, STEP_INJECT, NHRP_REGISTRATION_REPLY, &before->packet.nhrp) == STEP_NONE)
        return;
    struct nhrp_cie cie;
    struct span list = before->packet.nhrp.cies;
    if (!nhrp_cie_next(&list, &cie))
        return;
    int64_t since = instant_diff_us(before->at, step->at);
    int64_t left = cie.hold_s * US_PER_S - since;
    step->is_refresh = true;
    if (since / 2 > step->early_us)
        step->early_us = since / 2;
    if (left > step->late_us)
        step->late_us = left;
}

static void describe_expected(const struct conform_case *c, struct script *script, size_t at)
{
    struct step *step = &script->steps[at];
    bool has_own = step->override != NULL && step->override->has_tolerance;
    step->early_us = step->late_us = has_own ? step->override->tolerance_us : c->tolerance_us;
    step->origin = origin_of(script, at);
    widen_for_refresh(script, at);
    enum host_stimulus host = step->override != NULL ? step->override->host : HOST_DEFAULT;
    if (step->packet.kind != PACKET_DATA || host == HOST_NONE)
        return;
    step->host_sends = host == HOST_INJECT || (step->origin != ORIGIN_FORWARDED &&
                                               !addr_equal(step->packet.inner.source, c->config.protocol));
}

static bool is_passed_on(const struct script *script, size_t at)
{
    for (size_t i = at + 1; i < script->count; i++)
        if (script->steps[i].kind == STEP_EXPECT && script->steps[i].packet.kind == PACKET_DATA &&
            script_same_inner(&script->steps[i].packet.inner, &script->steps[at].packet.inner))
            return true;
    return false;
}

static void describe_injected(const struct conform_case *c, struct script *script, size_t at)
{
    struct step *step = &script->steps[at];
    const struct packet *packet = &step->packet;
    if (packet->kind == PACKET_NHRP && nhrp_type_has_cies(packet->nhrp.fixed.type) &&
        !nhrp_type_is_request(packet->nhrp.fixed.type))
        step->answers =
            find_before(script, at, STEP_EXPECT, (uint8_t)(packet->nhrp.fixed.type - 1), &packet->nhrp);
    step->delivers = packet->kind == PACKET_DATA && !is_passed_on(script, at) &&
                     !addr_equal(packet->inner.destination, c->config.protocol) &&
                     !addr_is_multicast(packet->inner.destination);
}

/* The implementation starts with its first frame, or with the first frame for it, unless the sidecar says
 * when. */
static struct instant start_of(const struct conform_case *c, const struct script *script)
{
    if (c->has_start)
        return (struct instant){.us = c->start_us};
    return script->steps[0].at;
}

bool script_load(const struct conform_case *c, struct script *out, char error[SCRIPT_ERROR_MAX])
{
    *out = (struct script){0};
    struct reading r = {.c = c, .script = out, .error = error};
    bool good = read_frames(&r);
    size_t expected = 0;
    for (size_t i = 0; good && i < out->count; i++) {
        if (out->steps[i].kind == STEP_EXPECT) {
            expected++;
            describe_expected(c, out, i);
        } else {
            describe_injected(c, out, i);
        }
    }
    if (good && expected == 0) {
        char nbma[ADDR_TEXT_MAX];
        snprintf(error, SCRIPT_ERROR_MAX, "%s: no frame is from %s, the role under test", c->capture_path,
                 addr_format(c->config.nbma, nbma));
        good = false;
    }
    if (!good) {
        script_free(out);
        return false;
    }
    out->start = start_of(c, out);
    return true;
}

void script_free(struct script *script)
{
    for (size_t i = 0; i < script->count; i++) {
        field_list_free(&script->steps[i].fields);
        free(script->steps[i].bytes);
    }
    free(script->steps);
    *script = (struct script){0};
}
