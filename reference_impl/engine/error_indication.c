/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/error_indication.h"

#include "engine/compose.h"

/* Fixed part, lengths, code and offset, and four addresses at their longest here. */
#define HEADER_ROOM (NHRP_FIXED_LEN + 8 + 4 * 16)

void error_indication_send(struct node *node, const struct received *received, enum drop_reason reason,
                           enum nhrp_error_code code, size_t offset)
{
    const struct nhrp_message *bad = &received->message;
    node_drop(
        node, reason,
        (struct about){.protocol = received->source_protocol, .nbma = received->from.nbma, .number = code});
    if (bad->fixed.type == NHRP_ERROR_INDICATION || bad->source_protocol.len == 0)
        return;
    if (!limiter_take(&node->error_limit, node->now)) {
        node->counters.errors_limited++;
        return;
    }
    struct addr none = {0};
    struct nhrp_message report = compose_message(node, NHRP_ERROR_INDICATION, &none);
    report.destination_protocol = bad->source_protocol;
    report.error.code = (uint16_t)code;
    report.error.offset = (uint16_t)(offset < UINT16_MAX ? offset : UINT16_MAX);
    size_t room = compose_message_max(node) - HEADER_ROOM;
    report.contents = received->bytes;
    if (report.contents.len > room)
        report.contents.len = room;
    compose_send(node, &report, received->from, SEND_ERROR);
}

void error_indication_receive(struct node *node, const struct received *received)
{
    const struct nhrp_message *report = &received->message;
    struct nhrp_message ours;
    node_trace(node, TRACE_ERROR_RECEIVED,
               (struct about){received->source_protocol, received->from.nbma, report->error.code});
    /* The packet in error is checked for being ours: its request id is all that vouches for the report. */
    if (nhrp_decode_head(report->contents, &ours).status != CODEC_OK ||
        !node_owns(node, addr_from_span(ours.source_protocol))) {
        node_drop(node, DROP_UNSOLICITED, (struct about){.nbma = received->from.nbma});
        return;
    }
    if (ours.fixed.type == NHRP_RESOLUTION_REQUEST)
        resolution_client_error(node, &ours, report->error.code);
    else if (ours.fixed.type == NHRP_REGISTRATION_REQUEST)
        registration_client_error(node, &ours, report->error.code);
}
