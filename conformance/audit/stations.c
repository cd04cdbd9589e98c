/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stations: clouds and their members, found by protocol address and by the outer address that they send from.
 */
#include "audit/state.h"

uint64_t addr_pair_hash(struct addr a, struct addr b, uint64_t seed)
{
    return addr_hash(b, addr_hash(a, seed));
}

struct cloud *audit_cloud(struct audit *a, bool has_key, uint32_t key)
{
    for (size_t i = 0; i < a->cloud_count; i++)
        if (a->clouds[i].has_key == has_key && a->clouds[i].key == key)
            return &a->clouds[i];
    /* More clouds than any hub has: the last one takes them all, rather than none. */
    if (a->cloud_count == CLOUDS_MAX)
        return &a->clouds[CLOUDS_MAX - 1];
    struct cloud *cloud = &a->clouds[a->cloud_count++];
    *cloud = (struct cloud){.has_key = has_key, .key = key};
    return cloud;
}

struct member_key {
    const struct cloud *cloud;
    struct addr addr;
};

static uint64_t member_hash(const struct member_key *key)
{
    return addr_hash(key->addr, (uint64_t)(uintptr_t)key->cloud);
}

static bool same_protocol(const struct table_node *node, const void *key)
{
    const struct station *station = TABLE_OWNER(node, struct station, by_protocol);
    const struct member_key *wanted = key;
    return station->cloud == wanted->cloud && addr_equal(station->protocol, wanted->addr);
}

static bool same_outer(const struct table_node *node, const void *key)
{
    const struct station *station = TABLE_OWNER(node, struct station, by_nbma);
    const struct member_key *wanted = key;
    return station->cloud == wanted->cloud && addr_equal(station->outer, wanted->addr);
}

uint64_t station_hash(const struct cloud *cloud, struct addr protocol)
{
    struct member_key key = {cloud, protocol};
    return member_hash(&key);
}

struct station *station_find(struct audit *a, const struct cloud *cloud, struct addr protocol)
{
    struct member_key key = {cloud, protocol};
    struct table_node *node = table_find(&a->stations, member_hash(&key), same_protocol, &key);
    return node != NULL ? TABLE_OWNER(node, struct station, by_protocol) : NULL;
}

struct station *station_at(struct audit *a, const struct cloud *cloud, struct addr outer)
{
    if (addr_is_none(outer))
        return NULL;
    struct member_key key = {cloud, outer};
    struct table_node *node = table_find(&a->nbma, member_hash(&key), same_outer, &key);
    return node != NULL ? TABLE_OWNER(node, struct station, by_nbma) : NULL;
}

static void move_to(struct audit *a, struct station *station, struct addr outer)
{
    if (addr_equal(station->outer, outer))
        return;
    if (!addr_is_none(station->outer))
        table_remove(&a->nbma, &station->by_nbma);
    station->outer = outer;
    struct member_key key = {station->cloud, outer};
    table_add(&a->nbma, &station->by_nbma, member_hash(&key));
}

void station_touch(struct audit *a, struct station *station)
{
    station->heard_at = a->now;
    if (instant_diff_us(station->touched_at, a->now) < TOUCH_AFTER_S * US_PER_S)
        return;
    table_touch(&a->stations, &station->by_protocol);
    station->touched_at = a->now;
}

struct station *station_meet(struct audit *a, struct cloud *cloud, struct addr protocol, struct addr outer)
{
    if (addr_is_unspecified(protocol))
        return NULL;
    struct station *station = station_find(a, cloud, protocol);
    if (station == NULL) {
        station = slab_take(&a->station_slab);
        station->cloud = cloud;
        station->protocol = protocol;
        struct member_key key = {cloud, protocol};
        table_add(&a->stations, &station->by_protocol, member_hash(&key));
        cloud->stations++;
        station->touched_at = a->now;
    }
    if (!addr_is_none(outer))
        move_to(a, station, outer);
    station_touch(a, station);
    return station;
}

static bool is_idle(const struct audit *a, const struct station *station)
{
    int64_t idle_us = instant_diff_us(station->heard_at, a->now);
    return idle_us > STATION_IDLE_S * US_PER_S && idle_us > (int64_t)station->hold_s * 3 * US_PER_S;
}

/* The head of the list is looked at only: a station that holds a binding for long keeps younger ones a while.
 */
void stations_forget(struct audit *a, bool all)
{
    while (a->stations.oldest != NULL) {
        struct station *station = TABLE_OWNER(a->stations.oldest, struct station, by_protocol);
        if (!all && !is_idle(a, station))
            return;
        table_remove(&a->stations, &station->by_protocol);
        if (!addr_is_none(station->outer))
            table_remove(&a->nbma, &station->by_nbma);
        station->cloud->stations--;
        slab_give_back(&a->station_slab, station);
    }
}
