/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observe: from a decoded packet to a judged and remembered sight. For the audit's own files.
 */
#ifndef DMVPNKIT_AUDIT_OBSERVE_H
#define DMVPNKIT_AUDIT_OBSERVE_H

#include "audit/rules.h"

/* Find the tunnel that a packet belongs to; the client may be NULL. */
void observe_tunnel(struct sight *s, struct station *client);
/* A message; s has what the frame tells: audit, frame, at, packet, m, cloud, from, to. */
void observe_message(struct sight *s, struct span message);
/* Data in GRE, likewise. */
void observe_data(struct sight *s);
/* Nobody answered. */
void observe_unanswered(struct audit *a, struct request *r);

#endif
