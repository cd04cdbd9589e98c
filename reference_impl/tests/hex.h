/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hex: octets that a test spells as hexadecimal digits, as specifications print them. Blanks are skipped.
 */
#ifndef DMVPNKIT_TESTS_HEX_H
#define DMVPNKIT_TESTS_HEX_H

#include <check.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/cursor.h"

static inline unsigned hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    ck_assert_msg(at != NULL, "'%c' is no hexadecimal digit", c);
    return (unsigned)(at - digits);
}

/* The octets, written into buf, which must have room for them. */
static inline struct span hex_octets(const char *text, uint8_t *buf, size_t cap)
{
    size_t len = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        ck_assert_uint_lt(len, cap);
        buf[len++] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
        text++;
    }
    return span_of(buf, len);
}

#endif
