/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raw: a peer reached through this machine's own IP stack, so that IPsec policies of the kernel apply to what
 * is sent and received. The addresses of the stations that the suite plays must be on this machine.
 */
#ifndef DMVPNKIT_CONFORMANCE_IUT_RAW_H
#define DMVPNKIT_CONFORMANCE_IUT_RAW_H

#include "iut/live.h"

/* struct live_setup is its setup too; only netns and prepare are read. */
extern const struct iut_driver iut_raw;

#endif
