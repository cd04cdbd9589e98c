/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The summary line: what the message says, in one breath.
 * Owns: the wording of the Info column. Must not: touch the tree. The line is put together here and set once,
 * as a column is dear to append to.
 */
#include "nhrp_parts.h"
#include "words.h"

/* The address of a CIE, or the common header's when the CIE leaves it out (5.2.3) */
static const struct nhrp_address *cie_or_common(const struct nhrp_address *cie,
                                                const struct nhrp_address *common)
{
    return cie->kind != NHRP_ADDRESS_ABSENT ? cie : common;
}

static void put_address(struct words *line, packet_info *pinfo, const struct nhrp_address *found)
{
    if (found->kind == NHRP_ADDRESS_IPV4)
        words_put_ipv4(line, found->octets);
    else
        words_put(line, nhrp_address_text(pinfo, found));
}

/* "10.0.0.11" or "10.0.0.0/24": a prefix that covers one address is not written */
static void put_prefix(struct words *line, packet_info *pinfo, const struct nhrp_address *found,
                       unsigned prefix_bits)
{
    struct nhrp_address network = *found;
    uint8_t *octets;

    if (prefix_bits == 0 || prefix_bits >= found->length * 8) {
        put_address(line, pinfo, found);
        return;
    }
    octets = (uint8_t *)wmem_memdup(pinfo->pool, found->octets, found->length);
    for (unsigned bit = prefix_bits; bit < found->length * 8; bit++)
        octets[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
    network.octets = octets;
    if (found->kind == NHRP_ADDRESS_IPV4 || found->kind == NHRP_ADDRESS_IPV6)
        set_address(&network.value, found->value.type, found->length, octets);
    put_address(line, pinfo, &network);
    words_put(line, "/");
    words_put_uint(line, prefix_bits);
}

static void put_hold(struct words *line, const struct nhrp_cie *cie)
{
    words_put(line, ", ");
    words_put_uint(line, cie->hold_s);
    words_put(line, " s");
}

static void put_refusal(struct words *line, const struct nhrp_cie *cie)
{
    words_put(line, ", refused: code ");
    words_put_uint(line, cie->code);
    words_put(line, " (");
    words_put(line, val_to_str_const(cie->code, nhrp_cie_codes, "unknown"));
    words_put(line, ")");
}

static void put_more(struct words *line, const struct nhrp_message *message)
{
    if (message->cies.count < 2)
        return;
    words_put(line, ", and ");
    words_put_uint(line, message->cies.count - 1);
    words_put(line, " more");
}

static void tell_registration(struct words *line, packet_info *pinfo, const struct nhrp_message *message)
{
    const struct nhrp_cie *cie = message->cies.first;

    if (!cie) {
        words_put(line, " from ");
        put_address(line, pinfo, &message->source_protocol);
        words_put(line, ", no entry");
        return;
    }
    words_put(line, " ");
    put_prefix(line, pinfo, cie_or_common(&cie->protocol, &message->source_protocol), cie->prefix_bits);
    words_put(line, " is at ");
    put_address(line, pinfo, cie_or_common(&cie->nbma, &message->source_nbma));
    put_more(line, message);
    if (cie->code != NHRP_CODE_SUCCESS) {
        put_refusal(line, cie);
        return;
    }
    put_hold(line, cie);
    if (message->flags & NHRP_REGISTRATION_U)
        words_put(line, ", unique");
    if (message->type == NHRP_REGISTRATION_REPLY)
        words_put(line, ", accepted");
}

static void tell_resolution_request(struct words *line, packet_info *pinfo,
                                    const struct nhrp_message *message)
{
    words_put(line, " ");
    put_address(line, pinfo, &message->source_protocol);
    words_put(line, " at ");
    put_address(line, pinfo, &message->source_nbma);
    words_put(line, " asks for ");
    put_address(line, pinfo, &message->destination_protocol);
}

static void tell_resolution_reply(struct words *line, packet_info *pinfo, const struct nhrp_message *message)
{
    const struct nhrp_cie *cie = message->cies.first;

    words_put(line, " ");
    if (!cie || cie->code != NHRP_CODE_SUCCESS) {
        put_address(line, pinfo, &message->destination_protocol);
        if (cie)
            put_refusal(line, cie);
        else
            words_put(line, ", no entry");
        return;
    }
    put_prefix(line, pinfo, &message->destination_protocol, cie->prefix_bits);
    words_put(line, " is at ");
    put_address(line, pinfo, &cie->nbma);
    if (cie->protocol.kind != NHRP_ADDRESS_ABSENT &&
        !nhrp_address_equal(&cie->protocol, &message->destination_protocol)) {
        words_put(line, " through ");
        put_address(line, pinfo, &cie->protocol);
    }
    put_more(line, message);
    put_hold(line, cie);
    if (message->flags & NHRP_RESOLUTION_A)
        words_put(line, ", authoritative");
}

static void tell_purge(struct words *line, packet_info *pinfo, const struct nhrp_message *message)
{
    const struct nhrp_cie *cie = message->cies.first;

    words_put(line, " ");
    put_address(line, pinfo, &message->source_protocol);
    words_put(line, message->type == NHRP_PURGE_REPLY ? " had purged " : " purges ");
    if (cie)
        put_prefix(line, pinfo, &cie->protocol, cie->prefix_bits);
    else
        words_put(line, "nothing");
    if (cie && cie->nbma.kind != NHRP_ADDRESS_ABSENT) {
        words_put(line, " at ");
        put_address(line, pinfo, &cie->nbma);
    }
    put_more(line, message);
    if (message->flags & NHRP_PURGE_N)
        words_put(line, ", no reply wanted");
}

static void put_ends(struct words *line, packet_info *pinfo, const struct nhrp_message *message)
{
    words_put(line, ", ");
    put_address(line, pinfo, &message->source_protocol);
    words_put(line, " tells ");
    put_address(line, pinfo, &message->destination_protocol);
}

static void tell_error(struct words *line, packet_info *pinfo, const struct nhrp_message *message)
{
    words_put(line, ", code ");
    words_put_uint(line, message->error_code);
    words_put(line, " (");
    words_put(line, val_to_str_const(message->error_code, nhrp_error_codes, "unknown"));
    words_put(line, ")");
    put_ends(line, pinfo, message);
    if (!message->about)
        return;
    words_put(line, " about ");
    words_put(line, nhrp_message_name(message->about->type));
    if (nhrp_has_request_id(message->about)) {
        words_put(line, " #");
        words_put_uint(line, message->about->request_id);
    }
}

static void tell_traffic(struct words *line, packet_info *pinfo, const struct nhrp_message *message)
{
    put_ends(line, pinfo, message);
    if (message->traffic_code != NHRP_TRAFFIC_REDIRECT) {
        words_put(line, " code ");
        words_put_uint(line, message->traffic_code);
    }
    if (message->traffic_to.kind != NHRP_ADDRESS_ABSENT) {
        words_put(line, " about traffic ");
        put_address(line, pinfo, &message->traffic_from);
        words_put(line, " to ");
        put_address(line, pinfo, &message->traffic_to);
    }
}

void nhrp_info_tell(struct words *line, packet_info *pinfo, const struct nhrp_message *message)
{
    words_put(line, nhrp_message_name(message->type));
    if (nhrp_has_request_id(message) && message->bounded) {
        words_put(line, " #");
        words_put_uint(line, message->request_id);
    }
    switch (message->bounded ? message->type : 0) {
    case NHRP_REGISTRATION_REQUEST:
    case NHRP_REGISTRATION_REPLY:
        tell_registration(line, pinfo, message);
        break;
    case NHRP_RESOLUTION_REQUEST:
        tell_resolution_request(line, pinfo, message);
        break;
    case NHRP_RESOLUTION_REPLY:
        tell_resolution_reply(line, pinfo, message);
        break;
    case NHRP_PURGE_REQUEST:
    case NHRP_PURGE_REPLY:
        tell_purge(line, pinfo, message);
        break;
    case NHRP_ERROR_INDICATION:
        tell_error(line, pinfo, message);
        break;
    case NHRP_TRAFFIC_INDICATION:
        tell_traffic(line, pinfo, message);
        break;
    default:
        words_put(line, ", type ");
        words_put_uint(line, message->type);
        break;
    }
}
