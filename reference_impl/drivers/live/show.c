/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show: reads the engine's tables in place (node_state.h) and changes nothing in them.
 */
#include "drivers/live/show.h"

#include <string.h>

#include "drivers/live/event.h"
#include "engine/node_state.h"

/* Rounded down: what is left may be counted on. */
static json_t *seconds_left(struct instant now, struct instant until)
{
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
    static const char *const origins[] = {
        [BINDING_RESOLVED] = "resolved",
        [BINDING_REGISTERED] = "registered",
        [BINDING_STATIC] = "static",
    };
    size_t bucket = 0;
    for (const struct binding *b = NULL; (b = cache_walk(&in->node->cache, &bucket, b));) {
        json_t *row = row_of(in);
        json_object_set_new(row, "prefix", event_prefix(b->entry.prefix));
        json_object_set_new(row, "protocol", event_address(b->protocol));
        json_object_set_new(row, "nbma", event_address(b->nbma));
        if (!addr_equal(b->nbma, b->claimed_nbma))
            json_object_set_new(row, "claimed_nbma", event_address(b->claimed_nbma));
        json_object_set_new(row, "origin", json_string(origins[b->origin]));
        json_object_set_new(row, "expires_s",
                            b->origin == BINDING_STATIC ? json_null() : seconds_left(now, b->expiry.at));
        json_object_set_new(row, "unique", json_boolean(b->unique));
        json_object_set_new(row, "used", json_boolean(b->used));
        put_integer(row, "mtu", b->mtu);
        put_integer(row, "request_id", b->request_id);
        json_array_append_new(rows, row);
    }
}

static void show_nhs(json_t *rows, const struct instance *in, struct instant now)
{
    static const char *const states[] = {
        [REGISTRATION_IDLE] = "idle",
        [REGISTRATION_ASKING] = "asking",
        [REGISTRATION_REGISTERED] = "registered",
        [REGISTRATION_REFRESHING] = "refreshing",
        [REGISTRATION_REFUSED] = "refused",
    };
    for (size_t i = 0; i < in->node->config.nhs_count; i++) {
        const struct next_hop_server *nhs = &in->node->nhs[i];
        bool registered = nhs->state == REGISTRATION_REGISTERED || nhs->state == REGISTRATION_REFRESHING;
        json_t *row = row_of(in);
        json_object_set_new(row, "protocol", event_address(nhs->config.protocol));
        json_object_set_new(row, "nbma", event_address(nhs->config.nbma));
        json_object_set_new(row, "state", json_string(states[nhs->state]));
        json_object_set_new(row, "expires_s",
                            registered ? seconds_left(now, nhs->registered_until) : json_null());
        put_integer(row, "attempts", nhs->attempts);
        put_integer(row, "request_id", nhs->request_id);
        if (!addr_is_none(nhs->seen_nbma))
            json_object_set_new(row, "seen_nbma", event_address(nhs->seen_nbma));
        json_array_append_new(rows, row);
    }
}

static const char *resolution_word(enum resolution_state state)
{
    switch (state) {
    case RESOLUTION_NONE:
        return "none";
    case RESOLUTION_ASKING:
        return "asking";
    case RESOLUTION_KNOWN:
        return "known";
    case RESOLUTION_RENEWING:
        return "renewing";
    case RESOLUTION_REFUSED:
        return "refused";
    }
    return "unknown";
}

/* A resolution is a request, and, once answered with a prefix, a shortcut. */
static void show_resolutions(json_t *rows, const struct instance *in, struct instant now, bool shortcuts)
{
    const struct hash_table *table = &in->node->resolutions.targets;
    size_t bucket = 0;
    for (const struct hash_link *link = NULL; (link = hash_walk(table, &bucket, link));) {
        const struct resolution *r = (const struct resolution *)link; /* by_target is its first member */
        if (shortcuts && !r->has_shortcut)
            continue;
        json_t *row = row_of(in);
        if (shortcuts)
            json_object_set_new(row, "prefix", event_prefix(r->shortcut));
        json_object_set_new(row, "target", event_address(r->target));
        json_object_set_new(row, "via", event_address(r->via));
        json_object_set_new(row, "state", json_string(resolution_word(r->state)));
        json_object_set_new(row, "expires_s",
                            r->state == RESOLUTION_ASKING ? json_null() : seconds_left(now, r->until));
        put_integer(row, "attempts", r->attempts);
        put_integer(row, "request_id", r->request_id);
        json_array_append_new(rows, row);
    }
}

static void show_requests(json_t *rows, const struct instance *in, struct instant now)
{
    show_resolutions(rows, in, now, false);
}

static void show_shortcuts(json_t *rows, const struct instance *in, struct instant now)
{
    show_resolutions(rows, in, now, true);
}

static void show_routes(json_t *rows, const struct instance *in, struct instant now)
{
    static const char *const kinds[] = {
        [ROUTE_TUNNEL] = "tunnel",
        [ROUTE_VIA] = "via",
        [ROUTE_SHORTCUT] = "shortcut",
        [ROUTE_HOST_SIDE] = "host-side",
    };
    size_t bucket = 0;
    (void)now;
    for (const struct prefix_entry *e = NULL; (e = prefix_table_walk(&in->node->routes.table, &bucket, e));) {
        const struct route *route = (const struct route *)e; /* entry is its first member */
        json_t *row = row_of(in);
        json_object_set_new(row, "prefix", event_prefix(e->prefix));
        json_object_set_new(row, "kind", json_string(kinds[route->kind]));
        json_object_set_new(row, "via", event_address(route->via));
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
    put_integer(row, "bindings", in->node ? in->node->cache.pool.used : 0);
    put_integer(row, "routes", in->node ? in->node->routes.pool.used : 0);
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
    json_array_append_new(rows, row);
}

static const struct table {
    const char *name;
    void (*show)(json_t *rows, const struct instance *in, struct instant now);
    bool needs_node; /* a tunnel that waits for an NBMA address has nothing of it */
} tables[] = {
    {"bindings", show_bindings, true}, {"nhs", show_nhs, true},
    {"requests", show_requests, true}, {"shortcuts", show_shortcuts, true},
    {"routes", show_routes, true},     {"tunnels", show_tunnels, false},
    {"drops", show_drops, true},       {"counters", show_counters, false},
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
