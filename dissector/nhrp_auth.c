/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Authentication extensions in their two formats.
 * Owns: RFC 2332 5.3.4 and RFC 2520 (keyed hash with source address), the de facto password in clear, and
 * telling one from the other. Must not: verify hashes, which needs keys.
 */
#include "nhrp_parts.h"
#include "track_store.h"

enum {
    PASSWORD_LENGTH = 8, /* the most that Cisco and FRR take */
};

/* Kinds as in nhrp_auth_kinds */
enum auth_kind {
    AUTH_KEYED_HASH = 0,
    AUTH_PASSWORD = 1,
};

static bool is_printable(tvbuff_t *tvb, int offset, int end)
{
    for (; offset < end; offset++) {
        if (!g_ascii_isprint(tvb_get_uint8(tvb, offset)))
            return false;
    }
    return true;
}

/*
 * A password has SPI 1 and nothing reserved. A keyed hash could have these too, but is then long enough for
 * an address and a hash, which do not consist of printable characters alone (a chance of less than 1 in 10^8
 * for 16 octets).
 */
static enum auth_kind auth_find_kind(tvbuff_t *tvb, int offset, int end, const struct nhrp_message *message)
{
    int data = offset + NHRP_AUTH_HEADER_LENGTH;

    if (tvb_get_ntohs(tvb, offset) != 0 || tvb_get_ntohs(tvb, offset + 2) != NHRP_SPI_CLEARTEXT)
        return AUTH_KEYED_HASH;
    if (end - data < message->source_length + NHRP_AUTH_HASH_LENGTH)
        return AUTH_PASSWORD;
    return is_printable(tvb, data, end) ? AUTH_PASSWORD : AUTH_KEYED_HASH;
}

static void add_password(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *top, int offset,
                         int end, struct nhrp_message *message)
{
    proto_item *item;

    message->extensions.password_in_clear = true;
    item = show_item(tree, hf_nhrp_auth_password, tvb, offset, end - offset, ENC_ASCII | ENC_NA);
    if (offset < end) {
        proto_item_set_hidden(show_item(tree, hf_nhrp_auth_data, tvb, offset, end - offset, ENC_NA));
        proto_item_append_text(top, ", password \"%s\"",
                               tvb_format_text(pinfo->pool, tvb, offset, end - offset));
    }
    nhrp_blame(message, pinfo, item, &ei_nhrp_password);
    if (end - offset > PASSWORD_LENGTH)
        nhrp_blame(message, pinfo, item, &ei_nhrp_password_long);
}

static void add_keyed_hash(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *top, int offset,
                           int end, const struct nhrp_message *message)
{
    struct nhrp_address source;

    if (end - offset < message->source_length) {
        nhrp_blame(message, pinfo, top, &ei_nhrp_ext_malformed);
        if (offset < end)
            show_item(tree, hf_nhrp_auth_data, tvb, offset, end - offset, ENC_NA);
        return;
    }
    nhrp_address_add(tvb, pinfo, tree, offset, message->source_length, message->protocol_kind,
                     &nhrp_auth_source_place, !message->embedded, &source);
    offset += message->source_length;
    proto_item_append_text(top, ", keyed hash from %s", nhrp_address_text(pinfo, &source));
    if (offset < end)
        show_item(tree, hf_nhrp_auth_data, tvb, offset, end - offset, ENC_NA);
}

void nhrp_auth_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *parent, proto_item *top, int offset,
                       int end, bool mobile, struct nhrp_message *message)
{
    proto_tree *tree;
    proto_item *item;
    enum auth_kind kind;

    if (end - offset < NHRP_AUTH_HEADER_LENGTH) {
        nhrp_blame(message, pinfo, top, &ei_nhrp_ext_malformed);
        show_item(parent, hf_nhrp_ext_value, tvb, offset, end - offset, ENC_NA);
        return;
    }
    if (!mobile)
        message->extensions.authentication_hash =
            1 | track_hash(0, tvb_get_ptr(tvb, offset, end - offset), end - offset);
    kind = mobile ? AUTH_KEYED_HASH : auth_find_kind(tvb, offset, end, message);
    tree = proto_tree_add_subtree_format(parent, tvb, offset, end - offset, ett_nhrp_auth, NULL,
                                         "Extension Data: SPI=%u", tvb_get_ntohs(tvb, offset + 2));
    proto_item_set_generated(proto_tree_add_uint(tree, hf_nhrp_auth_kind, tvb, offset, 0, kind));
    item = show_item(tree, hf_nhrp_auth_reserved, tvb, offset, 2, ENC_BIG_ENDIAN);
    if (tvb_get_ntohs(tvb, offset) != 0)
        nhrp_blame(message, pinfo, item, &ei_nhrp_unused_nonzero);
    show_item(tree, hf_nhrp_auth_spi, tvb, offset + 2, 2, ENC_BIG_ENDIAN);
    offset += NHRP_AUTH_HEADER_LENGTH;
    if (kind == AUTH_PASSWORD)
        add_password(tvb, pinfo, tree, top, offset, end, message);
    else
        add_keyed_hash(tvb, pinfo, tree, top, offset, end, message);
}
