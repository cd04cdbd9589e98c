/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the documents say about the values of one message.
 * Owns: findings that need no other packet. Must not: decode, or keep anything.
 * Implements: RFC 2332 5.1, 5.2.0.1-5.2.7, 5.3; DMVPN draft 5.1.
 */
#include "nhrp_parts.h"

enum {
    CODE_NO_BINDING_DEFACTO = 11,
    ERROR_LOOP_DEFACTO = 2,
    ERROR_INVALID_REPLY = 10,
    AFN_LLC_SNAP = 0xAAAA,
    HOLD_FOREVER_S = 65535,
    HOLD_SWAPPED_S = 8220,
    MTU_COMMON = 1500,
};

static bool is_unique(const struct nhrp_message *message)
{
    if (nhrp_is_resolution(message))
        return (message->flags & NHRP_RESOLUTION_U) != 0;
    return nhrp_is_registration(message) && (message->flags & NHRP_REGISTRATION_U) != 0;
}

static void check_header(packet_info *pinfo, const struct nhrp_message *message)
{
    if (message->version != NHRP_VERSION)
        nhrp_blame(message, pinfo, message->version_item, &ei_nhrp_version);
    if (message->afn == AFN_LLC_SNAP)
        nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_llc);
    if (!try_val_to_str(message->type, nhrp_message_names))
        nhrp_blame(message, pinfo, message->type_item, &ei_nhrp_type_unknown);
    if (message->hop_count == 0)
        nhrp_blame(message, pinfo, message->hop_count_item,
                   message->type == NHRP_TRAFFIC_INDICATION ? &ei_nhrp_redirect_hop_zero
                                                            : &ei_nhrp_hop_count_zero);
}

static void check_flags(packet_info *pinfo, const struct nhrp_message *message)
{
    uint16_t unused = 0;

    if (nhrp_is_resolution(message))
        unused = NHRP_RESOLUTION_UNUSED;
    else if (nhrp_is_registration(message))
        unused = NHRP_REGISTRATION_UNUSED;
    else if (nhrp_is_purge(message))
        unused = NHRP_PURGE_UNUSED;
    else if (message->type == NHRP_ERROR_INDICATION || message->type == NHRP_TRAFFIC_INDICATION)
        unused = 0xFFFF;
    if (message->flags & unused)
        nhrp_blame(message, pinfo, message->flags_item, &ei_nhrp_unused_nonzero);
    if (message->type == NHRP_RESOLUTION_REQUEST && (message->flags & NHRP_RESOLUTION_D))
        nhrp_blame(message, pinfo, message->flags_item, &ei_nhrp_d_in_request);
}

/* How many entries each message may have */
static void check_cie_count(packet_info *pinfo, const struct nhrp_message *message)
{
    unsigned count = message->cies.count;

    if (message->type == NHRP_RESOLUTION_REQUEST) {
        if (count > 1)
            nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_cie_many);
        return;
    }
    if (count == 0)
        nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_cie_missing);
    if (count > 1 && is_unique(message))
        nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_unique_many);
    else if (count > 1 && message->type == NHRP_RESOLUTION_REPLY &&
             message->cies.first->code != NHRP_CODE_SUCCESS)
        nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_cie_many);
}

/* Fields that mean the same in every CIE */
static void check_cie_any(packet_info *pinfo, const struct nhrp_message *message, const struct nhrp_cie *cie)
{
    unsigned address_bits = nhrp_address_length(message->protocol_kind) * 8;

    if (cie->unused != 0)
        nhrp_blame(message, pinfo, cie->unused_item, &ei_nhrp_unused_nonzero);
    if (!try_val_to_str(cie->code, nhrp_cie_codes))
        nhrp_blame(message, pinfo, cie->code_item, &ei_nhrp_code_unknown);
    if (address_bits != 0 && cie->prefix_bits > address_bits && cie->prefix_bits != NHRP_PREFIX_WHOLE)
        nhrp_blame(message, pinfo, cie->prefix_item, &ei_nhrp_prefix_too_long);
}

static void check_cie_request(packet_info *pinfo, const struct nhrp_message *message,
                              const struct nhrp_cie *cie)
{
    if (cie->code != NHRP_CODE_SUCCESS)
        nhrp_blame(message, pinfo, cie->code_item, &ei_nhrp_code_in_request);
    if (is_unique(message) && cie->prefix_bits != NHRP_PREFIX_WHOLE)
        nhrp_blame(message, pinfo, cie->prefix_item, &ei_nhrp_unique_prefix);
    if (!is_unique(message) && !nhrp_is_purge(message) && cie->prefix_bits == NHRP_PREFIX_WHOLE)
        nhrp_blame(message, pinfo, cie->prefix_item, &ei_nhrp_prefix_not_unique);
    if (cie->mtu_octets > MTU_COMMON)
        nhrp_blame(message, pinfo, cie->mtu_item, &ei_nhrp_mtu_large);
    if (message->type == NHRP_REGISTRATION_REQUEST && cie->hold_s == HOLD_FOREVER_S)
        nhrp_blame(message, pinfo, cie->hold_item, &ei_nhrp_holding_time_forever);
    if (message->type == NHRP_REGISTRATION_REQUEST && cie->hold_s == 0)
        nhrp_blame(message, pinfo, cie->hold_item, &ei_nhrp_holding_time_zero);
    if (message->type == NHRP_RESOLUTION_REQUEST && cie->hold_s != 0 && !(message->flags & NHRP_RESOLUTION_S))
        nhrp_blame(message, pinfo, cie->hold_item, &ei_nhrp_holding_time_unstable);
}

/* What usually is behind a refusal */
static const char *cause_of_code(unsigned code)
{
    switch (code) {
    case 4:
        return "the server's configuration does not allow it";
    case 5:
        return "the server has no room for more clients";
    case CODE_NO_BINDING_DEFACTO:
    case 12:
        return "nobody has registered the address, or its registration has expired";
    case 13:
        return "a unique binding was asked for, and there are several";
    case NHRP_CODE_ALREADY_REGISTERED:
        return "another station, or the same one from its old NBMA address, holds it; it frees when it "
               "expires";
    default:
        return "unknown";
    }
}

static bool is_registration_code(unsigned code)
{
    return code == NHRP_CODE_SUCCESS || code == 4 || code == 5 || code == NHRP_CODE_ALREADY_REGISTERED;
}

static void check_cie_reply(packet_info *pinfo, const struct nhrp_message *message,
                            const struct nhrp_cie *cie)
{
    if (message->type == NHRP_REGISTRATION_REPLY && !is_registration_code(cie->code))
        nhrp_blame(message, pinfo, cie->code_item, &ei_nhrp_code_registration);
    if (cie->hold_s == HOLD_SWAPPED_S)
        nhrp_blame(message, pinfo, cie->hold_item, &ei_nhrp_holding_time_swapped);
    if (cie->code == NHRP_CODE_SUCCESS) {
        if (cie->hold_s == 0 && !nhrp_is_purge(message))
            nhrp_blame(message, pinfo, cie->hold_item, &ei_nhrp_holding_time_zero);
        if (message->extensions.unknown_compulsory)
            nhrp_blame(message, pinfo, cie->code_item, &ei_nhrp_ext_accepted);
        return;
    }
    finding_add_text(pinfo, cie->code_item ? cie->code_item : message->tree, &ei_nhrp_nak,
                     "Request refused: %s. Usual cause: %s",
                     val_to_str_const(cie->code, nhrp_cie_codes, "unknown code"), cause_of_code(cie->code));
    if (cie->code == CODE_NO_BINDING_DEFACTO)
        nhrp_blame(message, pinfo, cie->code_item, &ei_nhrp_code_defacto);
    if (cie->hold_s != 0)
        nhrp_blame(message, pinfo, cie->hold_item, &ei_nhrp_nak_holding_time);
}

static void check_cie_purge(packet_info *pinfo, const struct nhrp_message *message,
                            const struct nhrp_cie *cie)
{
    if (cie->protocol.kind == NHRP_ADDRESS_ABSENT)
        nhrp_blame(message, pinfo, cie->item, &ei_nhrp_cie_no_protocol);
    if (cie->mtu_octets != 0)
        nhrp_blame(message, pinfo, cie->mtu_item, &ei_nhrp_purge_fields);
    if (cie->preference != 0)
        nhrp_blame(message, pinfo, cie->preference_item, &ei_nhrp_purge_fields);
}

static void check_cies(packet_info *pinfo, const struct nhrp_message *message)
{
    check_cie_count(pinfo, message);
    for (const struct nhrp_cie *cie = message->cies.first; cie; cie = cie->next) {
        check_cie_any(pinfo, message, cie);
        if (nhrp_is_request(message))
            check_cie_request(pinfo, message, cie);
        else
            check_cie_reply(pinfo, message, cie);
        if (nhrp_is_purge(message))
            check_cie_purge(pinfo, message, cie);
    }
}

/* What usually is behind an error */
static const char *cause_of_error(unsigned code)
{
    switch (code) {
    case 1:
        return "the peer does not know a compulsory extension";
    case ERROR_LOOP_DEFACTO:
    case 3:
        return "two servers have each other as the way to the destination";
    case 6:
        return "no route to the destination, or it was never registered";
    case 7:
        return "the peer could not decode the packet";
    case 8:
        return "the packet grew beyond what the underlay carries";
    case 9:
        return "an extension that the peer cannot decode, or twice the same";
    case ERROR_INVALID_REPLY:
        return "the reply came too late, or nobody had asked";
    case 11:
        return "the passwords differ, or only one side has one";
    case 15:
        return "more servers on the way than the hop count allows, or a loop";
    default:
        return "the two ends belong to different VPNs";
    }
}

/* What the error says against the packet that it is about */
static void check_error_about(packet_info *pinfo, const struct nhrp_message *message)
{
    const struct nhrp_message *about = message->about;

    if (about->type == NHRP_ERROR_INDICATION)
        nhrp_blame(message, pinfo, message->embedded_item, &ei_nhrp_error_about_error);
    if (message->error_code == ERROR_INVALID_REPLY && about->type != NHRP_RESOLUTION_REPLY)
        nhrp_blame(message, pinfo, message->code_item, &ei_nhrp_error_not_reply);
    /* The observer of a bad reply may well be the station that had asked */
    if (nhrp_is_request(about) && about->source_nbma.kind != NHRP_ADDRESS_ABSENT &&
        nhrp_address_equal(&about->source_nbma, &message->source_nbma))
        nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_error_source);
}

static void check_error(packet_info *pinfo, const struct nhrp_message *message)
{
    const char *name = try_val_to_str(message->error_code, nhrp_error_codes);
    unsigned swapped = message->error_code >> 8;

    if (name)
        finding_add_text(pinfo, message->code_item ? message->code_item : message->tree, &ei_nhrp_error,
                         "Error Indication: %s. Usual cause: %s", name, cause_of_error(message->error_code));
    else if ((message->error_code & 0xFF) == 0 && try_val_to_str(swapped, nhrp_error_codes))
        nhrp_blame(message, pinfo, message->code_item, &ei_nhrp_error_swapped);
    else
        nhrp_blame(message, pinfo, message->code_item, &ei_nhrp_error_unknown);
    if (message->error_code == ERROR_LOOP_DEFACTO)
        nhrp_blame(message, pinfo, message->code_item, &ei_nhrp_error_defacto);
    if (message->about)
        check_error_about(pinfo, message);
    if (message->extensions.present)
        nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_ext_not_allowed);
}

static void check_traffic(packet_info *pinfo, const struct nhrp_message *message)
{
    if (message->traffic_code != NHRP_TRAFFIC_REDIRECT)
        nhrp_blame(message, pinfo, message->code_item, &ei_nhrp_traffic_code);
    if (message->traffic_unused != 0)
        nhrp_blame(message, pinfo, message->unused_item, &ei_nhrp_unused_nonzero);
}

static void check_extensions(packet_info *pinfo, const struct nhrp_message *message)
{
    const struct nhrp_extensions *all = &message->extensions;
    const struct nhrp_cie_list *lists[] = {&all->responder, &all->forward, &all->reverse, &all->nat};

    if (!all->present)
        return;
    if (!all->ended)
        nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_ext_no_end);
    if (message->type == NHRP_REGISTRATION_REQUEST && all->nat.count == 1 &&
        nhrp_address_equal(&all->nat.first->nbma, &message->source_nbma) &&
        nhrp_address_equal(&all->nat.first->protocol, &message->source_protocol))
        nhrp_blame(message, pinfo, all->nat.first->item, &ei_nhrp_nat_own);
    if (all->responder.count > 1)
        nhrp_blame(message, pinfo, message->top_item, &ei_nhrp_responder_many);
    for (unsigned i = 0; i < array_length(lists); i++) {
        for (const struct nhrp_cie *cie = lists[i]->first; cie; cie = cie->next)
            check_cie_any(pinfo, message, cie);
    }
}

void nhrp_check(packet_info *pinfo, const struct nhrp_message *message)
{
    check_header(pinfo, message);
    if (!message->bounded)
        return;
    check_flags(pinfo, message);
    if (nhrp_has_request_id(message))
        check_cies(pinfo, message);
    else if (message->type == NHRP_ERROR_INDICATION)
        check_error(pinfo, message);
    else if (message->type == NHRP_TRAFFIC_INDICATION)
        check_traffic(pinfo, message);
    check_extensions(pinfo, message);
}
