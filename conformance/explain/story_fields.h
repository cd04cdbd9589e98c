/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_fields: a packet's fields as a reader is shown them: label, value, place and clause, in the order of
 * their places.
 */
#ifndef DMVPNKIT_EXPLAIN_STORY_FIELDS_H
#define DMVPNKIT_EXPLAIN_STORY_FIELDS_H

#include "field.h"

#define STORY_FIELDS_OCTETS 4096 /* a longer packet has no fields here */
#define STORY_VALUE_MAX (FIELD_TEXT_MAX + 64)

struct story_field {
    char name[FIELD_NAME_MAX]; /* as in Wireshark, or like it */
    const char *label, *clause;
    char value[STORY_VALUE_MAX]; /* empty for the head of a group */
    size_t offset, len;          /* inside the bytes */
    unsigned depth;
};

/* Free *out. bytes begin with an IP header, or with an NHRP message if is_message. */
size_t story_fields(struct span bytes, bool is_message, struct story_field **out);

#endif
