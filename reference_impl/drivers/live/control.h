/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control: the daemon's end of the control socket: clients, lines of JSON in and out, bounded buffers. What a
 * request means is commands.h's business.
 *
 * A client sends one JSON object a line and gets one back a line: {"ok": true, ...} or {"ok": false, "error":
 * "..."}. After "watch" or "capture" it gets further lines, as things happen; what a slow client cannot take
 * is left out and counted in the next line that fits ("missed").
 */
#ifndef DMVPNKIT_LIVE_CONTROL_H
#define DMVPNKIT_LIVE_CONTROL_H

#include <jansson.h>
#include <stdbool.h>

#include "drivers/live/privileges.h"

enum control_topic {
    CONTROL_EVENTS,  /* what happens in the nodes */
    CONTROL_NHRP,    /* NHRP packets as they pass */
    CONTROL_PACKETS, /* all packets */
    CONTROL_TOPIC_COUNT,
};

struct control;

/*
 * Listen at path; a socket that a dead daemon left is replaced, and a missing folder is made. The owner and
 * its group may connect (if root starts the daemon; else this process's user and group).
 * NULL, and errno, if that fails; EADDRINUSE when a daemon answers there.
 */
struct control *control_create(const char *path, struct identity owner);
/* Close all and remove the socket. */
void control_free(struct control *control);

/* The descriptor to wait for before control_poll(). */
int control_fd(const struct control *control);
/* Take connections, read and write what can be. */
void control_poll(struct control *control);

/*
 * The next request that a client has sent; false when there is none for now. The object is the caller's;
 * answer it with control_reply() before the next control_poll(). A line that is no object is answered here.
 */
bool control_next(struct control *control, unsigned *client, json_t **request);
/* Takes over the reply. */
void control_reply(struct control *control, unsigned client, json_t *reply);

/* A client wants to hear of a topic from now on; only: of this tunnel, or NULL for all. */
void control_subscribe(struct control *control, unsigned client, enum control_topic topic, const char *only);
/* How many do. Cheap: asked for every packet. */
unsigned control_audience(const struct control *control, enum control_topic topic);
/* Tell them. The object stays the caller's. */
void control_publish(struct control *control, enum control_topic topic, const char *tunnel,
                     const json_t *object);

#endif
