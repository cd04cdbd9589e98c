/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * playback: an implementation under test that sends a list of packets at given times, whatever it gets, and
 * remembers what it got.
 */
#ifndef DMVPNKIT_TESTS_CONFORM_PLAYBACK_H
#define DMVPNKIT_TESTS_CONFORM_PLAYBACK_H

#include <stdio.h>

#include "frames.h"
#include "iut/iut.h"

#define PLAYBACK_MAX 16

struct playback_event {
    enum iut_event_kind kind;
    int64_t at_us;
    struct frame frame;
};

/* The driver's setup, and after the run the record. Events are in order of time. */
struct playback {
    struct playback_event events[PLAYBACK_MAX];
    size_t count;
    size_t next;
    bool dies; /* instead of going on after the last event */
    int64_t now_us;
    struct playback_event got_underlay[PLAYBACK_MAX];
    size_t underlay_count;
    struct playback_event got_overlay[PLAYBACK_MAX];
    size_t overlay_count;
};

static inline void playback_add(struct playback *p, enum iut_event_kind kind, int64_t at_us,
                                const struct frame *frame)
{
    ck_assert_uint_lt(p->count, PLAYBACK_MAX);
    p->events[p->count++] = (struct playback_event){.kind = kind, .at_us = at_us, .frame = *frame};
}

static inline void *playback_open(const void *setup, const struct iut_config *config, struct instant now,
                                  char error[IUT_ERROR_MAX])
{
    (void)error;
    ck_assert_uint_ne(config->hold_s, 0);
    struct playback *p = (struct playback *)setup;
    p->now_us = now.us;
    return p;
}

static inline bool playback_keep(struct playback_event *list, size_t *count, int64_t now_us,
                                 struct span packet)
{
    ck_assert_uint_lt(*count, PLAYBACK_MAX);
    struct playback_event *event = &list[(*count)++];
    event->at_us = now_us;
    memcpy(event->frame.bytes, packet.data, packet.len);
    event->frame.len = packet.len;
    return true;
}

static inline bool playback_send_underlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    (void)error;
    struct playback *p = self;
    return playback_keep(p->got_underlay, &p->underlay_count, p->now_us, packet);
}

static inline bool playback_send_overlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    (void)error;
    struct playback *p = self;
    return playback_keep(p->got_overlay, &p->overlay_count, p->now_us, packet);
}

static inline int playback_advance(void *self, struct instant until, struct iut_event *event,
                                   char error[IUT_ERROR_MAX])
{
    struct playback *p = self;
    if (p->next == p->count && p->dies) {
        snprintf(error, IUT_ERROR_MAX, "it died");
        return -1;
    }
    if (p->next == p->count || p->events[p->next].at_us > until.us) {
        if (until.us > p->now_us)
            p->now_us = until.us;
        return 0;
    }
    const struct playback_event *next = &p->events[p->next++];
    if (next->at_us > p->now_us)
        p->now_us = next->at_us;
    *event = (struct iut_event){
        .kind = next->kind, .at = {.us = p->now_us}, .packet = span_of(next->frame.bytes, next->frame.len)};
    return 1;
}

static inline void playback_close(void *self)
{
    (void)self;
}

static const struct iut_driver playback_driver = {
    .name = "playback",
    .words = "sends a list of packets",
    .sees_host_side = true,
    .open = playback_open,
    .send_underlay = playback_send_underlay,
    .send_overlay = playback_send_overlay,
    .advance = playback_advance,
    .close = playback_close,
};

#endif
