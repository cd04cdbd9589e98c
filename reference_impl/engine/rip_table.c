/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/rip_table.h"

#define ROUTE_OF(link, member) ((struct rip_route *)((char *)(link)-offsetof(struct rip_route, member)))

static void list_init(struct rip_link *head)
{
    head->next = head->prev = head;
}

static void list_append(struct rip_link *head, struct rip_link *link)
{
    link->next = head;
    link->prev = head->prev;
    head->prev->next = link;
    head->prev = link;
}

static void list_take_out(struct rip_link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
}

void rip_table_init(struct rip_table *table, size_t max_routes, uint64_t seed)
{
    pool_init(&table->pool, sizeof(struct rip_route), max_routes);
    prefix_table_init(&table->prefixes, seed);
    list_init(&table->by_age);
    list_init(&table->reports);
    for (int state = 0; state < RIP_ROUTE_STATES; state++)
        list_init(&table->by_state[state]);
}

void rip_table_free(struct rip_table *table)
{
    prefix_table_free(&table->prefixes);
    pool_free(&table->pool);
}

struct rip_route *rip_table_find(const struct rip_table *table, struct prefix prefix)
{
    return (struct rip_route *)prefix_table_find(&table->prefixes, prefix);
}

struct rip_route *rip_table_add(struct rip_table *table, struct prefix prefix, enum rip_route_state state,
                                struct instant due)
{
    struct rip_route *route = pool_take(&table->pool);
    if (!route)
        return NULL;
    prefix_table_insert(&table->prefixes, &route->entry, prefix);
    route->state = (uint8_t)state;
    route->due = due;
    list_append(&table->by_age, &route->by_age);
    list_append(&table->by_state[state], &route->by_state);
    return route;
}

void rip_table_remove(struct rip_table *table, struct rip_route *route)
{
    if (route->to_report)
        list_take_out(&route->reported);
    list_take_out(&route->by_age);
    list_take_out(&route->by_state);
    prefix_table_remove(&table->prefixes, &route->entry);
    pool_give(&table->pool, route);
}

void rip_table_set_state(struct rip_table *table, struct rip_route *route, enum rip_route_state state,
                         struct instant due)
{
    list_take_out(&route->by_state);
    list_append(&table->by_state[state], &route->by_state);
    route->state = (uint8_t)state;
    route->due = due;
}

struct rip_route *rip_table_first_due(const struct rip_table *table, enum rip_route_state state)
{
    struct rip_link *first = table->by_state[state].next;
    return first == &table->by_state[state] ? NULL : ROUTE_OF(first, by_state);
}

struct rip_route *rip_table_next(const struct rip_table *table, const struct rip_route *last)
{
    struct rip_link *next = last ? last->by_age.next : table->by_age.next;
    return next == &table->by_age ? NULL : ROUTE_OF(next, by_age);
}

void rip_table_report(struct rip_table *table, struct rip_route *route)
{
    if (route->to_report)
        return;
    route->to_report = true;
    list_append(&table->reports, &route->reported);
}

struct rip_route *rip_table_take_report(struct rip_table *table)
{
    struct rip_link *first = table->reports.next;
    if (first == &table->reports)
        return NULL;
    struct rip_route *route = ROUTE_OF(first, reported);
    list_take_out(first);
    route->to_report = false;
    return route;
}
