/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec: any program as the implementation under test, that speaks lines of text on its standard input and
 * output. docs/conformance.md has the protocol, examples/exec_engine.c a program that speaks it.
 */
#ifndef DMVPNKIT_CONFORMANCE_IUT_EXEC_H
#define DMVPNKIT_CONFORMANCE_IUT_EXEC_H

#include "iut/iut.h"

/* iut_exec takes a shell command as its setup. The program is started anew for every case. */
extern const struct iut_driver iut_exec;

#define EXEC_EXIT_UNSUPPORTED 127 /* it cannot be configured so, or does not exist */
#define EXEC_PATIENCE_S       10  /* for an answer, beyond the time that is to pass */

#endif
