/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner: the replay. Moves time, sends what the script says at its time, and hands what comes back to the
 * matcher.
 *
 * Frames of other parties go out at the capture's times. A frame that came after one of the role under test
 * in the capture waits for that one, within its tolerance, and a reply keeps its distance to the request that
 * it answers: so an implementation that is a little early or late still sees causes before effects.
 */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/checksum.h"
#include "matcher.h"
#include "memory.h"
#include "script.h"

struct running {
    const struct conform_case *c;
    const struct iut_driver *driver;
    const void *setup;
    void *self;
    struct script script;
    struct matcher matcher;
    struct case_result *result;
    struct instant now;
    struct instant *due; /* of each step */
    bool *done;
};

static bool break_off(struct running *r, const char *why)
{
    r->result->verdict = VERDICT_ERROR;
    free(r->result->error);
    r->result->error = memory_format("%s: %s", r->c->id, why);
    return false;
}

/* A request came at another time than in the capture: its replies move with it. */
static void move_replies(struct running *r, size_t request, struct instant came)
{
    for (size_t i = request + 1; i < r->script.count; i++) {
        const struct step *step = &r->script.steps[i];
        if (step->kind == STEP_INJECT && step->answers == request && !r->done[i])
            r->due[i] = instant_after_us(came, instant_diff_us(r->script.steps[request].at, step->at));
    }
}

/* Let time pass until something comes back or `until` is reached. 1, 0, or -1 when the run cannot go on. */
static int pump_once(struct running *r, struct instant until)
{
    struct iut_event event;
    char error[IUT_ERROR_MAX] = "";
    int got = r->driver->advance(r->self, until, &event, error);
    if (got < 0) {
        break_off(r, error);
        return -1;
    }
    if (got == 0) {
        r->now = until;
        return 0;
    }
    r->now = event.at;
    if (event.kind == IUT_DELIVERED) {
        matcher_take_delivery(&r->matcher, event.at, event.packet);
        return 1;
    }
    size_t step = matcher_take_frame(&r->matcher, event.at, event.packet);
    if (step != STEP_NONE)
        move_replies(r, step, event.at);
    return 1;
}

static bool pump(struct running *r, struct instant until)
{
    if (instant_before(until, r->now))
        until = r->now;
    int got;
    while ((got = pump_once(r, until)) == 1)
        continue;
    return got == 0;
}

/* Wait for one frame of the role under test, no longer than until then. */
static bool pump_for_step(struct running *r, size_t step, struct instant until)
{
    int got = 1;
    while (got == 1 && !matcher_has(&r->matcher, step) && instant_before(r->now, until))
        got = pump_once(r, until);
    return got >= 0;
}

/* Causes before effects: wait for what the role under test sent before this frame in the capture. */
static bool wait_for_causes(struct running *r, size_t at)
{
    const struct step *inject = &r->script.steps[at];
    bool good = true;
    for (size_t i = 0; good && i < at; i++) {
        const struct step *step = &r->script.steps[i];
        if (step->kind != STEP_EXPECT || step->is_optional || matcher_has(&r->matcher, i))
            continue;
        int64_t patience_us = r->c->tolerance_us;
        if (inject->answers == i || step->late_us < patience_us)
            patience_us = step->late_us;
        good = pump_for_step(r, i, instant_after_us(step->at, patience_us));
    }
    return good;
}

static bool inject_frame(struct running *r, size_t at)
{
    const struct step *step = &r->script.steps[at];
    uint8_t *bytes = memory_copy(step->bytes, step->len);
    id_map_rewrite(&r->matcher.ids, bytes, step->len, addr_span(&r->c->config.protocol));
    char error[IUT_ERROR_MAX] = "";
    matcher_note_injected(&r->matcher, at);
    bool sent = r->driver->send_underlay(r->self, span_of(bytes, step->len), error);
    free(bytes);
    r->result->injected++;
    return sent || break_off(r, error);
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

static bool send_from_host(struct running *r, size_t at)
{
    const struct step *step = &r->script.steps[at];
    struct span inner = step->packet.gre.payload;
    uint8_t *bytes = memory_copy(inner.data, inner.len);
    raise_ttl(bytes, inner.len);
    char error[IUT_ERROR_MAX] = "";
    bool sent = r->driver->send_overlay(r->self, span_of(bytes, inner.len), error);
    free(bytes);
    r->result->hosted++;
    return sent || break_off(r, error);
}

/* The step that is due first; of several, the one that the capture has first. */
static size_t next_step(const struct running *r)
{
    size_t next = STEP_NONE;
    for (size_t i = 0; i < r->script.count; i++)
        if (!r->done[i] && (next == STEP_NONE || instant_before(r->due[i], r->due[next])))
            next = i;
    return next;
}

/* Wait until a step may be played: its time has come and, for frames of others, so have its causes. */
static bool wait_for_step(struct running *r, size_t at)
{
    return pump(r, r->due[at]) && (r->script.steps[at].kind != STEP_INJECT || wait_for_causes(r, at));
}

static bool play_steps(struct running *r)
{
    for (size_t i; (i = next_step(r)) != STEP_NONE;) {
        if (!wait_for_step(r, i))
            return false;
        if (instant_before(r->now, r->due[i]))
            continue; /* its request has come meanwhile, later than in the capture, and it keeps its distance
                       */
        r->done[i] = true;
        const struct step *step = &r->script.steps[i];
        if (step->kind == STEP_INJECT ? !inject_frame(r, i) : step->host_sends && !send_from_host(r, i))
            return false;
    }
    return true;
}

/* What is still owed may come until its tolerance is over. */
static bool play_out(struct running *r)
{
    if (!pump(r, r->script.end))
        return false;
    for (size_t i = 0; i < r->script.count; i++) {
        const struct step *step = &r->script.steps[i];
        if (step->kind == STEP_EXPECT && !step->is_optional &&
            !pump_for_step(r, i, instant_after_us(step->at, step->late_us)))
            return false;
    }
    return true;
}

static void run_script(struct running *r)
{
    char error[IUT_ERROR_MAX] = "";
    r->now = r->script.start;
    r->self = r->driver->open(r->setup, &r->c->config, r->now, error);
    if (r->self == NULL) {
        break_off(r, error);
        return;
    }
    if (play_steps(r) && play_out(r))
        matcher_conclude(&r->matcher, r->script.end, r->driver->sees_host_side);
    r->driver->close(r->self);
}

void runner_run(const struct conform_case *c, const struct requirement_table *requirements,
                const struct iut_driver *driver, const void *setup, struct case_result *out)
{
    *out = (struct case_result){.c = c};
    struct running r = {.c = c, .driver = driver, .setup = setup, .result = out};
    char error[SCRIPT_ERROR_MAX];
    if (!script_load(c, &r.script, error)) {
        break_off(&r, error);
        return;
    }
    r.due = memory_zeroed(r.script.count, sizeof(*r.due));
    r.done = memory_zeroed(r.script.count, sizeof(*r.done));
    for (size_t i = 0; i < r.script.count; i++)
        r.due[i] = r.script.steps[i].at;
    matcher_begin(&r.matcher, c, &r.script, requirements, out);
    run_script(&r);
    matcher_end(&r.matcher);
    free(r.due);
    free(r.done);
    script_free(&r.script);
    result_conclude(out);
}
