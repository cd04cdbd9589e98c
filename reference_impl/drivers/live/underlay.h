/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * underlay: GRE, ESP and ESP in UDP from and to the NBMA network, many packets to a system call. One serves
 * all tunnels of the process; which packet is whose is the caller's business.
 *
 * Packets begin with their outer IP header in both directions. Where the kernel hands them out without their
 * headers (all of IPv6, and UDP), those are put together again from what else the kernel tells.
 */
#ifndef DMVPNKIT_LIVE_UNDERLAY_H
#define DMVPNKIT_LIVE_UNDERLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

#define UNDERLAY_BATCH 64 /* packets to a system call */

struct underlay;

struct underlay_counters {
    uint64_t sent;
    uint64_t send_failed; /* the kernel would not take them: too big, no route, no room */
    int last_error;       /* errno of the last of those */
};

/* No socket yet. NULL when memory runs out. */
struct underlay *underlay_create(void);
void underlay_free(struct underlay *underlay);

/* What is received, one socket each. */
enum underlay_port {
    UNDERLAY_GRE4,
    UNDERLAY_GRE6,
    UNDERLAY_ESP4,
    UNDERLAY_ESP6,
    UNDERLAY_UDP4, /* ESP in UDP, port 4500 (RFC 3948) */
    UNDERLAY_UDP6,
    UNDERLAY_PORT_COUNT,
};

/* Make sure that this is received and its family can be sent. False, and errno, if not. */
bool underlay_open(struct underlay *underlay, enum underlay_port port);
/* The descriptor to wait for; -1 if it is not open. */
int underlay_fd(const struct underlay *underlay, enum underlay_port port);

/*
 * Receive what is there, up to UNDERLAY_BATCH packets, and say how many. The spans that underlay_packet()
 * gives last until the next call; one is empty if its headers could not be restored.
 */
unsigned underlay_receive(struct underlay *underlay, enum underlay_port port);
struct span underlay_packet(const struct underlay *underlay, unsigned index);

/* Put a packet into the batch that goes out next; it is copied. */
void underlay_send(struct underlay *underlay, struct span packet);
/* Send the batch. */
void underlay_flush(struct underlay *underlay);

struct underlay_counters underlay_counters(const struct underlay *underlay);

#endif
