/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story: a capture as a numbered story. Reads the file, has the audit observe it and the narrator tell it, and
 * keeps a step for each frame; the writers (story_writers.h) turn that into what people and programs read.
 *
 * The frames are told twice: the first time shows which answers had no effect and which questions stayed
 * without one, so that the second does not say what later frames belie.
 *
 * Memory is bounded: at most STORY_FRAMES_MAX frames of at most STORY_BYTES_MAX octets are read and at most
 * STORY_STEPS_MAX of them told; when the file goes on, cut_short says so.
 */
#ifndef DMVPNKIT_EXPLAIN_STORY_H
#define DMVPNKIT_EXPLAIN_STORY_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/audit.h"
#include "explain/world.h"
#include "files/capture.h"

struct esp_keys;

#define STORY_FRAMES_MAX 20000               /* that are read */
#define STORY_STEPS_MAX  2000                /* that are told */
#define STORY_BYTES_MAX  (64u * 1024 * 1024) /* that are kept */

struct story_options {
    struct esp_keys *keys; /* or NULL */
    size_t first, last;    /* frames that are told, from 1; last 0: as many as are allowed */
    bool no_comments;      /* leave out what the maker of the capture says */
};

/* The tables of a node as they are after a frame that changed them. */
struct story_state {
    size_t node;
    struct world_row *rows;
    size_t row_count;
    struct addr outer;
    struct addr hosts[WORLD_HOSTS_MAX];
    size_t host_count;
};

struct story_step {
    size_t frame;
    struct instant at;
    bool decrypted;  /* bytes are what was inside ESP, with the outer header around it */
    bool is_message; /* bytes begin with an NHRP message rather than with an IP header */
    struct span bytes;
    struct addr from_addr, to_addr; /* outer, or none */
    size_t from, to;                /* nodes, or WORLD_NOBODY */
    struct tale tale;               /* its sentence has the nodes' names */
    char *comment;                  /* what the capture says about it, fit to be shown (plain_text.h), or NULL */
    size_t unheard_by;              /* the frame that repeats the question of this answer, or 0 */
    unsigned unanswered;            /* tries of this request that nobody answered, or 0 */
    struct world_change *changes;
    size_t change_count;
    struct story_state *states;
    size_t state_count;
};

struct story {
    char *file;    /* its name, without folders, fit to be shown */
    char *comment; /* what the capture says about itself, or NULL */
    struct story_step *steps;
    size_t count;
    struct world *world; /* at the end; its nodes have their names */
    struct audit *audit; /* at the end */
    size_t frames_read;
    bool cut_short; /* the file goes on */
    struct instant begins;
    struct story_frame *frames; /* story.c's */
    size_t frame_cap, octets;
};

/*
 * Read a capture ("-" is standard input). False, and one line in error, if it cannot be read, or if no frame
 * of it is to be told. Free with story_free(), also after failure.
 */
bool story_read(const char *path, const struct story_options *options, struct story *out,
                char error[CAPTURE_ERROR_MAX]);
void story_free(struct story *story);

/* The text with tunnel addresses, and outer ones if asked, replaced by their nodes' names. Returns buf. */
const char *story_named(const struct story *story, const char *text, bool outer, char *buf, size_t cap);
/* "spoke 2", or the address where no node is known. Returns buf. */
const char *story_who(const struct story *story, size_t node, struct addr otherwise, char buf[ADDR_TEXT_MAX]);

#endif
