/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * owner: which tunnel of the process a packet from the underlay is for. Pure: looks at the packet and at the
 * tunnels' configurations.
 */
#ifndef DMVPNKIT_LIVE_OWNER_H
#define DMVPNKIT_LIVE_OWNER_H

#include "drivers/live/instance.h"

/*
 * By NBMA address, and there: what is in clear by GRE key and, for a point-to-point tunnel, by the other end;
 * what is encrypted by SPI (RFC 4303 section 2.1). A packet that fits none of the tunnels at its address goes
 * to the one that it fits best, which drops it for a reason. NULL: there is no tunnel at that address.
 */
struct instance *owner_find(struct instance *const *instances, size_t count, struct span packet);

#endif
