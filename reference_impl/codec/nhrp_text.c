/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/nhrp_text.h"

struct addr nhrp_nbma_addr(const struct nhrp_fixed *fixed, struct nhrp_nbma_type type, struct span bytes)
{
    bool ip = !type.e164 && ((fixed->afn == NHRP_AFN_IPV4 && bytes.len == 4) ||
                             (fixed->afn == NHRP_AFN_IPV6 && bytes.len == 16));
    return ip ? addr_from_span(bytes) : (struct addr){0};
}

struct addr nhrp_protocol_addr(const struct nhrp_fixed *fixed, struct span bytes)
{
    uint16_t protocol = nhrp_protocol_ethertype(fixed);
    bool ip = (protocol == NHRP_PROTOCOL_IPV4 && bytes.len == 4) ||
              (protocol == NHRP_PROTOCOL_IPV6 && bytes.len == 16);
    return ip ? addr_from_span(bytes) : (struct addr){0};
}

static void text_add_addr(struct text *t, struct addr a, struct span bytes)
{
    char buf[ADDR_TEXT_MAX];
    if (!addr_is_none(a) || bytes.len == 0)
        text_add(t, "%s", addr_format(a, buf));
    else
        text_add_hex(t, bytes);
}

static bool is_all_digits(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i] < '0' || bytes.data[i] > '9')
            return false;
    return bytes.len > 0;
}

void text_add_nbma(struct text *t, const struct nhrp_fixed *fixed, struct nhrp_nbma_type type,
                   struct span bytes)
{
    if (type.e164 && is_all_digits(bytes))
        text_add(t, "+%.*s", (int)bytes.len, (const char *)bytes.data);
    else
        text_add_addr(t, nhrp_nbma_addr(fixed, type, bytes), bytes);
}

void text_add_protocol(struct text *t, const struct nhrp_fixed *fixed, struct span bytes)
{
    text_add_addr(t, nhrp_protocol_addr(fixed, bytes), bytes);
}

void text_add_source_nbma(struct text *t, const struct nhrp_message *message)
{
    const struct nhrp_fixed *fixed = &message->fixed;
    text_add_nbma(t, fixed, fixed->source_nbma_type, message->source_nbma);
    if (message->source_subaddress.len > 0) {
        text_add(t, "/");
        text_add_nbma(t, fixed, fixed->source_subaddress_type, message->source_subaddress);
    }
}

void text_add_cie_nbma(struct text *t, const struct nhrp_fixed *fixed, const struct nhrp_cie *cie)
{
    text_add_nbma(t, fixed, cie->nbma_type, cie->nbma);
    if (cie->subaddress.len > 0) {
        text_add(t, "/");
        text_add_nbma(t, fixed, cie->subaddress_type, cie->subaddress);
    }
}

void text_add_cie_prefix(struct text *t, const struct nhrp_message *message, const struct nhrp_cie *cie)
{
    bool resolution =
        message->fixed.type == NHRP_RESOLUTION_REQUEST || message->fixed.type == NHRP_RESOLUTION_REPLY;
    struct span bytes = resolution              ? message->destination_protocol
                        : cie->protocol.len > 0 ? cie->protocol
                                                : message->source_protocol;
    struct addr a = nhrp_protocol_addr(&message->fixed, bytes);
    unsigned len = cie->prefix_len;
    char buf[PREFIX_TEXT_MAX];
    if (addr_is_none(a) || len == 0 || len >= addr_bits(a)) /* 0 and 255 both mean the address alone */
        text_add_protocol(t, &message->fixed, bytes);
    else
        text_add(t, "%s", prefix_format(prefix_of(a, len), buf));
}

void text_add_embedded_message(struct text *t, struct span contents)
{
    struct nhrp_message inside;
    if (nhrp_decode_head(contents, &inside).status != CODEC_OK) {
        text_add(t, "unreadable packet");
        return;
    }
    text_add(t, "%s", nhrp_type_words(inside.fixed.type));
    if (inside.destination_protocol.len > 0) {
        text_add(t, " for ");
        text_add_protocol(t, &inside.fixed, inside.destination_protocol);
    }
}
