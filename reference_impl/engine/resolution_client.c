/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/resolution_client.h"

#include "engine/bindings.h"
#include "engine/compose.h"
#include "engine/error_indication.h"
#include "engine/extensions.h"
#include "engine/nat.h"
#include "engine/shortcuts.h"
#include "engine/timers.h"
#include "engine/transit.h"

#define AT_REQUEST_ID 24

enum event { EVENT_WANTED, EVENT_TIMER, EVENT_ANSWER, EVENT_REFUSAL, EVENT_PURGED };

void resolutions_init(struct resolutions *resolutions, size_t max_requests, uint64_t seed)
{
    pool_init(&resolutions->pool, sizeof(struct resolution), max_requests);
    hash_init(&resolutions->targets);
    hash_init(&resolutions->ids);
    resolutions->seed = seed;
}

void resolutions_free(struct resolutions *resolutions)
{
    hash_free(&resolutions->targets);
    hash_free(&resolutions->ids);
    pool_free(&resolutions->pool);
}

static struct resolution *find_target(const struct resolutions *resolutions, struct addr target)
{
    struct hash_link *link = hash_first(&resolutions->targets, addr_hash(target, resolutions->seed));
    while (link && !addr_equal(((struct resolution *)link)->target, target))
        link = hash_next(link);
    return (struct resolution *)link;
}

#define BY_ID(link) ((struct resolution *)(void *)((char *)(link)-offsetof(struct resolution, by_id)))

/* Request ids count upwards, so they are their own hash. */
static struct resolution *find_id(const struct resolutions *resolutions, uint32_t id)
{
    struct hash_link *link = hash_first(&resolutions->ids, id);
    return link ? BY_ID(link) : NULL;
}

/* ---- asking ---- */

/*
 * To the server on the routed path, or to any server of ours; never through what was only learned (§5.2.1: an
 * NHC sends its requests to one of its serving NHSs), or a wrong mapping would confirm itself.
 */
static struct endpoint request_goes_to(const struct node *node, struct addr target)
{
    const struct route *route = routes_for_requests(&node->routes, target);
    const struct binding *binding = NULL;
    if (route && route->kind != ROUTE_HOST_SIDE)
        binding = cache_match(&node->cache, transit_via(node, route, target));
    if (binding && binding->origin != BINDING_RESOLVED)
        return binding_endpoint(binding);
    return registration_client_server(node);
}

static void send_request(struct node *node, struct resolution *resolution, enum send_reason reason)
{
    struct endpoint to = request_goes_to(node, resolution->target);
    resolution->attempts++;
    if (endpoint_is_none(to)) {
        node_drop(node, DROP_NO_BINDING, (struct about){.protocol = resolution->target});
        return;
    }
    struct nhrp_message message = compose_message(node, NHRP_RESOLUTION_REQUEST, &resolution->target);
    message.resolution = (struct nhrp_resolution_flags){
        .requester_is_router = true,
        .authoritative = true,
        .source_stable = true, /* our tunnel address and NBMA address belong together */
        .nat = true,
    };
    message.request_id = resolution->request_id;
    uint8_t cies[NHRP_CIE_FIXED_LEN], extensions[256];
    struct writer w = writer_of(cies, sizeof cies);
    /* Prefix length 0: any prefix will do. The holding time is how long others may keep our own mapping
     * (§5.2.1). */
    nhrp_cie_write(&w, &(struct nhrp_cie){.mtu = node->config.tunnel.mtu, .hold_s = node->config.hold_s});
    writer_done(&w, &message.cies);
    w = writer_of(extensions, sizeof extensions);
    extensions_write_request(node, NHRP_RESOLUTION_REQUEST, NULL, &w);
    writer_done(&w, &message.extensions);
    compose_send(node, &message, to, reason);
}

static void arm_at(struct node *node, struct resolution *resolution, struct instant at)
{
    timers_arm(node, &resolution->timer, TIMER_RESOLUTION, at);
}

static struct instant retry_at(const struct node *node, const struct resolution *resolution)
{
    return instant_after_s(node->now, timers_retry_s(resolution->attempts, UINT16_MAX));
}

static void ask(struct node *node, struct resolution *resolution, enum send_reason reason)
{
    struct resolutions *all = &node->resolutions;
    if (resolution->state != RESOLUTION_NONE)
        hash_remove(&all->ids, &resolution->by_id);
    resolution->request_id = compose_request_id(node);
    hash_insert(&all->ids, &resolution->by_id, resolution->request_id);
    resolution->attempts = 0;
    send_request(node, resolution, reason);
}

static struct about about_target(const struct resolution *resolution, uint32_t number)
{
    return (struct about){.protocol = resolution->target, .number = number};
}

/* ---- the machine ---- */

/* The one place where the state changes; an entry that is left by everybody goes back to the pool. */
static void enter(struct node *node, struct resolution *resolution, enum resolution_state state)
{
    struct resolutions *all = &node->resolutions;
    resolution->state = state;
    if (state != RESOLUTION_NONE)
        return;
    shortcuts_withdraw(node, resolution);
    wheel_disarm(&node->wheel, &resolution->timer);
    hash_remove(&all->targets, &resolution->by_target);
    hash_remove(&all->ids, &resolution->by_id);
    pool_give(&all->pool, resolution);
}

/* Known: look whether it is in use at two thirds of its time, then ever nearer to the end. */
static void check_use(struct node *node, struct resolution *resolution)
{
    int64_t left_us = instant_diff_us(node->now, resolution->until);
    if (left_us <= 0) {
        enter(node, resolution, RESOLUTION_NONE);
    } else if (shortcuts_take_used(node, resolution)) {
        enter(node, resolution, RESOLUTION_RENEWING);
        ask(node, resolution, SEND_RESOLUTION_RENEWAL);
        arm_at(node, resolution, instant_min(retry_at(node, resolution), resolution->until));
    } else if (left_us <= RENEWAL_LAST_CHANCE_S * US_PER_S) {
        arm_at(node, resolution, resolution->until);
    } else {
        arm_at(node, resolution, instant_after_us(node->now, left_us / 2));
    }
}

/* Repeat an unanswered request, with its id (§5.2.0.1), until it has had its attempts. */
static void repeat_or_give_up(struct node *node, struct resolution *resolution)
{
    bool renewing = resolution->state == RESOLUTION_RENEWING;
    bool ended = renewing && instant_reached(node->now, resolution->until);
    struct instant last = renewing ? resolution->until : INSTANT_NEVER;
    if (!ended && resolution->attempts < RESOLUTION_ATTEMPTS) {
        send_request(node, resolution, SEND_RESOLUTION_RETRY);
        arm_at(node, resolution, instant_min(retry_at(node, resolution), last));
    } else if (!ended && renewing) {
        arm_at(node, resolution, resolution->until);
    } else { /* silence is no negative answer: the next packet may ask again */
        node_trace(node, TRACE_RESOLUTION_FAILED, about_target(resolution, 0));
        enter(node, resolution, RESOLUTION_NONE);
    }
}

/*
 * How long a refusal is believed: a holding time (§6.2.1); but what was short of resources (5) may have them
 * again soon.
 */
static unsigned refused_s(const struct node *node, const struct resolution *resolution)
{
    bool soon =
        resolution->refused_code == NHRP_CIE_NO_RESOURCES && node->config.hold_s > REFUSAL_RESOURCES_S;
    return soon ? REFUSAL_RESOURCES_S : node->config.hold_s;
}

/*
 *           WANTED            TIMER                              ANSWER   REFUSAL   PURGED
 * none      ask: asking       -                                  -        -         -
 * asking    -                 repeat: asking; at last: none      known    refused   -
 * known     mapping gone:     in use: ask: renewing; ended:      -        -         none
 *           ask: asking       none; else: known
 * renewing  -                 repeat: renewing; ended: none      known    refused   none
 * refused   -                 none                               -        -         -
 */
static void resolution_step(struct node *node, struct resolution *resolution, enum event event)
{
    enum resolution_state state = resolution->state;
    bool asked = state == RESOLUTION_ASKING || state == RESOLUTION_RENEWING;
    switch (event) {
    case EVENT_WANTED:
        if (state == RESOLUTION_NONE ||
            (state == RESOLUTION_KNOWN && !shortcuts_has_mapping(node, resolution))) {
            shortcuts_withdraw(node, resolution);
            ask(node, resolution, resolution->reason);
            enter(node, resolution, RESOLUTION_ASKING);
            arm_at(node, resolution, retry_at(node, resolution));
        }
        break;
    case EVENT_TIMER:
        if (asked)
            repeat_or_give_up(node, resolution);
        else if (state == RESOLUTION_KNOWN)
            check_use(node, resolution);
        else
            enter(node, resolution, RESOLUTION_NONE);
        break;
    case EVENT_ANSWER:
        if (asked) {
            int64_t hold_us = instant_diff_us(node->now, resolution->until);
            enter(node, resolution, RESOLUTION_KNOWN);
            arm_at(node, resolution, instant_after_us(node->now, hold_us / 3 * 2));
        }
        break;
    case EVENT_REFUSAL:
        if (asked) {
            shortcuts_withdraw(node, resolution);
            enter(node, resolution, RESOLUTION_REFUSED);
            arm_at(node, resolution, instant_after_s(node->now, refused_s(node, resolution)));
        }
        break;
    case EVENT_PURGED:
        if (state == RESOLUTION_KNOWN || state == RESOLUTION_RENEWING)
            enter(node, resolution, RESOLUTION_NONE);
        break;
    }
}

void resolution_client_want(struct node *node, struct addr target, enum send_reason reason)
{
    struct resolutions *all = &node->resolutions;
    struct resolution *resolution = find_target(all, target);
    if (!resolution) {
        resolution = pool_take(&all->pool);
        if (!resolution) {
            node_drop(node, DROP_TABLE_FULL, (struct about){.protocol = target});
            return;
        }
        resolution->target = target;
        resolution->reason = reason;
        hash_insert(&all->targets, &resolution->by_target, addr_hash(target, all->seed));
    }
    resolution_step(node, resolution, EVENT_WANTED);
}

void resolution_client_timer(struct node *node, struct resolution *resolution)
{
    resolution_step(node, resolution, EVENT_TIMER);
}

/* ---- answers ---- */

/* The first entry, which has the highest preference (§5.2.2), unless only a later one can be used. */
static bool usable_answer(const struct node *node, const struct received *received,
                          const struct resolution *resolution, struct shortcut_answer *out)
{
    struct span list = received->message.cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie)) {
        struct addr via = cie.protocol.len > 0 ? addr_from_span(cie.protocol) : resolution->target;
        struct addr behind_nat = nat_address_of(&received->message, via);
        struct addr nbma = addr_is_none(behind_nat) ? addr_from_span(cie.nbma) : behind_nat;
        *out = (struct shortcut_answer){via, {.nbma = nbma}, cie.prefix_len, cie.mtu, cie.hold_s};
        if (addr_equal(nbma, received->from.nbma))
            out->at = received->from; /* with the port that a NAT gave it */
        if (cie.code == NHRP_CIE_OK && cie.hold_s > 0 && via.family == node->config.protocol.family &&
            nbma.family == node->config.tunnel.nbma.family && !addr_is_unspecified(nbma) &&
            !addr_equal(nbma, node->config.tunnel.nbma) && !node_owns(node, via))
            return true;
    }
    return false;
}

static struct resolution *find_asked(struct node *node, const struct nhrp_message *message)
{
    struct resolution *resolution = find_id(&node->resolutions, message->request_id);
    bool same = resolution && addr_equal(addr_from_span(message->destination_protocol), resolution->target);
    return same ? resolution : NULL;
}

void resolution_client_reply(struct node *node, const struct received *received)
{
    const struct nhrp_message *message = &received->message;
    struct about about = {received->destination_protocol, received->from.nbma, message->request_id};
    struct resolution *resolution = find_asked(node, message);
    if (!resolution) { /* §5.2.2 */
        error_indication_send(node, received, DROP_UNSOLICITED, NHRP_ERROR_INVALID_REPLY, AT_REQUEST_ID);
        return;
    }
    if (resolution->state != RESOLUTION_ASKING && resolution->state != RESOLUTION_RENEWING) {
        node_drop(node, DROP_DUPLICATE, about);
        return;
    }
    struct span list = message->cies;
    struct nhrp_cie first;
    if (nhrp_cie_next(&list, &first) && first.code != NHRP_CIE_OK) {
        node_trace(node, TRACE_RESOLUTION_FAILED, about_target(resolution, first.code));
        resolution->refused_code = first.code;
        resolution_step(node, resolution, EVENT_REFUSAL);
        return;
    }
    struct shortcut_answer answer;
    if (!usable_answer(node, received, resolution, &answer)) {
        node_drop(node, DROP_UNUSABLE_ANSWER, about);
        return;
    }
    if (!shortcuts_install(node, resolution, &answer)) { /* a table is full; that was traced */
        resolution_step(node, resolution, EVENT_REFUSAL);
        return;
    }
    resolution_step(node, resolution, EVENT_ANSWER);
}

void resolution_client_error(struct node *node, const struct nhrp_message *request, uint16_t code)
{
    struct resolution *resolution = find_asked(node, request);
    if (!resolution)
        return;
    node_trace(node, TRACE_RESOLUTION_FAILED, about_target(resolution, code));
    if (code == NHRP_ERROR_ADDRESS_UNREACHABLE)
        resolution_step(node, resolution, EVENT_REFUSAL);
}

/* ---- forgetting ---- */

static void purge_where(struct node *node,
                        bool (*matches)(const struct node *, const struct resolution *, const void *),
                        const void *arg)
{
    size_t bucket = 0;
    struct hash_link *link = NULL;
    while ((link = hash_walk(&node->resolutions.targets, &bucket, link))) {
        struct resolution *resolution = (struct resolution *)link;
        if (!matches(node, resolution, arg))
            continue;
        enter(node, resolution, RESOLUTION_NONE);
        link = NULL; /* the bucket is looked at again from its start */
    }
}

struct purge_scope {
    struct prefix prefix;
    struct addr nbma;
};

static bool is_in_scope(const struct node *node, const struct resolution *resolution, const void *arg)
{
    const struct purge_scope *scope = arg;
    (void)node;
    if (resolution->state != RESOLUTION_KNOWN && resolution->state != RESOLUTION_RENEWING)
        return false;
    return shortcuts_overlaps(node, resolution, scope->prefix, scope->nbma);
}

static bool is_any(const struct node *node, const struct resolution *resolution, const void *arg)
{
    (void)node;
    (void)resolution;
    (void)arg;
    return true;
}

void resolution_client_purge(struct node *node, struct prefix prefix, struct addr nbma)
{
    struct purge_scope scope = {prefix, nbma};
    purge_where(node, is_in_scope, &scope);
}

void resolution_client_clear(struct node *node)
{
    purge_where(node, is_any, NULL);
}

/* ---- looking ---- */

const struct resolution *resolution_client_walk(const struct resolutions *resolutions, size_t *bucket,
                                                const struct resolution *last)
{
    return (const struct resolution *)hash_walk(&resolutions->targets, bucket,
                                                last ? &last->by_target : NULL);
}

const char *resolution_state_words(enum resolution_state state)
{
    static const char *const words[] = {
        [RESOLUTION_NONE] = "none",         [RESOLUTION_ASKING] = "asking",   [RESOLUTION_KNOWN] = "known",
        [RESOLUTION_RENEWING] = "renewing", [RESOLUTION_REFUSED] = "refused",
    };
    return words[state];
}
