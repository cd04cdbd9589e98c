/* SPDX-License-Identifier: GPL-2.0-or-later */
/* case_steps: the steps of a sidecar, checked. For case.c only. */
#ifndef DMVPNKIT_CONFORMANCE_CASE_STEPS_H
#define DMVPNKIT_CONFORMANCE_CASE_STEPS_H

#include "case_schema.h"

/*
 * Turn one step of the file into *out, which points into the file. False, the key that is wrong in *key and
 * one line in error, if it has no verb or several, or keys that do not go with it.
 */
bool case_step_take(const struct case_file_step *from, const struct requirement_table *table,
                    struct case_step *out, const char **key, char error[CASE_ERROR_MAX]);

/* Words for the messages that a step may expect, as in "registration-reply|error-indication", as bits of
 * policy_message(); 0 if a word is unknown. */
unsigned case_messages_parse(const char *words);

#endif
