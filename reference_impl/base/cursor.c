/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cursor.h"

#include <string.h>

bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

struct writer writer_of(void *data, size_t cap)
{
    return (struct writer){.data = data, .cap = cap};
}

static uint8_t *writer_claim(struct writer *w, size_t len)
{
    if (w->failed || len > w->cap - w->pos) {
        w->failed = true;
        return NULL;
    }
    uint8_t *at = w->data + w->pos;
    w->pos += len;
    return at;
}

static void writer_number(struct writer *w, uint64_t value, size_t len)
{
    uint8_t *at = writer_claim(w, len);
    if (!at)
        return;
    for (size_t i = len; i-- > 0; value >>= 8)
        at[i] = (uint8_t)value;
}

void writer_u8(struct writer *w, uint8_t value)
{
    writer_number(w, value, 1);
}

void writer_u16(struct writer *w, uint16_t value)
{
    writer_number(w, value, 2);
}

void writer_u32(struct writer *w, uint32_t value)
{
    writer_number(w, value, 4);
}

void writer_u64(struct writer *w, uint64_t value)
{
    writer_number(w, value, 8);
}

void writer_span(struct writer *w, struct span bytes)
{
    uint8_t *at = writer_claim(w, bytes.len);
    if (at && bytes.len > 0)
        memcpy(at, bytes.data, bytes.len);
}

void writer_zeros(struct writer *w, size_t len)
{
    uint8_t *at = writer_claim(w, len);
    if (at && len > 0)
        memset(at, 0, len);
}

void writer_patch_u16(struct writer *w, size_t at, uint16_t value)
{
    if (w->failed || w->pos < 2 || at > w->pos - 2) {
        w->failed = true;
        return;
    }
    w->data[at] = (uint8_t)(value >> 8);
    w->data[at + 1] = (uint8_t)value;
}

bool writer_done(const struct writer *w, struct span *out)
{
    *out = w->failed ? (struct span){0} : (struct span){.data = w->data, .len = w->pos};
    return !w->failed;
}
