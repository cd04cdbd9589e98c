/* SPDX-License-Identifier: GPL-2.0-or-later */
/* narrator_words: what a sight means in a sentence, and why it came to it. */
#include <string.h>

#include "base/text.h"
#include "explain/narrator_state.h"

/* What is being put together. */
struct words {
    struct narrator *n;
    const struct sight *s;
    struct tale *tale;
    struct text tells, because;
};

static void add_addr(struct text *t, struct addr a)
{
    char buf[ADDR_TEXT_MAX];
    text_add(t, "%s", addr_format(a, buf));
}

/* Whoever is at an outer address: the station's own address if it is known. */
static struct addr who_is_at(const struct sight *s, struct addr outer)
{
    const struct station *station = s->cloud != NULL ? station_at(s->audit, s->cloud, outer) : NULL;
    return station != NULL ? station->protocol : outer;
}

/* The one who passes a message on has signed the record last (RFC 2332 section 5.3.2). */
static struct addr transit_of(const struct sight *s)
{
    struct nhrp_cie cie;
    uint16_t type =
        TYPES(s->m->fixed.type) & TYPES_REPLY ? NHRP_EXT_REVERSE_TRANSIT : NHRP_EXT_FORWARD_TRANSIT;
    if (record_last(s->m, type, &cie) && cie.protocol.len > 0)
        return addr_from_span(cie.protocol);
    return who_is_at(s, s->from);
}

/* Who answers: by the record, else by where it comes from, else whom it was asked of. */
static struct addr responder_of(const struct sight *s)
{
    struct nhrp_cie cie;
    if (record_last(s->m, NHRP_EXT_RESPONDER_ADDRESS, &cie) && cie.protocol.len > 0)
        return addr_from_span(cie.protocol);
    return s->m->fixed.type == NHRP_RESOLUTION_REPLY && !addr_is_none(s->from) ? who_is_at(s, s->from)
                                                                               : s->destination;
}

static void add_cause(struct words *w, size_t frame)
{
    struct tale *tale = w->tale;
    for (size_t i = 0; i < tale->cause_count; i++)
        if (tale->causes[i] == frame)
            return;
    if (frame > 0 && tale->cause_count < TALE_CAUSES_MAX)
        tale->causes[tale->cause_count++] = frame;
}

/* "prefix frame N suffix", and the frame is a cause. */
static void add_because(struct words *w, const char *before, size_t frame, const char *behind)
{
    text_add(&w->because, "%s%zu%s", before, frame, behind);
    add_cause(w, frame);
}

/* One of "A verb B behind". */
static void tell_two(struct words *w, struct addr a, const char *verb, struct addr b, const char *behind)
{
    add_addr(&w->tells, a);
    text_add(&w->tells, "%s", verb);
    add_addr(&w->tells, b);
    text_add(&w->tells, "%s", behind);
}

static void add_server(struct words *w)
{
    const struct sight *s = w->s;
    if (addr_equal(s->source, s->destination))
        text_add(&w->tells, "whichever server serves it");
    else
        add_addr(&w->tells, s->destination);
}

static bool is_registration_of_source(const struct thread *thread, const void *key)
{
    const struct sight *s = key;
    return thread->type == NHRP_REGISTRATION_REQUEST && thread->reply > 0 && thread->accepted &&
           thread->cloud == s->cloud && addr_equal(thread->source, s->source);
}

static void tell_registration(struct words *w)
{
    const struct sight *s = w->s;
    const struct thread *before = threads_find(&w->n->threads, is_registration_of_source, s);
    add_addr(&w->tells, s->source);
    text_add(&w->tells, w->tale->kind == TALE_RENEWS            ? " renews its registration with "
                        : w->tale->kind == TALE_REGISTERS_AGAIN ? " repeats its registration with "
                                                                : " registers with ");
    add_server(w);
    if (w->tale->kind == TALE_RENEWS && before != NULL)
        add_because(w, "before the registration that frame ", before->reply_last, " confirmed ends");
    else if (w->tale->kind == TALE_REGISTERS && before != NULL && instant_reached(s->at, before->until))
        add_because(w, "after the registration that frame ", before->reply_last, " confirmed has ended");
}

/* A request that was there before, on the same leg. */
static void add_retry(struct words *w)
{
    const struct thread *thread = threads_of_message(&w->n->threads, w->s);
    if (thread == NULL)
        return;
    w->tale->unheard = thread->reply_last;
    if (thread->reply > 0)
        add_because(w, "as if the answer in frame ", thread->reply_last, " had not come");
    else
        add_because(w, "because no answer to frame ", thread->last, " is seen");
}

static void tell_question(struct words *w)
{
    const struct sight *s = w->s;
    tell_two(w, s->source, w->tale->kind == TALE_ASKS_AGAIN ? " asks again where " : " asks where ",
             s->destination, " is");
    if (w->tale->kind == TALE_ASKS_REDIRECTED) {
        const struct redirect *redirect = narrator_redirect(w->n, s);
        add_because(w, "because of the redirect in frame ", redirect->frame, "");
    } else if (w->tale->kind == TALE_ASKS_TO_RENEW) {
        const struct thread *earlier = narrator_earlier_answer(w->n, s);
        add_because(w, instant_reached(s->at, earlier->until) ? "after the answer in frame " : "before the answer in frame ",
                    earlier->reply_last, instant_reached(s->at, earlier->until) ? " has ended" : " ends");
    }
}

static void tell_passed_on(struct words *w, const char *what)
{
    const struct sight *s = w->s;
    const struct thread *thread = threads_of_message(&w->n->threads, s);
    bool reply = TYPES(s->m->fixed.type) & TYPES_REPLY;
    add_addr(&w->tells, transit_of(s));
    text_add(&w->tells, " passes ");
    add_addr(&w->tells, s->source);
    text_add(&w->tells, "'s %s on", what);
    if (!addr_is_none(s->to)) {
        text_add(&w->tells, " to ");
        add_addr(&w->tells, who_is_at(s, s->to));
    }
    size_t from = thread == NULL ? 0 : reply ? thread->reply_last : thread->last;
    if (from > 0)
        add_because(w, "as it came in frame ", from, "");
}

/* In answer to the question, and what that was caused by. */
static void add_answered(struct words *w)
{
    const struct thread *thread = threads_of_message(&w->n->threads, w->s);
    if (thread == NULL)
        return;
    if (w->s->events & SIGHT_FORWARD && thread->reply > 0)
        add_because(w, "by the answer that came in frame ", thread->reply_last, ", to the request ");
    else
        text_add(&w->because, "in answer to the request ");
    add_because(w, "in frame ", thread->first, "");
    if (thread->last != thread->first && !(w->s->events & SIGHT_FORWARD)) {
        text_add(&w->because, " (last seen in frame %zu)", thread->last);
        add_cause(w, thread->last);
    }
    if (thread->redirect > 0)
        add_because(w, ", because of the redirect in frame ", thread->redirect, "");
}

static void tell_registered(struct words *w)
{
    const struct sight *s = w->s;
    if (w->tale->kind == TALE_IS_REGISTERED)
        tell_two(w, responder_of(s), narrator_is_registered(s) ? " still knows where " : " has learned where ", s->source,
                 " is, and confirms it");
    else
        tell_two(w, responder_of(s), " refuses to register ", s->source, "");
    add_answered(w);
}

static void tell_resolved(struct words *w)
{
    const struct sight *s = w->s;
    struct nhrp_cie cie = {0};
    char prefix[PREFIX_TEXT_MAX];
    first_cie(s->m, &cie);
    if (w->tale->kind == TALE_NOT_RESOLVED) {
        tell_two(w, s->source, " is told that ", s->destination, " cannot be resolved");
    } else if (w->tale->kind == TALE_LEARNS_ADDRESS) {
        tell_two(w, s->source, " learns where ", s->destination, " is");
    } else {
        bool host = cie.prefix_len == 0 || cie.prefix_len == NHRP_PREFIX_HOST;
        add_addr(&w->tells, s->source);
        text_add(&w->tells, " learns the way to %s: through ",
                 prefix_format(prefix_of(s->destination, host ? addr_bits(s->destination) : cie.prefix_len),
                               prefix));
        add_addr(&w->tells, addr_from_span(cie.protocol));
    }
    add_answered(w);
}

static void tell_answer_on_its_way(struct words *w)
{
    const struct sight *s = w->s;
    if (s->events & SIGHT_FORWARD) {
        tell_passed_on(w, "answer");
        return;
    }
    tell_two(w, responder_of(s), " answers ", s->source, "'s question, by way of ");
    add_addr(&w->tells, who_is_at(s, s->to));
    add_answered(w);
}

struct data_key {
    const struct sight *s;
    struct addr from, to;
};

/* Told to the sender, about where it sends, and still good. */
static bool leads_there(const struct thread *thread, const void *key)
{
    const struct data_key *k = key;
    return thread->type == NHRP_RESOLUTION_REQUEST && thread->reply > 0 && thread->accepted &&
           thread->cloud == k->s->cloud && addr_equal(thread->from, k->from) &&
           addr_equal(thread->answer_nbma, k->to) && !instant_reached(k->s->at, thread->until);
}

/* Asked by whoever is there, and answered by the sender. */
static bool came_from_there(const struct thread *thread, const void *key)
{
    const struct data_key *k = key;
    return thread->type == NHRP_RESOLUTION_REQUEST && thread->reply > 0 && thread->cloud == k->s->cloud &&
           addr_equal(thread->from, k->to) && addr_equal(thread->replied_from, k->from);
}

static bool is_registered_there(const struct thread *thread, const void *key)
{
    const struct data_key *k = key;
    return thread->type == NHRP_REGISTRATION_REQUEST && thread->reply > 0 && thread->accepted &&
           thread->cloud == k->s->cloud && addr_equal(thread->from, k->to) &&
           addr_equal(thread->replied_from, k->from);
}

static void add_why_straight(struct words *w, const struct data_key *key)
{
    const struct thread *thread = threads_find(&w->n->threads, leads_there, key);
    if (thread != NULL) {
        char prefix[PREFIX_TEXT_MAX];
        bool is_host = thread->answer.len == addr_bits(thread->answer.addr);
        add_because(w, "because frame ", thread->reply_last, " says that ");
        text_add(&w->because, "%s is there",
                 is_host ? addr_format(thread->answer.addr, prefix) : prefix_format(thread->answer, prefix));
        if (!is_host)
            w->tale->clause = "DRAFT §4.7";
        return;
    }
    thread = threads_find(&w->n->threads, came_from_there, key);
    if (thread != NULL)
        add_because(w, "to where the question in frame ", thread->first, " came from");
}

static void tell_data(struct words *w)
{
    const struct sight *s = w->s;
    const struct ip *inner = &s->packet->inner;
    struct data_key key = {s, s->from, s->to};
    add_addr(&w->tells, who_is_at(s, s->from));
    text_add(&w->tells, w->tale->kind == TALE_SENDS_BACK ? " passes the packet for " : " sends a packet for ");
    add_addr(&w->tells, inner->destination);
    text_add(&w->tells, w->tale->kind == TALE_SENDS_BACK       ? " on to "
                        : w->tale->kind == TALE_SENDS_STRAIGHT ? " straight to "
                                                               : " to ");
    add_addr(&w->tells, who_is_at(s, s->to));
    if (w->tale->kind == TALE_SENDS_BACK) {
        add_because(w, "as it came in frame ", s->flow->frame, "");
    } else if (w->tale->kind == TALE_SENDS_STRAIGHT) {
        add_why_straight(w, &key);
    } else if (w->tale->kind == TALE_SENDS_FROM_HUB) {
        const struct thread *thread = threads_find(&w->n->threads, is_registered_there, &key);
        if (thread != NULL)
            add_because(w, "to where the registration in frame ", thread->first, " came from");
    }
}

static void tell_redirect(struct words *w)
{
    const struct sight *s = w->s;
    struct ip data;
    struct addr told = addr_is_none(s->to) ? s->destination : who_is_at(s, s->to);
    tell_two(w, s->own ? s->source : who_is_at(s, s->from), " tells ", told,
             " that there is a shorter way");
    if (ip_decode_head(s->m->contents, &data).status != CODEC_OK)
        return;
    text_add(&w->tells, " to ");
    add_addr(&w->tells, data.destination);
    const struct flow *flow = flow_find(s->audit, s->cloud, data.source, data.destination);
    if (flow == NULL || flow->frame == 0)
        return;
    if (addr_equal(flow->from, s->from) && flow->came_frame > 0) {
        add_because(w, "because frame ", flow->came_frame, "");
        add_because(w, "'s packet left again in frame ", flow->frame, ", through the tunnel that it came by");
    } else if (addr_equal(flow->to, s->from)) {
        add_because(w, "because frame ", flow->frame, "'s packet is to leave through the tunnel that it came by");
    }
}

static bool has_told(const struct thread *thread, const void *key)
{
    const struct sight *s = key;
    struct nhrp_cie cie;
    if (thread->type != NHRP_RESOLUTION_REQUEST || thread->reply == 0 || !thread->accepted ||
        thread->cloud != s->cloud || !addr_equal(thread->source, s->destination) || !first_cie(s->m, &cie))
        return false;
    struct addr about = addr_from_span(cie.protocol);
    return prefix_contains(thread->answer, about);
}

static void tell_purge(struct words *w)
{
    const struct sight *s = w->s;
    struct nhrp_cie cie = {0};
    first_cie(s->m, &cie);
    struct addr about = addr_from_span(cie.protocol);
    if (w->tale->kind == TALE_HAS_PURGED) {
        tell_two(w, s->destination, " confirms the purge that ", s->source, " asked for");
        const struct thread *thread = threads_of_message(&w->n->threads, s);
        if (thread != NULL)
            add_because(w, "as frame ", thread->first, " asked");
        return;
    }
    tell_two(w, s->source, w->tale->kind == TALE_PURGES_AGAIN ? " asks again that " : " asks that ", s->destination,
             " forget ");
    if (cie.protocol.len == 0 || addr_equal(about, s->source))
        text_add(&w->tells, "it");
    else
        add_addr(&w->tells, about);
    const struct thread *told = threads_find(&w->n->threads, has_told, s);
    if (told != NULL && w->tale->kind == TALE_PURGES)
        add_because(w, "which frame ", told->reply, " had told");
}

static void tell_failure(struct words *w)
{
    const struct sight *s = w->s;
    add_addr(&w->tells, s->source);
    text_add(&w->tells, " reports an error to ");
    add_addr(&w->tells, s->destination);
    if (s->request != NULL)
        add_because(w, "because of the message in frame ", s->request->frame, "");
}

static void tell_plain(struct words *w)
{
    const struct sight *s = w->s;
    if (s->packet == NULL || addr_is_none(s->from)) {
        text_add(&w->tells, "%s", tale_title(w->tale->kind));
        return;
    }
    if (w->tale->kind == TALE_ON_TUNNEL) {
        tell_two(w, s->from, " sends a packet to ", s->to, " through the tunnel");
        return;
    }
    const char *routing = w->tale->kind == TALE_ROUTES ? narrator_routing(&s->packet->inner) : NULL;
    const char *what = w->tale->kind == TALE_KEEPS_ALIVE    ? "a keepalive"
                       : w->tale->kind == TALE_ENCRYPTED    ? "something encrypted"
                       : w->tale->kind == TALE_KEYING       ? "a message of the key exchange"
                       : w->tale->kind == TALE_FRAGMENT     ? "a fragment"
                       : w->tale->kind == TALE_UNREADABLE   ? "a packet that cannot be read"
                       : w->tale->kind == TALE_CUT          ? "a packet that the capture has cut short"
                       : w->tale->kind == TALE_TUNNELS_OTHER ? "a packet that is neither IP nor NHRP"
                                                             : "a packet outside the tunnel";
    add_addr(&w->tells, who_is_at(s, s->from));
    text_add(&w->tells, " sends %s%s to ", routing != NULL ? routing : what, routing != NULL ? " routing information" : "");
    add_addr(&w->tells, who_is_at(s, s->to));
}

static void tell_odd_answer(struct words *w)
{
    const struct sight *s = w->s;
    const struct thread *thread = threads_of_message(&w->n->threads, s);
    if (w->tale->kind == TALE_ANSWER_UNASKED) {
        tell_two(w, s->source, " is sent an answer to a question that the capture does not show, about ",
                 s->destination, "");
        return;
    }
    tell_two(w, s->source, " is sent the answer about ", s->destination, " once more");
    if (thread != NULL)
        add_because(w, "as in frame ", thread->reply_last, "");
}

static void tell_by_kind(struct words *w)
{
    switch (w->tale->kind) {
    case TALE_REGISTERS:
    case TALE_RENEWS:
    case TALE_REGISTERS_AGAIN:
        tell_registration(w);
        break;
    case TALE_IS_REGISTERED:
    case TALE_IS_REFUSED:
        tell_registered(w);
        break;
    case TALE_ASKS:
    case TALE_ASKS_REDIRECTED:
    case TALE_ASKS_TO_RENEW:
    case TALE_ASKS_AGAIN:
        tell_question(w);
        break;
    case TALE_REGISTRATION_PASSED:
        tell_passed_on(w, "registration");
        break;
    case TALE_QUESTION_PASSED:
        tell_passed_on(w, "question");
        break;
    case TALE_PURGE_PASSED:
        tell_passed_on(w, "purge");
        break;
    case TALE_LEARNS_ADDRESS:
    case TALE_LEARNS_WAY:
    case TALE_NOT_RESOLVED:
        tell_resolved(w);
        break;
    case TALE_ANSWER_PASSED:
        tell_answer_on_its_way(w);
        break;
    case TALE_ANSWER_AGAIN:
    case TALE_ANSWER_UNASKED:
        tell_odd_answer(w);
        break;
    case TALE_REDIRECTS:
        tell_redirect(w);
        break;
    case TALE_PURGES:
    case TALE_PURGES_AGAIN:
    case TALE_HAS_PURGED:
        tell_purge(w);
        break;
    case TALE_FAILS:
        tell_failure(w);
        break;
    case TALE_SENDS_TO_HUB:
    case TALE_SENDS_BACK:
    case TALE_SENDS_FROM_HUB:
    case TALE_SENDS_STRAIGHT:
    case TALE_SENDS:
        tell_data(w);
        break;
    default:
        tell_plain(w);
    }
}

void narrator_words(struct narrator *n, const struct sight *s, struct tale *out)
{
    struct words w = {.n = n,
                      .s = s,
                      .tale = out,
                      .tells = text_of(out->tells, sizeof(out->tells)),
                      .because = text_of(out->because, sizeof(out->because))};
    tell_by_kind(&w);
    if (out->kind == TALE_REGISTERS_AGAIN || out->kind == TALE_ASKS_AGAIN || out->kind == TALE_PURGES_AGAIN)
        add_retry(&w);
}
