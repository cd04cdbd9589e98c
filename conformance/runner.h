/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner: runs one case against one implementation: plays every other party from the capture, the hosts
 * behind the role under test included, and judges what comes back.
 */
#ifndef DMVPNKIT_CONFORMANCE_RUNNER_H
#define DMVPNKIT_CONFORMANCE_RUNNER_H

#include "case.h"
#include "iut/iut.h"
#include "requirements.h"
#include "verdict.h"

/*
 * Run the case and fill *out (free with result_free()). What goes wrong with the suite's own means (an
 * unusable capture, an implementation that does not start or dies) is VERDICT_ERROR with a line in
 * out->error. setup is handed to driver->open().
 */
void runner_run(const struct conform_case *c, const struct requirement_table *requirements,
                const struct iut_driver *driver, const void *setup, struct case_result *out);

#endif
