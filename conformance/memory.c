/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory: see memory.h. */
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void memory_missing(void)
{
    fputs("dmvpn-conform: out of memory\n", stderr);
    exit(2);
}

static void *require(void *memory)
{
    if (memory == NULL)
        memory_missing();
    return memory;
}

void *memory_zeroed(size_t count, size_t size)
{
    return require(calloc(count > 0 ? count : 1, size));
}

void *memory_raw(size_t size)
{
    return require(malloc(size > 0 ? size : 1));
}

void *memory_room_for_one(void *items, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return items;
    *cap = *cap == 0 ? 16 : *cap * 2;
    return require(reallocarray(items, *cap, size));
}

void *memory_copy(const void *data, size_t len)
{
    void *copy = memory_raw(len);
    if (len > 0)
        memcpy(copy, data, len);
    return copy;
}

char *memory_copy_text(const char *text)
{
    return text == NULL ? NULL : memory_copy(text, strlen(text) + 1);
}

char *memory_format(const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    return require(len < 0 ? NULL : text);
}
