/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * silent: an implementation under test that takes everything and never says anything. What passes with it
 * tests nothing.
 */
#include "iut/iut.h"

static int silent_self;

static void *silent_open(const void *setup, const struct iut_config *config, struct instant now,
                         char error[IUT_ERROR_MAX])
{
    (void)setup;
    (void)config;
    (void)now;
    (void)error;
    return &silent_self;
}

static bool silent_send(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    (void)self;
    (void)packet;
    (void)error;
    return true;
}

static int silent_advance(void *self, struct instant until, struct iut_event *event,
                          char error[IUT_ERROR_MAX])
{
    (void)self;
    (void)until;
    (void)event;
    (void)error;
    return 0;
}

static void silent_close(void *self)
{
    (void)self;
}

const struct iut_driver iut_silent = {
    .name = "silent",
    .words = "never sends anything; every case must fail with it",
    .sees_host_side = true,
    .open = silent_open,
    .send_underlay = silent_send,
    .send_overlay = silent_send,
    .advance = silent_advance,
    .close = silent_close,
};
