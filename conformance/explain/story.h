/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story: a capture as a numbered story. Reads the file, has it observed, and keeps a step for each frame; the
 * writers (story_text.h and its neighbours) turn that into what people and programs read.
 *
 * Memory is bounded: at most STORY_FRAMES_MAX frames of at most STORY_BYTES_MAX octets are read, and what is
 * left out is counted and said.
 */
#ifndef DMVPNKIT_EXPLAIN_STORY_H
#define DMVPNKIT_EXPLAIN_STORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/instant.h"
#include "codec/describe.h"
#include "files/capture.h"

struct esp_keys;

#define STORY_FRAMES_MAX 20000            /* that are read */
#define STORY_STEPS_MAX  2000             /* that are told */
#define STORY_BYTES_MAX  (64u * 1024 * 1024)

struct story_options {
    struct esp_keys *keys; /* or NULL */
    size_t first, last;    /* frames that are told, from 1; last 0: as many as are allowed */
};

/* One frame. */
struct story_step {
    size_t frame;
    struct instant at;
    const char *title; /* "Registration Request", "data": what kind of packet; lives for ever */
    struct description says;
};

struct story {
    const char *file; /* the caller's */
    struct story_step *steps;
    size_t count;
    size_t frames_read;
    bool cut_short; /* the file goes on */
    struct instant begins;
};

/* Read a capture ("-" is standard input). False, and one line in error, if it cannot be read to its end. */
bool story_read(const char *path, const struct story_options *options, struct story *out,
                char error[CAPTURE_ERROR_MAX]);
void story_free(struct story *story);

#endif
