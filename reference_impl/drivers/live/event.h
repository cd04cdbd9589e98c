/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event: what a node says and does, as a flat JSON object: for the log, and for who watches through the
 * control socket. The same words as the simulator's trace.
 */
#ifndef DMVPNKIT_LIVE_EVENT_H
#define DMVPNKIT_LIVE_EVENT_H

#include <jansson.h>

#include "engine/io.h"

/* The object is the caller's. NULL when memory runs out. */
json_t *event_json(const struct node_output *output);

/* "not-for-us" and so on: the name of a drop reason as one word. Lasts until the next call. */
const char *event_drop_word(enum drop_reason reason);

/* An address as a JSON string; null for ADDR_NONE. */
json_t *event_address(struct addr address);
json_t *event_prefix(struct prefix prefix);

#endif
