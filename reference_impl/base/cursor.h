/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cursor: bounded reading and writing of network-order bytes.
 *
 * A reader or writer that would pass its end does nothing, remembers where it failed, and stays failed; the
 * caller makes a whole run of calls and asks once. Neither allocates nor owns the bytes it works on.
 */
#ifndef DMVPNKIT_BASE_CURSOR_H
#define DMVPNKIT_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that somebody else owns. data may be NULL only when len is 0. */
struct span {
    const uint8_t *data;
    size_t len;
};

struct reader {
    struct span bytes;
    size_t pos;       /* offset of the next octet */
    bool failed;      /* sticky */
    size_t failed_at; /* offset of the field that did not fit, when failed */
};

struct writer {
    uint8_t *data;
    size_t cap;
    size_t pos;  /* octets written so far */
    bool failed; /* sticky: something did not fit */
};

bool span_equal(struct span a, struct span b);

static inline struct span span_of(const void *data, size_t len)
{
    return (struct span){.data = (const uint8_t *)data, .len = len};
}

/* The number in two or four octets that the caller knows to be there. */
static inline uint16_t octets_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t octets_u32(const uint8_t *at)
{
    return (uint32_t)octets_u16(at) << 16 | octets_u16(at + 2);
}

static inline struct reader reader_of(struct span bytes)
{
    return (struct reader){.bytes = bytes};
}

static inline size_t reader_left(const struct reader *r)
{
    return r->failed ? 0 : r->bytes.len - r->pos;
}

/* The next len octets; NULL, and the reader has failed, if there are fewer. For the getters below. */
static inline const uint8_t *reader_claim(struct reader *r, size_t len)
{
    if (r->failed)
        return NULL;
    if (len > r->bytes.len - r->pos) {
        r->failed = true;
        r->failed_at = r->pos;
        return NULL;
    }
    const uint8_t *at = r->bytes.data + r->pos;
    r->pos += len;
    return at;
}

/* Each getter returns 0, or an empty span, once the reader has failed. */
static inline uint8_t reader_u8(struct reader *r)
{
    const uint8_t *at = reader_claim(r, 1);
    return at ? at[0] : 0;
}

static inline uint16_t reader_u16(struct reader *r)
{
    const uint8_t *at = reader_claim(r, 2);
    return at ? octets_u16(at) : 0;
}

static inline uint32_t reader_u32(struct reader *r)
{
    const uint8_t *at = reader_claim(r, 4);
    return at ? octets_u32(at) : 0;
}

static inline uint64_t reader_u64(struct reader *r)
{
    const uint8_t *at = reader_claim(r, 8);
    uint64_t value = 0;
    for (size_t i = 0; at && i < 8; i++)
        value = value << 8 | at[i];
    return value;
}

static inline struct span reader_span(struct reader *r, size_t len)
{
    const uint8_t *at = len > 0 ? reader_claim(r, len) : NULL;
    return at ? span_of(at, len) : (struct span){0};
}

static inline struct span reader_rest(struct reader *r)
{
    return reader_span(r, reader_left(r));
}

struct writer writer_of(void *data, size_t cap);
void writer_u8(struct writer *w, uint8_t value);
void writer_u16(struct writer *w, uint16_t value);
void writer_u32(struct writer *w, uint32_t value);
void writer_u64(struct writer *w, uint64_t value);
void writer_span(struct writer *w, struct span bytes);
void writer_zeros(struct writer *w, size_t len);
/* Overwrite octets that were already written; fails the writer if [at, at + 2) is not written yet. */
void writer_patch_u16(struct writer *w, size_t at, uint16_t value);
/* What was written, or false (and *out empty) if anything did not fit: the only way to the length. */
bool writer_done(const struct writer *w, struct span *out);

#endif
