/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mandatory part up to its variable end: lengths, flags, request id or codes, addresses.
 * Owns: the common header of RFC 2332 5.2.0.1, the flags of 5.2.1-5.2.6, the Error Indication of 5.2.7 and
 * the Traffic Indication of DMVPN draft 5.1. Must not: decode CIEs, embedded packets or extensions.
 */
#include "nhrp_parts.h"

/* Subaddresses have one form only */
static const struct nhrp_address_place source_subaddress_place = {NULL, NULL, NULL, &hf_nhrp_src_nbma_saddr,
                                                                  NULL};

static void add_flags(tvbuff_t *tvb, proto_tree *tree, int offset, struct nhrp_message *message)
{
    static int *const resolution[] = {&hf_nhrp_flag_q,
                                      &hf_nhrp_flag_a,
                                      &hf_nhrp_flag_d,
                                      &hf_nhrp_flag_u_resolution,
                                      &hf_nhrp_flag_s,
                                      &hf_nhrp_flag_nat,
                                      &hf_nhrp_flags_unused_resolution,
                                      NULL};
    static int *const registration[] = {&hf_nhrp_flag_u_registration, &hf_nhrp_flag_nat,
                                        &hf_nhrp_flags_unused_short, NULL};
    static int *const purge[] = {&hf_nhrp_flag_n, &hf_nhrp_flag_nat, &hf_nhrp_flags_unused_short, NULL};
    int *const *bits = nhrp_is_resolution(message)     ? resolution
                       : nhrp_is_registration(message) ? registration
                                                       : purge;

    message->flags = tvb_get_ntohs(tvb, offset);
    message->flags_item = show_bits(tree, tvb, offset, hf_nhrp_flags, ett_nhrp_flags, bits);
}

static void add_error(tvbuff_t *tvb, proto_tree *tree, int offset, struct nhrp_message *message)
{
    message->flags = tvb_get_ntohs(tvb, offset);
    message->error_code = tvb_get_ntohs(tvb, offset + 2);
    message->error_offset = tvb_get_ntohs(tvb, offset + 4);
    message->flags_item = show_item(tree, hf_nhrp_err_unused, tvb, offset, 2, ENC_BIG_ENDIAN);
    message->code_item = show_item(tree, hf_nhrp_err_code, tvb, offset + 2, 2, ENC_BIG_ENDIAN);
    message->offset_item = show_item(tree, hf_nhrp_err_offset, tvb, offset + 4, 2, ENC_BIG_ENDIAN);
}

static void add_traffic(tvbuff_t *tvb, proto_tree *tree, int offset, struct nhrp_message *message)
{
    message->flags = tvb_get_ntohs(tvb, offset);
    message->traffic_code = tvb_get_ntohs(tvb, offset + 2);
    message->traffic_unused = tvb_get_ntohs(tvb, offset + 4);
    message->flags_item = show_item(tree, hf_nhrp_tind_unused, tvb, offset, 2, ENC_BIG_ENDIAN);
    message->code_item = show_item(tree, hf_nhrp_tind_code, tvb, offset + 2, 2, ENC_BIG_ENDIAN);
    message->unused_item = show_item(tree, hf_nhrp_tind_unused, tvb, offset + 4, 2, ENC_BIG_ENDIAN);
}

/* The six octets behind the protocol address lengths, which each family of messages uses in its own way */
static void add_family(tvbuff_t *tvb, proto_tree *tree, int offset, struct nhrp_message *message)
{
    if (nhrp_has_request_id(message)) {
        add_flags(tvb, tree, offset, message);
        message->request_id = tvb_get_ntohl(tvb, offset + 2);
        show_item(tree, hf_nhrp_request_id, tvb, offset + 2, 4, ENC_BIG_ENDIAN);
    } else if (message->type == NHRP_ERROR_INDICATION) {
        add_error(tvb, tree, offset, message);
    } else if (message->type == NHRP_TRAFFIC_INDICATION) {
        add_traffic(tvb, tree, offset, message);
    } else {
        show_item(tree, hf_nhrp_mandatory_data, tvb, offset, 6, ENC_NA);
    }
}

/* The four addresses; the caller knows that they end before the mandatory part does. Returns the offset
 * behind. */
static int add_addresses(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                         struct nhrp_message *message)
{
    unsigned nbma_length = message->nbma_tl & NHRP_TL_LENGTH;
    unsigned subaddress_length = message->subaddress_tl & NHRP_TL_LENGTH;
    bool blame = !message->embedded;

    nhrp_address_add(tvb, pinfo, tree, offset, nbma_length, message->nbma_kind, &nhrp_source_nbma_place,
                     blame, &message->source_nbma);
    offset += nbma_length;
    nhrp_address_add(tvb, pinfo, tree, offset, subaddress_length, NHRP_ADDRESS_OCTETS,
                     &source_subaddress_place, blame, &message->source_subaddress);
    offset += subaddress_length;
    nhrp_address_add(tvb, pinfo, tree, offset, message->source_length, message->protocol_kind,
                     &nhrp_source_protocol_place, blame, &message->source_protocol);
    offset += message->source_length;
    nhrp_address_add(tvb, pinfo, tree, offset, message->destination_length, message->protocol_kind,
                     &nhrp_destination_protocol_place, blame, &message->destination_protocol);
    return offset + message->destination_length;
}

/* What follows the addresses: CIEs, a packet, or something unknown */
static void add_contents(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int end,
                         struct nhrp_message *message)
{
    if (nhrp_has_request_id(message))
        nhrp_cie_list_dissect(tvb, pinfo, tree, offset, end, "Client Information Entry", message,
                              &message->cies);
    else if (message->type == NHRP_ERROR_INDICATION || message->type == NHRP_TRAFFIC_INDICATION)
        nhrp_embedded_dissect(tvb, pinfo, tree, offset, end, message);
    else if (offset < end)
        show_item(tree, hf_nhrp_mandatory_data, tvb, offset, end - offset, ENC_NA);
}

void nhrp_mandatory_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *parent, int end,
                            struct nhrp_message *message)
{
    int offset = NHRP_HEADER_LENGTH;
    proto_item *item;
    proto_tree *tree =
        show_subtree(parent, tvb, offset, end - offset, ett_nhrp_mandatory, &item, "NHRP Mandatory Part");
    int needed = NHRP_COMMON_HEADER_LENGTH;

    if (end - offset >= NHRP_COMMON_HEADER_LENGTH) {
        message->source_length = tvb_get_uint8(tvb, offset);
        message->destination_length = tvb_get_uint8(tvb, offset + 1);
        needed += (message->nbma_tl & NHRP_TL_LENGTH) + (message->subaddress_tl & NHRP_TL_LENGTH) +
                  message->source_length + message->destination_length;
        show_item(tree, hf_nhrp_src_prot_len, tvb, offset, 1, ENC_BIG_ENDIAN);
        show_item(tree, hf_nhrp_dst_prot_len, tvb, offset + 1, 1, ENC_BIG_ENDIAN);
        add_family(tvb, tree, offset + 2, message);
        offset += NHRP_COMMON_HEADER_LENGTH;
    }
    if (end - NHRP_HEADER_LENGTH < needed) {
        nhrp_blame(message, pinfo, item, &ei_nhrp_mandatory_short);
        if (offset < end)
            show_item(tree, hf_nhrp_mandatory_data, tvb, offset, end - offset, ENC_NA);
        return;
    }
    offset = add_addresses(tvb, pinfo, tree, offset, message);
    add_contents(tvb, pinfo, tree, offset, end, message);
}
