/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adding to the tree, at no cost when there is none, or when nobody looks at it and no filter asks for the
 * field: epan finds that out too, but only after it has looked up and measured the field. Owns: these
 * shortcuts. The bounds that epan would have checked are checked once, by who decodes the packet.
 */
#ifndef DMVPN_SHOW_H
#define DMVPN_SHOW_H

#include "compat.h"
#include <epan/packet.h>

/* True if the field is to be seen, or asked for by a filter. */
static inline bool show_is_wanted(proto_tree *tree, int field)
{
    return tree && proto_field_is_referenced(tree, field);
}

/* The item, or NULL when it is not wanted. */
static inline proto_item *show_item(proto_tree *tree, int field, tvbuff_t *tvb, int offset, int length,
                                    unsigned encoding)
{
    return show_is_wanted(tree, field) ? proto_tree_add_item(tree, field, tvb, offset, length, encoding)
                                       : NULL;
}

/* A reserved bit. As long as it is zero its line is hidden, though not from filters, as most packets have
 * nine such bits (Wireshark's preference "Display hidden protocol items" shows them). */
static inline void show_reserved(proto_tree *tree, int field, tvbuff_t *tvb, int offset, int length,
                                 bool is_set)
{
    proto_item *item = show_item(tree, field, tvb, offset, length, ENC_BIG_ENDIAN);

    if (!is_set)
        proto_item_set_hidden(item);
}

/* True if the tree is to be seen, not only to be filtered by. */
static inline bool show_is_seen(proto_tree *tree)
{
    return show_is_wanted(tree, hf_text_only);
}

/* A subtree with a text; in a tree that nobody sees, the tree itself. */
static inline proto_tree *show_subtree(proto_tree *tree, tvbuff_t *tvb, int offset, int length, int type,
                                       proto_item **item, const char *text)
{
    if (show_is_seen(tree))
        return proto_tree_add_subtree(tree, tvb, offset, length, type, item, text);
    if (item)
        *item = tree;
    return tree;
}

/* A field with its bits as a subtree; the item, or NULL when neither is wanted. */
static inline proto_item *show_bits(proto_tree *tree, tvbuff_t *tvb, int offset, int field, int type,
                                    int *const *bits)
{
    bool wanted = show_is_wanted(tree, field);

    for (int *const *bit = bits; tree && *bit && !wanted; bit++)
        wanted = show_is_wanted(tree, **bit);
    return wanted ? proto_tree_add_bitmask_with_flags(tree, tvb, offset, field, type, bits, ENC_BIG_ENDIAN,
                                                      BMT_NO_APPEND)
                  : NULL;
}

#endif
