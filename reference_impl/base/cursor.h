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

struct span span_of(const void *data, size_t len);
bool span_equal(struct span a, struct span b);

struct reader reader_of(struct span bytes);
size_t reader_left(const struct reader *r);
/* Each getter returns 0, or an empty span, once the reader has failed. */
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
struct span reader_span(struct reader *r, size_t len);
struct span reader_rest(struct reader *r);

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
