/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch: what the audit makes of each packet, for whoever tells a story of it.
 */
#ifndef DMVPNKIT_AUDIT_WATCH_H
#define DMVPNKIT_AUDIT_WATCH_H

#include "audit/rules.h"

/*
 * Called once for each packet, and for each request that stayed without an answer (SIGHT_UNANSWERED), in the
 * order in which they are judged and before they are remembered: what the sight shows of the past is how
 * things stood before it. The sight lives during the call only. No event at all: a frame that is no IP packet.
 */
typedef void audit_watch_fn(void *arg, const struct sight *s);
/* To be called before the first packet. */
void audit_watch(struct audit *a, audit_watch_fn *fn, void *arg);

#endif
