/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audit: the life of an audit: packets queue for the observer, what is over is forgotten, and what was found
 * is read out. Must not judge; the rooms of rules do.
 */
#include "audit/audit.h"

#include <stdlib.h>
#include <string.h>

#include "audit/intake.h"
#include "audit/observe.h"
#include "audit/watch.h"
#include "memory.h"

struct audit *audit_new(void)
{
    struct audit *a = memory_zeroed(1, sizeof(*a));
    a->station_slab.size = sizeof(struct station);
    a->request_slab.size = sizeof(struct request);
    a->flow_slab.size = sizeof(struct flow);
    a->mapping_slab.size = sizeof(struct mapping);
    a->pair_slab.size = sizeof(struct pair);
    a->found = memory_zeroed(rules_count(), sizeof(*a->found));
    return a;
}

void audit_watch(struct audit *a, audit_watch_fn *fn, void *arg)
{
    a->watch = fn;
    a->watch_arg = arg;
}

void audit_free(struct audit *a)
{
    if (a == NULL)
        return;
    requests_forget(a, true);
    flows_forget(a, true);
    stations_forget(a, true);
    table_free(&a->stations);
    table_free(&a->nbma);
    table_free(&a->waiting);
    table_free(&a->settled);
    table_free(&a->flows);
    table_free(&a->mappings);
    table_free(&a->pairs);
    for (size_t i = 0; i < QUEUE_LEN; i++)
        free(a->queue[i].memory);
    slab_free(&a->station_slab);
    slab_free(&a->request_slab);
    slab_free(&a->flow_slab);
    slab_free(&a->mapping_slab);
    slab_free(&a->pair_slab);
    for (size_t i = 0; i < rules_count(); i++)
        free(a->found[i].slots);
    free(a->found);
    rules_forget_lists(a);
    free(a);
}

/* How long a request has been without an answer. At the end of the capture its last try may still be on the way, the
 * first one is not. */
static int64_t waited_us(const struct audit *a, const struct request *r, bool ended)
{
    return instant_diff_us(ended && r->tries > 1 ? r->at : r->last_at, a->now);
}

/* Time is up for a request whose last try is long enough ago. */
static void settle_accounts(struct audit *a, bool ended)
{
    int64_t limit_us = ended ? ANSWER_WITHIN_MS * US_PER_MS : REQUEST_WAIT_S * US_PER_S;
    for (struct table_node *node = a->waiting.oldest; node != NULL; node = node->newer) {
        struct request *r = TABLE_OWNER(node, struct request, node);
        if (waited_us(a, r, ended) > limit_us) {
            if (!r->reported && !r->failed)
                observe_unanswered(a, r);
        } else if (!ended) {
            return; /* the others are younger */
        }
    }
}

static void forget(struct audit *a)
{
    if (instant_diff_us(a->forgot_at, a->now) < FORGET_EACH_MS * US_PER_MS)
        return;
    a->forgot_at = a->now;
    settle_accounts(a, false);
    requests_forget(a, false);
    flows_forget(a, false);
    stations_forget(a, false);
}

/* The packet's turn has come. */
static void take(struct audit *a, struct queued *place)
{
    /* A capture merged from several files may step back; time here does not. */
    if (instant_before(a->now, place->at))
        a->now = place->at;
    a->totals.frames++;
    a->totals.bytes += place->bytes.len;
    forget(a);
    intake_take(a, place);
}

void audit_packet(struct audit *a, size_t frame, struct instant at, uint16_t ethertype, struct span packet,
                  bool cut)
{
    struct queued *place = &a->queue[a->queued % QUEUE_LEN];
    if (a->queued >= QUEUE_LEN)
        take(a, place);
    if (!a->started)
        a->first_at = at;
    a->started = true;
    intake_put(place, packet);
    place->frame = frame;
    place->at = at;
    place->ethertype = ethertype;
    place->cut = cut;
    a->queued++;
    intake_decode(a, place);
    if (a->queued > QUEUE_LEN / 2)
        intake_fetch(a, &a->queue[(a->queued - 1 - QUEUE_LEN / 2) % QUEUE_LEN]);
}

void audit_end(struct audit *a)
{
    uint64_t first = a->queued > QUEUE_LEN ? a->queued - QUEUE_LEN : 0;
    for (uint64_t i = first; i < a->queued; i++)
        take(a, &a->queue[i % QUEUE_LEN]);
    a->queued = 0;
    settle_accounts(a, true);
}

const struct audit_finding *audit_finding_at(const struct audit *a, size_t index)
{
    for (int severity = AUDIT_VIOLATION; severity >= AUDIT_NOTE; severity--)
        for (size_t r = 0; r < rules_count(); r++) {
            const struct rule_findings *found = &a->found[r];
            if (found->count == 0 || (int)audit_rule_severity(audit_rule_at(r)) != severity)
                continue;
            if (index < found->count)
                return &found->slots[index].finding;
            index -= found->count;
        }
    return NULL;
}

bool audit_has_failed(const struct audit *a)
{
    const struct audit_finding *first = audit_finding_at(a, 0);
    return first != NULL && audit_rule_severity(first->rule) != AUDIT_NOTE;
}

const struct audit_totals *audit_totals(const struct audit *a)
{
    return &a->totals;
}

static unsigned phase_of(const struct cloud *cloud, const char **why)
{
    if (cloud->of_type[NHRP_TRAFFIC_INDICATION] > 0) {
        *why = "a hub tells spokes of a shorter way";
        return 3;
    }
    if (cloud->of_type[NHRP_RESOLUTION_REQUEST] > 0) {
        *why = "spokes ask for addresses without being told of a shorter way";
        return 2;
    }
    if (cloud->hairpins > 0) {
        *why = "data between spokes goes through the hub, and nobody asks for a shorter way";
        return 1;
    }
    *why = "nothing shows it: no data between spokes and no resolution";
    return 0;
}

bool audit_cloud_at(const struct audit *a, size_t index, struct audit_cloud *out)
{
    if (index >= a->cloud_count)
        return false;
    const struct cloud *cloud = &a->clouds[index];
    *out = (struct audit_cloud){.has_key = cloud->has_key,
                                .key = cloud->key,
                                .messages = cloud->messages,
                                .data = cloud->data,
                                .hairpins = cloud->hairpins,
                                .direct = cloud->direct,
                                .authenticated = cloud->authenticated > 0,
                                .stations = cloud->stations};
    out->phase = phase_of(cloud, &out->why);
    return true;
}

void audit_each_station(const struct audit *a, size_t cloud, audit_station_fn *fn, void *arg)
{
    for (struct table_node *node = a->stations.oldest; node != NULL; node = node->newer) {
        const struct station *station = TABLE_OWNER(node, struct station, by_protocol);
        if (station->cloud != &a->clouds[cloud])
            continue;
        struct audit_station out = {.protocol = station->protocol,
                                    .nbma = station->claimed,
                                    .outer = station->outer,
                                    .roles = station->roles,
                                    .registered = station->binding == BINDING_ACCEPTED,
                                    .hold_s = station->hold_s};
        fn(arg, &out);
    }
}

const char *audit_roles_words(unsigned roles, char *buf, size_t cap)
{
    static const struct {
        unsigned role;
        const char *words;
    } names[] = {{AUDIT_SERVER, "server"},
                 {AUDIT_TRANSIT, "hub"},
                 {AUDIT_CLIENT, "client"},
                 {AUDIT_INGRESS, "ingress"},
                 {AUDIT_EGRESS, "egress"}};
    struct text text = text_of(buf, cap);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (roles & names[i].role)
            text_add(&text, "%s%s", text.len > 0 ? ", " : "", names[i].words);
    if (text.len == 0)
        text_add(&text, "member");
    return buf;
}
