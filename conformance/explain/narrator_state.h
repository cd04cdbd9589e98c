/* SPDX-License-Identifier: GPL-2.0-or-later */
/* narrator_state: what the narrator's own files share. */
#ifndef DMVPNKIT_EXPLAIN_NARRATOR_STATE_H
#define DMVPNKIT_EXPLAIN_NARRATOR_STATE_H

#include "explain/narrator.h"
#include "explain/threads.h"

struct narrator {
    struct threads threads;
    bool on_tunnel;
};

/* narrator.c */
/* Does it answer registrations or pass on what others send? */
bool narrator_is_hub(const struct station *station);
/* Was the source of the message registered before it, and is that still good? */
bool narrator_is_registered(const struct sight *s);
struct thread *narrator_earlier_answer(struct narrator *n, const struct sight *s);
const struct redirect *narrator_redirect(struct narrator *n, const struct sight *s);
/* The name of the routing protocol that the packet belongs to, or NULL. */
const char *narrator_routing(const struct ip *inner);

/* narrator_words.c: fill in tells, because and causes. The kind is told already, nothing is remembered yet. */
void narrator_words(struct narrator *n, const struct sight *s, struct tale *out);

#endif
