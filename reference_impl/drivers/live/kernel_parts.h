/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_parts: what kernel.c and kernel_events.c share. Internal to them.
 */
#ifndef DMVPNKIT_LIVE_KERNEL_PARTS_H
#define DMVPNKIT_LIVE_KERNEL_PARTS_H

#include <libmnl/libmnl.h>

#include "drivers/live/kernel.h"

#define KERNEL_EVENT_ROOM 65536 /* octets of one datagram */

struct kernel {
    struct mnl_socket *requests; /* blocking: a request and its answer */
    struct mnl_socket *events;   /* not blocking: what changed, and dumps */
    unsigned sequence;
    unsigned dump; /* which of the dumps of a synchronisation is under way; past the last: none */
    char buffer[KERNEL_EVENT_ROOM];
    const struct nlmsghdr *message; /* the next one in buffer */
    int left;                       /* octets from there on */
};

#endif
