/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timers: everything that a node does because time has passed.
 *
 * registration: one for each next hop server. While a request is unanswered: repeat it. While registered:
 * renew at a third of the holding time. While refused: try again, when depends on the code.
 *
 * resolution: one for each destination asked about. While a request is unanswered: repeat it a few times,
 * then give up. While the answer holds: look whether it is in use, and renew it. While it was refused: forget
 * the refusal, after our own holding time.
 *
 * binding: one for each binding with a holding time: forget it at its end.
 *
 * flow: one for each redirected flow: it may be redirected again.
 *
 * told: one for each mapping handed out: forget it at the end of its holding time; while it is taken back,
 * repeat the purge.
 *
 * rip: one, if the node speaks RIPv2: whatever is due next of the list in rip.h.
 *
 * The node's deadline is the earliest of them; all wait in one timing wheel (wheel.h).
 */
#ifndef DMVPNKIT_ENGINE_TIMERS_H
#define DMVPNKIT_ENGINE_TIMERS_H

#include "engine/wheel.h"

struct node;

enum timer_kind { TIMER_REGISTRATION, TIMER_RESOLUTION, TIMER_BINDING, TIMER_FLOW, TIMER_TOLD, TIMER_RIP };

/* Request retries: 1, 2, 4, ... s, up to the longest (DEFACTO; RFC 2332 section 5.2.0.1 leaves the interval
 * open). */
#define RETRY_FIRST_S            1
#define REGISTRATION_RETRY_MAX_S 64
#define RESOLUTION_ATTEMPTS      4 /* requests for one answer; the last is given as long as it would be next */
#define REFUSAL_RESOURCES_S      30 /* how long a refusal for want of resources (code 5) is believed */
#define HOLD_REFRESH_PARTS       3 /* registrations are renewed after 1/3 of the holding time (section 5.2.3) */
#define REDIRECT_INTERVAL_S      2  /* between two Traffic Indications about one flow (DRAFT section 4.3) */
#define SA_WANT_AGAIN_S          10 /* between two wishes for a security association with one peer */
#define GRE_SEQUENCE_RESET_S     5  /* a peer silent for so long may begin its GRE sequence numbers anew */
#define RENEWAL_LAST_CHANCE_S    2  /* nearer to its end an answer is not renewed any more */

/* How long to wait after the attempt'th (from 1) request: 1, 2, 4, ... seconds, at most max_s, at least 1. */
unsigned timers_retry_s(unsigned attempt, unsigned max_s);

void timers_arm(struct node *node, struct timer *timer, enum timer_kind kind, struct instant at);
/* Act on every timer that is due at the node's time. */
void timers_run(struct node *node);

#endif
