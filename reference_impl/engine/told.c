/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/told.h"

#include "engine/node_state.h"
#include "engine/purge.h"
#include "engine/timers.h"

#define PURGE_RETRY_MAX_S 64

void told_init(struct told_table *told, size_t max_told, uint64_t seed)
{
    pool_init(&told->pool, sizeof(struct told), max_told);
    prefix_table_init(&told->table, seed);
    hash_init(&told->ids);
}

void told_free(struct told_table *told)
{
    prefix_table_free(&told->table);
    hash_free(&told->ids);
    pool_free(&told->pool);
}

#define BY_ID(link) ((struct told *)(void *)((char *)(link)-offsetof(struct told, by_id)))

static struct told *find(const struct told_table *all, struct prefix prefix)
{
    return (struct told *)prefix_table_find(&all->table, prefix);
}

static struct told *next_same(const struct told *told)
{
    return (struct told *)prefix_table_same(&told->entry);
}

const struct told *told_walk(const struct told_table *told, size_t *bucket, const struct told *last)
{
    return (const struct told *)prefix_table_walk(&told->table, bucket, last ? &last->entry : NULL);
}

static void forget(struct node *node, struct told *told)
{
    wheel_disarm(&node->wheel, &told->timer);
    if (told->purging)
        hash_remove(&node->told.ids, &told->by_id);
    prefix_table_remove(&node->told.table, &told->entry);
    pool_give(&node->told.pool, told);
}

bool told_note(struct node *node, const struct told_facts *facts)
{
    struct told *told = find(&node->told, facts->prefix);
    while (told && (told->purging || told->kind != facts->kind ||
                    !addr_equal(told->requester, facts->requester) || !addr_equal(told->nbma, facts->nbma)))
        told = next_same(told);
    if (!told) {
        told = pool_take(&node->told.pool);
        if (!told) {
            node_drop(node, DROP_TABLE_FULL, (struct about){.protocol = facts->requester});
            return false;
        }
        prefix_table_insert(&node->told.table, &told->entry, facts->prefix);
    }
    told->kind = (uint8_t)facts->kind;
    told->target = facts->target;
    told->requester = facts->requester;
    told->to = facts->to;
    told->nbma = facts->nbma;
    told->until = instant_after_s(node->now, facts->hold_s);
    timers_arm(node, &told->timer, TIMER_TOLD, told->until);
    return true;
}

/* ---- taking back ---- */

static void send_purge(struct node *node, struct told *told, bool last)
{
    const struct binding *requester = cache_match(&node->cache, told->requester);
    struct endpoint to = requester ? binding_endpoint(requester) : told->to;
    told->attempts++;
    purge_send(node, told->requester, to, told->entry.prefix, told->request_id, last);
    struct instant again = instant_after_s(node->now, timers_retry_s(told->attempts, PURGE_RETRY_MAX_S));
    timers_arm(node, &told->timer, TIMER_TOLD, instant_min(again, told->until));
}

/* Each entry is a new request of this node's own (§5.2.5), with an id of its own. */
static void purge(struct node *node, struct told *told, bool last)
{
    if (told->purging)
        return;
    told->request_id = purge_request_id(node);
    if (!last) {
        told->purging = true;
        hash_insert(&node->told.ids, &told->by_id, told->request_id);
    }
    send_purge(node, told, last);
}

void told_binding_gone(struct node *node, const struct binding *binding)
{
    struct prefix prefix = binding->entry.prefix;
    bool host = prefix.len == addr_bits(prefix.addr);
    size_t bucket = 0;
    struct told *told = host ? find(&node->told, prefix) : NULL;
    if (!host)
        told = (struct told *)told_walk(&node->told, &bucket, NULL);
    while (told) {
        bool same = told->kind == TOLD_REGISTERED && prefix_contains(prefix, told->entry.prefix.addr) &&
                    (addr_equal(told->nbma, binding->nbma) || addr_equal(told->nbma, binding->claimed_nbma));
        if (same)
            purge(node, told, false);
        told = host ? next_same(told) : (struct told *)told_walk(&node->told, &bucket, told);
    }
}

static bool overlaps(struct prefix a, struct prefix b)
{
    return a.len <= b.len ? prefix_contains(a, b.addr) : prefix_contains(b, a.addr);
}

void told_route_changed(struct node *node, struct prefix prefix)
{
    size_t bucket = 0;
    for (struct told *t = NULL; (t = (struct told *)told_walk(&node->told, &bucket, t));) {
        if (t->kind != TOLD_EGRESS || !overlaps(prefix, t->entry.prefix))
            continue;
        unsigned len = routes_egress_len(&node->routes, t->target);
        if (len == 0 || len > t->entry.prefix.len)
            purge(node, t, false);
    }
}

void told_purge_own(struct node *node, bool last)
{
    size_t bucket = 0;
    for (struct told *t = NULL; (t = (struct told *)told_walk(&node->told, &bucket, t));)
        if (t->kind != TOLD_REGISTERED)
            purge(node, t, last);
}

bool told_purge_replied(struct node *node, uint32_t request_id)
{
    struct hash_link *link = hash_first(&node->told.ids, request_id);
    if (!link)
        return false;
    struct told *told = BY_ID(link);
    node_trace(node, TRACE_PURGE_CONFIRMED, (struct about){told->requester, told->to.nbma, request_id});
    forget(node, told);
    return true;
}

void told_timer(struct node *node, struct told *told)
{
    if (!told->purging || instant_reached(node->now, told->until))
        forget(node, told);
    else
        send_purge(node, told, false);
}
