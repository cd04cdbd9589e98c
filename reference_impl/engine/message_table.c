/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/message_table.h"

#include "engine/error_indication.h"
#include "engine/indication.h"
#include "engine/purge.h"
#include "engine/registration_server.h"
#include "engine/resolution_server.h"

static bool source_is_us(struct node *node, const struct received *received)
{
    return node_owns(node, received->source_protocol);
}

static bool destination_is_us(struct node *node, const struct received *received)
{
    return node_owns(node, received->destination_protocol);
}

/* A Traffic Indication goes one hop: through the tunnel that the packet came in on (DRAFT §4.3). */
static bool always(struct node *node, const struct received *received)
{
    (void)node;
    (void)received;
    return true;
}

static const struct message_row rows[] = {
    {NHRP_RESOLUTION_REQUEST, false, resolution_server_is_for_us, resolution_server_request},
    {NHRP_RESOLUTION_REPLY, true, source_is_us, resolution_client_reply},
    {NHRP_REGISTRATION_REQUEST, false, registration_server_is_for_us, registration_server_request},
    {NHRP_REGISTRATION_REPLY, true, source_is_us, registration_client_reply},
    {NHRP_PURGE_REQUEST, false, purge_is_for_us, purge_request},
    {NHRP_PURGE_REPLY, true, source_is_us, purge_reply},
    {NHRP_ERROR_INDICATION, false, destination_is_us, error_indication_receive},
    {NHRP_TRAFFIC_INDICATION, false, always, indication_receive},
};

const struct message_row *message_row_of(uint8_t type)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].type == type)
            return &rows[i];
    return NULL;
}

struct addr message_heads_for(const struct received *received)
{
    const struct message_row *row = message_row_of(received->message.fixed.type);
    return row && row->to_source ? received->source_protocol : received->destination_protocol;
}
