/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/sim/judge.h"

#include <stdlib.h>
#include <string.h>

bool judge_init(struct judge *judge, const struct scenario *scenario)
{
    *judge = (struct judge){.scenario = scenario};
    judge->found = calloc(scenario->expectation_count + 1, sizeof *judge->found);
    return judge->found != NULL;
}

void judge_free(struct judge *judge)
{
    free(judge->found);
    *judge = (struct judge){0};
}

static bool is_any_or(size_t wanted, size_t value)
{
    return wanted == SCENARIO_ANY || wanted == value;
}

static bool is_any_or_address(struct addr wanted, struct addr value)
{
    return addr_is_none(wanted) || addr_equal(wanted, value);
}

static bool is_any_or_word(const char *wanted, const char *value)
{
    return !wanted || (value && strcmp(wanted, value) == 0);
}

/* One happening, in the terms that expectations have. */
struct happening {
    enum scenario_expectation_kind kind;
    size_t node;
    size_t from;
    size_t to;
    const char *event;
    const char *reason;
    struct addr protocol;
    struct addr nbma;
    uint64_t number;
    struct prefix prefix;
    struct addr via;
};

static bool matches(const struct scenario_expectation *wanted, const struct happening *h)
{
    switch (wanted->kind) {
    case EXPECT_PINGS:
        return is_any_or(wanted->from, h->from) && is_any_or(wanted->to, h->to);
    case EXPECT_PACKETS:
        return is_any_or(wanted->from, h->from) && is_any_or(wanted->to, h->to) &&
               is_any_or_word(wanted->reason, h->reason);
    case EXPECT_TRACE:
        return is_any_or(wanted->node, h->node) && is_any_or_word(wanted->event, h->event) &&
               is_any_or_word(wanted->reason, h->reason) &&
               is_any_or_address(wanted->protocol, h->protocol) && is_any_or_address(wanted->nbma, h->nbma) &&
               (!wanted->has_number || wanted->number == h->number);
    case EXPECT_BINDING:
        return wanted->node == h->node && addr_equal(wanted->protocol, h->protocol) &&
               is_any_or_address(wanted->nbma, h->nbma);
    case EXPECT_SHORTCUT:
        return wanted->node == h->node && prefix_equal(wanted->prefix, h->prefix) &&
               is_any_or_address(wanted->via, h->via);
    }
    return false;
}

static void count(struct judge *judge, struct instant at, const struct happening *h, int by)
{
    for (size_t i = 0; i < judge->scenario->expectation_count; i++) {
        const struct scenario_expectation *wanted = &judge->scenario->expectations[i];
        if (wanted->kind == h->kind && instant_before(at, wanted->at) && matches(wanted, h))
            judge->found[i] += by;
    }
}

static void count_trace(struct judge *judge, struct instant at, size_t node, const struct node_output *output)
{
    char word[TRACE_WORD_MAX];
    struct happening h = {
        .kind = EXPECT_TRACE,
        .node = node,
        .event = trace_event_of(output),
        .reason = trace_reason_of(output, word),
    };
    if (output->kind == OUTPUT_TRACE) {
        h.protocol = output->trace.protocol;
        h.nbma = output->trace.nbma;
        h.number = output->trace.number;
    } else if (output->kind == OUTPUT_NEIGHBOUR) {
        h.protocol = output->neighbour.protocol;
        h.nbma = output->neighbour.nbma;
    }
    count(judge, at, &h, 1);
}

void judge_output(struct judge *judge, struct instant at, size_t node, const struct node_output *output)
{
    if (judge->scenario->expectation_count == 0)
        return;
    count_trace(judge, at, node, output);
    if (output->kind == OUTPUT_NEIGHBOUR)
        count(judge, at,
              &(struct happening){.kind = EXPECT_BINDING,
                                  .node = node,
                                  .protocol = output->neighbour.protocol,
                                  .nbma = output->neighbour.nbma},
              output->neighbour.bind ? 1 : -1);
    else if (output->kind == OUTPUT_ROUTE)
        count(judge, at,
              &(struct happening){.kind = EXPECT_SHORTCUT,
                                  .node = node,
                                  .prefix = output->route.prefix,
                                  .via = output->route.via},
              output->route.install ? 1 : -1);
}

void judge_note(struct judge *judge, struct instant at, size_t host, const struct trace_note *note)
{
    count(judge, at,
          &(struct happening){.kind = EXPECT_TRACE,
                              .node = host,
                              .event = note->event,
                              .reason = note->reason,
                              .number = note->number},
          1);
}

void judge_packet(struct judge *judge, struct instant at, size_t from, size_t to, const char *reason)
{
    count(judge, at, &(struct happening){.kind = EXPECT_PACKETS, .from = from, .to = to, .reason = reason},
          1);
}

void judge_ping(struct judge *judge, struct instant at, size_t from, size_t to)
{
    count(judge, at, &(struct happening){.kind = EXPECT_PINGS, .from = from, .to = to}, 1);
}

void judge_gone(struct judge *judge, struct instant at, size_t node)
{
    for (size_t i = 0; i < judge->scenario->expectation_count; i++) {
        const struct scenario_expectation *wanted = &judge->scenario->expectations[i];
        bool is_state = wanted->kind == EXPECT_BINDING || wanted->kind == EXPECT_SHORTCUT;
        if (is_state && wanted->node == node && instant_before(at, wanted->at))
            judge->found[i] = 0;
    }
}

bool judge_is_met(const struct judge *judge, size_t expectation)
{
    const struct scenario_expectation *wanted = &judge->scenario->expectations[expectation];
    uint64_t found = judge->found[expectation] > 0 ? (uint64_t)judge->found[expectation] : 0;
    return found >= wanted->least && found <= wanted->most;
}
