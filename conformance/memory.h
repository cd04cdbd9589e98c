/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory: allocation for a command that has nothing useful to do without memory: it says so in one line and
 * ends with exit code 2. Nothing is ever half written, because files are written last and in one go.
 */
#ifndef DMVPNKIT_CONFORMANCE_MEMORY_H
#define DMVPNKIT_CONFORMANCE_MEMORY_H

#include <stddef.h>

/* Say that there is no memory, and end. */
_Noreturn void memory_missing(void);
/* count zeroed elements; free() them. */
void *memory_zeroed(size_t count, size_t size);
/* size octets that hold anything; free() them. */
void *memory_raw(size_t size);
/* Room for one more element at items[count]: returns items, perhaps moved; *cap in elements. */
void *memory_room_for_one(void *items, size_t count, size_t *cap, size_t size);
/* A copy of len octets; of a text. free() them. NULL text gives NULL. */
void *memory_copy(const void *data, size_t len);
char *memory_copy_text(const char *text);
/* printf() into new memory. */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
