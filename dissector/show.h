/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adding to the tree, at no cost when there is none: epan looks up and measures each field first.
 * Owns: these shortcuts. The bounds that epan would have checked are checked once, by who has no tree to
 * fill.
 */
#ifndef DMVPN_SHOW_H
#define DMVPN_SHOW_H

#include "compat.h"
#include <epan/packet.h>

static inline proto_item *show_item(proto_tree *tree, int field, tvbuff_t *tvb, int offset, int length,
                                    unsigned encoding)
{
    return tree ? proto_tree_add_item(tree, field, tvb, offset, length, encoding) : NULL;
}

static inline proto_tree *show_subtree(proto_tree *tree, tvbuff_t *tvb, int offset, int length, int type,
                                       proto_item **item, const char *text)
{
    if (tree)
        return proto_tree_add_subtree(tree, tvb, offset, length, type, item, text);
    if (item)
        *item = NULL;
    return NULL;
}

#endif
