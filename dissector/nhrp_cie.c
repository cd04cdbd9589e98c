/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Client Information Entries, wherever they stand: in the mandatory part or in an extension.
 * Owns: RFC 2332 5.2.0.1, second figure. Must not: judge values, which depends on the message around them.
 */
#include "nhrp_parts.h"

static const struct nhrp_type_length address_fields = {&hf_nhrp_cli_addr_tl, &hf_nhrp_cli_addr_tl_reserved,
                                                       &hf_nhrp_cli_addr_tl_type, &hf_nhrp_cli_addr_tl_len,
                                                       false};
static const struct nhrp_type_length subaddress_fields = {
    &hf_nhrp_cli_saddr_tl, &hf_nhrp_cli_saddr_tl_reserved, &hf_nhrp_cli_saddr_tl_type,
    &hf_nhrp_cli_saddr_tl_len, true};
static const struct nhrp_address_place client_subaddress_place = {NULL, NULL, NULL, &hf_nhrp_cli_nbma_saddr,
                                                                  NULL};

/* Lengths of the three addresses of an entry, in octets */
struct cie_lengths {
    unsigned nbma;
    unsigned subaddress;
    unsigned protocol;
    unsigned whole;
};

static struct cie_lengths cie_measure(tvbuff_t *tvb, int offset)
{
    struct cie_lengths lengths;

    lengths.nbma = tvb_get_uint8(tvb, offset + 8) & NHRP_TL_LENGTH;
    lengths.subaddress = tvb_get_uint8(tvb, offset + 9) & NHRP_TL_LENGTH;
    lengths.protocol = tvb_get_uint8(tvb, offset + 10);
    lengths.whole = NHRP_CIE_HEADER_LENGTH + lengths.nbma + lengths.subaddress + lengths.protocol;
    return lengths;
}

/* The first twelve octets */
static void cie_add_header(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                           const struct nhrp_message *message, struct nhrp_cie *cie)
{
    cie->code = tvb_get_uint8(tvb, offset);
    cie->prefix_bits = tvb_get_uint8(tvb, offset + 1);
    cie->unused = tvb_get_ntohs(tvb, offset + 2);
    cie->mtu_octets = tvb_get_ntohs(tvb, offset + 4);
    cie->hold_s = tvb_get_ntohs(tvb, offset + 6);
    cie->preference = tvb_get_uint8(tvb, offset + 11);

    cie->code_item = show_item(tree, hf_nhrp_code, tvb, offset, 1, ENC_BIG_ENDIAN);
    cie->prefix_item = show_item(tree, hf_nhrp_prefix, tvb, offset + 1, 1, ENC_BIG_ENDIAN);
    cie->unused_item = show_item(tree, hf_nhrp_unused, tvb, offset + 2, 2, ENC_BIG_ENDIAN);
    cie->mtu_item = show_item(tree, hf_nhrp_mtu, tvb, offset + 4, 2, ENC_BIG_ENDIAN);
    cie->hold_item = show_item(tree, hf_nhrp_htime, tvb, offset + 6, 2, ENC_BIG_ENDIAN);
    nhrp_type_length_add(tvb, pinfo, tree, offset + 8, &address_fields, message);
    nhrp_type_length_add(tvb, pinfo, tree, offset + 9, &subaddress_fields, message);
    show_item(tree, hf_nhrp_cli_prot_len, tvb, offset + 10, 1, ENC_BIG_ENDIAN);
    cie->preference_item = show_item(tree, hf_nhrp_pref, tvb, offset + 11, 1, ENC_BIG_ENDIAN);
}

static void cie_add_addresses(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                              const struct cie_lengths *lengths, const struct nhrp_message *message,
                              struct nhrp_cie *cie)
{
    enum nhrp_address_kind kind = nhrp_nbma_kind(message->afn, tvb_get_uint8(tvb, offset + 8));
    bool blame = !message->embedded;

    offset += NHRP_CIE_HEADER_LENGTH;
    nhrp_address_add(tvb, pinfo, tree, offset, lengths->nbma, kind, &nhrp_client_nbma_place, blame,
                     &cie->nbma);
    offset += lengths->nbma;
    nhrp_address_add(tvb, pinfo, tree, offset, lengths->subaddress, NHRP_ADDRESS_OCTETS,
                     &client_subaddress_place, blame, &cie->subaddress);
    offset += lengths->subaddress;
    nhrp_address_add(tvb, pinfo, tree, offset, lengths->protocol, message->protocol_kind,
                     &nhrp_client_protocol_place, blame, &cie->protocol);
}

/* The entry's own line says what it binds */
static void cie_summarize(packet_info *pinfo, const struct nhrp_cie *cie)
{
    if (!cie->item)
        return;
    if (cie->code != NHRP_CODE_SUCCESS)
        proto_item_append_text(cie->item, ", %s",
                               val_to_str_const(cie->code, nhrp_cie_codes, "unknown code"));
    if (cie->protocol.kind != NHRP_ADDRESS_ABSENT)
        proto_item_append_text(cie->item, ", %s", nhrp_address_text(pinfo, &cie->protocol));
    if (cie->nbma.kind != NHRP_ADDRESS_ABSENT)
        proto_item_append_text(cie->item, " at %s", nhrp_address_text(pinfo, &cie->nbma));
}

void nhrp_cie_list_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *parent, int offset, int end,
                           const char *name, const struct nhrp_message *message, struct nhrp_cie_list *list)
{
    proto_item *item;
    proto_tree *tree;

    while (end - offset >= NHRP_CIE_HEADER_LENGTH) {
        struct cie_lengths lengths = cie_measure(tvb, offset);
        bool fits = lengths.whole <= (unsigned)(end - offset);
        struct nhrp_cie *cie = wmem_new0(pinfo->pool, struct nhrp_cie);

        tree = show_subtree(parent, tvb, offset, fits ? (int)lengths.whole : end - offset, ett_nhrp_cie,
                            &cie->item, name);
        cie_add_header(tvb, pinfo, tree, offset, message, cie);
        if (!fits) {
            nhrp_blame(message, pinfo, cie->item, &ei_nhrp_cie_short);
            return;
        }
        cie_add_addresses(tvb, pinfo, tree, offset, &lengths, message, cie);
        cie_summarize(pinfo, cie);
        *list->end = cie;
        list->end = &cie->next;
        list->count++;
        offset += lengths.whole;
    }
    if (offset < end) {
        item = show_item(parent, hf_nhrp_cie_rest, tvb, offset, end - offset, ENC_NA);
        nhrp_blame(message, pinfo, item, &ei_nhrp_cie_rest);
    }
}
