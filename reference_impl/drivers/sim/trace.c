/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace: lines of key=value, or JSON objects with the same keys in the same order. Every value is a number,
 * an address, or one word of letters, digits and '-', '_', '.'; nothing needs quoting or escaping.
 */
#include "drivers/sim/trace.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "codec/ip.h"

static const char *const send_names[] = {
#define SEND_REASON(name, words, clause) [SEND_##name] = #name,
#include "engine/send_reason.def"
};

static const char *const drop_names[] = {
#define DROP_REASON(name, words) [DROP_##name] = #name,
#include "engine/drop_reason.def"
};

/* "REGISTRATION_RETRY" as "registration-retry". */
static const char *as_word(const char *name, char word[TRACE_WORD_MAX])
{
    size_t i = 0;
    for (; name[i] && i < TRACE_WORD_MAX - 1; i++)
        word[i] = (char)(name[i] == '_' ? '-' : tolower((unsigned char)name[i]));
    word[i] = '\0';
    return word;
}

static void put_word(const struct trace *trace, const char *key, const char *value)
{
    fprintf(trace->out, trace->form == TRACE_FORM_JSON ? ", \"%s\": \"%s\"" : " %s=%s", key, value);
}

static void put_number(const struct trace *trace, const char *key, uint64_t value)
{
    fprintf(trace->out, trace->form == TRACE_FORM_JSON ? ", \"%s\": %" PRIu64 : " %s=%" PRIu64, key, value);
}

static void put_address(const struct trace *trace, const char *key, struct addr address)
{
    char text[ADDR_TEXT_MAX];
    if (!addr_is_none(address))
        put_word(trace, key, addr_format(address, text));
}

static void put_prefix(const struct trace *trace, const char *key, struct prefix prefix)
{
    char text[PREFIX_TEXT_MAX];
    put_word(trace, key, prefix_format(prefix, text));
}

static void begin(const struct trace *trace, struct instant at, const char *node, const char *event)
{
    fprintf(trace->out,
            trace->form == TRACE_FORM_JSON ? "{\"t\": %" PRId64 ".%06" PRId64 : "t=%" PRId64 ".%06" PRId64,
            at.us / US_PER_S, at.us % US_PER_S);
    put_word(trace, "node", node);
    put_word(trace, "event", event);
}

static void end(const struct trace *trace)
{
    fputs(trace->form == TRACE_FORM_JSON ? "}\n" : "\n", trace->out);
}

const char *trace_reason_of(const struct node_output *output, char word[TRACE_WORD_MAX])
{
    if (output->kind == OUTPUT_UNDERLAY)
        return as_word(send_names[output->underlay.reason], word);
    if (output->kind == OUTPUT_TRACE && output->trace.event == TRACE_DROPPED)
        return as_word(drop_names[output->trace.drop], word);
    return NULL;
}

static void put_reason(const struct trace *trace, const struct node_output *output)
{
    char word[TRACE_WORD_MAX];
    const char *reason = trace_reason_of(output, word);
    if (reason)
        put_word(trace, "reason", reason);
}

static void put_send(const struct trace *trace, const struct node_output *output)
{
    struct ip outer;
    put_reason(trace, output);
    if (ip_decode(output->underlay.packet, &outer).status == CODEC_OK)
        put_address(trace, "to", outer.destination);
    put_number(trace, "octets", output->underlay.packet.len);
}

static void put_event(const struct trace *trace, const struct node_output *output)
{
    put_reason(trace, output);
    put_address(trace, "protocol", output->trace.protocol);
    put_address(trace, "nbma", output->trace.nbma);
    put_number(trace, "number", output->trace.number);
}

const char *trace_event_of(const struct node_output *output)
{
    switch (output->kind) {
    case OUTPUT_UNDERLAY:
        return "sends";
    case OUTPUT_OVERLAY:
        return "delivers";
    case OUTPUT_ROUTE:
        return output->route.install ? "route-installed" : "route-withdrawn";
    case OUTPUT_NEIGHBOUR:
        return output->neighbour.bind ? "neighbour-bound" : "neighbour-unbound";
    case OUTPUT_SA:
        return output->sa.want ? "sa-asked-for" : "sa-released";
    case OUTPUT_TRACE:
        return trace_event_words(output->trace.event);
    }
    return "unknown";
}

void trace_output(const struct trace *trace, struct instant at, const char *node,
                  const struct node_output *output)
{
    if (trace->form == TRACE_FORM_NONE)
        return;
    begin(trace, at, node, trace_event_of(output));
    switch (output->kind) {
    case OUTPUT_UNDERLAY:
        put_send(trace, output);
        break;
    case OUTPUT_OVERLAY:
        put_number(trace, "octets", output->overlay.len);
        break;
    case OUTPUT_ROUTE:
        put_prefix(trace, "prefix", output->route.prefix);
        put_address(trace, "via", output->route.via);
        break;
    case OUTPUT_NEIGHBOUR:
        put_address(trace, "protocol", output->neighbour.protocol);
        put_address(trace, "nbma", output->neighbour.nbma);
        break;
    case OUTPUT_SA:
        put_address(trace, "nbma", output->sa.peer.nbma);
        put_number(trace, "port", output->sa.peer.port);
        break;
    case OUTPUT_TRACE:
        put_event(trace, output);
        break;
    }
    end(trace);
}

static bool is_ping(const struct trace_note *note)
{
    return strncmp(note->event, "ping-", strlen("ping-")) == 0;
}

void trace_note(const struct trace *trace, struct instant at, const char *who, const struct trace_note *note)
{
    if (trace->form == TRACE_FORM_NONE)
        return;
    begin(trace, at, who, note->event);
    if (note->reason)
        put_word(trace, "reason", note->reason);
    put_address(trace, is_ping(note) ? "host" : "to", note->address);
    if (note->has_number)
        put_number(trace, is_ping(note) ? "sequence" : "octets", note->number);
    end(trace);
}

/* ---- which words there are ---- */

static bool is_among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

bool trace_knows_event(const char *word)
{
    static const char *const events[] = {
#define TRACE_EVENT(name, words) words,
#include "engine/trace_event.def"
        "sends",
        "delivers",
        "route-installed",
        "route-withdrawn",
        "neighbour-bound",
        "neighbour-unbound",
        "sa-asked-for",
        "sa-released",
        TRACE_NOTE_LOST,
        TRACE_NOTE_UNREACHABLE,
        TRACE_NOTE_TOO_BIG,
        TRACE_NOTE_SPLIT,
        TRACE_NOTE_NAT_DROPPED,
        TRACE_NOTE_NO_SUCH_HOST,
        TRACE_NOTE_PING_SENT,
        TRACE_NOTE_PING_ANSWERED,
    };
    return is_among(word, events, sizeof events / sizeof events[0]);
}

bool trace_knows_reason(const char *word)
{
    char known[TRACE_WORD_MAX];
    for (size_t i = 0; i < sizeof send_names / sizeof send_names[0]; i++)
        if (send_names[i] && strcmp(as_word(send_names[i], known), word) == 0)
            return true;
    for (size_t i = 0; i < sizeof drop_names / sizeof drop_names[0]; i++)
        if (drop_names[i] && strcmp(as_word(drop_names[i], known), word) == 0)
            return true;
    return strcmp(word, TRACE_NOTE_SCRIPTED) == 0 || strcmp(word, TRACE_NOTE_REPORT) == 0;
}
