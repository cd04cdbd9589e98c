/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * condition: what a step asks of one field of a packet:
 *
 *   [should] NAME OP VALUE [| VALUE ...] [@REQUIREMENT]     OP is one of = != < <= > >= and ~
 *   [should] NAME present|absent [@REQUIREMENT]
 *
 * A VALUE is as in edit.h, and $this:NAME for another field of the same packet. ~ holds when one is the
 * beginning of the other, 20 octets at least. A condition with "should" is worth a note, not a failure.
 */
#ifndef DMVPNKIT_CONFORMANCE_CONDITION_H
#define DMVPNKIT_CONFORMANCE_CONDITION_H

#include "edit/edit.h"
#include "policy.h"
#include "requirements.h"
#include "verdict.h"

#define CONDITION_MAX 512

struct condition_context {
    const struct field_list *fields; /* of the packet that is judged */
    const struct edit_sources *sources;
    const struct policy_context *policy;   /* names the requirement where neither condition nor step does */
    const struct requirement *requirement; /* of the step, or NULL */
    const struct requirement_table *requirements;
    bool skips_absent; /* a field that is not there satisfies: the step takes messages of several types */
};

enum condition_answer { CONDITION_HOLDS, CONDITION_FAILS, CONDITION_BAD };

/* Does it hold? If not, *out tells the difference; if the condition is malformed, error does. */
enum condition_answer condition_judge(const char *text, const struct condition_context *context,
                                      struct difference *out, char error[EDIT_ERROR_MAX]);

#endif
