/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packet that an indication carries: an NHRP packet in an Error Indication, the head of a data packet in
 * a Traffic Indication. It ends where the mandatory part ends, whatever its own length field says. Owns:
 * finding and calling its dissector. Must not: let its troubles reach the rest of the message. Implements:
 * RFC 2332 5.2.7, DMVPN draft 5.1.
 */
#include "nhrp.h"
#include "nhrp_parts.h"

#include <epan/exceptions.h>
#include <epan/show_exception.h>

enum {
    IPV4_HEADER_LENGTH = 20,
    IPV4_AT_SOURCE = 12,
    IPV4_AT_DESTINATION = 16,
    IPV6_HEADER_LENGTH = 40,
    IPV6_AT_SOURCE = 8,
    IPV6_AT_DESTINATION = 24,
};

static dissector_table_t ethertypes;
static dissector_table_t nlpids;

static int call_by_protocol(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                            const struct nhrp_message *message)
{
    unsigned ethertype =
        nhrp_protocol_ethertype(message->protocol_type, message->snap_oui, message->snap_pid);

    if (!ethertypes) {
        ethertypes = find_dissector_table("ethertype");
        nlpids = find_dissector_table("osinl.incl");
    }
    if (ethertype != 0)
        return dissector_try_uint(ethertypes, ethertype, tvb, pinfo, tree);
    if (message->protocol_type <= NHRP_PROTOCOL_LAST_NLPID && message->protocol_type != NHRP_PROTOCOL_SNAP)
        return dissector_try_uint(nlpids, message->protocol_type, tvb, pinfo, tree);
    return 0;
}

/* Ends of the data packet, for the summary line */
static void note_traffic(tvbuff_t *tvb, struct nhrp_message *message)
{
    enum nhrp_address_kind kind = message->protocol_kind;

    if (kind == NHRP_ADDRESS_IPV4 && tvb_bytes_exist(tvb, 0, IPV4_HEADER_LENGTH)) {
        nhrp_address_note(tvb, IPV4_AT_SOURCE, kind, &message->traffic_from);
        nhrp_address_note(tvb, IPV4_AT_DESTINATION, kind, &message->traffic_to);
    } else if (kind == NHRP_ADDRESS_IPV6 && tvb_bytes_exist(tvb, 0, IPV6_HEADER_LENGTH)) {
        nhrp_address_note(tvb, IPV6_AT_SOURCE, kind, &message->traffic_from);
        nhrp_address_note(tvb, IPV6_AT_DESTINATION, kind, &message->traffic_to);
    }
}

static void dissect_traffic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct nhrp_message *message)
{
    note_traffic(tvb, message);
    if (nhrp_address_length(message->protocol_kind) != 0 &&
        message->traffic_from.kind == NHRP_ADDRESS_ABSENT &&
        tvb_captured_length(tvb) == tvb_reported_length(tvb))
        nhrp_blame(message, pinfo, message->embedded_item, &ei_nhrp_embedded_short);
    if (!call_by_protocol(tvb, pinfo, tree, message))
        call_data_dissector(tvb, pinfo, tree);
}

static void dissect_error(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct nhrp_message *message)
{
    proto_item *item;

    if (message->error_offset < tvb_reported_length(tvb)) {
        item = show_item(tree, hf_nhrp_err_octet, tvb, message->error_offset, 1, ENC_BIG_ENDIAN);
        proto_item_set_generated(item);
        proto_item_append_text(item, ", at offset %u", message->error_offset);
    } else {
        nhrp_blame(message, pinfo, message->offset_item, &ei_nhrp_error_offset);
    }
    if (tvb_reported_length(tvb) < NHRP_HEADER_LENGTH) {
        nhrp_blame(message, pinfo, message->embedded_item, &ei_nhrp_embedded_short);
        call_data_dissector(tvb, pinfo, tree);
        return;
    }
    message->about = nhrp_dissect_embedded(tvb, pinfo, tree, message);
    if (!message->about) {
        finding_add(pinfo, message->embedded_item, &ei_nhrp_embedded_deep);
        call_data_dissector(tvb, pinfo, tree);
    }
}

/* Copies are cut short as a rule, so that running off their end is no fault: it is shown and left at that. */
static void dissect_guarded(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct nhrp_message *message)
{
    bool in_error = pinfo->flags.in_error_pkt;
    bool in_gre = pinfo->flags.in_gre_pkt;

    pinfo->flags.in_error_pkt = true;
    TRY
    {
        if (message->type == NHRP_ERROR_INDICATION)
            dissect_error(tvb, pinfo, tree, message);
        else
            dissect_traffic(tvb, pinfo, tree, message);
    }
    CATCH3(ReportedBoundsError, ContainedBoundsError, FragmentBoundsError)
    {
        proto_item_set_generated(
            show_item(tree, hf_nhrp_embedded_cut, tvb, tvb_captured_length(tvb), 0, ENC_NA));
    }
    CATCH_NONFATAL_ERRORS
    {
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    ENDTRY;
    pinfo->flags.in_error_pkt = in_error;
    pinfo->flags.in_gre_pkt = in_gre;
}

void nhrp_embedded_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *parent, int offset, int end,
                           struct nhrp_message *message)
{
    proto_tree *tree = show_subtree(parent, tvb, offset, end - offset, ett_nhrp_embedded,
                                    &message->embedded_item, "Packet Causing Indication");

    message->embedded_length = end - offset;
    proto_item_append_text(message->embedded_item, " (%u octets)", message->embedded_length);
    proto_item_set_generated(
        proto_tree_add_uint(tree, hf_nhrp_embedded_length, tvb, offset, 0, message->embedded_length));
    if (message->embedded_length == 0) {
        nhrp_blame(message, pinfo, message->embedded_item, &ei_nhrp_embedded_short);
        return;
    }
    dissect_guarded(tvb_new_subset_length(tvb, offset, message->embedded_length), pinfo, tree, message);
}
