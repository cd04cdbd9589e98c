/* SPDX-License-Identifier: GPL-2.0-or-later */
/* threads: see threads.h. */
#include "explain/threads.h"

struct thread *threads_find(struct threads *t, thread_match_fn *match, const void *key)
{
    for (size_t back = 1; back <= THREADS_MAX; back++) {
        struct thread *thread = &t->items[(t->next + THREADS_MAX - back) % THREADS_MAX];
        if (thread->type == 0)
            return NULL;
        if (match(thread, key))
            return thread;
    }
    return NULL;
}

static bool is_of_message(const struct thread *thread, const void *key)
{
    const struct sight *s = key;
    uint8_t type = s->m->fixed.type;
    return thread->cloud == s->cloud && thread->type == type - (type % 2 == 0) &&
           thread->id == s->m->request_id && addr_equal(thread->source, s->source);
}

struct thread *threads_of_message(struct threads *t, const struct sight *s)
{
    return nhrp_type_has_cies(s->m->fixed.type) ? threads_find(t, is_of_message, s) : NULL;
}

struct thread *threads_add(struct threads *t)
{
    struct thread *thread = &t->items[t->next];
    t->next = (t->next + 1) % THREADS_MAX;
    *thread = (struct thread){0};
    return thread;
}

void threads_add_redirect(struct threads *t, struct redirect redirect)
{
    t->redirects[t->next_redirect] = redirect;
    t->next_redirect = (t->next_redirect + 1) % REDIRECTS_MAX;
}

const struct redirect *threads_find_redirect(const struct threads *t, struct addr to, struct addr destination)
{
    for (size_t back = 1; back <= REDIRECTS_MAX; back++) {
        const struct redirect *r = &t->redirects[(t->next_redirect + REDIRECTS_MAX - back) % REDIRECTS_MAX];
        if (r->frame == 0)
            return NULL;
        if (addr_equal(r->destination, destination) && (addr_is_none(to) || addr_equal(r->to, to)))
            return r;
    }
    return NULL;
}
