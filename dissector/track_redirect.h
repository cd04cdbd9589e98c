/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Redirects, the requests they cause, and the shortcuts that come of it.
 * Owns: redirect and shortcut records, the phase of an exchange. Must not: match replies to requests, or know
 * data. Implements: DMVPN draft 4.3-4.7, RFC 2332 5.2.1, 5.2.2.
 */
#ifndef DMVPN_TRACK_REDIRECT_H
#define DMVPN_TRACK_REDIRECT_H

#include "track.h"

/* Enter a Traffic Indication, or a resolution whose exchange has been found. */
void track_redirect_enter(const struct track_frame *frame, const struct nhrp_message *message);

#endif
