/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The GRE header: RFC 2784 with the key and sequence number of RFC 2890. See gre.h.
 */
#include "gre.h"
#include "analysis.h"
#include "fields.h"
#include "show.h"
#include "values.h"

#include <epan/in_cksum.h>
#include <epan/ipproto.h>
#include <epan/proto_data.h>

enum {
    GRE_DEPTH_LIMIT = 16, /* nested GRE headers followed; real tunnels have 2 (keepalives) */
    IPV4_HEADER_LENGTH = 20,
};

/* What the first octets say, before anything is shown */
struct gre_header {
    uint16_t flags;
    uint16_t type;
    unsigned depth; /* GRE headers above this one */
    uint32_t key;   /* 0 without one */
    uint32_t sequence;
};

static dissector_table_t
    stock_table; /* the stock dissector as entry 0: only a table can leave the layer out */
static dissector_table_t gre_payloads;

/* RFC 2784 packets of types whose payload dissectors need nothing but the payload */
static bool gre_is_ours(uint16_t flags, uint16_t type)
{
    if ((flags & (GRE_FLAG_VERSION | GRE_FLAG_ROUTING)) != 0)
        return false;
    switch (type) {
    case GRE_TYPE_KEEPALIVE:
    case GRE_TYPE_NHRP:
    case GRE_TYPE_IPV4:
    case GRE_TYPE_IPV6:
    case GRE_TYPE_ARP:
    case GRE_TYPE_CDP:
    case GRE_TYPE_MPLS:
    case GRE_TYPE_MPLS_UPSTREAM:
    case GRE_TYPE_CISCO_METADATA:
    case GRE_TYPE_NSH:
    case GRE_TYPE_TRANSPARENT_ETHERNET:
        return true;
    default:
        return false;
    }
}

static void gre_add_flags(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                          const struct gre_header *header)
{
    static int *const flags[] = {
        &hf_gre_flag_checksum, &hf_gre_flag_routing,      &hf_gre_flag_key,
        &hf_gre_flag_sequence, &hf_gre_flag_strict_route, &hf_gre_flag_recursion,
        &hf_gre_flag_reserved, &hf_gre_version,           NULL,
    };
    proto_item *item = show_bits(tree, tvb, 0, hf_gre_flags_and_version, ett_gre_flags, flags);

    if (!item)
        item = tree;
    if (header->flags & GRE_RESERVED_DISCARD)
        finding_add(pinfo, item, &ei_gre_reserved_set);
    if (header->flags & GRE_RESERVED_IGNORED)
        finding_add(pinfo, item, &ei_gre_ignored_set);
}

/* Checksum and reserved 1. Returns the offset behind them. */
static int gre_add_checksum(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset)
{
    unsigned length = tvb_reported_length(tvb);
    proto_item *item;

    if (!pinfo->fragmented && !pinfo->flags.in_error_pkt && tvb_captured_length(tvb) >= length) {
        proto_tree_add_checksum(tree, tvb, offset, hf_gre_checksum, hf_gre_checksum_status,
                                &ei_gre_checksum_incorrect.expert, pinfo, ip_checksum_tvb(tvb, 0, length),
                                ENC_BIG_ENDIAN, PROTO_CHECKSUM_VERIFY | PROTO_CHECKSUM_IN_CKSUM);
    } else {
        proto_tree_add_checksum(tree, tvb, offset, hf_gre_checksum, hf_gre_checksum_status,
                                &ei_gre_checksum_incorrect.expert, pinfo, 0, ENC_BIG_ENDIAN,
                                PROTO_CHECKSUM_NO_FLAGS);
    }
    item = show_item(tree, hf_gre_reserved1, tvb, offset + 2, 2, ENC_BIG_ENDIAN);
    if (tvb_get_ntohs(tvb, offset + 2) != 0)
        finding_add(pinfo, item ? item : tree, &ei_gre_reserved1_set);
    return offset + 4;
}

/*
 * A Cisco keepalive is an IPv4 packet inside GRE, addressed back to its sender, that holds an empty GRE
 * packet of type 0: the peer needs nothing but forwarding to answer it.
 */
static bool gre_is_keepalive(tvbuff_t *tvb, packet_info *pinfo, int offset)
{
    uint8_t first;
    int inner;

    if (!tvb_bytes_exist(tvb, offset, IPV4_HEADER_LENGTH) || pinfo->src.type != AT_IPv4)
        return false;
    first = tvb_get_uint8(tvb, offset);
    inner = offset + (first & 0x0F) * 4;
    return (first >> 4) == 4 && inner >= offset + IPV4_HEADER_LENGTH && tvb_bytes_exist(tvb, inner, 4) &&
           tvb_get_uint8(tvb, offset + 9) == IP_PROTO_GRE &&
           tvb_get_ntohs(tvb, inner + 2) == GRE_TYPE_KEEPALIVE &&
           tvb_memeql(tvb, offset + 16, (const uint8_t *)pinfo->src.data, 4) == 0;
}

/* Says what a keepalive is: outside with its answer enclosed, the answer enclosed, or the answer on its own.
 */
static void gre_tell_keepalive(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                               const struct gre_header *header, int offset)
{
    const char *story;

    if (header->type == GRE_TYPE_KEEPALIVE)
        story = header->depth > 0 ? "GRE keepalive, its answer enclosed"
                                  : "GRE keepalive answer, back at its sender";
    else if (header->type == GRE_TYPE_IPV4 && gre_is_keepalive(tvb, pinfo, offset))
        story = "GRE keepalive, its answer enclosed";
    else
        return;
    proto_item_set_generated(proto_tree_add_string(tree, hf_gre_keepalive, tvb, 0, 0, story));
    if (header->type == GRE_TYPE_KEEPALIVE)
        col_set_str(pinfo->cinfo, COL_INFO, story);
}

/* The header of a packet that gre_is_ours(). Returns its length in octets. */
static int gre_add_header(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct gre_header *header)
{
    int offset = 4;

    gre_add_flags(tvb, pinfo, tree, header);
    show_item(tree, hf_gre_proto, tvb, 2, 2, ENC_BIG_ENDIAN);
    if (header->flags & GRE_FLAG_CHECKSUM)
        offset = gre_add_checksum(tvb, pinfo, tree, offset);
    if (header->flags & GRE_FLAG_KEY) {
        header->key = tvb_get_ntohl(tvb, offset);
        show_item(tree, hf_gre_key, tvb, offset, 4, ENC_BIG_ENDIAN);
        offset += 4;
    }
    if (header->flags & GRE_FLAG_SEQUENCE) {
        header->sequence = tvb_get_ntohl(tvb, offset);
        show_item(tree, hf_gre_sequence, tvb, offset, 4, ENC_BIG_ENDIAN);
        offset += 4;
    }
    return offset;
}

/* GRE inside GRE: a keepalive's answer is the only innocent case. */
static void gre_tell_depth(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                           const struct gre_header *header)
{
    proto_item *item;

    if (header->depth == 0)
        return;
    item = proto_tree_add_uint(tree, hf_gre_depth, tvb, 0, 0, header->depth);
    proto_item_set_generated(item);
    if (header->type != GRE_TYPE_KEEPALIVE)
        finding_add(pinfo, item, &ei_gre_recursion);
}

/* Only the outermost header is a tunnel between two routers that both see */
static void gre_analyse(tvbuff_t *payload, packet_info *pinfo, proto_tree *tree,
                        const struct gre_header *header)
{
    struct analysis_gre gre = {
        .has_key = (header->flags & GRE_FLAG_KEY) != 0,
        .has_sequence = (header->flags & GRE_FLAG_SEQUENCE) != 0,
        .key = header->key,
        .sequence = header->sequence,
        .type = header->type,
    };

    if (header->depth == 0)
        analysis_gre(pinfo, payload, tree, &gre);
}

static int gre_dissect_own(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    struct gre_header header = {tvb_get_ntohs(tvb, 0), tvb_get_ntohs(tvb, 2),
                                p_get_proto_depth(pinfo, proto_stock_gre), 0, 0};
    const char *type_name = value_name_or_hex(pinfo, header.type, gre_protocol_types);
    proto_item *top = NULL;
    proto_tree *gre_tree;
    tvbuff_t *payload;
    int offset;

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "GRE");
    if (header.type == GRE_TYPE_NHRP)
        col_set_str(pinfo->cinfo, COL_INFO, "Encapsulated NHRP"); /* the case to be quick in */
    else
        col_add_fstr(pinfo->cinfo, COL_INFO, "Encapsulated %s", type_name);
    if (tree)
        top = proto_tree_add_protocol_format(tree, proto_stock_gre, tvb, 0, -1,
                                             "Generic Routing Encapsulation (%s)", type_name);
    gre_tree = proto_item_add_subtree(top, ett_gre);
    offset = gre_add_header(tvb, pinfo, gre_tree, &header);
    proto_item_set_len(top, offset);
    gre_tell_keepalive(tvb, pinfo, gre_tree, &header, offset);
    gre_tell_depth(tvb, pinfo, gre_tree, &header);

    if (tvb_reported_length_remaining(tvb, offset) <= 0)
        return offset;
    if (tree)
        gre_decode_as_note(pinfo, header.type);
    payload = tvb_new_subset_remaining(tvb, offset);
    gre_analyse(payload, pinfo, gre_tree, &header);
    if (header.depth >= GRE_DEPTH_LIMIT) {
        finding_add(pinfo, top, &ei_gre_too_deep);
        call_data_dissector(payload, pinfo, gre_tree);
        return tvb_captured_length(tvb);
    }
    pinfo->flags.in_gre_pkt = true;
    /* NHRP ends the nesting: what it embeds is another packet */
    if (header.type != GRE_TYPE_NHRP)
        p_set_proto_depth(pinfo, proto_stock_gre, header.depth + 1);
    if (!dissector_try_uint(gre_payloads, header.type, payload, pinfo, tree))
        call_data_dissector(payload, pinfo, gre_tree);
    if (header.type != GRE_TYPE_NHRP)
        p_set_proto_depth(pinfo, proto_stock_gre, header.depth);
    return tvb_captured_length(tvb);
}

/*
 * Entry for IP protocol 47. The layer "gre" is counted for this entry; the stock dissector is called without
 * being counted once more.
 */
static int gre_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (tvb_bytes_exist(tvb, 0, 4) && gre_is_ours(tvb_get_ntohs(tvb, 0), tvb_get_ntohs(tvb, 2)))
        return gre_dissect_own(tvb, pinfo, tree);
    return dmvpn_try_uint(stock_table, 0, tvb, pinfo, tree, false, data);
}

void gre_register(void)
{
    stock_table = register_dissector_table("dmvpn.stock", "GRE that is left to the stock dissector",
                                           proto_stock_gre, FT_UINT8, BASE_DEC);
}

dissector_handle_t gre_create_handle(void)
{
    gre_payloads = find_dissector_table("gre.proto");
    dissector_add_uint("dmvpn.stock", 0,
                       dissector_get_uint_handle(find_dissector_table("ip.proto"), IP_PROTO_GRE));
    return create_dissector_handle_with_name_and_description(gre_dissect, proto_stock_gre, "dmvpn.gre",
                                                             "GRE (DMVPN)");
}
