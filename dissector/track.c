/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of the analysis. See track.h.
 */
#include "track.h"

struct track_state *track;

void track_open(void)
{
    track = wmem_new0(wmem_file_scope(), struct track_state);
    track_array_init(&track->stations, sizeof(struct track_station));
    track_array_init(&track->clouds, sizeof(struct track_cloud));
    track_array_init(&track->tunnels, sizeof(struct track_tunnel));
    track_array_init(&track->clients, sizeof(struct track_client));
    track_array_init(&track->exchanges, sizeof(struct track_exchange));
    track_array_init(&track->bindings, sizeof(struct track_binding));
    track_array_init(&track->redirects, sizeof(struct track_redirect));
    track_array_init(&track->shortcuts, sizeof(struct track_shortcut));
    track_array_init(&track->facts, sizeof(struct track_fact));
}

void track_close(void)
{
    track = NULL;
}
