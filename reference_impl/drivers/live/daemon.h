/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon: the process as a whole: all tunnels, what they share, and the loop that waits for packets, time,
 * signals, the kernel and operators.
 */
#ifndef DMVPNKIT_LIVE_DAEMON_H
#define DMVPNKIT_LIVE_DAEMON_H

#include "drivers/live/instance.h"

#define DAEMON_FAMILIES 2

struct daemon {
    const char *config_path;
    struct live_config *config; /* of its tunnels, what the instances have taken over is gone */
    struct services services;
    struct mirror *mirror;
    struct instance *instances[LIVE_TUNNELS_MOST];
    size_t instance_count;
    uint64_t strays; /* packets received that are no tunnel's of ours */
    int epoll;
    int timer;
    int signals;
    bool has_rules[DAEMON_FAMILIES]; /* the kernel's, for IPv4 and IPv6, are set */
    bool stopping;
};

/*
 * Get everything that needs root: devices, sockets, the control socket. Takes the configuration over.
 * NULL, and one line in error, if anything cannot be had. config_path is what a reload reads.
 */
struct daemon *daemon_create(const char *config_path, struct live_config *config, char error[LIVE_ERROR_MAX]);
/* Run until SIGTERM or SIGINT. False, and one line in error, if the daemon cannot go on. */
bool daemon_run(struct daemon *daemon, char error[LIVE_ERROR_MAX]);
/* Leave cleanly: registrations purged, routes, rules and devices gone. */
void daemon_free(struct daemon *daemon);

struct instant daemon_now(void);

#endif
