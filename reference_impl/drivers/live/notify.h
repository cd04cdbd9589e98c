/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify: tells a service manager how the daemon is doing, by sd_notify(3)'s protocol: one datagram to the
 * socket that NOTIFY_SOCKET names.
 */
#ifndef DMVPNKIT_LIVE_NOTIFY_H
#define DMVPNKIT_LIVE_NOTIFY_H

/* state: "READY=1" and the like. Nothing happens if nobody wants to know. */
void notify_manager(const char *state);

#endif
