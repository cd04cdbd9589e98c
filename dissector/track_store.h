/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the analysis: arrays of records that are named by number, and indexes over them.
 * Owns: growth and hashing. All memory lives as long as the capture file is open (wmem_file_scope). Record 0
 * of every array stands for "none", so that a number of 0 means nothing. Must not: know what the records
 * mean.
 */
#ifndef DMVPN_TRACK_STORE_H
#define DMVPN_TRACK_STORE_H

#include "compat.h"
#include <epan/address.h>
#include <stddef.h>

struct nhrp_address;

enum {
    TRACK_ADDRESS_LIMIT = 20, /* octets of the longest address that is followed: NSAP */
};

/* An address by value, comparable with memcmp */
struct track_address {
    uint8_t kind;   /* enum nhrp_address_kind; 0: none */
    uint8_t length; /* in octets */
    uint8_t octets[TRACK_ADDRESS_LIMIT];
};

enum {
    TRACK_CHUNK_BITS = 10,
    TRACK_CHUNK_RECORDS = 1 << TRACK_CHUNK_BITS,
};

/* Records of one kind, in chunks that never move: pointers to records hold as long as the file is open. */
struct track_array {
    uint8_t **chunks;
    uint32_t count; /* with record 0 */
    uint32_t chunk_room;
    size_t record_size;
};

/* Finds the number of a record by the hash of its key; the caller compares keys. */
struct track_index {
    struct track_slot *slots;
    uint32_t room; /* a power of two */
    uint32_t used;
};

/* A frame number for every frame of the capture that has a record, without cost for those that have none */
struct track_pages {
    uint32_t **pages;
    uint32_t room;
};

/* An empty array, with its record 0. */
void track_array_init(struct track_array *array, size_t record_size);

/* Add a record of zeros; returns its number. */
uint32_t track_array_add(struct track_array *array);

/* Record `number`, which must be below count. */
static inline void *track_array_at(const struct track_array *array, uint32_t number)
{
    return array->chunks[number >> TRACK_CHUNK_BITS] +
           (number & (TRACK_CHUNK_RECORDS - 1)) * array->record_size;
}

/* True if the record has the wanted key. */
typedef bool (*track_matches)(uint32_t number, const void *key);

/* Number of the record with this key, or 0. */
uint32_t track_index_find(const struct track_index *index, uint32_t hash, track_matches matches,
                          const void *key);

/* Enter a record under a hash. */
void track_index_add(struct track_index *index, uint32_t hash, uint32_t number);

/* Let an entry stand for another record with the same key. */
void track_index_replace(struct track_index *index, uint32_t hash, uint32_t old_number, uint32_t number);

/* The number noted for a frame, or 0. */
uint32_t track_pages_get(const struct track_pages *pages, uint32_t frame);
void track_pages_set(struct track_pages *pages, uint32_t frame, uint32_t number);

/* Hash of some octets, chained on `seed`. */
uint32_t track_hash(uint32_t seed, const void *octets, size_t length);

/* The address of an NHRP field, by value. None if it is absent or too long to follow. */
void track_address_take(struct track_address *taken, const struct nhrp_address *from);

/* The address of an IP header, by value. None for anything but IPv4 and IPv6. */
void track_address_take_ip(struct track_address *taken, const address *from);

/* True if both are the same; false if either is none. */
bool track_address_equal(const struct track_address *a, const struct track_address *b);

/* True if `found` lies in the network of `network` with that many leading bits. */
bool track_address_in(const struct track_address *found, const struct track_address *network,
                      unsigned prefix_bits);

static inline uint32_t track_address_hash(uint32_t seed, const struct track_address *hashed)
{
    return track_hash(seed, hashed->octets, hashed->length);
}

#endif
