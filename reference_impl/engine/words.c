/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words: the names of reasons and events, from their tables. */
#include "engine/io.h"

static const struct {
    const char *words;
    const char *clause;
} send_reasons[] = {
#define SEND_REASON(name, words, clause) [SEND_##name] = {words, clause},
#include "engine/send_reason.def"
};

static const char *const drop_reasons[] = {
#define DROP_REASON(name, words) [DROP_##name] = words,
#include "engine/drop_reason.def"
};

static const char *const trace_events[] = {
#define TRACE_EVENT(name, words) [TRACE_##name] = words,
#include "engine/trace_event.def"
};

const char *send_reason_words(enum send_reason reason)
{
    return send_reasons[reason].words;
}

const char *send_reason_clause(enum send_reason reason)
{
    return send_reasons[reason].clause;
}

const char *drop_reason_words(enum drop_reason reason)
{
    return drop_reasons[reason];
}

const char *trace_event_words(enum trace_event event)
{
    return trace_events[event];
}
