/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/show.h"

#include <stdio.h>
#include <string.h>

#include "drivers/live/event.h"
#include "engine/show.h"

/* Rounded down: what is left may be counted on. null: no end, or none yet. */
static json_t *seconds_left(struct instant now, struct instant until)
{
    if (until.us == INSTANT_NEVER.us)
        return json_null();
    int64_t us = instant_diff_us(now, until);
    return json_integer(us > 0 ? us / US_PER_S : 0);
}

static json_t *row_of(const struct instance *in)
{
    return json_pack("{ss}", "tunnel", in->config.name);
}

static void put_integer(json_t *row, const char *key, uint64_t value)
{
    json_object_set_new(row, key, json_integer((json_int_t)value));
}

static void show_bindings(json_t *rows, const struct instance *in, struct instant now)
{
    struct node_cursor cursor = {0};
    struct shown_binding b;
    while (node_show_binding(in->node, &cursor, &b)) {
        json_t *row = row_of(in);
        json_object_set_new(row, "prefix", event_prefix(b.prefix));
        json_object_set_new(row, "protocol", event_address(b.protocol));
        json_object_set_new(row, "nbma", event_address(b.at.nbma));
        if (b.at.port != 0)
            put_integer(row, "port", b.at.port);
        if (!addr_equal(b.at.nbma, b.claimed_nbma))
            json_object_set_new(row, "claimed_nbma", event_address(b.claimed_nbma));
        json_object_set_new(row, "origin", json_string(b.origin));
        json_object_set_new(row, "expires_s", seconds_left(now, b.until));
        json_object_set_new(row, "unique", json_boolean(b.unique));
        json_object_set_new(row, "used", json_boolean(b.used));
        put_integer(row, "mtu", b.mtu);
        put_integer(row, "request_id", b.request_id);
        json_array_append_new(rows, row);
    }
}

static void show_nhs(json_t *rows, const struct instance *in, struct instant now)
{
    struct node_cursor cursor = {0};
    struct shown_server s;
    while (node_show_server(in->node, &cursor, &s)) {
        json_t *row = row_of(in);
        json_object_set_new(row, "protocol", event_address(s.protocol));
        json_object_set_new(row, "nbma", event_address(s.nbma));
        json_object_set_new(row, "state", json_string(s.state));
        json_object_set_new(row, "in_use", json_boolean(s.in_use));
        json_object_set_new(row, "expires_s", seconds_left(now, s.until));
        put_integer(row, "priority", s.priority);
        put_integer(row, "attempts", s.attempts);
        put_integer(row, "request_id", s.request_id);
        if (s.refused_code != 0)
            put_integer(row, "refused_code", s.refused_code);
        if (!addr_is_none(s.seen_nbma))
            json_object_set_new(row, "seen_nbma", event_address(s.seen_nbma));
        json_array_append_new(rows, row);
    }
}

/* A request, once answered with a prefix, is a shortcut. */
static void show_asked(json_t *rows, const struct instance *in, struct instant now, bool shortcuts)
{
    struct node_cursor cursor = {0};
    struct shown_request r;
    while (node_show_request(in->node, &cursor, &r)) {
        if (shortcuts && !r.has_shortcut)
            continue;
        json_t *row = row_of(in);
        if (shortcuts)
            json_object_set_new(row, "prefix", event_prefix(r.shortcut));
        json_object_set_new(row, "target", event_address(r.target));
        json_object_set_new(row, "via", event_address(r.via));
        json_object_set_new(row, "state", json_string(r.state));
        json_object_set_new(row, "expires_s", seconds_left(now, r.until));
        put_integer(row, "attempts", r.attempts);
        put_integer(row, "request_id", r.request_id);
        if (r.refused_code != 0)
            put_integer(row, "refused_code", r.refused_code);
        json_array_append_new(rows, row);
    }
}

static void show_requests(json_t *rows, const struct instance *in, struct instant now)
{
    show_asked(rows, in, now, false);
}

static void show_shortcuts(json_t *rows, const struct instance *in, struct instant now)
{
    show_asked(rows, in, now, true);
}

static void show_told(json_t *rows, const struct instance *in, struct instant now)
{
    struct node_cursor cursor = {0};
    struct shown_told t;
    while (node_show_told(in->node, &cursor, &t)) {
        json_t *row = row_of(in);
        json_object_set_new(row, "prefix", event_prefix(t.prefix));
        json_object_set_new(row, "nbma", event_address(t.nbma));
        json_object_set_new(row, "requester", event_address(t.requester));
        json_object_set_new(row, "purging", json_boolean(t.purging));
        json_object_set_new(row, "expires_s", seconds_left(now, t.until));
        json_array_append_new(rows, row);
    }
}

static void show_routes(json_t *rows, const struct instance *in, struct instant now)
{
    struct node_cursor cursor = {0};
    struct shown_route r;
    (void)now;
    while (node_show_route(in->node, &cursor, &r)) {
        json_t *row = row_of(in);
        json_object_set_new(row, "prefix", event_prefix(r.prefix));
        json_object_set_new(row, "kind", json_string(r.kind));
        json_object_set_new(row, "via", event_address(r.via));
        json_array_append_new(rows, row);
    }
}

static void show_tunnels(json_t *rows, const struct instance *in, struct instant now)
{
    const struct node_config *c = &in->config.node;
    char text[ADDR_TEXT_MAX];
    json_t *row = row_of(in);
    (void)now;
    json_object_set_new(row, "mode",
                        json_string(c->tunnel.mode == TUNNEL_MULTIPOINT ? "multipoint" : "point-to-point"));
    json_object_set_new(row, "address",
                        json_sprintf("%s/%u", addr_format(c->protocol, text), (unsigned)c->protocol_len));
    json_object_set_new(row, "nbma", event_address(c->tunnel.nbma));
    json_object_set_new(row, "key", c->tunnel.has_key ? json_integer(c->tunnel.key) : json_null());
    json_object_set_new(row, "underlay", json_string(in->link_up && in->node ? "up" : "down"));
    struct shown_sizes sizes = in->node ? node_show_sizes(in->node) : (struct shown_sizes){0};
    put_integer(row, "bindings", sizes.bindings);
    put_integer(row, "registrations", sizes.registrations);
    put_integer(row, "routes", sizes.routes);
    json_array_append_new(rows, row);
}

static void show_drops(json_t *rows, const struct instance *in, struct instant now)
{
    (void)now;
    for (int reason = DROP_NONE + 1; reason < DROP_REASON_COUNT; reason++) {
        uint64_t count = node_drop_count(in->node, (enum drop_reason)reason);
        if (count == 0)
            continue;
        json_t *row = row_of(in);
        json_object_set_new(row, "reason", json_string(event_drop_word((enum drop_reason)reason)));
        put_integer(row, "count", count);
        json_object_set_new(row, "words", json_string(drop_reason_words((enum drop_reason)reason)));
        json_array_append_new(rows, row);
    }
}

static void put_messages(json_t *row, const struct node_counters *counters)
{
    static const char *const types[] = {
        NULL,
        "resolution_request",
        "resolution_reply",
        "registration_request",
        "registration_reply",
        "purge_request",
        "purge_reply",
        "error_indication",
        "traffic_indication",
    };
    char key[40];
    for (size_t type = 1; type < sizeof types / sizeof types[0]; type++) {
        snprintf(key, sizeof key, "%s_in", types[type]);
        put_integer(row, key, counters->messages_received[type]);
        snprintf(key, sizeof key, "%s_out", types[type]);
        put_integer(row, key, counters->messages_sent[type]);
    }
}

static void put_limited(json_t *row, const struct node_counters *counters)
{
    put_integer(row, "error_indication_limited", counters->errors_limited);
    put_integer(row, "traffic_indication_limited", counters->redirects_limited);
    put_integer(row, "icmp_error_limited", counters->icmp_limited);
}

static void show_counters(json_t *rows, const struct instance *in, struct instant now)
{
    const struct instance_counters *c = &in->counters;
    json_t *row = row_of(in);
    (void)now;
    put_integer(row, "underlay_in", c->underlay_in);
    put_integer(row, "underlay_in_octets", c->underlay_in_octets);
    put_integer(row, "underlay_out", c->underlay_out);
    put_integer(row, "underlay_out_octets", c->underlay_out_octets);
    put_integer(row, "overlay_in", c->overlay_in);
    put_integer(row, "overlay_in_octets", c->overlay_in_octets);
    put_integer(row, "overlay_out", c->overlay_out);
    put_integer(row, "overlay_out_octets", c->overlay_out_octets);
    put_integer(row, "overlay_refused", c->overlay_refused);
    put_integer(row, "routes_refused", c->routes_refused);
    if (in->node) {
        put_messages(row, node_counters(in->node));
        put_limited(row, node_counters(in->node));
    }
    json_array_append_new(rows, row);
}

static const struct table {
    const char *name;
    void (*show)(json_t *rows, const struct instance *in, struct instant now);
    bool needs_node; /* a tunnel that waits for an NBMA address has nothing of it */
} tables[] = {
    {"bindings", show_bindings, true},   {"nhs", show_nhs, true},     {"requests", show_requests, true},
    {"shortcuts", show_shortcuts, true}, {"told", show_told, true},   {"routes", show_routes, true},
    {"tunnels", show_tunnels, false},    {"drops", show_drops, true}, {"counters", show_counters, false},
};

static const struct table *find_table(const char *what)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        if (strcmp(tables[i].name, what) == 0)
            return &tables[i];
    return NULL;
}

bool show_knows(const char *what)
{
    return find_table(what) != NULL;
}

void show_append(json_t *rows, const char *what, const struct instance *in, struct instant now)
{
    const struct table *table = find_table(what);
    if (table && (in->node || !table->needs_node))
        table->show(rows, in, now);
}

json_t *show_process(const struct daemon *d)
{
    struct underlay_counters underlay = underlay_counters(d->services.underlay);
    json_t *row = json_object();
    put_integer(row, "underlay_sent", underlay.sent);
    put_integer(row, "underlay_send_failed", underlay.send_failed);
    json_object_set_new(row, "underlay_last_error",
                        underlay.last_error ? json_string(strerror(underlay.last_error)) : json_null());
    put_integer(row, "stray_packets", d->strays);
    put_integer(row, "watchers", control_audience(d->services.control, CONTROL_EVENTS));
    put_integer(row, "captures",
                control_audience(d->services.control, CONTROL_NHRP) +
                    control_audience(d->services.control, CONTROL_PACKETS));
    put_integer(row, "mirrored_prefixes", mirror_count(d->mirror));
    return row;
}
