/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_event: what happens in a scenario, and when. Scripted packets are scenario_send.c's.
 */
#include <stdio.h>

#include "drivers/sim/scenario_load.h"
#include "files/yaml.h"

#define PING_COUNT_DEFAULT       1
#define PING_INTERVAL_MS_DEFAULT 1000
#define PING_DATA_DEFAULT        56 /* octets, as ping sends */
#define PING_DATA_MOST           65000

/* One event while it is loaded. */
struct event_load {
    struct load *load;
    unsigned index;
    const struct file_event *file;
    struct scenario_event *event;
};

#define AT(e, format) load_place((e)->load, "events[%u]." format, (e)->index)

static bool load_ping(struct event_load *e)
{
    struct load *load = e->load;
    const struct file_ping *ping = e->file->ping;
    struct scenario *s = load->scenario;
    struct scenario_event *event = e->event;
    size_t to;
    AT(e, "ping.from");
    if (!load_host_named(load, ping->from, "from", &event->ping.from))
        return false;
    if (s->nodes[s->hosts[event->ping.from].node].role == ROLE_PEER)
        return yaml_error(load->error, load->path, load->place, "from: '%s' is a peer that only sends",
                          ping->from);
    AT(e, "ping.to");
    if (names_find(&s->names, ping->to, &to))
        event->ping.to = s->hosts[to].address;
    else if (!addr_parse(ping->to, &event->ping.to))
        return yaml_error(load->error, load->path, load->place, "to: '%s' is no host, no node and no address",
                          ping->to);
    if (event->ping.to.family != s->hosts[event->ping.from].address.family)
        return yaml_error(load->error, load->path, load->place,
                          "to: '%s' and '%s' are not of one address family", ping->from, ping->to);
    event->ping.count = ping->count ? *ping->count : PING_COUNT_DEFAULT;
    event->ping.interval_us = (ping->interval_ms ? *ping->interval_ms : PING_INTERVAL_MS_DEFAULT) * US_PER_MS;
    event->ping.data_octets = ping->data_octets ? *ping->data_octets : PING_DATA_DEFAULT;
    AT(e, "ping.data_octets");
    if (event->ping.data_octets > PING_DATA_MOST)
        return yaml_error(load->error, load->path, load->place, "data_octets: more than %u", PING_DATA_MOST);
    return true;
}

static bool load_move(struct event_load *e)
{
    AT(e, "address.node");
    if (!load_router_named(e->load, e->file->address->node, "node", &e->event->node))
        return false;
    const struct scenario_node *node = &e->load->scenario->nodes[e->event->node];
    AT(e, "address.nbma");
    return load_address(e->load, e->file->address->nbma, "nbma", &e->event->address) &&
           load_same_family(e->load, "nbma", e->event->address, node->config.tunnel.nbma);
}

static bool load_route_change(struct event_load *e)
{
    struct load *load = e->load;
    const struct file_route_change *file = e->file->route;
    struct scenario_event *event = e->event;
    AT(e, "route.node");
    if (!load_router_named(load, file->node, "node", &event->node))
        return false;
    AT(e, "route");
    if ((file->add != NULL) == (file->remove != NULL) || (file->remove && file->via))
        return yaml_error(load->error, load->path, load->place,
                          "route: either 'add', with 'via' unless it is on the host side, or 'remove'");
    struct addr own = load->scenario->nodes[event->node].config.protocol;
    event->route.add = file->add != NULL;
    AT(e, "route.add");
    if (!load_prefix(load, file->add ? file->add : file->remove, file->add ? "add" : "remove",
                     &event->route.prefix) ||
        !load_same_family(load, "add", event->route.prefix.addr, own))
        return false;
    AT(e, "route.via");
    return !file->via || (load_address(load, file->via, "via", &event->route.via) &&
                          load_same_family(load, "via", event->route.via, own));
}

static bool load_jump(struct event_load *e)
{
    AT(e, "clock.node");
    e->event->jump_us = (int64_t)e->file->clock->ahead_s * US_PER_S;
    return load_router_named(e->load, e->file->clock->node, "node", &e->event->node);
}

static bool load_quality_change(struct event_load *e)
{
    const struct file_quality_change *file = e->file->link;
    const struct scenario *s = e->load->scenario;
    char place[32];
    size_t ends[2];
    snprintf(place, sizeof place, "events[%u].link", e->index);
    e->event->quality.link = s->link_count;
    if (file->between_count > 0) {
        if (!load_ends(e->load, file->between, place, ends))
            return false;
        size_t i = 0;
        while (i < s->link_count && !((s->links[i].ends[0] == ends[0] && s->links[i].ends[1] == ends[1]) ||
                                      (s->links[i].ends[0] == ends[1] && s->links[i].ends[1] == ends[0])))
            i++;
        if (i == s->link_count)
            return yaml_error(e->load->error, e->load->path, place,
                              "between: '%s' and '%s' have no link of their own in 'links'", file->between[0],
                              file->between[1]);
        e->event->quality.link = i;
    }
    return load_quality(e->load, &file->quality, place, &e->event->quality.config);
}

static bool load_scripted(struct event_load *e)
{
    char place[32];
    snprintf(place, sizeof place, "events[%u].send", e->index);
    return load_send(e->load, e->file->send, place, e->event);
}

static bool load_event(struct event_load *e)
{
    const struct file_event *file = e->file;
    const struct {
        const char *key;
        const void *given;
        enum scenario_event_kind kind;
        const char *node; /* the value is just a node's name */
        bool (*load)(struct event_load *);
    } kinds[] = {
        {"ping", file->ping, EVENT_PING, NULL, load_ping},
        {"stop", file->stop, EVENT_STOP, file->stop, NULL},
        {"crash", file->crash, EVENT_CRASH, file->crash, NULL},
        {"start", file->start, EVENT_START, file->start, NULL},
        {"clear", file->clear, EVENT_CLEAR, file->clear, NULL},
        {"down", file->down, EVENT_DOWN, file->down, NULL},
        {"up", file->up, EVENT_UP, file->up, NULL},
        {"address", file->address, EVENT_ADDRESS, NULL, load_move},
        {"route", file->route, EVENT_ROUTE, NULL, load_route_change},
        {"clock", file->clock, EVENT_CLOCK, NULL, load_jump},
        {"link", file->link, EVENT_QUALITY, NULL, load_quality_change},
        {"send", file->send, EVENT_SEND, NULL, load_scripted},
    };
    size_t given = 0, which = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].given) {
            given++;
            which = i;
        }
    }
    load_place(e->load, "events[%u]", e->index);
    if (given != 1)
        return yaml_error(e->load->error, e->load->path, e->load->place,
                          given == 0
                              ? "events: nothing happens; 'ping', 'stop', 'send' or the like is missing"
                              : "events: more than one thing happens; make them two events");
    e->event->kind = kinds[which].kind;
    if (kinds[which].load)
        return kinds[which].load(e);
    load_place(e->load, "events[%u].%s", e->index, kinds[which].key);
    return load_router_named(e->load, kinds[which].node, kinds[which].key, &e->event->node);
}

bool load_events(struct load *load)
{
    const struct scenario_file *file = load->file;
    struct scenario *s = load->scenario;
    s->events = load_array(load, file->events_count, sizeof *s->events);
    if (!s->events)
        return false;
    for (unsigned i = 0; i < file->events_count; i++) {
        struct event_load e = {.load = load, .index = i, .file = &file->events[i], .event = &s->events[i]};
        s->event_count++;
        e.event->at = (struct instant){.us = (int64_t)file->events[i].at_ms * US_PER_MS};
        AT(&e, "at_ms");
        if (instant_reached(e.event->at, s->end))
            return yaml_error(load->error, load->path, load->place, "at_ms: %u ms is after the end, %u s",
                              file->events[i].at_ms, file->duration_s);
        if (!load_event(&e))
            return false;
    }
    return true;
}
