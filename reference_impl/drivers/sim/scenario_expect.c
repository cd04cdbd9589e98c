/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_expect: what must have come of a scenario. Counts are "at least one" unless the file says
 * otherwise; a binding or shortcut is expected to be there unless its count is 0.
 */
#include <stdio.h>

#include "drivers/sim/scenario_load.h"
#include "drivers/sim/trace.h"
#include "files/yaml.h"

/* One expectation while it is loaded. */
struct expect_load {
    struct load *load;
    unsigned index;
    const struct file_expectation *file;
    struct scenario_expectation *out;
};

#define AT(e, format) load_place((e)->load, "expect[%u]." format, (e)->index)

static bool load_counts(struct expect_load *e)
{
    const struct file_expectation *file = e->file;
    load_place(e->load, "expect[%u]", e->index);
    if (file->count && (file->at_least || file->at_most))
        return yaml_error(e->load->error, e->load->path, e->load->place,
                          "count: says it all; 'at_least' and 'at_most' contradict it");
    e->out->least = file->count ? *file->count : file->at_least ? *file->at_least : file->at_most ? 0 : 1;
    e->out->most = file->count ? *file->count : file->at_most ? *file->at_most : UINT64_MAX;
    if (e->out->least > e->out->most)
        return yaml_error(e->load->error, e->load->path, e->load->place, "at_least: more than 'at_most'");
    return true;
}

static bool load_optional_address(struct expect_load *e, const char *text, const char *key, struct addr *out)
{
    return !text || load_address(e->load, text, key, out);
}

static bool load_expect_pings(struct expect_load *e)
{
    const struct file_expect_pings *file = e->file->pings;
    AT(e, "pings.from");
    if (file->from && !load_host_named(e->load, file->from, "from", &e->out->from))
        return false;
    AT(e, "pings.to");
    return !file->to || load_host_named(e->load, file->to, "to", &e->out->to);
}

static bool check_word(struct expect_load *e, const char *word, const char *key, bool known)
{
    if (word && !known)
        return yaml_error(e->load->error, e->load->path, e->load->place, "%s: no trace has '%s'", key, word);
    return true;
}

static bool load_expect_trace(struct expect_load *e)
{
    const struct file_expect_trace *file = e->file->trace;
    e->out->event = file->event;
    e->out->reason = file->reason;
    e->out->has_number = file->number != NULL;
    e->out->number = file->number ? *file->number : 0;
    AT(e, "trace.event");
    if (!check_word(e, file->event, "event", file->event && trace_knows_event(file->event)))
        return false;
    AT(e, "trace.reason");
    if (!check_word(e, file->reason, "reason", file->reason && trace_knows_reason(file->reason)))
        return false;
    AT(e, "trace.node");
    if (file->node && !load_host_named(e->load, file->node, "node", &e->out->node))
        return false;
    AT(e, "trace.protocol");
    if (!load_optional_address(e, file->protocol, "protocol", &e->out->protocol))
        return false;
    AT(e, "trace.nbma");
    return load_optional_address(e, file->nbma, "nbma", &e->out->nbma);
}

static bool load_expect_packets(struct expect_load *e)
{
    const struct file_expect_packets *file = e->file->packets;
    e->out->reason = file->reason;
    AT(e, "packets.reason");
    if (!check_word(e, file->reason, "reason", file->reason && trace_knows_reason(file->reason)))
        return false;
    AT(e, "packets.from");
    if (file->from && !load_node_named(e->load, file->from, "from", &e->out->from))
        return false;
    AT(e, "packets.to");
    return !file->to || load_node_named(e->load, file->to, "to", &e->out->to);
}

static bool load_expect_binding(struct expect_load *e)
{
    const struct file_expect_binding *file = e->file->binding;
    AT(e, "binding.node");
    if (!load_router_named(e->load, file->node, "node", &e->out->node))
        return false;
    AT(e, "binding.protocol");
    if (!load_address(e->load, file->protocol, "protocol", &e->out->protocol))
        return false;
    AT(e, "binding.nbma");
    return load_optional_address(e, file->nbma, "nbma", &e->out->nbma);
}

static bool load_expect_shortcut(struct expect_load *e)
{
    const struct file_expect_shortcut *file = e->file->shortcut;
    AT(e, "shortcut.node");
    if (!load_router_named(e->load, file->node, "node", &e->out->node))
        return false;
    AT(e, "shortcut.prefix");
    if (!load_prefix(e->load, file->prefix, "prefix", &e->out->prefix))
        return false;
    AT(e, "shortcut.via");
    return load_optional_address(e, file->via, "via", &e->out->via);
}

static bool load_expectation(struct expect_load *e)
{
    const struct file_expectation *file = e->file;
    const struct {
        const void *given;
        enum scenario_expectation_kind kind;
        bool (*load)(struct expect_load *);
    } kinds[] = {
        {file->pings, EXPECT_PINGS, load_expect_pings},
        {file->trace, EXPECT_TRACE, load_expect_trace},
        {file->packets, EXPECT_PACKETS, load_expect_packets},
        {file->binding, EXPECT_BINDING, load_expect_binding},
        {file->shortcut, EXPECT_SHORTCUT, load_expect_shortcut},
    };
    size_t given = 0, which = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].given) {
            given++;
            which = i;
        }
    }
    load_place(e->load, "expect[%u]", e->index);
    if (given != 1)
        return yaml_error(e->load->error, e->load->path, e->load->place,
                          "expect: one of pings, trace, packets, binding, shortcut each");
    e->out->kind = kinds[which].kind;
    return kinds[which].load(e);
}

bool load_expectations(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    s->expectations = load_array(load, file->expect_count, sizeof *s->expectations);
    if (!s->expectations)
        return false;
    for (unsigned i = 0; i < file->expect_count; i++) {
        struct scenario_expectation *out = &s->expectations[i];
        struct expect_load e = {.load = load, .index = i, .file = &file->expect[i], .out = out};
        *out = (struct scenario_expectation){.at = INSTANT_NEVER};
        out->from = out->to = out->node = SCENARIO_ANY;
        if (e.file->at_ms)
            out->at = (struct instant){.us = (int64_t)*e.file->at_ms * US_PER_MS};
        AT(&e, "at_ms");
        if (e.file->at_ms && instant_reached(out->at, s->end))
            return yaml_error(load->error, load->path, load->place, "at_ms: %u ms is after the end, %u s",
                              *e.file->at_ms, file->duration_s);
        if (!load_counts(&e) || !load_expectation(&e))
            return false;
        s->expectation_count++;
    }
    return true;
}
