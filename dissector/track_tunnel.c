/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels, stations and clouds. See track_tunnel.h.
 */
#include "track_tunnel.h"

#include <string.h>
#include <wsutil/inet_addr.h>

enum {
    HINT_LIMIT = 16,
};

static struct track_address hints[HINT_LIMIT];
static unsigned hint_count;

void track_hub_hints_set(const char *list)
{
    char **words = g_strsplit_set(list ? list : "", " ,;", -1);

    hint_count = 0;
    for (char **word = words; *word && hint_count < HINT_LIMIT; word++) {
        struct track_address *hint = &hints[hint_count];
        ws_in4_addr ipv4;
        ws_in6_addr ipv6;

        memset(hint, 0, sizeof *hint);
        if (ws_inet_pton4(*word, &ipv4)) {
            hint->kind = NHRP_ADDRESS_IPV4;
            hint->length = sizeof ipv4;
            memcpy(hint->octets, &ipv4, sizeof ipv4);
            hint_count++;
        } else if (ws_inet_pton6(*word, &ipv6)) {
            hint->kind = NHRP_ADDRESS_IPV6;
            hint->length = sizeof ipv6;
            memcpy(hint->octets, &ipv6, sizeof ipv6);
            hint_count++;
        }
    }
    g_strfreev(words);
}

static enum track_role first_role(const struct track_address *nbma)
{
    for (unsigned i = 0; i < hint_count; i++) {
        if (track_address_equal(&hints[i], nbma))
            return ROLE_HUB;
    }
    return ROLE_UNKNOWN;
}

struct station_key {
    uint64_t key;
    const struct track_address *nbma;
};

static bool station_matches(uint32_t number, const void *wanted)
{
    const struct station_key *key = (const struct station_key *)wanted;
    const struct track_station *station = track_station_at(number);

    return station->key == key->key && track_address_equal(&station->nbma, key->nbma);
}

static uint32_t station_of(uint64_t key, const struct track_address *nbma)
{
    struct station_key wanted = {key, nbma};
    uint32_t hash = track_address_hash(track_hash(1, &key, sizeof key), nbma);
    uint32_t number = track_index_find(&track->station_index, hash, station_matches, &wanted);
    struct track_station *station;

    if (number != 0)
        return number;
    number = track_array_add(&track->stations);
    station = track_station_at(number);
    station->key = key;
    station->nbma = *nbma;
    station->role = first_role(nbma);
    track_index_add(&track->station_index, hash, number);
    return number;
}

static bool cloud_matches(uint32_t number, const void *wanted)
{
    const struct station_key *key = (const struct station_key *)wanted;
    const struct track_cloud *cloud = track_cloud_at(number);

    return cloud->key == key->key && track_address_equal(&cloud->hub, key->nbma);
}

uint32_t track_cloud_of(uint64_t key, const struct track_address *hub)
{
    struct station_key wanted = {key, hub};
    uint32_t hash = track_address_hash(track_hash(2, &key, sizeof key), hub);
    uint32_t number = track_index_find(&track->cloud_index, hash, cloud_matches, &wanted);

    if (number != 0)
        return number;
    number = track_array_add(&track->clouds);
    track_cloud_at(number)->key = key;
    track_cloud_at(number)->hub = *hub;
    track_index_add(&track->cloud_index, hash, number);
    return number;
}

struct tunnel_key {
    uint64_t key;
    const struct track_address *ends[2];
};

static bool tunnel_matches(uint32_t number, const void *wanted)
{
    const struct tunnel_key *key = (const struct tunnel_key *)wanted;

    return track_tunnel_at(number)->key == key->key &&
           track_address_equal(track_end(number, 0), key->ends[0]) &&
           track_address_equal(track_end(number, 1), key->ends[1]);
}

static void tunnel_key_make(struct tunnel_key *made, uint64_t key, const struct track_address *source,
                            const struct track_address *destination, unsigned *from)
{
    *from = memcmp(source, destination, sizeof *source) > 0;
    made->key = key;
    made->ends[*from] = source;
    made->ends[1 - *from] = destination;
}

static uint32_t tunnel_hash(const struct tunnel_key *key)
{
    return track_address_hash(track_address_hash(track_hash(3, &key->key, sizeof key->key), key->ends[0]),
                              key->ends[1]);
}

uint32_t track_tunnel_find(uint64_t key, const struct track_address *source,
                           const struct track_address *destination, unsigned *from)
{
    struct tunnel_key wanted;

    tunnel_key_make(&wanted, key, source, destination, from);
    return track_index_find(&track->tunnel_index, tunnel_hash(&wanted), tunnel_matches, &wanted);
}

uint32_t track_tunnel_between(uint64_t key, const struct track_address *source,
                              const struct track_address *destination, unsigned *from)
{
    struct tunnel_key wanted;
    uint32_t stations[2], hash, number;
    struct track_tunnel *tunnel;

    tunnel_key_make(&wanted, key, source, destination, from);
    hash = tunnel_hash(&wanted);
    number = track_index_find(&track->tunnel_index, hash, tunnel_matches, &wanted);
    if (number != 0)
        return number;
    for (unsigned end = 0; end < 2; end++)
        stations[end] = station_of(key, wanted.ends[end]);
    number = track_array_add(&track->tunnels);
    tunnel = track_tunnel_at(number);
    tunnel->key = key;
    for (unsigned end = 0; end < 2; end++)
        tunnel->stations[end] = stations[end];
    track_index_add(&track->tunnel_index, hash, number);
    return number;
}

void track_tunnel_enter(struct track_frame *frame)
{
    struct tunnel_key wanted;
    uint32_t last = track->last_tunnel;

    frame->tunnel = 0;
    frame->from = 0;
    if (frame->source.length == 0 || frame->destination.length == 0)
        return;
    tunnel_key_make(&wanted, frame->key, &frame->source, &frame->destination, &frame->from);
    /* A reply follows its request as a rule */
    if (last == 0 || !tunnel_matches(last, &wanted))
        last = track_tunnel_between(frame->key, &frame->source, &frame->destination, &frame->from);
    frame->tunnel = track->last_tunnel = last;
}

void track_station_is(uint32_t number, enum track_role role)
{
    struct track_station *station = track_station_at(number);

    if (number != 0 && role > station->role)
        station->role = role;
}

uint32_t track_sender(const struct track_frame *frame)
{
    return track_tunnel_at(frame->tunnel)->stations[frame->from];
}

uint32_t track_receiver(const struct track_frame *frame)
{
    return track_tunnel_at(frame->tunnel)->stations[1 - frame->from];
}

void track_tunnel_note(const struct track_frame *frame)
{
    struct track_tunnel *tunnel = track_tunnel_at(frame->tunnel);
    const struct track_station *sender = track_station_at(track_sender(frame));
    const struct track_station *receiver = track_station_at(track_receiver(frame));

    if (frame->tunnel == 0)
        return;
    if (tunnel->cloud == 0)
        tunnel->cloud = sender->cloud != 0 ? sender->cloud : receiver->cloud;
    frame->fact->cloud = (uint16_t)MIN(tunnel->cloud, UINT16_MAX);
    frame->fact->roles[0] = sender->role;
    frame->fact->roles[1] = receiver->role;
}
