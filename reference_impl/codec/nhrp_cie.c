/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/nhrp_cie.h"

#include "codec/nhrp_wire.h"

/* Where the lengths of the three addresses stand; the addresses follow the fixed head (RFC2332 §5.2.0.1). */
#define AT_NBMA_LEN       8
#define AT_SUBADDRESS_LEN 9
#define AT_PROTOCOL_LEN   10

/* The octets of the first CIE of the list; 0 if it is not whole. */
static size_t cie_len(struct span list)
{
    if (list.len < NHRP_CIE_FIXED_LEN)
        return 0;
    size_t len = NHRP_CIE_FIXED_LEN + (list.data[AT_NBMA_LEN] & NHRP_NBMA_LEN_MAX) +
                 (list.data[AT_SUBADDRESS_LEN] & NHRP_NBMA_LEN_MAX) + list.data[AT_PROTOCOL_LEN];
    return len <= list.len ? len : 0;
}

static struct span address_take(const uint8_t **at, size_t len)
{
    struct span out = len > 0 ? span_of(*at, len) : (struct span){0};
    *at += len;
    return out;
}

bool nhrp_cie_next(struct span *list, struct nhrp_cie *out)
{
    const uint8_t *octets = list->data;
    size_t len = cie_len(*list);
    if (len == 0)
        return false;
    out->code = octets[0];
    out->prefix_len = octets[1];
    out->unused = octets_u16(octets + 2);
    out->mtu = octets_u16(octets + 4);
    out->hold_s = octets_u16(octets + 6);
    uint8_t nbma_len = nhrp_nbma_split(octets[AT_NBMA_LEN], &out->nbma_type);
    uint8_t subaddress_len = nhrp_nbma_split(octets[AT_SUBADDRESS_LEN], &out->subaddress_type);
    out->preference = octets[11];
    const uint8_t *at = octets + NHRP_CIE_FIXED_LEN;
    out->nbma = address_take(&at, nbma_len);
    out->subaddress = address_take(&at, subaddress_len);
    out->protocol = address_take(&at, octets[AT_PROTOCOL_LEN]);
    *list = span_of(octets + len, list->len - len);
    return true;
}

bool nhrp_cie_check(struct span list, size_t *count, size_t *bad_at)
{
    size_t whole = list.len, n = 0, len;
    for (; (len = cie_len(list)) > 0; n++)
        list = span_of(list.data + len, list.len - len);
    if (count)
        *count = n;
    if (list.len > 0 && bad_at)
        *bad_at = whole - list.len;
    return list.len == 0;
}

size_t nhrp_cie_count(struct span list)
{
    size_t count;
    nhrp_cie_check(list, &count, NULL);
    return count;
}

void nhrp_cie_write(struct writer *w, const struct nhrp_cie *cie)
{
    if (cie->nbma.len > NHRP_NBMA_LEN_MAX || cie->subaddress.len > NHRP_NBMA_LEN_MAX ||
        cie->protocol.len > NHRP_PROTOCOL_LEN_MAX) {
        w->failed = true;
        return;
    }
    writer_u8(w, cie->code);
    writer_u8(w, cie->prefix_len);
    writer_u16(w, cie->unused);
    writer_u16(w, cie->mtu);
    writer_u16(w, cie->hold_s);
    writer_u8(w, nhrp_nbma_join(cie->nbma_type, cie->nbma.len));
    writer_u8(w, nhrp_nbma_join(cie->subaddress_type, cie->subaddress.len));
    writer_u8(w, (uint8_t)cie->protocol.len);
    writer_u8(w, cie->preference);
    writer_span(w, cie->nbma);
    writer_span(w, cie->subaddress);
    writer_span(w, cie->protocol);
}

const char *nhrp_cie_code_words(uint8_t code)
{
    switch (code) {
#define CIE_CODE(name, value, words, clause) \
    case value:                              \
        return words;
#include "codec/nhrp_codes.def"
    default:
        return "unknown";
    }
}
