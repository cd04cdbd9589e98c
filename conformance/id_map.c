/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * id_map: RFC 2332 section 5.2.0.1: the id counts with the source's address, is repeated in retries, and is
 * new in every new request.
 */
#include "id_map.h"

#include <stdlib.h>

#include "base/checksum.h"
#include "codec/packet.h"
#include "memory.h"

#define REQUEST_ID_AT (NHRP_FIXED_LEN + 4)

static uint8_t request_type_of(uint8_t type)
{
    return nhrp_type_is_request(type) ? type : (uint8_t)(type - 1);
}

enum id_answer id_map_check(const struct id_map *map, uint8_t request_type, uint32_t expected,
                            uint32_t actual)
{
    enum id_answer answer = ID_FITS;
    for (size_t i = 0; i < map->count; i++) {
        const struct id_pair *pair = &map->pairs[i];
        if (pair->request_type != request_type)
            continue;
        if (pair->expected == expected)
            return pair->actual == actual ? ID_FITS : ID_RETRY_DIFFERS;
        if (pair->actual == actual)
            answer = ID_REUSED;
    }
    return answer;
}

void id_map_bind(struct id_map *map, uint8_t request_type, uint32_t expected, uint32_t actual)
{
    uint32_t known;
    if (id_map_find(map, request_type, expected, &known) ||
        id_map_check(map, request_type, expected, actual) != ID_FITS)
        return;
    map->pairs = memory_room_for_one(map->pairs, map->count, &map->cap, sizeof(*map->pairs));
    map->pairs[map->count++] =
        (struct id_pair){.request_type = request_type, .expected = expected, .actual = actual};
}

bool id_map_find(const struct id_map *map, uint8_t request_type, uint32_t expected, uint32_t *actual)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->pairs[i].request_type == request_type && map->pairs[i].expected == expected) {
            *actual = map->pairs[i].actual;
            return true;
        }
    return false;
}

void id_map_free(struct id_map *map)
{
    free(map->pairs);
    *map = (struct id_map){0};
}

static void put_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Replace the id in the message that message describes and that stands at data. True if it was replaced. */
static bool rewrite_message(const struct id_map *map, uint8_t *data, const struct nhrp_message *message,
                            struct span self)
{
    uint32_t actual;
    if (!nhrp_type_has_cies(message->fixed.type) || !span_equal(message->source_protocol, self) ||
        !id_map_find(map, request_type_of(message->fixed.type), message->request_id, &actual))
        return false;
    put_u32(data + REQUEST_ID_AT, actual);
    return true;
}

/* The packet in error may be cut; its checksum is renewed if it is whole. */
static bool rewrite_error(const struct id_map *map, uint8_t *data, struct span contents, struct span self)
{
    struct nhrp_message inner;
    if (nhrp_decode_head(contents, &inner).status != CODEC_OK || contents.len < REQUEST_ID_AT + 4 ||
        !rewrite_message(map, data, &inner, self))
        return false;
    if (contents.len >= inner.fixed.packet_size && inner.fixed.packet_size >= REQUEST_ID_AT + 4)
        nhrp_set_checksum(data, inner.fixed.packet_size);
    return true;
}

void id_map_rewrite(const struct id_map *map, uint8_t *data, size_t len, struct span self)
{
    struct packet packet;
    packet_decode(span_of(data, len), &packet);
    if (packet.kind != PACKET_NHRP)
        return;
    const struct nhrp_message *message = &packet.nhrp;
    struct span payload = packet.has_gre ? packet.gre.payload : packet.outer.payload;
    uint8_t *nhrp = data + (payload.data - data);
    bool changed =
        message->fixed.type == NHRP_ERROR_INDICATION
            ? message->contents.len > 0 &&
                  rewrite_error(map, data + (message->contents.data - data), message->contents, self)
            : !nhrp_type_is_request(message->fixed.type) && rewrite_message(map, nhrp, message, self);
    if (!changed)
        return;
    nhrp_set_checksum(nhrp, message->fixed.packet_size);
    if (packet.has_gre && packet.gre.has_checksum) {
        uint8_t *gre = data + (packet.outer.payload.data - data);
        gre[4] = gre[5] = 0;
        uint16_t sum = checksum_of(span_of(gre, packet.outer.payload.len));
        gre[4] = (uint8_t)(sum >> 8);
        gre[5] = (uint8_t)sum;
    }
}
