/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands: what an operator may ask of the daemon, one row each in commands.c.
 */
#ifndef DMVPNKIT_LIVE_COMMANDS_H
#define DMVPNKIT_LIVE_COMMANDS_H

#include <jansson.h>

struct daemon;

/* Do what the request asks. The answer is the caller's. */
json_t *commands_answer(struct daemon *daemon, unsigned client, const json_t *request);

#endif
