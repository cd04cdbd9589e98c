/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The summary line: what the message says, in one breath.
 * Owns: the wording of the Info column. Must not: touch the tree.
 */
#include "nhrp_parts.h"

/* The address of a CIE, or the common header's when the CIE leaves it out (5.2.3) */
static const struct nhrp_address *cie_or_common(const struct nhrp_address *cie,
                                                const struct nhrp_address *common)
{
    return cie->kind != NHRP_ADDRESS_ABSENT ? cie : common;
}

/* "10.0.0.11" or "10.0.0.0/24": a prefix that covers one address is not written */
static const char *prefix_text(packet_info *pinfo, const struct nhrp_address *found, unsigned prefix_bits)
{
    struct nhrp_address network = *found;
    uint8_t *octets;

    if (prefix_bits == 0 || prefix_bits >= found->length * 8)
        return nhrp_address_text(pinfo, found);
    octets = (uint8_t *)wmem_memdup(pinfo->pool, found->octets, found->length);
    for (unsigned bit = prefix_bits; bit < found->length * 8; bit++)
        octets[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
    network.octets = octets;
    if (found->kind == NHRP_ADDRESS_IPV4 || found->kind == NHRP_ADDRESS_IPV6)
        set_address(&network.value, found->value.type, found->length, octets);
    return wmem_strdup_printf(pinfo->pool, "%s/%u", nhrp_address_text(pinfo, &network), prefix_bits);
}

static void tell(packet_info *pinfo, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void tell(packet_info *pinfo, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = wmem_strdup_vprintf(pinfo->pool, format, arguments);
    va_end(arguments);
    col_append_str(pinfo->cinfo, COL_INFO, text);
}

static void tell_refusal(packet_info *pinfo, const struct nhrp_cie *cie)
{
    tell(pinfo, ", refused: code %u (%s)", cie->code, val_to_str_const(cie->code, nhrp_cie_codes, "unknown"));
}

static void tell_more(packet_info *pinfo, const struct nhrp_message *message)
{
    if (message->cies.count > 1)
        tell(pinfo, ", and %u more", message->cies.count - 1);
}

static void tell_registration(packet_info *pinfo, const struct nhrp_message *message)
{
    const struct nhrp_cie *cie = message->cies.first;

    if (!cie) {
        tell(pinfo, ", from %s, no entry", nhrp_address_text(pinfo, &message->source_protocol));
        return;
    }
    tell(pinfo, ", %s is at %s",
         prefix_text(pinfo, cie_or_common(&cie->protocol, &message->source_protocol), cie->prefix_bits),
         nhrp_address_text(pinfo, cie_or_common(&cie->nbma, &message->source_nbma)));
    tell_more(pinfo, message);
    if (cie->code != NHRP_CODE_SUCCESS) {
        tell_refusal(pinfo, cie);
        return;
    }
    tell(pinfo, ", hold %u s%s%s", cie->hold_s, (message->flags & NHRP_REGISTRATION_U) ? ", unique" : "",
         message->type == NHRP_REGISTRATION_REPLY ? ", accepted" : "");
}

static void tell_resolution_request(packet_info *pinfo, const struct nhrp_message *message)
{
    tell(pinfo, ", %s at %s asks for %s", nhrp_address_text(pinfo, &message->source_protocol),
         nhrp_address_text(pinfo, &message->source_nbma),
         nhrp_address_text(pinfo, &message->destination_protocol));
}

static void tell_resolution_reply(packet_info *pinfo, const struct nhrp_message *message)
{
    const struct nhrp_cie *cie = message->cies.first;
    const char *wanted = nhrp_address_text(pinfo, &message->destination_protocol);

    if (!cie) {
        tell(pinfo, ", %s, no entry", wanted);
        return;
    }
    if (cie->code != NHRP_CODE_SUCCESS) {
        tell(pinfo, ", %s", wanted);
        tell_refusal(pinfo, cie);
        return;
    }
    tell(pinfo, ", %s is at %s", prefix_text(pinfo, &message->destination_protocol, cie->prefix_bits),
         nhrp_address_text(pinfo, &cie->nbma));
    if (cie->protocol.kind != NHRP_ADDRESS_ABSENT &&
        !nhrp_address_equal(&cie->protocol, &message->destination_protocol))
        tell(pinfo, " through %s", nhrp_address_text(pinfo, &cie->protocol));
    tell_more(pinfo, message);
    tell(pinfo, ", hold %u s%s", cie->hold_s, (message->flags & NHRP_RESOLUTION_A) ? ", authoritative" : "");
}

static void tell_purge(packet_info *pinfo, const struct nhrp_message *message)
{
    const struct nhrp_cie *cie = message->cies.first;

    tell(pinfo, ", %s %s ", nhrp_address_text(pinfo, &message->source_protocol),
         message->type == NHRP_PURGE_REPLY ? "had purged" : "purges");
    if (cie)
        tell(pinfo, "%s", prefix_text(pinfo, &cie->protocol, cie->prefix_bits));
    else
        tell(pinfo, "nothing");
    if (cie && cie->nbma.kind != NHRP_ADDRESS_ABSENT)
        tell(pinfo, " at %s", nhrp_address_text(pinfo, &cie->nbma));
    tell_more(pinfo, message);
    if (message->flags & NHRP_PURGE_N)
        tell(pinfo, ", no reply wanted");
}

static void tell_error(packet_info *pinfo, const struct nhrp_message *message)
{
    tell(pinfo, ", code %u (%s), %s tells %s", message->error_code,
         val_to_str_const(message->error_code, nhrp_error_codes, "unknown"),
         nhrp_address_text(pinfo, &message->source_protocol),
         nhrp_address_text(pinfo, &message->destination_protocol));
    if (!message->about)
        return;
    tell(pinfo, " about %s", nhrp_message_name(message->about->type));
    if (nhrp_has_request_id(message->about))
        tell(pinfo, " ID %u", message->about->request_id);
}

static void tell_traffic(packet_info *pinfo, const struct nhrp_message *message)
{
    tell(pinfo, ", %s tells %s", nhrp_address_text(pinfo, &message->source_protocol),
         nhrp_address_text(pinfo, &message->destination_protocol));
    if (message->traffic_code != NHRP_TRAFFIC_REDIRECT)
        tell(pinfo, " code %u", message->traffic_code);
    if (message->traffic_to.kind != NHRP_ADDRESS_ABSENT)
        tell(pinfo, " about traffic %s to %s", nhrp_address_text(pinfo, &message->traffic_from),
             nhrp_address_text(pinfo, &message->traffic_to));
}

void nhrp_info_tell(packet_info *pinfo, const struct nhrp_message *message)
{
    if (nhrp_has_request_id(message) && message->bounded)
        tell(pinfo, ", ID %u", message->request_id);
    switch (message->bounded ? message->type : 0) {
    case NHRP_REGISTRATION_REQUEST:
    case NHRP_REGISTRATION_REPLY:
        tell_registration(pinfo, message);
        break;
    case NHRP_RESOLUTION_REQUEST:
        tell_resolution_request(pinfo, message);
        break;
    case NHRP_RESOLUTION_REPLY:
        tell_resolution_reply(pinfo, message);
        break;
    case NHRP_PURGE_REQUEST:
    case NHRP_PURGE_REPLY:
        tell_purge(pinfo, message);
        break;
    case NHRP_ERROR_INDICATION:
        tell_error(pinfo, message);
        break;
    case NHRP_TRAFFIC_INDICATION:
        tell_traffic(pinfo, message);
        break;
    default:
        tell(pinfo, ", type %u", message->type);
        break;
    }
}
