/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plain_text: see plain_text.h. */
#include "explain/plain_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* The length of the UTF-8 sequence (RFC 3629 section 4) and its character; 0 if it is none. */
static size_t decode(const unsigned char *at, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (len == 0)
        return 0;
    uint32_t c = len == 1 ? at[0] : at[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        c = c << 6 | (at[i] & 0x3f);
    }
    *out = c;
    return c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : len;
}

/* Not controls, line separators, marks and overrides of the direction (Unicode's bidirectional formatting
 * characters), or what is no character. */
static bool is_shown(uint32_t c)
{
    return c == '\n' || (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != 0x061c && c != 0x200e && c != 0x200f &&
                         !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff &&
                         (c & 0xfffe) != 0xfffe && !(c >= 0xfdd0 && c <= 0xfdef));
}

char *plain_text(const char *text)
{
    if (text == NULL)
        return NULL;
    char *out = memory_zeroed(strlen(text) + 1, 1), *to = out;
    const unsigned char *at = (const unsigned char *)text;
    while (*at != '\0') {
        uint32_t c;
        size_t len = decode(at, &c);
        if (len > 0 && is_shown(c)) {
            memcpy(to, at, len);
            to += len;
        } else if (!(*at == '\r' && at[1] == '\n')) {
            *to++ = '?';
        }
        at += len > 0 ? len : 1;
    }
    return out;
}
