/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fixed header of an NHRP packet.
 * Owns: RFC 2332 5.1. Must not: look past the first 20 octets, but for the checksum.
 */
#include "nhrp_parts.h"

#include <epan/in_cksum.h>

/* Where the fields stand, in octets */
enum {
    AT_AFN = 0,
    AT_PROTOCOL_TYPE = 2,
    AT_SNAP = 4,
    AT_HOP_COUNT = 9,
    AT_PACKET_SIZE = 10,
    AT_CHECKSUM = 12,
    AT_EXTENSIONS_OFFSET = 14,
    AT_VERSION = 16,
    AT_TYPE = 17,
    AT_NBMA_TL = 18,
    AT_SUBADDRESS_TL = 19,
};

static const struct nhrp_type_length source_address_fields = {
    &hf_nhrp_hdr_shtl, &hf_nhrp_hdr_shtl_reserved, &hf_nhrp_hdr_shtl_type, &hf_nhrp_hdr_shtl_len, false};
static const struct nhrp_type_length source_subaddress_fields = {
    &hf_nhrp_hdr_sstl, &hf_nhrp_hdr_sstl_reserved, &hf_nhrp_hdr_sstl_type, &hf_nhrp_hdr_sstl_len, true};

void nhrp_header_measure(tvbuff_t *tvb, struct nhrp_message *message)
{
    unsigned there = tvb_reported_length(tvb);

    message->packet_size = tvb_get_ntohs(tvb, AT_PACKET_SIZE);
    message->type = tvb_get_uint8(tvb, AT_TYPE);
    message->size = there;
    if (message->packet_size >= NHRP_HEADER_LENGTH && message->packet_size < there)
        message->size = message->packet_size;
}

static bool family_has_e164(unsigned afn)
{
    return afn == NHRP_AFN_NSAP || afn == NHRP_AFN_E164 || afn == NHRP_AFN_E164_NSAP;
}

static proto_item *show_type_length(tvbuff_t *tvb, proto_tree *tree, int offset,
                                    const struct nhrp_type_length *fields, const struct nhrp_message *message)
{
    uint8_t octet = tvb_get_uint8(tvb, offset);
    const char *type = (octet & NHRP_TL_E164)          ? "Native E.164 format"
                       : family_has_e164(message->afn) ? "NSAP format"
                                                       : "Native form";
    proto_item *item = NULL;
    proto_tree *bits = tree;

    if (show_is_wanted(tree, *fields->whole)) {
        item = proto_tree_add_uint_format_value(tree, *fields->whole, tvb, offset, 1, octet, "%s/%u", type,
                                                octet & NHRP_TL_LENGTH);
        bits = proto_item_add_subtree(item, ett_nhrp_type_length);
    }
    show_reserved(bits, *fields->reserved, tvb, offset, 1, octet & NHRP_TL_RESERVED);
    show_item(bits, *fields->type, tvb, offset, 1, ENC_BIG_ENDIAN);
    show_item(bits, *fields->length, tvb, offset, 1, ENC_BIG_ENDIAN);
    return item;
}

void nhrp_type_length_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                          const struct nhrp_type_length *fields, const struct nhrp_message *message)
{
    uint8_t octet = tvb_get_uint8(tvb, offset);
    proto_item *item = show_type_length(tvb, tree, offset, fields, message);

    if (octet & NHRP_TL_RESERVED)
        nhrp_blame(message, pinfo, item, &ei_nhrp_tl_reserved);
    if ((octet & NHRP_TL_LENGTH) == 0)
        return;
    if ((octet & NHRP_TL_E164) && !family_has_e164(message->afn))
        nhrp_blame(message, pinfo, item, &ei_nhrp_tl_type);
    if (fields->subaddress && message->afn != NHRP_AFN_E164_NSAP)
        nhrp_blame(message, pinfo, item, &ei_nhrp_subaddress);
}

/* ar$pro.type and ar$pro.snap */
static void add_protocol_type(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                              struct nhrp_message *message)
{
    proto_item *item;

    message->protocol_type = tvb_get_ntohs(tvb, AT_PROTOCOL_TYPE);
    message->snap_oui = tvb_get_ntoh24(tvb, AT_SNAP);
    message->snap_pid = tvb_get_ntohs(tvb, AT_SNAP + 3);
    message->protocol_kind = nhrp_protocol_kind(message->protocol_type, message->snap_oui, message->snap_pid);

    if (show_is_wanted(tree, hf_nhrp_hdr_pro_type))
        proto_tree_add_uint_format_value(
            tree, hf_nhrp_hdr_pro_type, tvb, AT_PROTOCOL_TYPE, 2, message->protocol_type, "%s (0x%04x)",
            nhrp_protocol_type_name(message->protocol_type), message->protocol_type);
    if (message->protocol_type == NHRP_PROTOCOL_SNAP) {
        show_item(tree, hf_nhrp_hdr_snap_oui, tvb, AT_SNAP, 3, ENC_BIG_ENDIAN);
        item = show_item(tree, hf_nhrp_hdr_snap_pid, tvb, AT_SNAP + 3, 2, ENC_BIG_ENDIAN);
        if (message->protocol_kind != NHRP_ADDRESS_OCTETS)
            nhrp_blame(message, pinfo, item, &ei_nhrp_snap_needless);
        return;
    }
    item = show_item(tree, hf_nhrp_hdr_snap_unused, tvb, AT_SNAP, 5, ENC_NA);
    if (message->snap_oui != 0 || message->snap_pid != 0)
        nhrp_blame(message, pinfo, item, &ei_nhrp_snap_nonzero);
}

/*
 * The checksum runs over ar$pktsz octets and no more. An embedded copy may have been cut or changed after its
 * checksum was made, so that a mismatch there says nothing.
 */
static void add_checksum(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                         const struct nhrp_message *message)
{
    bool whole = message->packet_size == message->size && tvb_captured_length(tvb) >= message->size;
    unsigned computed = whole ? ip_checksum_tvb(tvb, 0, message->size) : 0;
    bool verify = whole && !(message->embedded && computed != 0);

    if (computed == 0 && !show_is_wanted(tree, hf_nhrp_hdr_chksum) &&
        !show_is_wanted(tree, hf_nhrp_hdr_chksum_status))
        return;
    proto_tree_add_checksum(tree, tvb, AT_CHECKSUM, hf_nhrp_hdr_chksum, hf_nhrp_hdr_chksum_status,
                            &ei_nhrp_bad_checksum.expert, pinfo, computed, ENC_BIG_ENDIAN,
                            verify ? PROTO_CHECKSUM_VERIFY | PROTO_CHECKSUM_IN_CKSUM
                                   : PROTO_CHECKSUM_NO_FLAGS);
}

/* ar$pktsz, ar$chksum, ar$extoff: what bounds the parts of the packet */
static void add_bounds(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct nhrp_message *message)
{
    proto_item *item = show_item(tree, hf_nhrp_hdr_pktsz, tvb, AT_PACKET_SIZE, 2, ENC_BIG_ENDIAN);

    message->bounded = true;
    if (message->packet_size < NHRP_HEADER_LENGTH) {
        nhrp_blame(message, pinfo, item, &ei_nhrp_pktsz_invalid);
        message->bounded = false;
    } else if (message->packet_size > message->size) {
        proto_item_append_text(item, " (%u arrived)", message->size);
        nhrp_blame(message, pinfo, item, &ei_nhrp_pktsz_beyond);
    }
    add_checksum(tvb, pinfo, tree, message);

    message->extensions_offset = tvb_get_ntohs(tvb, AT_EXTENSIONS_OFFSET);
    item = show_item(tree, hf_nhrp_hdr_extoff, tvb, AT_EXTENSIONS_OFFSET, 2, ENC_BIG_ENDIAN);
    if (message->extensions_offset == 0) {
        proto_item_append_text(item, " (no extensions)");
    } else if (message->bounded && (message->extensions_offset < NHRP_HEADER_LENGTH ||
                                    message->extensions_offset > message->packet_size)) {
        nhrp_blame(message, pinfo, item, &ei_nhrp_extoff_invalid);
        message->bounded = false;
    }
}

void nhrp_header_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *parent, struct nhrp_message *message)
{
    proto_tree *tree =
        show_subtree(parent, tvb, 0, NHRP_HEADER_LENGTH, ett_nhrp_header, NULL, "NHRP Fixed Header");

    message->afn = tvb_get_ntohs(tvb, AT_AFN);
    message->hop_count = tvb_get_uint8(tvb, AT_HOP_COUNT);
    message->version = tvb_get_uint8(tvb, AT_VERSION);
    message->nbma_tl = tvb_get_uint8(tvb, AT_NBMA_TL);
    message->subaddress_tl = tvb_get_uint8(tvb, AT_SUBADDRESS_TL);
    message->nbma_kind = nhrp_nbma_kind(message->afn, message->nbma_tl);

    show_item(tree, hf_nhrp_hdr_afn, tvb, AT_AFN, 2, ENC_BIG_ENDIAN);
    add_protocol_type(tvb, pinfo, tree, message);
    message->hop_count_item = show_item(tree, hf_nhrp_hdr_hopcnt, tvb, AT_HOP_COUNT, 1, ENC_BIG_ENDIAN);
    add_bounds(tvb, pinfo, tree, message);
    message->version_item = show_item(tree, hf_nhrp_hdr_version, tvb, AT_VERSION, 1, ENC_BIG_ENDIAN);
    message->type_item = show_item(tree, hf_nhrp_hdr_op_type, tvb, AT_TYPE, 1, ENC_BIG_ENDIAN);
    nhrp_type_length_add(tvb, pinfo, tree, AT_NBMA_TL, &source_address_fields, message);
    nhrp_type_length_add(tvb, pinfo, tree, AT_SUBADDRESS_TL, &source_subaddress_fields, message);
}
