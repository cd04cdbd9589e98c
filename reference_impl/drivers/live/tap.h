/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tap: shows the packets that pass to who captures through the control socket: time, octets, and a comment as
 * the simulator's captures have.
 */
#ifndef DMVPNKIT_LIVE_TAP_H
#define DMVPNKIT_LIVE_TAP_H

#include "drivers/live/instance.h"

/* Does a packet sent for this reason carry data, not NHRP? */
bool tap_is_data(enum send_reason reason);

/* Both cost next to nothing while nobody captures. */
void tap_sent(const struct instance *instance, struct span packet, enum send_reason reason);
void tap_received(const struct instance *instance, struct span packet);

#endif
