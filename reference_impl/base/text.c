/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

struct text text_of(char *buf, size_t cap)
{
    if (cap > 0)
        buf[0] = '\0';
    return (struct text){.buf = buf, .cap = cap};
}

void text_add(struct text *t, const char *format, ...)
{
    if (t->cap - t->len <= 1)
        return;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(t->buf + t->len, t->cap - t->len, format, args);
    va_end(args);
    if (len < 0)
        return;
    size_t left = t->cap - t->len - 1;
    t->len += (size_t)len < left ? (size_t)len : left;
}

void text_add_hex(struct text *t, struct span bytes)
{
    for (size_t i = 0; i < bytes.len && t->cap - t->len > 1; i++)
        text_add(t, "%s%02x", i ? ":" : "", bytes.data[i]);
}
