/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps: runs a case that has steps: plays what they say, one after the other, and judges what they expect.
 */
#ifndef DMVPNKIT_CONFORMANCE_STEPS_H
#define DMVPNKIT_CONFORMANCE_STEPS_H

#include "case.h"
#include "iut/iut.h"
#include "verdict.h"

/* Like runner_run(), for a case with steps; *out is begun, and not concluded yet. */
void steps_run(const struct conform_case *c, const struct requirement_table *requirements,
               const struct iut_driver *driver, const void *setup, struct case_result *out);

#endif
