/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * intake: packets on their way to the observer. For the audit's own files.
 */
#ifndef DMVPNKIT_AUDIT_INTAKE_H
#define DMVPNKIT_AUDIT_INTAKE_H

#include "audit/state.h"

/* Copy the packet's octets. */
void intake_put(struct queued *place, struct span bytes);
/* Decode it, and begin to fetch what will be needed. */
void intake_decode(struct audit *a, struct queued *place);
/* Fetch the rest. */
void intake_fetch(const struct audit *a, const struct queued *place);
/* Its turn has come: have it judged and remembered. */
void intake_take(struct audit *a, const struct queued *place);

#endif
