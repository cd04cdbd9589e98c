/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NBMA and protocol addresses. See addresses.h.
 */
#include "addresses.h"
#include "fields.h"
#include "show.h"
#include "values.h"

#include <epan/to_str.h>
#include <string.h>

enum {
    IPV4_LENGTH = 4,
    IPV6_LENGTH = 16,
    NSAP_LENGTH = 20,
    E164_DIGITS = 15,
};

const struct nhrp_address_place nhrp_source_nbma_place = {&hf_nhrp_src_nbma_ipv4, &hf_nhrp_src_nbma_ipv6,
                                                          &hf_nhrp_src_nbma_ipv6_only,
                                                          &hf_nhrp_src_nbma_bytes, NULL};
const struct nhrp_address_place nhrp_source_protocol_place = {&hf_nhrp_src_prot_ipv4, &hf_nhrp_src_prot_ipv6,
                                                              &hf_nhrp_src_prot_ipv6_only,
                                                              &hf_nhrp_src_prot_bytes, NULL};
const struct nhrp_address_place nhrp_destination_protocol_place = {
    &hf_nhrp_dst_prot_ipv4, &hf_nhrp_dst_prot_ipv6, &hf_nhrp_dst_prot_ipv6_only, &hf_nhrp_dst_prot_bytes,
    &hf_nhrp_dst_prot_byets};
const struct nhrp_address_place nhrp_client_nbma_place = {&hf_nhrp_cli_nbma_ipv4, &hf_nhrp_cli_nbma_ipv6,
                                                          &hf_nhrp_cli_nbma_ipv6_only,
                                                          &hf_nhrp_cli_nbma_bytes, NULL};
const struct nhrp_address_place nhrp_client_protocol_place = {&hf_nhrp_cli_prot_ipv4, &hf_nhrp_cli_prot_ipv6,
                                                              &hf_nhrp_cli_prot_ipv6_only,
                                                              &hf_nhrp_cli_prot_bytes, NULL};
const struct nhrp_address_place nhrp_auth_source_place = {&hf_nhrp_auth_src_ipv4, &hf_nhrp_auth_src_ipv6,
                                                          &hf_nhrp_auth_src_ipv6_only,
                                                          &hf_nhrp_auth_src_bytes, NULL};

enum nhrp_address_kind nhrp_nbma_kind(unsigned afn, uint8_t type_length)
{
    bool e164 = (type_length & NHRP_TL_E164) != 0;

    switch (afn) {
    case NHRP_AFN_IPV4:
        return NHRP_ADDRESS_IPV4;
    case NHRP_AFN_IPV6:
        return NHRP_ADDRESS_IPV6;
    case NHRP_AFN_NSAP:
    case NHRP_AFN_E164_NSAP:
        return e164 ? NHRP_ADDRESS_E164 : NHRP_ADDRESS_NSAP;
    case NHRP_AFN_E164:
        return NHRP_ADDRESS_E164;
    default:
        return NHRP_ADDRESS_OCTETS;
    }
}

unsigned nhrp_protocol_ethertype(unsigned protocol_type, uint32_t snap_oui, unsigned snap_pid)
{
    if (protocol_type >= NHRP_PROTOCOL_FIRST_ETHERTYPE)
        return protocol_type;
    switch (protocol_type) {
    case NHRP_PROTOCOL_NLPID_IPV4:
        return GRE_TYPE_IPV4;
    case NHRP_PROTOCOL_NLPID_IPV6:
        return GRE_TYPE_IPV6;
    case NHRP_PROTOCOL_SNAP:
        return snap_oui == 0 ? snap_pid : 0;
    default:
        return 0;
    }
}

enum nhrp_address_kind nhrp_protocol_kind(unsigned protocol_type, uint32_t snap_oui, unsigned snap_pid)
{
    switch (nhrp_protocol_ethertype(protocol_type, snap_oui, snap_pid)) {
    case GRE_TYPE_IPV4:
        return NHRP_ADDRESS_IPV4;
    case GRE_TYPE_IPV6:
        return NHRP_ADDRESS_IPV6;
    default:
        return NHRP_ADDRESS_OCTETS;
    }
}

unsigned nhrp_address_length(enum nhrp_address_kind kind)
{
    switch (kind) {
    case NHRP_ADDRESS_IPV4:
        return IPV4_LENGTH;
    case NHRP_ADDRESS_IPV6:
        return IPV6_LENGTH;
    case NHRP_ADDRESS_NSAP:
        return NSAP_LENGTH;
    default:
        return 0;
    }
}

void nhrp_address_note(tvbuff_t *tvb, int offset, enum nhrp_address_kind kind, struct nhrp_address *found)
{
    found->kind = kind;
    found->length = nhrp_address_length(kind);
    set_address_tvb(&found->value, kind == NHRP_ADDRESS_IPV4 ? AT_IPv4 : AT_IPv6, found->length, tvb, offset);
    found->octets = (const uint8_t *)found->value.data;
}

static bool octets_are_digits(const uint8_t *octets, unsigned length)
{
    for (unsigned i = 0; i < length; i++) {
        if (octets[i] < '0' || octets[i] > '9')
            return false;
    }
    return length > 0;
}

/* Addresses that are neither IPv4 nor IPv6: octets, with a reading beside them where there is one. */
static proto_item *address_add_octets(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                                      const struct nhrp_address_place *place,
                                      const struct nhrp_address *found)
{
    proto_item *item = show_item(tree, *place->octets, tvb, offset, found->length, ENC_NA);

    if (found->kind == NHRP_ADDRESS_NSAP)
        proto_item_append_text(item, " (NSAP, authority and format 0x%02x)", found->octets[0]);
    else if (found->kind == NHRP_ADDRESS_E164 && octets_are_digits(found->octets, found->length))
        proto_item_append_text(item, " (E.164 %s)", nhrp_address_text(pinfo, found));
    else if (found->kind == NHRP_ADDRESS_E164)
        proto_item_append_text(item, " (E.164)");
    if (place->octets_alias)
        proto_item_set_hidden(show_item(tree, *place->octets_alias, tvb, offset, found->length, ENC_NA));
    return item;
}

void nhrp_address_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, unsigned length,
                      enum nhrp_address_kind kind, const struct nhrp_address_place *place, bool blame,
                      struct nhrp_address *found)
{
    unsigned wanted = nhrp_address_length(kind);
    bool fits = wanted == 0 || length == wanted;
    proto_item *item;

    found->kind = NHRP_ADDRESS_ABSENT;
    found->length = 0;
    if (length == 0)
        return;
    if (fits && (kind == NHRP_ADDRESS_IPV4 || kind == NHRP_ADDRESS_IPV6)) {
        nhrp_address_note(tvb, offset, kind, found);
        if (kind == NHRP_ADDRESS_IPV4) {
            show_item(tree, *place->ipv4, tvb, offset, length, ENC_BIG_ENDIAN);
        } else {
            show_item(tree, *place->ipv6, tvb, offset, length, ENC_NA);
            proto_item_set_hidden(show_item(tree, *place->ipv6_only, tvb, offset, length, ENC_NA));
        }
        return;
    }
    found->kind = fits ? kind : NHRP_ADDRESS_OCTETS;
    found->length = length;
    found->octets = tvb_get_ptr(tvb, offset, length);
    item = address_add_octets(tvb, pinfo, tree, offset, place, found);
    if (blame && (!fits || (kind == NHRP_ADDRESS_E164 && length > E164_DIGITS)))
        finding_add(pinfo, item ? item : tree, &ei_nhrp_address_length);
}

const char *nhrp_address_text(packet_info *pinfo, const struct nhrp_address *found)
{
    switch (found->kind) {
    case NHRP_ADDRESS_ABSENT:
        return "-";
    case NHRP_ADDRESS_IPV4:
    case NHRP_ADDRESS_IPV6:
        return address_to_str(pinfo->pool, &found->value);
    case NHRP_ADDRESS_E164:
        if (octets_are_digits(found->octets, found->length))
            return wmem_strndup(pinfo->pool, (const char *)found->octets, found->length);
        break;
    default:
        break;
    }
    return bytes_to_str(pinfo->pool, found->octets, found->length);
}

bool nhrp_address_equal(const struct nhrp_address *a, const struct nhrp_address *b)
{
    return a->kind == b->kind && a->length == b->length &&
           (a->length == 0 || memcmp(a->octets, b->octets, a->length) == 0);
}
