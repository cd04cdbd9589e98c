/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * narrator: tells the kinds of tale apart and remembers what may be a cause later. The words are put together
 * in narrator_words.c.
 */
#include "explain/narrator.h"

#include <stdlib.h>
#include <string.h>

#include "explain/narrator_state.h"
#include "memory.h"

#define PORT_RIP           520
#define PORT_RIPNG         521
#define PORT_BGP           179
#define PORT_IKE           500
#define PORT_NAT_TRAVERSAL 4500

static const struct {
    const char *name, *title, *clause;
    enum tale_family family;
} tales[] = {
#define TALE(name, family, title, clause) [TALE_##name] = {#name, title, clause, FAMILY_##family},
#define FAMILY(name, would1, phase1, would2, phase2, would3, phase3)
#include "explain/tale.def"
};

static const struct {
    const char *name;
    struct {
        enum tale_would would;
        const char *words;
    } phases[3];
} families[] = {
#define TALE(name, family, title, clause)
#define FAMILY(name, would1, phase1, would2, phase2, would3, phase3)                                         \
    [FAMILY_##name] = {#name, {{WOULD_##would1, phase1}, {WOULD_##would2, phase2}, {WOULD_##would3, phase3}}},
#include "explain/tale.def"
};

const char *tale_name(enum tale_kind kind)
{
    return tales[kind].name;
}

const char *tale_title(enum tale_kind kind)
{
    return tales[kind].title;
}

enum tale_family tale_family(enum tale_kind kind)
{
    return tales[kind].family;
}

const char *tale_family_name(enum tale_family family)
{
    return families[family].name;
}

const char *tale_in_phase(enum tale_family family, unsigned phase, enum tale_would *would)
{
    *would = families[family].phases[phase - 1].would;
    return families[family].phases[phase - 1].words;
}

struct narrator *narrator_new(bool on_tunnel)
{
    struct narrator *n = memory_zeroed(1, sizeof(struct narrator));
    n->on_tunnel = on_tunnel;
    return n;
}

void narrator_free(struct narrator *n)
{
    free(n);
}

bool narrator_is_hub(const struct station *station)
{
    return station != NULL && station->roles & (AUDIT_SERVER | AUDIT_TRANSIT);
}

bool narrator_is_registered(const struct sight *s)
{
    return s->client != NULL && s->client->binding == BINDING_ACCEPTED &&
           !instant_reached(s->at, instant_after_s(s->client->accepted_at, s->client->hold_s));
}

static bool has_asked_before(const struct thread *thread, const void *key)
{
    const struct sight *s = key;
    return thread->type == NHRP_RESOLUTION_REQUEST && thread->reply > 0 && thread->accepted &&
           thread->cloud == s->cloud && thread->id != s->m->request_id &&
           addr_equal(thread->source, s->source) && addr_equal(thread->asked, s->destination);
}

struct thread *narrator_earlier_answer(struct narrator *n, const struct sight *s)
{
    return threads_find(&n->threads, has_asked_before, s);
}

/* The redirect that a new question follows; none if an answer to an earlier question came since. */
const struct redirect *narrator_redirect(struct narrator *n, const struct sight *s)
{
    const struct redirect *redirect = threads_find_redirect(&n->threads, s->from, s->destination);
    const struct thread *earlier = narrator_earlier_answer(n, s);
    if (redirect != NULL && earlier != NULL && redirect->frame < earlier->reply_last)
        return NULL;
    return redirect;
}

static enum tale_kind kind_of_request(struct narrator *n, const struct sight *s)
{
    bool again = s->events & SIGHT_RETRY;
    /* Two stations with one tunnel address may use one request id: each is at the address that it names. */
    bool from_source = !addr_is_none(s->from) && addr_equal(s->from, addr_from_span(s->m->source_nbma));
    bool passed = !from_source && ((s->events & SIGHT_FORWARD) || !s->own);
    switch (s->m->fixed.type) {
    case NHRP_REGISTRATION_REQUEST:
        return passed             ? TALE_REGISTRATION_PASSED
               : again            ? TALE_REGISTERS_AGAIN
               : narrator_is_registered(s) ? TALE_RENEWS
                                  : TALE_REGISTERS;
    case NHRP_RESOLUTION_REQUEST:
        return passed                                  ? TALE_QUESTION_PASSED
               : again                                 ? TALE_ASKS_AGAIN
               : narrator_redirect(n, s) != NULL       ? TALE_ASKS_REDIRECTED
               : narrator_earlier_answer(n, s) != NULL ? TALE_ASKS_TO_RENEW
                                                       : TALE_ASKS;
    default:
        return passed ? TALE_PURGE_PASSED : again ? TALE_PURGES_AGAIN : TALE_PURGES;
    }
}

/* Has the answer reached whoever asked? Without outer addresses it is taken to have. */
static bool has_arrived(const struct sight *s, const struct thread *thread)
{
    return addr_is_none(s->from) || thread == NULL || addr_is_none(thread->from) ||
           addr_equal(thread->from, s->to);
}

static enum tale_kind kind_of_reply(struct narrator *n, const struct sight *s)
{
    struct nhrp_cie cie = {.code = NHRP_CIE_OK};
    if (s->events & SIGHT_ORPHAN)
        return TALE_ANSWER_UNASKED;
    if (s->events & SIGHT_REPLY_AGAIN)
        return TALE_ANSWER_AGAIN;
    first_cie(s->m, &cie);
    switch (s->m->fixed.type) {
    case NHRP_REGISTRATION_REPLY:
        return cie.code == NHRP_CIE_OK ? TALE_IS_REGISTERED : TALE_IS_REFUSED;
    case NHRP_PURGE_REPLY:
        return TALE_HAS_PURGED;
    default:
        if (!has_arrived(s, threads_of_message(&n->threads, s)))
            return TALE_ANSWER_PASSED;
        if (cie.code != NHRP_CIE_OK)
            return TALE_NOT_RESOLVED;
        return span_equal(cie.protocol, s->m->destination_protocol) ? TALE_LEARNS_ADDRESS : TALE_LEARNS_WAY;
    }
}

const char *narrator_routing(const struct ip *inner)
{
    switch (inner->protocol) {
    case 88:
        return "EIGRP";
    case 89:
        return "OSPF";
    case 103:
        return "PIM";
    case 6:
    case IP_PROTOCOL_UDP: {
        struct reader r = reader_of(inner->payload);
        uint16_t from = reader_u16(&r), to = reader_u16(&r);
        if (inner->protocol == 6)
            return from == PORT_BGP || to == PORT_BGP ? "BGP" : NULL;
        return to == PORT_RIP ? "RIP" : to == PORT_RIPNG ? "RIPng" : NULL;
    }
    default:
        return NULL;
    }
}

static enum tale_kind kind_of_data(const struct sight *s)
{
    const struct ip *inner = &s->packet->inner;
    const struct station *to = station_at(s->audit, s->cloud, s->to);
    if (narrator_routing(inner) != NULL)
        return TALE_ROUTES;
    if (s->events & SIGHT_HAIRPIN)
        return TALE_SENDS_BACK;
    if (s->sender == NULL || to == NULL)
        return narrator_is_hub(to) ? TALE_SENDS_TO_HUB : TALE_SENDS;
    if (narrator_is_hub(to))
        return TALE_SENDS_TO_HUB;
    return narrator_is_hub(s->sender) ? TALE_SENDS_FROM_HUB : TALE_SENDS_STRAIGHT;
}

static enum tale_kind kind_of_underlay(const struct ip *outer)
{
    struct udp udp;
    if (outer->more_fragments || outer->fragment_offset > 0)
        return TALE_FRAGMENT;
    if (outer->protocol == IP_PROTOCOL_ESP)
        return TALE_ENCRYPTED;
    if (outer->protocol != IP_PROTOCOL_UDP || udp_decode(outer->payload, &udp).status != CODEC_OK)
        return TALE_UNDERLAY;
    struct reader r = reader_of(udp.payload);
    bool marked = reader_u32(&r) == 0; /* RFC 3948 section 2.2 */
    if (udp.destination_port == PORT_NAT_TRAVERSAL || udp.source_port == PORT_NAT_TRAVERSAL)
        return marked ? TALE_KEYING : TALE_ENCRYPTED;
    return udp.destination_port == PORT_IKE || udp.source_port == PORT_IKE ? TALE_KEYING : TALE_UNDERLAY;
}

static enum tale_kind kind_of(struct narrator *n, const struct sight *s)
{
    if (s->packet == NULL)
        return TALE_NO_PACKET;
    if (s->events & SIGHT_MESSAGE) {
        unsigned type = TYPES(s->m->fixed.type);
        return type & TYPES_REQUEST                                ? kind_of_request(n, s)
               : type & TYPES_REPLY                                ? kind_of_reply(n, s)
               : s->m->fixed.type == NHRP_TRAFFIC_INDICATION       ? TALE_REDIRECTS
                                                                   : TALE_FAILS;
    }
    if (s->packet->kind == PACKET_BAD)
        return s->cut ? TALE_CUT : TALE_UNREADABLE;
    if (s->events & SIGHT_DATA)
        return kind_of_data(s);
    if (s->packet->kind == PACKET_KEEPALIVE)
        return TALE_KEEPS_ALIVE;
    if (n->on_tunnel && !s->packet->has_gre)
        return TALE_ON_TUNNEL;
    return s->packet->has_gre ? TALE_TUNNELS_OTHER : kind_of_underlay(&s->packet->outer);
}

/* What a positive answer is about: the prefix, and where it leads. */
static void keep_answer(struct thread *thread, const struct sight *s)
{
    struct nhrp_cie cie, nat;
    thread->reply = s->frame;
    thread->replied_from = s->from;
    if (!first_cie(s->m, &cie))
        return;
    thread->accepted = cie.code == NHRP_CIE_OK;
    thread->until = instant_after_s(s->at, cie.hold_s);
    struct addr about = s->m->fixed.type == NHRP_RESOLUTION_REPLY ? s->destination : s->source;
    bool host = cie.prefix_len == 0 || cie.prefix_len == NHRP_PREFIX_HOST;
    thread->answer = prefix_of(about, host ? addr_bits(about) : cie.prefix_len);
    thread->answer_nbma = addr_from_span(cie.nbma);
    if (record_last(s->m, NHRP_EXT_NAT_ADDRESS, &nat) && nat.nbma.len > 0)
        thread->answer_nbma = addr_from_span(nat.nbma);
}

static void remember_message(struct narrator *n, const struct sight *s, const struct tale *tale)
{
    struct ip data;
    struct thread *thread = threads_of_message(&n->threads, s);
    if (s->m->fixed.type == NHRP_TRAFFIC_INDICATION &&
        ip_decode_head(s->m->contents, &data).status == CODEC_OK)
        threads_add_redirect(&n->threads, (struct redirect){s->frame, s->to, data.source, data.destination});
    if (TYPES(s->m->fixed.type) & TYPES_REQUEST) {
        if (s->events & SIGHT_ORIGINAL || thread == NULL) {
            const struct redirect *redirect =
                tale->kind == TALE_ASKS_REDIRECTED ? narrator_redirect(n, s) : NULL;
            thread = threads_add(&n->threads);
            *thread = (struct thread){.cloud = s->cloud,
                                      .type = s->m->fixed.type,
                                      .id = s->m->request_id,
                                      .source = s->source,
                                      .asked = s->destination,
                                      .from = s->own ? s->from : (struct addr){0},
                                      .first = s->frame,
                                      .redirect = redirect != NULL ? redirect->frame : 0};
        }
        thread->last = s->frame;
    } else if (TYPES(s->m->fixed.type) & TYPES_REPLY && thread != NULL) {
        if (thread->reply == 0 || s->events & SIGHT_REPLY)
            keep_answer(thread, s);
        thread->reply_last = s->frame;
    }
}

void narrator_tell(struct narrator *n, const struct sight *s, struct tale *out)
{
    memset(out, 0, sizeof(*out));
    out->kind = kind_of(n, s);
    if (s->packet != NULL)
        describe_decoded(s->packet, &out->says);
    out->clause = tales[out->kind].clause[0] != '\0' ? tales[out->kind].clause : out->says.clause;
    if (s->events & SIGHT_MESSAGE) {
        out->asked = s->destination;
        out->subject = s->source;
    }
    narrator_words(n, s, out);
    if (s->events & SIGHT_MESSAGE)
        remember_message(n, s, out);
}
