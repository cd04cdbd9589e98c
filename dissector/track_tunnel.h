/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels, stations and clouds: who talks to whom over the underlay, and what they are to each other.
 * Owns: these records, roles, hub hints. Must not: know messages.
 */
#ifndef DMVPN_TRACK_TUNNEL_H
#define DMVPN_TRACK_TUNNEL_H

#include "track.h"

/*
 * Find or make the tunnel that a frame travels, and set tunnel and from. Without two IP addresses there is
 * none.
 */
void track_tunnel_enter(struct track_frame *frame);

/* The tunnel between two stations under a key, made if need be; *from is the end that `source` is. */
uint32_t track_tunnel_between(uint64_t key, const struct track_address *source,
                              const struct track_address *destination, unsigned *from);

/* The same, but 0 when there is no such tunnel. */
uint32_t track_tunnel_find(uint64_t key, const struct track_address *source,
                           const struct track_address *destination, unsigned *from);

/* Number of the cloud of this hub under this key, made if need be. */
uint32_t track_cloud_of(uint64_t key, const struct track_address *hub);

/* Raise a station's role; a lower one than known changes nothing. */
void track_station_is(uint32_t station, enum track_role role);

/* The station that sent the frame, and the other one; 0 without a tunnel. */
uint32_t track_sender(const struct track_frame *frame);
uint32_t track_receiver(const struct track_frame *frame);

/* Note in the frame's fact what is known of its ends and its cloud. */
void track_tunnel_note(const struct track_frame *frame);

/* Addresses that are hubs whatever is seen: a list with spaces or commas between, as the preference has it.
 */
void track_hub_hints_set(const char *list);

#endif
