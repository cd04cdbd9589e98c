/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text: a string that grows inside a buffer of the caller's. What does not fit is cut off; it is always
 * ended.
 */
#ifndef DMVPNKIT_BASE_TEXT_H
#define DMVPNKIT_BASE_TEXT_H

#include <stddef.h>

#include "base/cursor.h"

struct text {
    char *buf; /* an ended string, unless cap is 0 */
    size_t cap;
    size_t len; /* of the string, without its end */
};

struct text text_of(char *buf, size_t cap);
void text_add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Octets as hexadecimal digit pairs with a colon between, as Wireshark shows them: "00:5e:03". */
void text_add_hex(struct text *t, struct span bytes);

#endif
