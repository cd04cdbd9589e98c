/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The extensions part.
 * Owns: RFC 2332 5.3 but for authentication, the device capabilities of RFC 2735, the de facto NAT extension.
 * Must not: look outside [ar$extoff, ar$pktsz).
 */
#include "nhrp_parts.h"

#include <epan/addr_resolv.h>

/* One extension as found */
struct extension {
    int offset; /* of its header */
    uint16_t type;
    bool compulsory;
    bool unused;
    int value; /* offset of the value */
    int end;   /* of the value, never past the extensions part */
    proto_item *item;
};

/* What an extension is defined with; types without a row are unknown */
struct extension_rule {
    uint16_t type;
    bool compulsory;
    bool repeatable;
};

static const struct extension_rule extension_rules[] = {
    {NHRP_EXT_END, true, false},
    {NHRP_EXT_RESPONDER_ADDRESS, true, false},
    {NHRP_EXT_FORWARD_TRANSIT, true, false},
    {NHRP_EXT_REVERSE_TRANSIT, true, false},
    {NHRP_EXT_AUTHENTICATION, true, false},
    {NHRP_EXT_VENDOR_PRIVATE, false, true},
    {NHRP_EXT_NAT_ADDRESS, false, false},
    {NHRP_EXT_MOBILE_AUTHENTICATION, true, false},
};

static const struct extension_rule *find_rule(unsigned type)
{
    for (unsigned i = 0; i < array_length(extension_rules); i++) {
        if (extension_rules[i].type == type)
            return &extension_rules[i];
    }
    return NULL;
}

static void add_octets(tvbuff_t *tvb, proto_tree *tree, const struct extension *extension)
{
    if (extension->value < extension->end)
        show_item(tree, hf_nhrp_ext_value, tvb, extension->value, extension->end - extension->value, ENC_NA);
}

static void add_vendor(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct extension *extension,
                       const struct nhrp_message *message)
{
    proto_item *item;

    if (extension->end - extension->value < 3) {
        nhrp_blame(message, pinfo, extension->item, &ei_nhrp_ext_malformed);
        add_octets(tvb, tree, extension);
        return;
    }
    item = show_item(tree, hf_nhrp_vendor_id, tvb, extension->value, 3, ENC_BIG_ENDIAN);
    if (item)
        proto_item_append_text(extension->item, ", %s", tvb_get_manuf_name(tvb, extension->value));
    if (extension->end - extension->value > 3)
        show_item(tree, hf_nhrp_vendor_data, tvb, extension->value + 3, extension->end - extension->value - 3,
                  ENC_NA);
}

/* RFC 2735 defines one bit of each word and keeps the rest zero: nothing else of 8 octets is taken for it. */
static bool is_device_capabilities(tvbuff_t *tvb, const struct extension *extension)
{
    return extension->end - extension->value == 8 && (tvb_get_ntohl(tvb, extension->value) & ~1u) == 0 &&
           (tvb_get_ntohl(tvb, extension->value + 4) & ~1u) == 0;
}

static void add_device_capabilities(tvbuff_t *tvb, proto_tree *tree, const struct extension *extension)
{
    static int *const source[] = {&hf_nhrp_devcap_src_vpn, NULL};
    static int *const destination[] = {&hf_nhrp_devcap_dst_vpn, NULL};

    proto_item_set_text(extension->item, "Device Capabilities Extension");
    show_bits(tree, tvb, extension->value, hf_nhrp_devcap_src, ett_nhrp_capabilities, source);
    show_bits(tree, tvb, extension->value + 4, hf_nhrp_devcap_dst, ett_nhrp_capabilities, destination);
}

/* Type 9 has two owners: RFC 2735 and, far more often, the NAT extension of the DMVPN world. */
static void add_nat_or_capabilities(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                    const struct extension *extension, struct nhrp_message *message)
{
    if (is_device_capabilities(tvb, extension)) {
        add_device_capabilities(tvb, tree, extension);
        return;
    }
    if (extension->end - extension->value == 8)
        nhrp_blame(message, pinfo, extension->item, &ei_nhrp_nat_length_8);
    nhrp_cie_list_dissect(tvb, pinfo, tree, extension->value, extension->end, "NAT Address Entry", message,
                          &message->extensions.nat);
}

static void add_value(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct extension *extension,
                      struct nhrp_message *message)
{
    struct nhrp_extensions *all = &message->extensions;

    switch (extension->type) {
    case NHRP_EXT_RESPONDER_ADDRESS:
        nhrp_cie_list_dissect(tvb, pinfo, tree, extension->value, extension->end, "Responder Entry", message,
                              &all->responder);
        break;
    case NHRP_EXT_FORWARD_TRANSIT:
        nhrp_cie_list_dissect(tvb, pinfo, tree, extension->value, extension->end, "Transit NHS Entry",
                              message, &all->forward);
        break;
    case NHRP_EXT_REVERSE_TRANSIT:
        nhrp_cie_list_dissect(tvb, pinfo, tree, extension->value, extension->end, "Transit NHS Entry",
                              message, &all->reverse);
        break;
    case NHRP_EXT_AUTHENTICATION:
    case NHRP_EXT_MOBILE_AUTHENTICATION:
        nhrp_auth_dissect(tvb, pinfo, tree, extension->item, extension->value, extension->end,
                          extension->type == NHRP_EXT_MOBILE_AUTHENTICATION, message);
        break;
    case NHRP_EXT_VENDOR_PRIVATE:
        add_vendor(tvb, pinfo, tree, extension, message);
        break;
    case NHRP_EXT_NAT_ADDRESS:
        add_nat_or_capabilities(tvb, pinfo, tree, extension, message);
        break;
    default:
        add_octets(tvb, tree, extension);
        break;
    }
}

/* Put a type behind those in the list. */
static void note_order(uint32_t *order, unsigned type)
{
    unsigned shift = 0;

    while (*order >> shift != 0)
        shift += 4;
    *order |= type << shift;
}

/* What 5.3 says about any extension */
static void check_extension(packet_info *pinfo, const struct extension *extension,
                            struct nhrp_message *message)
{
    const struct extension_rule *rule = find_rule(extension->type);
    uint32_t bit = extension->type < 32 ? 1u << extension->type : 0;

    if (extension->unused)
        nhrp_blame(message, pinfo, extension->item, &ei_nhrp_unused_nonzero);
    if (!rule && extension->compulsory)
        message->extensions.unknown_compulsory = true;
    if (!rule)
        nhrp_blame(message, pinfo, extension->item,
                   extension->compulsory ? &ei_nhrp_ext_unknown_compulsory : &ei_nhrp_ext_unknown);
    else if (rule->compulsory != extension->compulsory)
        nhrp_blame(message, pinfo, extension->item, &ei_nhrp_ext_compulsory);
    if ((message->extensions.seen & bit) != 0 && !(rule && rule->repeatable))
        nhrp_blame(message, pinfo, extension->item, &ei_nhrp_ext_duplicate);
    message->extensions.seen |= bit;
    if (extension->type != NHRP_EXT_END && extension->type < 16 && message->extensions.order >> 28 == 0)
        note_order(&message->extensions.order, extension->type);
}

/* One extension at `offset`, whose header is there. Returns the offset behind it. */
static int add_extension(tvbuff_t *tvb, packet_info *pinfo, proto_tree *parent, int offset, int end,
                         struct nhrp_message *message)
{
    uint16_t first = tvb_get_ntohs(tvb, offset);
    unsigned length = tvb_get_ntohs(tvb, offset + 2);
    struct extension extension = {
        .offset = offset,
        .type = first & NHRP_EXT_TYPE,
        .compulsory = (first & NHRP_EXT_COMPULSORY) != 0,
        .unused = (first & NHRP_EXT_UNUSED) != 0,
        .value = offset + NHRP_EXT_HEADER_LENGTH,
    };
    bool fits = length <= (unsigned)(end - extension.value);
    proto_tree *tree;

    extension.end = fits ? extension.value + (int)length : end;
    tree = show_subtree(parent, tvb, offset, extension.end - offset, ett_nhrp_extension, &extension.item,
                        nhrp_extension_name(extension.type));
    show_item(tree, hf_nhrp_ext_c, tvb, offset, 2, ENC_BIG_ENDIAN);
    show_reserved(tree, hf_nhrp_ext_u, tvb, offset, 2, extension.unused);
    show_item(tree, hf_nhrp_ext_type, tvb, offset, 2, ENC_BIG_ENDIAN);
    show_item(tree, hf_nhrp_ext_len, tvb, offset + 2, 2, ENC_BIG_ENDIAN);
    check_extension(pinfo, &extension, message);
    if (!fits) {
        nhrp_blame(message, pinfo, extension.item, &ei_nhrp_ext_short);
        add_octets(tvb, tree, &extension);
    } else if (length > 0) {
        add_value(tvb, pinfo, tree, &extension, message);
    }
    if (extension.type == NHRP_EXT_END) {
        message->extensions.ended = true;
        if (length != 0)
            nhrp_blame(message, pinfo, extension.item, &ei_nhrp_ext_end_length);
    }
    return extension.end;
}

/* Octets between the End Extension (or the last whole one) and the end of the packet */
static void add_rest(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int end,
                     const struct nhrp_message *message)
{
    proto_item *item;
    bool zeros = true;

    if (offset >= end)
        return;
    item = show_item(tree, hf_nhrp_ext_rest, tvb, offset, end - offset, ENC_NA);
    for (int at = offset; at < end && zeros; at++)
        zeros = tvb_get_uint8(tvb, at) == 0;
    if (!message->extensions.ended)
        nhrp_blame(message, pinfo, item, &ei_nhrp_ext_short);
    else
        nhrp_blame(message, pinfo, item, zeros ? &ei_nhrp_ext_zeros : &ei_nhrp_ext_extra);
}

void nhrp_extensions_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int end,
                             struct nhrp_message *message)
{
    message->extensions.present = offset < end;
    while (!message->extensions.ended && end - offset >= NHRP_EXT_HEADER_LENGTH)
        offset = add_extension(tvb, pinfo, tree, offset, end, message);
    add_rest(tvb, pinfo, tree, offset, end, message);
}
