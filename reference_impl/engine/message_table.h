/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message_table: one row for each message type: where it is going, and who takes it when it is for this node.
 */
#ifndef DMVPNKIT_ENGINE_MESSAGE_TABLE_H
#define DMVPNKIT_ENGINE_MESSAGE_TABLE_H

#include "engine/node_state.h"

struct message_row {
    uint8_t type;
    /* Replies travel to their source protocol address, all others to their destination (RFC 2332
     * section 5.2.0.1). */
    bool to_source;
    /* Is this node where the message ends? */
    bool (*is_for_us)(struct node *node, const struct received *received);
    void (*handle)(struct node *node, const struct received *received);
};

/* NULL for a type that is none of the eight. */
const struct message_row *message_row_of(uint8_t type);

/* The address that the message is travelling to. */
struct addr message_heads_for(const struct received *received);

#endif
