/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names: what the field names of edit statements stand for in a model. */
#ifndef DMVPNKIT_CONFORMANCE_EDIT_NAMES_H
#define DMVPNKIT_CONFORMANCE_EDIT_NAMES_H

#include "edit/model.h"

/* Give a field another value. False and one line in error if there is no such field, or if it cannot have it.
 */
bool names_set(struct model *m, const char *name, const char *value, const struct edit_sources *sources,
               char error[EDIT_ERROR_MAX]);
/* Extensions and CIEs; false if there is none of that name. */
bool names_remove(struct model *m, const char *name);
bool names_copy(struct model *m, const char *name);
bool names_move_last(struct model *m, const char *name);

#endif
