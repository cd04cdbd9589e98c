/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of text put together piece by piece in a fixed buffer; what does not fit is left out.
 * Owns: appending. Must not: allocate: a summary line is made for every packet.
 */
#ifndef DMVPN_WORDS_H
#define DMVPN_WORDS_H

#include "compat.h"
#include <string.h>

struct words {
    size_t length;
    char text[256]; /* always ends with a zero octet */
};

static inline void words_put_octets(struct words *words, const char *text, size_t length)
{
    size_t room = sizeof words->text - 1 - words->length;

    if (length > room)
        length = room;
    memcpy(words->text + words->length, text, length);
    words->length += length;
    words->text[words->length] = '\0';
}

static inline void words_put(struct words *words, const char *text)
{
    words_put_octets(words, text, strlen(text));
}

static inline void words_put_uint(struct words *words, uint32_t value)
{
    char digits[10];
    unsigned at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    words_put_octets(words, digits + at, sizeof digits - at);
}

/* Four octets in dotted decimal */
static inline void words_put_ipv4(struct words *words, const uint8_t *octets)
{
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            words_put_octets(words, ".", 1);
        words_put_uint(words, octets[i]);
    }
}

#endif
