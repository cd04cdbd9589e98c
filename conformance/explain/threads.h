/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * threads: the questions and redirects that a story has had so far, to find causes in. A ring of each: the
 * oldest makes room.
 */
#ifndef DMVPNKIT_EXPLAIN_THREADS_H
#define DMVPNKIT_EXPLAIN_THREADS_H

#include "audit/watch.h"

#define THREADS_MAX   512
#define REDIRECTS_MAX 256

/* A request and what became of it. */
struct thread {
    const struct cloud *cloud;
    uint8_t type; /* of the request; 0: empty */
    uint32_t id;
    struct addr source, asked; /* protocol addresses */
    struct addr from;          /* where its first leg came from */
    size_t first, last;        /* frames: first sight, last sight */
    size_t reply;              /* frame of the first answer, or 0 */
    size_t reply_last;         /* frame of the answer's last sight */
    struct addr replied_from;  /* outer source of the first answer */
    bool accepted;             /* the answer's first entry has code 0 */
    struct prefix answer;      /* what the answer is about */
    struct addr answer_nbma;
    struct instant until; /* the answer holds */
    size_t redirect;      /* frame that caused it, or 0 */
};

struct redirect {
    size_t frame; /* 0: empty */
    struct addr to, source, destination;
};

struct threads {
    struct thread items[THREADS_MAX];
    struct redirect redirects[REDIRECTS_MAX];
    size_t next, next_redirect;
};

typedef bool thread_match_fn(const struct thread *thread, const void *key);

/* The newest that matches, or NULL. */
struct thread *threads_find(struct threads *t, thread_match_fn *match, const void *key);
/* That of a request or of a reply to it. */
struct thread *threads_of_message(struct threads *t, const struct sight *s);
struct thread *threads_add(struct threads *t);
void threads_add_redirect(struct threads *t, struct redirect redirect);
/* The newest about packets to that destination, told to that outer address (none: to anybody). */
const struct redirect *threads_find_redirect(const struct threads *t, struct addr to, struct addr destination);

#endif
