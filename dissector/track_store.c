/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays, indexes and addresses by value. See track_store.h.
 */
#include "track_store.h"
#include "addresses.h"

#include <string.h>

enum {
    FIRST_ROOM = 64,
    FIRST_CHUNKS = 16,
    PAGE_BITS = 10,
    PAGE_FRAMES = 1 << PAGE_BITS,
};

struct track_slot {
    uint32_t hash;
    uint32_t number; /* 0: free */
};

void track_array_init(struct track_array *array, size_t record_size)
{
    array->record_size = record_size;
    array->chunks = NULL;
    array->chunk_room = 0;
    array->count = 0;
    track_array_add(array);
}

uint32_t track_array_add(struct track_array *array)
{
    uint32_t chunk = array->count >> TRACK_CHUNK_BITS;

    if ((array->count & (TRACK_CHUNK_RECORDS - 1)) == 0) {
        if (chunk == array->chunk_room) {
            array->chunk_room = chunk == 0 ? FIRST_CHUNKS : chunk * 2;
            array->chunks = (uint8_t **)wmem_realloc(wmem_file_scope(), array->chunks,
                                                     array->chunk_room * sizeof array->chunks[0]);
        }
        array->chunks[chunk] =
            (uint8_t *)wmem_alloc0(wmem_file_scope(), TRACK_CHUNK_RECORDS * array->record_size);
    }
    return array->count++;
}

uint32_t track_index_find(const struct track_index *index, uint32_t hash, track_matches matches,
                          const void *key)
{
    if (index->room == 0)
        return 0;
    for (uint32_t at = hash & (index->room - 1);; at = (at + 1) & (index->room - 1)) {
        const struct track_slot *slot = &index->slots[at];

        if (slot->number == 0)
            return 0;
        if (slot->hash == hash && matches(slot->number, key))
            return slot->number;
    }
}

static void place(struct track_index *index, uint32_t hash, uint32_t number)
{
    uint32_t at = hash & (index->room - 1);

    while (index->slots[at].number != 0)
        at = (at + 1) & (index->room - 1);
    index->slots[at].hash = hash;
    index->slots[at].number = number;
}

/* At most half of the slots are used, so that searches stay short. */
static void make_room(struct track_index *index)
{
    struct track_slot *old = index->slots;
    uint32_t old_room = index->room;

    index->room = old_room == 0 ? FIRST_ROOM : old_room * 2;
    index->slots = wmem_alloc0_array(wmem_file_scope(), struct track_slot, index->room);
    for (uint32_t i = 0; i < old_room; i++) {
        if (old[i].number != 0)
            place(index, old[i].hash, old[i].number);
    }
    wmem_free(wmem_file_scope(), old);
}

void track_index_add(struct track_index *index, uint32_t hash, uint32_t number)
{
    if (index->used * 2 >= index->room)
        make_room(index);
    place(index, hash, number);
    index->used++;
}

void track_index_replace(struct track_index *index, uint32_t hash, uint32_t old_number, uint32_t number)
{
    uint32_t at = hash & (index->room - 1);

    while (index->slots[at].number != old_number)
        at = (at + 1) & (index->room - 1);
    index->slots[at].number = number;
}

uint32_t track_pages_get(const struct track_pages *pages, uint32_t frame)
{
    uint32_t page = frame >> PAGE_BITS;

    return page < pages->room && pages->pages[page] ? pages->pages[page][frame & (PAGE_FRAMES - 1)] : 0;
}

void track_pages_set(struct track_pages *pages, uint32_t frame, uint32_t number)
{
    uint32_t page = frame >> PAGE_BITS;

    if (page >= pages->room) {
        uint32_t room = MAX(page + 1, pages->room * 2);

        pages->pages = wmem_realloc(wmem_file_scope(), pages->pages, room * sizeof pages->pages[0]);
        memset(pages->pages + pages->room, 0, (room - pages->room) * sizeof pages->pages[0]);
        pages->room = room;
    }
    if (!pages->pages[page])
        pages->pages[page] = wmem_alloc0_array(wmem_file_scope(), uint32_t, PAGE_FRAMES);
    pages->pages[page][frame & (PAGE_FRAMES - 1)] = number;
}

/* FNV-1a with a final mix, as only the low bits choose a slot */
uint32_t track_hash(uint32_t seed, const void *octets, size_t length)
{
    const uint8_t *octet = (const uint8_t *)octets;
    uint32_t hash = seed ^ 2166136261u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ octet[i]) * 16777619u;
    hash ^= hash >> 15;
    hash *= 0x2c1b3c6du;
    return hash ^ (hash >> 13);
}

static void take(struct track_address *taken, enum nhrp_address_kind kind, const void *octets,
                 unsigned length)
{
    memset(taken, 0, sizeof *taken);
    if (length == 0 || length > TRACK_ADDRESS_LIMIT)
        return;
    taken->kind = kind;
    taken->length = length;
    memcpy(taken->octets, octets, length);
}

void track_address_take(struct track_address *taken, const struct nhrp_address *from)
{
    take(taken, from->kind, from->octets, from->kind == NHRP_ADDRESS_ABSENT ? 0 : from->length);
}

void track_address_take_ip(struct track_address *taken, const address *from)
{
    switch (from->type) {
    case AT_IPv4:
        take(taken, NHRP_ADDRESS_IPV4, from->data, from->len);
        break;
    case AT_IPv6:
        take(taken, NHRP_ADDRESS_IPV6, from->data, from->len);
        break;
    default:
        take(taken, NHRP_ADDRESS_ABSENT, NULL, 0);
        break;
    }
}

bool track_address_equal(const struct track_address *a, const struct track_address *b)
{
    return a->length != 0 && memcmp(a, b, sizeof *a) == 0;
}

bool track_address_in(const struct track_address *found, const struct track_address *network,
                      unsigned prefix_bits)
{
    unsigned whole = prefix_bits / 8, rest = prefix_bits % 8;
    uint8_t mask = (uint8_t)(0xFF00u >> rest);

    if (found->kind != network->kind || found->length != network->length || found->length == 0)
        return false;
    if (prefix_bits == 0 || prefix_bits >= found->length * 8u)
        return memcmp(found->octets, network->octets, found->length) == 0;
    return memcmp(found->octets, network->octets, whole) == 0 &&
           ((found->octets[whole] ^ network->octets[whole]) & mask) == 0;
}
