/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * facts: what is rare about a message, found in one pass, so that the rules about it need not be asked about
 * the others.
 */
#include "audit/rules.h"

#define IP_NBMA_LEN(afn) ((afn) == NHRP_AFN_IPV4 ? 4u : 16u)

static bool is_plain_address(const struct nhrp_message *m)
{
    const struct nhrp_fixed *f = &m->fixed;
    size_t protocol = f->protocol_type == NHRP_PROTOCOL_IPV4 ? 4 : 16;
    return (f->afn == NHRP_AFN_IPV4 || f->afn == NHRP_AFN_IPV6) &&
           (f->protocol_type == NHRP_PROTOCOL_IPV4 || f->protocol_type == NHRP_PROTOCOL_IPV6) &&
           m->source_nbma.len == IP_NBMA_LEN(f->afn) && m->source_protocol.len == protocol &&
           m->destination_protocol.len == protocol && m->source_subaddress.len == 0;
}

static bool has_rare_bits(const struct nhrp_message *m)
{
    const struct nhrp_fixed *f = &m->fixed;
    const uint8_t *snap = f->protocol_snap;
    uint16_t unused = TYPES(f->type) & TYPES_RESOLUTION     ? m->resolution.unused
                      : TYPES(f->type) & TYPES_REGISTRATION ? m->registration.unused
                      : TYPES(f->type) & TYPES_PURGE        ? m->purge.unused
                                                            : 0;
    return (snap[0] | snap[1] | snap[2] | snap[3] | snap[4]) != 0 || f->hop_count == 0 || unused != 0 ||
           f->source_nbma_type.reserved || f->source_nbma_type.e164 || f->source_subaddress_type.reserved ||
           f->source_subaddress_type.e164;
}

static bool is_rare_entry(const struct nhrp_cie *cie, size_t address_len)
{
    return cie->unused != 0 || cie->nbma_type.reserved || cie->nbma_type.e164 || cie->subaddress.len > 0 ||
           cie->subaddress_type.reserved || cie->subaddress_type.e164 ||
           (cie->prefix_len > address_len * 8 && cie->prefix_len != NHRP_PREFIX_HOST);
}

static unsigned entry_facts(const struct nhrp_message *m)
{
    struct span list = m->cies;
    struct nhrp_cie cie;
    unsigned facts = 0;
    size_t count = 0;
    for (; nhrp_cie_next(&list, &cie); count++) {
        if (is_rare_entry(&cie, m->source_protocol.len))
            facts |= FACT_HEADER;
        if (m->fixed.type == NHRP_REGISTRATION_REQUEST &&
            (cie.hold_s == 0 || cie.hold_s == UINT16_MAX ||
             (cie.prefix_len == NHRP_PREFIX_HOST) != m->registration.unique))
            facts |= FACT_VALUES;
        if (cie.code != NHRP_CIE_OK)
            facts |= FACT_REFUSED;
    }
    return facts | (count != 1 ? FACT_ENTRIES : 0);
}

static bool is_compulsory_by_definition(uint16_t type)
{
    return type != NHRP_EXT_NAT_ADDRESS && type != NHRP_EXT_VENDOR_PRIVATE &&
           type != NHRP_EXT_MOBILE_AUTHENTICATION;
}

static unsigned extension_facts(const struct nhrp_message *m, uint32_t *extensions)
{
    struct span list = m->extensions;
    struct nhrp_ext ext;
    uint32_t seen = 0;
    unsigned facts = m->trailer.len > 0 ? FACT_ODD : 0;
    while (nhrp_ext_next(&list, &ext)) {
        if (ext.type == NHRP_EXT_VENDOR_PRIVATE || ext.type > NHRP_EXT_MOBILE_AUTHENTICATION) {
            facts |= FACT_FOREIGN | FACT_ODD;
            continue;
        }
        if ((seen & TYPES(ext.type)) || ext.reserved ||
            ext.compulsory != is_compulsory_by_definition(ext.type))
            facts |= FACT_ODD;
        seen |= TYPES(ext.type);
        if (ext.type == NHRP_EXT_AUTHENTICATION)
            facts |= FACT_AUTH;
        else if (ext.value.len > 0)
            facts |= ext.type == NHRP_EXT_NAT_ADDRESS ? FACT_NAT : FACT_RECORD;
    }
    *extensions = seen;
    return facts;
}

unsigned message_facts(const struct nhrp_message *m, uint32_t *extensions)
{
    unsigned facts = extension_facts(m, extensions);
    uint8_t type = m->fixed.type;
    if (TYPES(type) & TYPES_ENTRIES)
        facts |= entry_facts(m);
    if (!is_plain_address(m) || has_rare_bits(m))
        facts |= FACT_HEADER;
    if ((TYPES(type) & TYPES_RESOLUTION && m->resolution.unique) ||
        (TYPES(type) & TYPES_REGISTRATION && m->registration.unique))
        facts |= FACT_UNIQUE;
    return facts;
}
