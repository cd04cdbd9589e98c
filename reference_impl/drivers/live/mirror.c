/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drivers/live/mirror.h"

#include <search.h>
#include <stdlib.h>

/* A route as the kernel tells it. */
struct mirrored {
    struct mirrored *next; /* in rising order of metrics, which are distinct */
    uint32_t metric;
    unsigned device;
    struct addr via;
    unsigned generation; /* of the synchronisation that told it last */
};

struct slot {
    struct prefix prefix;
    struct mirrored *entries;
    struct slot *newer, *older; /* all slots, for the sweep */
};

struct mirror {
    uint32_t table;
    unsigned generation;
    void *tree; /* struct slot by prefix */
    struct slot *slots;
    size_t count;
};

static int compare_slots(const void *a, const void *b)
{
    const struct slot *left = a, *right = b;
    if (left->prefix.len != right->prefix.len)
        return left->prefix.len < right->prefix.len ? -1 : 1;
    return addr_compare(left->prefix.addr, right->prefix.addr);
}

struct mirror *mirror_create(uint32_t table)
{
    struct mirror *mirror = calloc(1, sizeof *mirror);
    if (mirror)
        mirror->table = table;
    return mirror;
}

static struct slot *find_slot(const struct mirror *mirror, struct prefix prefix)
{
    struct slot key = {.prefix = prefix};
    struct slot **found = tfind(&key, &mirror->tree, compare_slots);
    return found ? *found : NULL;
}

static struct slot *add_slot(struct mirror *mirror, struct prefix prefix)
{
    struct slot *slot = calloc(1, sizeof *slot);
    if (!slot)
        return NULL;
    slot->prefix = prefix;
    if (!tsearch(slot, &mirror->tree, compare_slots)) {
        free(slot);
        return NULL;
    }
    slot->older = mirror->slots;
    if (mirror->slots)
        mirror->slots->newer = slot;
    mirror->slots = slot;
    mirror->count++;
    return slot;
}

static void remove_slot(struct mirror *mirror, struct slot *slot)
{
    tdelete(slot, &mirror->tree, compare_slots);
    if (slot->newer)
        slot->newer->older = slot->older;
    else
        mirror->slots = slot->older;
    if (slot->older)
        slot->older->newer = slot->newer;
    mirror->count--;
    free(slot);
}

void mirror_free(struct mirror *mirror)
{
    if (!mirror)
        return;
    while (mirror->slots) {
        for (struct mirrored *entry = mirror->slots->entries, *next; entry; entry = next) {
            next = entry->next;
            free(entry);
        }
        remove_slot(mirror, mirror->slots);
    }
    free(mirror);
}

/* Where the entry with this metric is linked in, or would be. */
static struct mirrored **place_of(struct slot *slot, uint32_t metric)
{
    struct mirrored **place = &slot->entries;
    while (*place && (*place)->metric < metric)
        place = &(*place)->next;
    return place;
}

static bool put_entry(struct slot *slot, const struct kernel_change *change, unsigned generation)
{
    struct mirrored **place = place_of(slot, change->metric);
    if (!*place || (*place)->metric != change->metric) {
        struct mirrored *entry = calloc(1, sizeof *entry);
        if (!entry)
            return false;
        entry->metric = change->metric;
        entry->next = *place;
        *place = entry;
    }
    (*place)->device = change->device;
    (*place)->via = change->via;
    (*place)->generation = generation;
    return true;
}

static void drop_entry(struct slot *slot, uint32_t metric)
{
    struct mirrored **place = place_of(slot, metric);
    struct mirrored *entry = *place;
    if (!entry || entry->metric != metric)
        return;
    *place = entry->next;
    free(entry);
}

/* How things stand; a slot that has become empty goes. */
static void conclude(struct mirror *mirror, struct slot *slot, struct mirror_route *out)
{
    *out = (struct mirror_route){.prefix = slot->prefix};
    if (slot->entries) {
        out->present = true;
        out->device = slot->entries->device;
        out->via = slot->entries->via;
        out->metric = slot->entries->metric;
    } else
        remove_slot(mirror, slot);
}

static bool is_wanted(const struct mirror *mirror, const struct kernel_change *change)
{
    const struct addr *a = &change->prefix.addr;
    bool link_local = a->family == ADDR_IPV6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
    return change->table == mirror->table && !addr_is_multicast(*a) && !link_local;
}

bool mirror_take(struct mirror *mirror, const struct kernel_change *change, struct mirror_route *out)
{
    if (!is_wanted(mirror, change))
        return false;
    struct slot *slot = find_slot(mirror, change->prefix);
    bool add = change->kind == KERNEL_ROUTE_ADDED && change->unicast;
    if (!slot && !add)
        return false;
    if (!slot && !(slot = add_slot(mirror, change->prefix)))
        return false;
    if (!add)
        drop_entry(slot, change->metric);
    else if (!put_entry(slot, change, mirror->generation))
        return false;
    conclude(mirror, slot, out);
    return true;
}

void mirror_begin(struct mirror *mirror)
{
    mirror->generation++;
}

static bool drop_stale(const struct mirror *mirror, struct slot *slot)
{
    bool dropped = false;
    for (struct mirrored **place = &slot->entries; *place;) {
        struct mirrored *entry = *place;
        if (entry->generation == mirror->generation) {
            place = &entry->next;
            continue;
        }
        *place = entry->next;
        free(entry);
        dropped = true;
    }
    return dropped;
}

bool mirror_sweep(struct mirror *mirror, struct mirror_route *out)
{
    for (struct slot *slot = mirror->slots; slot; slot = slot->older) {
        if (drop_stale(mirror, slot)) {
            conclude(mirror, slot, out);
            return true;
        }
    }
    return false;
}

size_t mirror_count(const struct mirror *mirror)
{
    return mirror->count;
}
