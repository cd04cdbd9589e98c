/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/rip_state.h"

#include <stdlib.h>
#include <string.h>

#define UPDATE_S      30
#define TIMEOUT_S     180
#define GARBAGE_S     120
#define MAX_ROUTES    1024
#define JITTER_US     (5 * US_PER_S) /* either way (section 3.8) */
#define HOLD_FIRST_US (1 * US_PER_S) /* section 3.10.1 */
#define HOLD_LAST_US  (5 * US_PER_S)

static const char *const reasons[] = {
#define RIP_REASON(name, words) [RIP_REASON_##name] = words,
#include "engine/rip_reason.def"
};

static const struct {
    const char *words;
    const char *clause;
} sends[] = {
#define RIP_SEND(name, words, clause) [RIP_SEND_##name] = {words, clause},
#include "engine/rip_send.def"
};

const char *rip_reason_words(enum rip_reason reason)
{
    return reasons[reason];
}

const char *rip_send_words(enum rip_send send)
{
    return sends[send].words;
}

const char *rip_send_clause(enum rip_send send)
{
    return sends[send].clause;
}

static const char *settings_fault(const struct rip_settings *settings)
{
    if (settings->address.family != ADDR_IPV4 || settings->subnet_len > 32)
        return "RIP needs an IPv4 address on the tunnel";
    if (settings->password.len > RIP_PASSWORD_LEN)
        return "the RIP password is longer than 16 octets";
    if (settings->update_s != 0 && settings->update_s * US_PER_S <= JITTER_US)
        return "the RIP update timer must be more than 5 s";
    for (size_t i = 0; i < settings->summary_count; i++) {
        if (settings->summaries[i].prefix.addr.family != ADDR_IPV4)
            return "a RIP summary is not an IPv4 prefix";
        if (settings->summaries[i].metric >= RIP_INFINITY)
            return "a RIP summary's metric is not one of 1 to 15";
    }
    return NULL;
}

static void fill_in_defaults(struct rip_settings *settings)
{
    settings->update_s = settings->update_s ? settings->update_s : UPDATE_S;
    settings->timeout_s = settings->timeout_s ? settings->timeout_s : TIMEOUT_S;
    settings->garbage_s = settings->garbage_s ? settings->garbage_s : GARBAGE_S;
    settings->max_routes = settings->max_routes ? settings->max_routes : MAX_ROUTES;
}

struct rip *rip_create(const struct rip_settings *settings, uint64_t seed, const char **why)
{
    const char *fault = settings_fault(settings);
    struct rip *rip = fault ? NULL : calloc(1, sizeof *rip);
    size_t count = settings->summary_count;
    if (rip && count > 0 && !(rip->summaries = calloc(count, sizeof *rip->summaries))) {
        free(rip);
        rip = NULL;
    }
    if (!rip) {
        if (why)
            *why = fault ? fault : "out of memory";
        return NULL;
    }
    rip->settings = *settings;
    fill_in_defaults(&rip->settings);
    for (size_t i = 0; i < count; i++) {
        rip->summaries[i] = settings->summaries[i];
        rip->summaries[i].metric += rip->summaries[i].metric == 0;
    }
    rip->settings.summaries = rip->summaries;
    if (settings->password.len > 0)
        memcpy(rip->password, settings->password.data, settings->password.len);
    rip->settings.password = span_of(rip->password, settings->password.len);
    rip->has_password = settings->password.len > 0;
    rip->random = random_seeded(seed);
    rip->update_at = INSTANT_NEVER;
    rip_table_init(&rip->table, rip->settings.max_routes, random_u64(&rip->random));
    return rip;
}

void rip_free(struct rip *rip)
{
    if (!rip)
        return;
    rip_table_free(&rip->table);
    free(rip->summaries);
    free(rip);
}

bool rip_is_on_subnet(const struct rip *rip, struct addr a)
{
    return prefix_contains(prefix_of(rip->settings.address, rip->settings.subnet_len), a);
}

void rip_ignore(struct rip *rip, enum rip_reason reason, struct addr from, struct prefix prefix)
{
    rip->counts[reason]++;
    if (rip->ignored_count < sizeof rip->ignored / sizeof rip->ignored[0])
        rip->ignored[rip->ignored_count++] = (struct rip_ignored){reason, from, prefix};
}

void rip_route_changed(struct rip *rip, struct rip_route *route)
{
    route->changed = true;
    rip->changes = true;
    if (route->installed || route->state == RIP_ROUTE_VALID)
        rip_table_report(&rip->table, route);
}

void rip_route_withdraw(struct rip *rip, struct rip_route *route)
{
    route->metric = RIP_INFINITY;
    rip_table_set_state(&rip->table, route, RIP_ROUTE_GONE,
                        instant_after_s(rip->now, rip->settings.garbage_s));
    rip_route_changed(rip, route);
}

/* Forget a route; jobs that were about to tell it go on with the one after it. */
static void forget(struct rip *rip, struct rip_route *route)
{
    for (size_t i = 0; i < rip->job_count; i++)
        if (rip->jobs[i].next == route)
            rip->jobs[i].next = rip_table_next(&rip->table, route);
    rip_table_remove(&rip->table, route);
}

bool rip_job_add(struct rip *rip, enum rip_job_kind kind, struct addr to, uint16_t to_port)
{
    if (rip->job_count == RIP_JOBS_MAX)
        return false;
    rip->jobs[rip->job_count++] = (struct rip_job){.kind = kind, .to = to, .to_port = to_port};
    return true;
}

/* From first_us to last_us, by chance. */
static int64_t random_us(struct rip *rip, int64_t first_us, int64_t last_us)
{
    return first_us + (int64_t)random_below(&rip->random, (uint64_t)(last_us - first_us + 1));
}

static void begin_regular_update(struct rip *rip)
{
    int64_t update_us = rip->settings.update_s * US_PER_S;
    rip->update_at = instant_after_us(rip->now, random_us(rip, update_us - JITTER_US, update_us + JITTER_US));
    if (rip_job_add(rip, RIP_JOB_REGULAR, rip_group(), RIP_UDP_PORT))
        rip->changes = false; /* it tells them all */
}

static void run_timers(struct rip *rip)
{
    struct rip_route *route;
    while ((route = rip_table_first_due(&rip->table, RIP_ROUTE_VALID)) &&
           instant_reached(rip->now, route->due))
        rip_route_withdraw(rip, route);
    while ((route = rip_table_first_due(&rip->table, RIP_ROUTE_GONE)) &&
           instant_reached(rip->now, route->due))
        forget(rip, route);
    if (instant_reached(rip->now, rip->update_at))
        begin_regular_update(rip);
}

/* Section 3.10.1: at once if the last one was long enough ago, else when its hold time is over. */
static void run_trigger(struct rip *rip)
{
    if (!rip->link_up || !rip->changes || instant_before(rip->now, rip->hold_until))
        return;
    rip->hold_until = instant_after_us(rip->now, random_us(rip, HOLD_FIRST_US, HOLD_LAST_US));
    if (rip_job_add(rip, RIP_JOB_TRIGGERED, rip_group(), RIP_UDP_PORT))
        rip->changes = false;
}

static void take_link(struct rip *rip, bool up)
{
    rip->link_up = up;
    if (up) {
        rip_job_add(rip, RIP_JOB_REQUEST, rip_group(), RIP_UDP_PORT);
        begin_regular_update(rip);
        return;
    }
    rip->update_at = INSTANT_NEVER;
    rip->job_count = 0;
    rip->reply.waiting = false;
    for (struct rip_route *route; (route = rip_table_first_due(&rip->table, RIP_ROUTE_VALID));)
        rip_route_withdraw(rip, route);
}

static void add_local(struct rip *rip, struct prefix prefix, uint8_t metric, uint16_t tag)
{
    struct rip_route *route = rip_table_find(&rip->table, prefix);
    bool is_new = !route || route->state != RIP_ROUTE_LOCAL || route->metric != metric || route->tag != tag;
    if (!route)
        route = rip_table_add(&rip->table, prefix, RIP_ROUTE_LOCAL, INSTANT_NEVER);
    else
        rip_table_set_state(&rip->table, route, RIP_ROUTE_LOCAL, INSTANT_NEVER);
    if (!route) {
        rip_ignore(rip, RIP_REASON_TABLE_FULL, rip->settings.address, prefix);
        return;
    }
    route->metric = metric;
    route->tag = tag;
    route->learned = false;
    if (is_new)
        rip_route_changed(rip, route);
}

static void take_local(struct rip *rip, const struct rip_input *input)
{
    struct prefix prefix = input->local.prefix;
    uint8_t metric = input->local.metric > 0 ? input->local.metric : 1;
    struct rip_route *route = rip_table_find(&rip->table, prefix);
    if (!input->local.add) {
        if (route && route->state == RIP_ROUTE_LOCAL)
            rip_route_withdraw(rip, route);
    } else if (prefix.addr.family != ADDR_IPV4) {
        rip_ignore(rip, RIP_REASON_FAMILY, rip->settings.address, prefix);
    } else if (metric >= RIP_INFINITY) {
        rip_ignore(rip, RIP_REASON_METRIC, rip->settings.address, prefix);
    } else {
        add_local(rip, prefix, metric, input->local.tag);
    }
}

void rip_input(struct rip *rip, struct instant now, const struct rip_input *input)
{
    rip->now = now;
    rip->ignored_count = 0;
    run_timers(rip);
    switch (input->kind) {
    case RIP_INPUT_TIME:
        break;
    case RIP_INPUT_PACKET:
        rip_receive(rip, input->packet);
        break;
    case RIP_INPUT_LOCAL:
        take_local(rip, input);
        break;
    case RIP_INPUT_LINK:
        take_link(rip, input->link_up);
        break;
    }
    run_trigger(rip);
}

/* The next route whose use the caller is to change. */
static bool take_report(struct rip *rip, struct rip_output *out)
{
    for (struct rip_route *route; (route = rip_table_take_report(&rip->table));) {
        bool install = route->state == RIP_ROUTE_VALID;
        if (!install && !route->installed)
            continue;
        route->installed = install;
        *out = (struct rip_output){.kind = RIP_OUTPUT_ROUTE,
                                   .route = {.install = install,
                                             .prefix = route->entry.prefix,
                                             .via = route->via,
                                             .metric = route->metric,
                                             .tag = route->tag}};
        return true;
    }
    return false;
}

bool rip_output(struct rip *rip, struct rip_output *out)
{
    if (rip->ignored_count > 0) {
        struct rip_ignored first = rip->ignored[0];
        memmove(rip->ignored, rip->ignored + 1, --rip->ignored_count * sizeof first);
        *out = (struct rip_output){
            .kind = RIP_OUTPUT_IGNORED,
            .ignored = {.reason = first.reason, .from = first.from, .prefix = first.prefix},
        };
        return true;
    }
    return take_report(rip, out) || rip_compose(rip, out);
}

struct instant rip_deadline(const struct rip *rip)
{
    struct instant deadline = rip->update_at;
    const struct rip_route *valid = rip_table_first_due(&rip->table, RIP_ROUTE_VALID);
    const struct rip_route *gone = rip_table_first_due(&rip->table, RIP_ROUTE_GONE);
    if (valid)
        deadline = instant_min(deadline, valid->due);
    if (gone)
        deadline = instant_min(deadline, gone->due);
    if (rip->link_up && rip->changes)
        deadline = instant_min(deadline, rip->hold_until);
    return deadline;
}

uint64_t rip_ignored_count(const struct rip *rip, enum rip_reason reason)
{
    return rip->counts[reason];
}

size_t rip_route_count(const struct rip *rip)
{
    return rip->table.pool.used;
}
