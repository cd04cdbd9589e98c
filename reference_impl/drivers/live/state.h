/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state: a tunnel's request id, kept from one run of the daemon to the next (RFC 2332 section 5.2.3: an id
 * must not be used again for another registration).
 *
 * The file always holds an id that was not used yet: one is set aside in advance for many requests to come,
 * so that a crash loses nothing and few writes are needed. It stays open, since the daemon gives up the
 * rights to open it again.
 */
#ifndef DMVPNKIT_LIVE_STATE_H
#define DMVPNKIT_LIVE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/live/privileges.h"

struct state {
    int fd;            /* -1: nothing is kept */
    uint32_t reserved; /* the id in the file */
};

/*
 * Open FOLDER/TUNNEL.request-id, and say with which id to begin. The file becomes the owner's, and so does
 * the folder if only such files are in it: after a reload it is the owner who opens them. False, and errno,
 * when nothing can be kept there; *first is then made from the time of day, so that it is unlikely to repeat.
 */
bool state_open(struct state *state, const char *folder, const char *tunnel, struct identity owner,
                uint32_t *first);
/* The id that the next request will have; cheap while it is below the reserved one. */
void state_note(struct state *state, uint32_t next);
/* Write the next id itself and close. */
void state_close(struct state *state, uint32_t next);

#endif
