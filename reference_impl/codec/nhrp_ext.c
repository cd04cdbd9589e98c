/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/nhrp_ext.h"

#include "codec/nhrp_cie.h"

#define COMPULSORY 0x8000
#define RESERVED   0x4000
#define TYPE_MASK  0x3fff

#define KEYED_HASH_LEN   16 /* HMAC-MD5 (RFC2332 §5.3.4.2) */
#define CAPABILITIES_LEN 8

bool nhrp_ext_next(struct span *list, struct nhrp_ext *out)
{
    if (list->len < NHRP_EXT_HEADER_LEN)
        return false;
    uint16_t word = octets_u16(list->data);
    size_t len = octets_u16(list->data + 2);
    size_t left = list->len - NHRP_EXT_HEADER_LEN;
    const uint8_t *value = list->data + NHRP_EXT_HEADER_LEN;
    if (len > left)
        return false;
    *out = (struct nhrp_ext){
        .compulsory = word & COMPULSORY,
        .reserved = word & RESERVED,
        .type = word & TYPE_MASK,
        .value = len > 0 ? span_of(value, len) : (struct span){0},
    };
    *list = span_of(value + len, left - len);
    return true;
}

bool nhrp_ext_find(struct span list, uint16_t type, struct nhrp_ext *out)
{
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext)) {
        if (ext.type == type) {
            *out = ext;
            return true;
        }
    }
    return false;
}

void nhrp_ext_write(struct writer *w, const struct nhrp_ext *ext)
{
    if (ext->value.len > UINT16_MAX) {
        w->failed = true;
        return;
    }
    writer_u16(w, (uint16_t)((ext->compulsory ? COMPULSORY : 0) | (ext->reserved ? RESERVED : 0) |
                             (ext->type & TYPE_MASK)));
    writer_u16(w, (uint16_t)ext->value.len);
    writer_span(w, ext->value);
}

void nhrp_ext_write_end(struct writer *w)
{
    nhrp_ext_write(w, &(struct nhrp_ext){.compulsory = true, .type = NHRP_EXT_END});
}

bool nhrp_auth_decode(struct span value, size_t source_len, struct nhrp_auth *out)
{
    struct reader r = reader_of(value);
    struct nhrp_auth auth = {.form = NHRP_AUTH_KEYED_HASH};
    auth.reserved = reader_u16(&r);
    auth.spi = reader_u16(&r);
    /* Nothing in the packet names the format. Cisco's is known by its fixed head, unless the rest has just
     * the size of an address and a hash under a key that was given the number 1. */
    if (auth.reserved == 0 && auth.spi == NHRP_AUTH_SPI_CLEARTEXT &&
        reader_left(&r) != source_len + KEYED_HASH_LEN)
        auth.form = NHRP_AUTH_CLEARTEXT;
    else
        auth.source = reader_span(&r, source_len);
    auth.secret = reader_rest(&r);
    if (r.failed)
        return false;
    *out = auth;
    return true;
}

void nhrp_auth_write(struct writer *w, const struct nhrp_auth *auth)
{
    writer_u16(w, auth->reserved);
    writer_u16(w, auth->spi);
    writer_span(w, auth->source);
    writer_span(w, auth->secret);
}

bool nhrp_vendor_decode(struct span value, struct nhrp_vendor *out)
{
    struct reader r = reader_of(value);
    uint32_t high = reader_u8(&r);
    uint32_t oui = high << 16 | reader_u16(&r);
    struct span data = reader_rest(&r);
    if (r.failed)
        return false;
    *out = (struct nhrp_vendor){.oui = oui, .data = data};
    return true;
}

void nhrp_vendor_write(struct writer *w, const struct nhrp_vendor *vendor)
{
    writer_u8(w, (uint8_t)(vendor->oui >> 16));
    writer_u16(w, (uint16_t)vendor->oui);
    writer_span(w, vendor->data);
}

bool nhrp_capabilities_decode(struct span value, struct nhrp_capabilities *out)
{
    if (value.len != CAPABILITIES_LEN)
        return false;
    struct reader r = reader_of(value);
    out->source = reader_u32(&r);
    out->destination = reader_u32(&r);
    return true;
}

bool nhrp_ext_has_cies(uint16_t type)
{
    switch (type) {
    case NHRP_EXT_RESPONDER_ADDRESS:
    case NHRP_EXT_FORWARD_TRANSIT:
    case NHRP_EXT_REVERSE_TRANSIT:
    case NHRP_EXT_NAT_ADDRESS:
        return true;
    default:
        return false;
    }
}

bool nhrp_ext_cies(const struct nhrp_ext *ext, struct span *list)
{
    if (!nhrp_ext_has_cies(ext->type) || !nhrp_cie_check(ext->value, NULL, NULL))
        return false;
    *list = ext->value;
    return true;
}

const char *nhrp_ext_words(uint16_t type)
{
    switch (type) {
#define EXTENSION_TYPE(name, value, words, clause) \
    case value:                                    \
        return words;
#include "codec/nhrp_codes.def"
    default:
        return "unknown";
    }
}
