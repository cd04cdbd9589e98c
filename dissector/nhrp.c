/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole NHRP packet. See nhrp.h.
 */
#include "nhrp.h"
#include "analysis.h"
#include "nhrp_parts.h"
#include "taps.h"

enum {
    EMBEDDED_DEPTH_LIMIT = 3, /* errors about errors are never sent; a few levels show what went wrong */
};

static void cie_list_init(struct nhrp_cie_list *list)
{
    list->end = &list->first;
}

static struct nhrp_message *message_new(packet_info *pinfo)
{
    struct nhrp_message *message = wmem_new0(pinfo->pool, struct nhrp_message);

    cie_list_init(&message->cies);
    cie_list_init(&message->extensions.responder);
    cie_list_init(&message->extensions.forward);
    cie_list_init(&message->extensions.reverse);
    cie_list_init(&message->extensions.nat);
    return message;
}

/* Everything behind a header that made sense */
static void dissect_parts(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct nhrp_message *message)
{
    int size = message->size;
    int mandatory_end = size;

    if (message->extensions_offset != 0 && message->extensions_offset < size)
        mandatory_end = message->extensions_offset;
    nhrp_mandatory_dissect(tvb, pinfo, tree, mandatory_end, message);
    if (mandatory_end < size)
        nhrp_extensions_dissect(tvb, pinfo, tree, mandatory_end, size, message);
}

/* A message of 20 octets or more, with or without octets behind it, into *message and the tree. */
static void dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct nhrp_message *message)
{
    proto_tree *nhrp_tree;
    tvbuff_t *own;

    nhrp_header_measure(tvb, message);
    own = message->size < tvb_reported_length(tvb) ? tvb_new_subset_length(tvb, 0, message->size) : tvb;
    if (tree) {
        message->top_item = proto_tree_add_protocol_format(
            tree, proto_stock_nhrp, own, 0, message->size, "Next Hop Resolution Protocol (%s)",
            value_name_or_hex(pinfo, message->type, nhrp_message_names));
        proto_item_set_hidden(show_item(tree, proto_dmvpn, own, 0, message->size, ENC_NA));
    }
    nhrp_tree = proto_item_add_subtree(message->top_item, ett_nhrp);
    message->tree = nhrp_tree;
    nhrp_header_dissect(own, pinfo, nhrp_tree, message);
    if (message->bounded)
        dissect_parts(own, pinfo, nhrp_tree, message);
    else if (message->size > NHRP_HEADER_LENGTH)
        show_item(nhrp_tree, hf_nhrp_mandatory_data, own, NHRP_HEADER_LENGTH,
                  message->size - NHRP_HEADER_LENGTH, ENC_NA);
    if (!message->embedded && message->size < tvb_reported_length(tvb))
        show_item(nhrp_tree, hf_nhrp_padding, tvb, message->size, tvb_reported_length(tvb) - message->size,
                  ENC_NA);
    /* Fields that nobody wants to see are not measured: what is cut off must be noticed all the same. */
    if (!show_is_seen(tree))
        tvb_ensure_bytes_exist(own, 0, message->size);
}

struct nhrp_message *nhrp_dissect_embedded(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                           const struct nhrp_message *outer)
{
    struct nhrp_message *message;

    if (outer->depth >= EMBEDDED_DEPTH_LIMIT)
        return NULL;
    message = message_new(pinfo);
    message->embedded = true;
    message->depth = outer->depth + 1;
    dissect_message(tvb, pinfo, tree, message);
    return message;
}

static int nhrp_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct nhrp_message *message = message_new(pinfo);
    struct words line = {0, ""};

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "NHRP");
    col_set_str(pinfo->cinfo, COL_INFO, nhrp_message_name(tvb_get_uint8(tvb, 17)));
    dissect_message(tvb, pinfo, tree, message);
    nhrp_check(pinfo, message);
    tap_credentials_tell(pinfo, message);
    nhrp_info_tell(&line, pinfo, message);
    analysis_nhrp(&line, pinfo, tvb, message->tree, message);
    col_add_str(pinfo->cinfo, COL_INFO, line.text);
    return tvb_captured_length(tvb);
}

dissector_handle_t nhrp_create_handle(void)
{
    return create_dissector_handle_with_name_and_description(nhrp_dissect, proto_stock_nhrp, "dmvpn.nhrp",
                                                             "NHRP (DMVPN)");
}
