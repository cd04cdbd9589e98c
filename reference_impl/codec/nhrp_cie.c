/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/nhrp_cie.h"

#include "codec/nhrp_wire.h"

static void cie_read(struct reader *r, struct nhrp_cie *out)
{
    out->code = reader_u8(r);
    out->prefix_len = reader_u8(r);
    out->unused = reader_u16(r);
    out->mtu = reader_u16(r);
    out->hold_s = reader_u16(r);
    uint8_t nbma_len = nhrp_nbma_split(reader_u8(r), &out->nbma_type);
    uint8_t subaddress_len = nhrp_nbma_split(reader_u8(r), &out->subaddress_type);
    uint8_t protocol_len = reader_u8(r);
    out->preference = reader_u8(r);
    out->nbma = reader_span(r, nbma_len);
    out->subaddress = reader_span(r, subaddress_len);
    out->protocol = reader_span(r, protocol_len);
}

bool nhrp_cie_next(struct span *list, struct nhrp_cie *out)
{
    if (list->len == 0)
        return false;
    struct reader r = reader_of(*list);
    cie_read(&r, out);
    if (r.failed)
        return false;
    *list = span_of(list->data + r.pos, list->len - r.pos);
    return true;
}

bool nhrp_cie_check(struct span list, size_t *count, size_t *bad_at)
{
    size_t whole = list.len, n = 0;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        n++;
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
