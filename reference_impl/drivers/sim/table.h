/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table: scenarios as rows of a Markdown table, for the page that lists the captures.
 */
#ifndef DMVPNKIT_SIM_TABLE_H
#define DMVPNKIT_SIM_TABLE_H

#include <stdio.h>

#include "drivers/sim/scenario.h"

void table_begin(FILE *out);
/* path is the scenario's file; the capture has the same name. */
void table_row(FILE *out, const char *path, const struct scenario *scenario);

#endif
