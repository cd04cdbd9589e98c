/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * receive: an NHRP message from the tunnel: decoded whole, authenticated, and handed to who handles its type
 * here, or passed on. Nothing acts before all is decoded.
 */
#ifndef DMVPNKIT_ENGINE_RECEIVE_H
#define DMVPNKIT_ENGINE_RECEIVE_H

#include "engine/node_state.h"

/* bytes is the GRE payload; from is where it came from. */
void receive_message(struct node *node, struct endpoint from, struct span bytes);

#endif
