/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deviations: planted faults between an implementation and the wire. A suite that does not notice them
 * notices nothing. Each is one row in deviations.c, named after what peers have been seen to do wrong.
 */
#ifndef DMVPNKIT_CONFORMANCE_DEVIATIONS_H
#define DMVPNKIT_CONFORMANCE_DEVIATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "codec/packet.h"

enum deviation_act {
    DEVIATE_NOT,   /* this packet goes out as it is */
    DEVIATE_EDIT,  /* bytes were changed; checksums still have to be made right */
    DEVIATE_BREAK, /* bytes were changed, checksums stay as they are */
    DEVIATE_DROP,  /* it does not go out */
    DEVIATE_TWICE, /* it goes out twice */
};

struct deviation {
    const char *name;
    const char *words; /* what the faulty implementation does */
    /* Look at a packet that is about to go out, decoded from data, and change data in place; the length
     * stays. */
    enum deviation_act (*apply)(const struct packet *packet, uint8_t *data);
};

size_t deviation_count(void);
const struct deviation *deviation_at(size_t i);
/* NULL if there is none of that name. */
const struct deviation *deviation_find(const char *name);

#endif
