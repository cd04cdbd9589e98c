/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario: loading one as a whole: the story, the links, the events. Owns the scenario's memory; nodes and
 * hosts are scenario_node.c's.
 */
#include "drivers/sim/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/scenario_load.h"
#include "files/yaml.h"

#define PING_COUNT_DEFAULT       1
#define PING_INTERVAL_MS_DEFAULT 1000
#define PING_DATA_DEFAULT        56 /* octets, as ping sends */
#define PING_DATA_MOST           65000

_Static_assert(SCENARIO_ERROR_MAX >= YAML_ERROR_MAX, "a YAML error fits");

void *load_array(struct load *load, size_t count, size_t size)
{
    void *array = calloc(count ? count : 1, size);
    if (!array)
        snprintf(load->error, SCENARIO_ERROR_MAX, "%s: out of memory", load->path);
    return array;
}

/* place is the mapping that the values stand in. */
static bool load_quality(struct load *load, const struct file_link_quality *file, const char *place,
                         struct link_config *out)
{
    const struct {
        const char *key;
        double percent;
        uint32_t *out;
    } chances[] = {
        {"loss_percent", file->loss_percent, &out->loss},
        {"duplicate_percent", file->duplicate_percent, &out->duplicate},
    };
    out->delay_us = (int64_t)file->delay_ms * US_PER_MS;
    out->jitter_us = (int64_t)file->jitter_ms * US_PER_MS;
    for (size_t i = 0; i < sizeof chances / sizeof chances[0]; i++) {
        char where[64];
        snprintf(where, sizeof where, "%s.%s", place, chances[i].key);
        if (!(chances[i].percent >= 0 && chances[i].percent <= 100))
            return yaml_error(load->error, load->path, where, "%s: %g is not from 0 to 100", chances[i].key,
                              chances[i].percent);
        *chances[i].out = (uint32_t)(chances[i].percent * (LINK_CERTAIN / 100.0) + 0.5);
    }
    return true;
}

static bool load_story(struct load *load)
{
    static const char *const sources[] = {"RFC", "DRAFT", "DEFACTO"};
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    s->story = file->story;
    s->phase = file->phase ? *file->phase : 0;
    s->clauses = (const char *const *)file->clauses;
    s->clause_count = file->clauses_count;
    s->end = (struct instant){.us = (int64_t)file->duration_s * US_PER_S};
    if (file->phase && (s->phase < 1 || s->phase > 3))
        return yaml_error(load->error, load->path, "phase", "phase: %u is none of 1, 2, 3", s->phase);
    if (file->duration_s == 0)
        return yaml_error(load->error, load->path, "duration_s", "duration_s: nothing happens in 0 s");
    for (unsigned i = 0; i < file->clauses_count; i++) {
        char where[64];
        bool known = false;
        for (size_t k = 0; k < sizeof sources / sizeof sources[0]; k++)
            known |= strncmp(file->clauses[i], sources[k], strlen(sources[k])) == 0;
        snprintf(where, sizeof where, "clauses[%u]", i);
        if (!known)
            return yaml_error(load->error, load->path, where,
                              "clauses: '%s' does not begin with RFC, DRAFT or DEFACTO", file->clauses[i]);
    }
    return load_quality(load, &file->underlay, "underlay", &s->underlay);
}

static bool find_node(const struct scenario *s, const char *name, size_t *out)
{
    for (size_t i = 0; i < s->node_count; i++) {
        if (strcmp(s->nodes[i].name, name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool load_links(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    s->links = load_array(load, file->links_count, sizeof *s->links);
    if (!s->links)
        return false;
    for (unsigned i = 0; i < file->links_count; i++) {
        struct scenario_link *link = &s->links[i];
        char where[64];
        for (unsigned end = 0; end < 2; end++) {
            const char *name = file->links[i].between[end];
            snprintf(where, sizeof where, "links[%u].between[%u]", i, end);
            if (!find_node(s, name, &link->ends[end]))
                return yaml_error(load->error, load->path, where, "between: there is no node '%s'", name);
        }
        if (link->ends[0] == link->ends[1])
            return yaml_error(load->error, load->path, where, "between: '%s' needs no link to itself",
                              file->links[i].between[0]);
        for (unsigned k = 0; k < i; k++) {
            const size_t *other = s->links[k].ends;
            if ((other[0] == link->ends[0] && other[1] == link->ends[1]) ||
                (other[0] == link->ends[1] && other[1] == link->ends[0]))
                return yaml_error(load->error, load->path, where,
                                  "between: '%s' and '%s' have a link already", file->links[i].between[0],
                                  file->links[i].between[1]);
        }
        snprintf(where, sizeof where, "links[%u]", i);
        if (!load_quality(load, &file->links[i].quality, where, &link->config))
            return false;
        s->link_count++;
    }
    return true;
}

static bool find_host(const struct scenario *s, const char *name, size_t *out)
{
    for (size_t i = 0; i < s->host_count; i++) {
        if (strcmp(s->hosts[i].name, name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool load_ping(struct load *load, unsigned index, struct scenario_event *event)
{
    const struct file_ping *ping = load->file->events[index].ping;
    struct scenario *s = load->scenario;
    size_t to;
    char where[64];
    snprintf(where, sizeof where, "events[%u].ping.from", index);
    event->kind = EVENT_PING;
    if (!find_host(s, ping->from, &event->ping.from))
        return yaml_error(load->error, load->path, where, "from: there is no host or node '%s'", ping->from);
    snprintf(where, sizeof where, "events[%u].ping.to", index);
    if (find_host(s, ping->to, &to))
        event->ping.to = s->hosts[to].address;
    else if (!addr_parse(ping->to, &event->ping.to))
        return yaml_error(load->error, load->path, where, "to: '%s' is no host, no node and no address",
                          ping->to);
    if (event->ping.to.family != s->hosts[event->ping.from].address.family)
        return yaml_error(load->error, load->path, where, "to: '%s' and '%s' are not of one address family",
                          ping->from, ping->to);
    event->ping.count = ping->count ? *ping->count : PING_COUNT_DEFAULT;
    event->ping.interval_us = (ping->interval_ms ? *ping->interval_ms : PING_INTERVAL_MS_DEFAULT) * US_PER_MS;
    event->ping.data_octets = ping->data_octets ? *ping->data_octets : PING_DATA_DEFAULT;
    snprintf(where, sizeof where, "events[%u].ping.data_octets", index);
    if (event->ping.data_octets > PING_DATA_MOST)
        return yaml_error(load->error, load->path, where, "data_octets: more than %u", PING_DATA_MOST);
    return true;
}

bool load_events(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    s->events = load_array(load, file->events_count, sizeof *s->events);
    if (!s->events)
        return false;
    for (unsigned i = 0; i < file->events_count; i++) {
        struct scenario_event *event = &s->events[i];
        char where[64];
        event->at = (struct instant){.us = (int64_t)file->events[i].at_ms * US_PER_MS};
        snprintf(where, sizeof where, "events[%u].at_ms", i);
        if (instant_reached(event->at, s->end))
            return yaml_error(load->error, load->path, where, "at_ms: %u ms is after the end, %u s",
                              file->events[i].at_ms, file->duration_s);
        snprintf(where, sizeof where, "events[%u]", i);
        if (!file->events[i].ping)
            return yaml_error(load->error, load->path, where, "events: nothing happens; 'ping' is missing");
        if (!load_ping(load, i, event))
            return false;
        s->event_count++;
    }
    return true;
}

struct scenario *scenario_load(const char *path, char error[SCENARIO_ERROR_MAX])
{
    void *file = NULL;
    if (!yaml_load(path, &scenario_schema, &file, NULL, error))
        return NULL;
    struct scenario *scenario = calloc(1, sizeof *scenario);
    if (!scenario) {
        snprintf(error, SCENARIO_ERROR_MAX, "%s: out of memory", path);
        yaml_unload(&scenario_schema, file, 0);
        return NULL;
    }
    scenario->file = file;
    struct load load = {.path = path, .file = file, .scenario = scenario, .error = error};
    if (!load_story(&load) || !load_nodes(&load) || !load_hosts(&load) || !load_links(&load) ||
        !load_events(&load)) {
        scenario_free(scenario);
        return NULL;
    }
    return scenario;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    for (size_t i = 0; scenario->nodes && i < scenario->file->nodes_count; i++) {
        free((void *)scenario->nodes[i].config.nhs);
        free((void *)scenario->nodes[i].config.routes);
    }
    free(scenario->nodes);
    free(scenario->hosts);
    free(scenario->links);
    free(scenario->events);
    yaml_unload(&scenario_schema, scenario->file, 0);
    free(scenario);
}
