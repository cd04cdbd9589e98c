/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * id_map: request ids of the capture's station against those that the implementation chose in its place. An
 * id means something only together with its source and its kind of request, so ids are mapped per message
 * type. The first pair seen binds.
 */
#ifndef DMVPNKIT_CONFORMANCE_ID_MAP_H
#define DMVPNKIT_CONFORMANCE_ID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

struct id_pair {
    uint8_t request_type;
    uint32_t expected;
    uint32_t actual;
};

struct id_map {
    struct id_pair *pairs;
    size_t count;
    size_t cap;
};

enum id_answer {
    ID_FITS,          /* bound to each other, or both still free */
    ID_RETRY_DIFFERS, /* the capture repeats its id, the implementation took another one */
    ID_REUSED,        /* the capture has a new id, the implementation used an old one again */
};

enum id_answer id_map_check(const struct id_map *map, uint8_t request_type, uint32_t expected,
                            uint32_t actual);
/* Bind the two if they fit. */
void id_map_bind(struct id_map *map, uint8_t request_type, uint32_t expected, uint32_t actual);
/* What the implementation uses for that id of the capture. */
bool id_map_find(const struct id_map *map, uint8_t request_type, uint32_t expected, uint32_t *actual);
void id_map_free(struct id_map *map);

/*
 * Write the implementation's request ids into a frame for it, in place: the id of a reply to one of its
 * requests, or of the packet in error inside an Error Indication, sent by the station with the protocol
 * address `self`. NHRP and GRE checksums are made right again. The packet must be one that packet_decode()
 * accepted.
 */
void id_map_rewrite(const struct id_map *map, uint8_t *data, size_t len, struct span self);

#endif
