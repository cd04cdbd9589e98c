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

#include "matcher.h"
#include "memory.h"
#include "script.h"
#include "steps.h"

/* More than any case has use for: an implementation that sends this much will not stop by itself. */
#define EVENTS_MAX 10000

struct running {
    const struct conform_case *c;
    const struct iut_driver *driver;
    const void *setup;
    void *self;
    struct script script;
    struct matcher matcher;
    struct case_result *result;
    struct instant now;
    struct instant *came; /* when each expected frame came, if it has */
    bool *done;           /* each step */
    size_t events;        /* packets that came back */
};

static bool break_off(struct running *r, const char *why)
{
    r->result->verdict = VERDICT_ERROR;
    free(r->result->error);
    r->result->error = memory_format("%s: %s", r->c->id, why);
    return false;
}

/* The implementation is gone: its doing, not the suite's. */
static bool note_crash(struct running *r, const char *why)
{
    struct finding *finding = result_add_finding(r->result, FINDING_CRASHED);
    finding->has_actual_at = true;
    finding->actual_us = r->now.us;
    finding->actual = memory_copy_text(why);
    return false;
}

/*
 * When a step is to be played. A reply keeps its distance to the request that it answers, whenever that
 * comes; until then it stands at the last moment at which the request may come.
 */
static struct instant due_of(const struct running *r, size_t at)
{
    const struct step *step = &r->script.steps[at];
    if (step->kind != STEP_INJECT || step->answers == STEP_NONE)
        return step->at;
    const struct step *request = &r->script.steps[step->answers];
    if (matcher_has(&r->matcher, step->answers))
        return instant_after_us(r->came[step->answers], instant_diff_us(request->at, step->at));
    return instant_after_us(request->at, request->late_us > 0 ? request->late_us : 0);
}

/* Let time pass until something comes back or `until` is reached. 1, 0, or -1 when the run cannot go on. */
static int pump_once(struct running *r, struct instant until)
{
    struct iut_event event;
    char error[IUT_ERROR_MAX] = "";
    int got = r->driver->advance(r->self, until, &event, error);
    if (got < 0) {
        note_crash(r, error);
        return -1;
    }
    if (got == 0) {
        r->now = until;
        return 0;
    }
    r->now = event.at;
    if (++r->events > EVENTS_MAX) {
        break_off(r, "the implementation sends without end");
        return -1;
    }
    if (event.kind == IUT_DELIVERED) {
        matcher_take_delivery(&r->matcher, event.at, event.packet);
        return 1;
    }
    size_t step = matcher_take_frame(&r->matcher, event.at, event.packet);
    if (step != STEP_NONE)
        r->came[step] = event.at;
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
    bool good = true;
    for (size_t i = 0; good && i < at; i++) {
        const struct step *step = &r->script.steps[i];
        if (step->kind != STEP_EXPECT || step->is_optional || matcher_has(&r->matcher, i))
            continue;
        int64_t patience_us = step->late_us < r->c->tolerance_us ? step->late_us : r->c->tolerance_us;
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
    size_t record = result_add_frame(r->result, FRAME_TO_IUT, r->now.us, span_of(bytes, step->len));
    r->result->frames[record - 1].capture = step->frame;
    bool sent = r->driver->send_underlay(r->self, span_of(bytes, step->len), error);
    free(bytes);
    r->result->injected++;
    return sent || note_crash(r, error);
}

static bool send_from_host(struct running *r, size_t at)
{
    const struct step *step = &r->script.steps[at];
    struct span inner = step->packet.gre.payload;
    uint8_t *bytes = script_host_packet(&step->packet);
    size_t record = result_add_frame(r->result, FRAME_HOST_TO_IUT, r->now.us, span_of(bytes, inner.len));
    r->result->frames[record - 1].capture = step->frame;
    char error[IUT_ERROR_MAX] = "";
    bool sent = r->driver->send_overlay(r->self, span_of(bytes, inner.len), error);
    free(bytes);
    r->result->hosted++;
    return sent || note_crash(r, error);
}

/* The step that is due first; of several, the one that the capture has first. */
static size_t next_step(const struct running *r)
{
    size_t next = STEP_NONE;
    for (size_t i = 0; i < r->script.count; i++)
        if (!r->done[i] && (next == STEP_NONE || instant_before(due_of(r, i), due_of(r, next))))
            next = i;
    return next;
}

/* A reply to a request that never came would be an unsolicited one, and the fault of the suite. */
static bool is_answerable(const struct running *r, const struct step *step)
{
    return step->answers == STEP_NONE || matcher_has(&r->matcher, step->answers);
}

static bool play_step(struct running *r, size_t at)
{
    const struct step *step = &r->script.steps[at];
    r->done[at] = true;
    if (step->kind == STEP_EXPECT)
        return !step->host_sends || send_from_host(r, at);
    return !is_answerable(r, step) || inject_frame(r, at);
}

/* What comes back while time passes may make another step the next. */
static bool play_steps(struct running *r)
{
    for (size_t i; (i = next_step(r)) != STEP_NONE;) {
        struct instant due = due_of(r, i);
        if (instant_before(r->now, due)) {
            if (pump_once(r, due) < 0)
                return false;
            continue;
        }
        if (!pump(r, r->now) || (r->script.steps[i].kind == STEP_INJECT && !wait_for_causes(r, i)) ||
            !play_step(r, i))
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

static bool needs_host_side(const struct script *script)
{
    for (size_t i = 0; i < script->count; i++)
        if (script->steps[i].host_sends)
            return true;
    return false;
}

static void run_script(struct running *r)
{
    if (!r->driver->sees_host_side && needs_host_side(&r->script)) {
        r->result->verdict = VERDICT_INCONCLUSIVE;
        r->result->reason = REASON_HOST_SIDE;
        return;
    }
    char error[IUT_ERROR_MAX] = "";
    r->now = r->script.start;
    r->self = r->driver->open(r->setup, &r->c->config, r->now, error);
    if (r->self == NULL && iut_is_unsupported(error)) {
        r->result->verdict = VERDICT_NOT_APPLICABLE;
        r->result->reason = REASON_UNSUPPORTED;
        r->result->error = memory_copy_text(error);
        return;
    }
    if (r->self == NULL) {
        break_off(r, error);
        return;
    }
    if (play_steps(r) && play_out(r))
        matcher_conclude(&r->matcher, r->script.end, r->driver->sees_host_side);
    r->driver->close(r->self);
}

static void replay_run(const struct conform_case *c, const struct requirement_table *requirements,
                       const struct iut_driver *driver, const void *setup, struct case_result *out)
{
    struct running r = {.c = c, .driver = driver, .setup = setup, .result = out};
    char error[SCRIPT_ERROR_MAX];
    if (!script_load(c, &r.script, error)) {
        break_off(&r, error);
        return;
    }
    r.came = memory_zeroed(r.script.count, sizeof(*r.came));
    r.done = memory_zeroed(r.script.count, sizeof(*r.done));
    matcher_begin(&r.matcher, c, &r.script, requirements, out);
    run_script(&r);
    matcher_end(&r.matcher);
    free(r.came);
    free(r.done);
    script_free(&r.script);
}

void runner_run(const struct conform_case *c, const struct requirement_table *requirements,
                const struct iut_driver *driver, const void *setup, struct case_result *out)
{
    *out = (struct case_result){.c = c};
    if (c->step_count > 0)
        steps_run(c, requirements, driver, setup, out);
    else
        replay_run(c, requirements, driver, setup, out);
    result_conclude(out);
}
