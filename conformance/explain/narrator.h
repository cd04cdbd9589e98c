/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * narrator: what each packet of a capture means in the story that it is a part of, and which earlier packets
 * are the cause. `dmvpn-conform audit --narrate` and dmvpn-explain tell their stories with it, so that both
 * say the same.
 *
 * Says what the sights of an audit show (audit/watch.h) and nothing else. Its memory is bounded: what is
 * THREADS_MAX exchanges ago is no cause any more.
 */
#ifndef DMVPNKIT_EXPLAIN_NARRATOR_H
#define DMVPNKIT_EXPLAIN_NARRATOR_H

#include "audit/watch.h"
#include "codec/describe.h"

enum tale_kind {
#define TALE(name, family, title, clause) TALE_##name,
#define FAMILY(name, would1, phase1, would2, phase2, would3, phase3)
#include "explain/tale.def"
    TALE_COUNT
};

enum tale_family {
#define TALE(name, family, title, clause)
#define FAMILY(name, would1, phase1, would2, phase2, would3, phase3) FAMILY_##name,
#include "explain/tale.def"
    FAMILY_COUNT
};

/* Would it happen in another phase? */
enum tale_would {
    WOULD_SAME,
    WOULD_OTHER, /* in another form, or for another reason */
    WOULD_NEVER
};

#define TALE_TELLS_MAX   200
#define TALE_BECAUSE_MAX 260
#define TALE_CAUSES_MAX  4

struct tale {
    enum tale_kind kind;
    char tells[TALE_TELLS_MAX];     /* "10.255.0.11 learns where 10.255.0.12 is"; without a full stop */
    struct description says;        /* what the packet itself says, and its clause */
    const char *clause;             /* that asks for what happens */
    char because[TALE_BECAUSE_MAX]; /* "in answer to frame 5", or empty */
    size_t causes[TALE_CAUSES_MAX]; /* frames, the nearest first */
    size_t cause_count;
    size_t unheard;      /* the frame of an answer that this repetition shows to have had no effect; or 0 */
    struct addr asked;   /* LEARNS_*, ASKS*: the address in question */
    struct addr subject; /* messages: whom it is about, the source protocol address */
};

const char *tale_name(enum tale_kind kind);  /* "LEARNS_WAY" */
const char *tale_title(enum tale_kind kind); /* "answer with a prefix" */
enum tale_family tale_family(enum tale_kind kind);
const char *tale_family_name(enum tale_family family);
/* What would happen in that phase, 1 to 3; *would says it in short. */
const char *tale_in_phase(enum tale_family family, unsigned phase, enum tale_would *would);

struct narrator;

/* on_tunnel: the capture was taken on a tunnel interface, where no packet has an outer header. */
struct narrator *narrator_new(bool on_tunnel);
void narrator_free(struct narrator *n);
/* The tale of a sight that is a packet, and remember it as a possible cause. */
void narrator_tell(struct narrator *n, const struct sight *s, struct tale *out);

#endif
