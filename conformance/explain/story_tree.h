/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_tree: the story as JSON, which the page takes as it is. */
#ifndef DMVPNKIT_EXPLAIN_STORY_TREE_H
#define DMVPNKIT_EXPLAIN_STORY_TREE_H

#include <jansson.h>

#include "explain/story_writers.h"

#define STORY_BYTES_SHOWN  1024 /* octets of a packet */
#define STORY_FIELDS_SHOWN 400

/* json_decref() it. */
json_t *story_tree(const struct story *story);

#endif
