/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay: a TUN device: IP packets from and to this host, which routes them. Owns the device, which goes
 * with it; its addresses and state are kernel.h's business.
 */
#ifndef DMVPNKIT_LIVE_OVERLAY_H
#define DMVPNKIT_LIVE_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

#define OVERLAY_RESERVE 16

/*
 * Keep OVERLAY_RESERVE more descriptors than are in use now, for the devices of a reload: on many systems
 * only root may open the file that they are made from. Call before giving up root.
 */
void overlay_reserve(void);
/* Close those that were not needed. */
void overlay_release(void);

/* A new device of that name, not blocking. -1, and errno, if there can be none. Close it with close(). */
int overlay_open(const char *name);

/* The next packet that the host sends, into buffer; its length, or 0 when there is none for now. */
size_t overlay_read(int fd, uint8_t *buffer, size_t cap);

/* False if the host does not take it, for want of memory or because the device is down. */
bool overlay_write(int fd, struct span packet);

#endif
