/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * isolate: one case in a process of its own, with a time limit, so that an implementation that crashes or
 * hangs inside this program ends its case and not the run.
 */
#ifndef DMVPNKIT_CONFORMANCE_ISOLATE_H
#define DMVPNKIT_CONFORMANCE_ISOLATE_H

#include "runner.h"

/*
 * runner_run() in a child process. A child that is killed by a signal, or ends in another way than this
 * function's, is FINDING_CRASHED; one that is not done after limit_s seconds of real time is ended and is
 * FINDING_HUNG. out->took_us is real time.
 */
void isolate_run(const struct conform_case *c, const struct requirement_table *requirements,
                 const struct iut_driver *driver, const void *setup, unsigned limit_s,
                 struct case_result *out);

#endif
