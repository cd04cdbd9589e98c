/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_extension: extensions (RFC 2332 section 5.3; NAT Address DEFACTO). */
#include "audit/rules.h"

#define TYPES_KNOWN_MAX 64 /* extension types of the documents are all below */

static bool is_known(uint16_t type)
{
    switch (type) {
#define EXTENSION_TYPE(name, value, words, clause) \
    case value:                                    \
        return true;
#include "codec/nhrp_codes.def"
    default:
        return false;
    }
}

static bool no_end(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the packet ends at octet %zu without End extension", s->packet->error.offset);
    return s->packet->bad_layer == PACKET_MESSAGE && s->packet->error.status == CODEC_MISSING_END;
}

static bool end_with_length(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the End extension at octet %zu has a length", s->packet->error.offset);
    return s->packet->bad_layer == PACKET_MESSAGE && s->packet->error.status == CODEC_BAD_LENGTH;
}

static bool is_twice(const struct sight *s, struct claim *c)
{
    struct span list = s->m->extensions;
    struct nhrp_ext ext;
    uint64_t seen = 0;
    while (nhrp_ext_next(&list, &ext)) {
        uint64_t bit = ext.type < TYPES_KNOWN_MAX ? UINT64_C(1) << ext.type : 0;
        if ((seen & bit) && ext.type != NHRP_EXT_VENDOR_PRIVATE) {
            text_add(&c->words, "%s twice", nhrp_ext_words(ext.type));
            return true;
        }
        seen |= bit;
    }
    return false;
}

static bool should_be_compulsory(uint16_t type)
{
    return type == NHRP_EXT_RESPONDER_ADDRESS || type == NHRP_EXT_FORWARD_TRANSIT ||
           type == NHRP_EXT_REVERSE_TRANSIT || type == NHRP_EXT_AUTHENTICATION;
}

static bool compulsory_bit(const struct sight *s, struct claim *c)
{
    struct span list = s->m->extensions;
    struct nhrp_ext ext;
    while (nhrp_ext_next(&list, &ext)) {
        bool wrong = should_be_compulsory(ext.type) ? !ext.compulsory
                                                    : ext.type == NHRP_EXT_NAT_ADDRESS && ext.compulsory;
        if (wrong || ext.reserved) {
            text_add(&c->words, "%s with %s", nhrp_ext_words(ext.type),
                     ext.reserved     ? "its unused bit set"
                     : ext.compulsory ? "the compulsory bit set"
                                      : "the compulsory bit clear");
            return true;
        }
    }
    return false;
}

static bool end_not_compulsory(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    text_add(&c->words, "the End extension has the compulsory bit clear");
    return nhrp_ext_find(s->m->extensions, NHRP_EXT_END, &ext) && !ext.compulsory;
}

static bool all_zero(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i] != 0)
            return false;
    return true;
}

static bool data_after_end(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%zu octets after the End extension", s->m->trailer.len);
    return s->m->trailer.len > 0 && !all_zero(s->m->trailer);
}

static bool zeros_after_end(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%zu zero octets after the End extension", s->m->trailer.len);
    return s->m->trailer.len > 0 && all_zero(s->m->trailer);
}

static bool is_record(uint16_t type)
{
    return type == NHRP_EXT_RESPONDER_ADDRESS || type == NHRP_EXT_FORWARD_TRANSIT ||
           type == NHRP_EXT_REVERSE_TRANSIT;
}

static bool record_prefix(const struct sight *s, struct claim *c)
{
    struct span list = s->m->extensions, cies;
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    while (nhrp_ext_next(&list, &ext)) {
        if (!is_record(ext.type) || !nhrp_ext_cies(&ext, &cies))
            continue;
        while (nhrp_cie_next(&cies, &cie))
            if (cie.prefix_len != 0) {
                text_add(&c->words, "prefix length %u in %s", cie.prefix_len, nhrp_ext_words(ext.type));
                return true;
            }
    }
    return false;
}

static bool code_is_allowed(uint16_t type, uint8_t code)
{
    return code == 0 || (code == NHRP_CIE_NO_RESOURCES && type != NHRP_EXT_REVERSE_TRANSIT);
}

static bool record_code(const struct sight *s, struct claim *c)
{
    struct span list = s->m->extensions, cies;
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    while (nhrp_ext_next(&list, &ext)) {
        if (!is_record(ext.type) || !nhrp_ext_cies(&ext, &cies))
            continue;
        while (nhrp_cie_next(&cies, &cie))
            if (!code_is_allowed(ext.type, cie.code)) {
                text_add(&c->words, "code %u in %s", cie.code, nhrp_ext_words(ext.type));
                return true;
            }
    }
    return false;
}

static bool record_in_request(const struct sight *s, struct claim *c)
{
    static const uint16_t types[] = {NHRP_EXT_RESPONDER_ADDRESS, NHRP_EXT_FORWARD_TRANSIT,
                                     NHRP_EXT_REVERSE_TRANSIT};
    for (size_t i = 0; s->own && i < sizeof(types) / sizeof(types[0]); i++)
        if (record_length(s->m, types[i]) > 0) {
            text_add(&c->words, "%s with an entry, from the requester itself", nhrp_ext_words(types[i]));
            return true;
        }
    return false;
}

static bool added_in_reply(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext, asked;
    if (s->asked == NULL || !s->own)
        return false;
    struct span list = s->m->extensions;
    while (nhrp_ext_next(&list, &ext)) {
        bool exempt = ext.type == NHRP_EXT_END || ext.type == NHRP_EXT_VENDOR_PRIVATE ||
                      ext.type == NHRP_EXT_AUTHENTICATION || ext.type == NHRP_EXT_NAT_ADDRESS;
        if (!exempt && !nhrp_ext_find(s->asked->extensions, ext.type, &asked)) {
            text_add(&c->words, "%s (type %u), which the request lacks", nhrp_ext_words(ext.type), ext.type);
            return true;
        }
    }
    return false;
}

static bool lacking_in_reply(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext, there;
    if (s->asked == NULL)
        return false;
    struct span list = s->asked->extensions;
    while (nhrp_ext_next(&list, &ext))
        if (ext.type != NHRP_EXT_AUTHENTICATION && !nhrp_ext_find(s->m->extensions, ext.type, &there)) {
            text_add(&c->words, "the request has %s (type %u), the reply does not", nhrp_ext_words(ext.type),
                     ext.type);
            return true;
        }
    return false;
}

static bool unknown_changed(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext, there;
    if (s->asked == NULL)
        return false;
    struct span list = s->asked->extensions;
    while (nhrp_ext_next(&list, &ext))
        if (!is_known(ext.type) && !ext.compulsory && nhrp_ext_find(s->m->extensions, ext.type, &there) &&
            !span_equal(ext.value, there.value)) {
            text_add(&c->words, "extension type %u comes back changed", ext.type);
            return true;
        }
    return false;
}

static bool vendor_changed(const struct sight *s, struct claim *c)
{
    struct nhrp_ext asked, there;
    text_add(&c->words, "the requester's Vendor-Private extension is not in the reply as it was");
    return s->asked != NULL && nhrp_ext_find(s->asked->extensions, NHRP_EXT_VENDOR_PRIVATE, &asked) &&
           (!nhrp_ext_find(s->m->extensions, NHRP_EXT_VENDOR_PRIVATE, &there) ||
            !span_equal(asked.value, there.value));
}

static bool unknown_compulsory_answered(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    if (s->asked == NULL)
        return false;
    struct span list = s->asked->extensions;
    while (nhrp_ext_next(&list, &ext))
        if (ext.compulsory && !is_known(ext.type)) {
            text_add(&c->words, "the request has compulsory extension type %u, and is answered by a reply",
                     ext.type);
            return true;
        }
    return false;
}

static bool no_responder(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    if (s->asked == NULL || !nhrp_ext_find(s->asked->extensions, NHRP_EXT_RESPONDER_ADDRESS, &ext))
        return false;
    text_add(&c->words, "the Responder Address extension names nobody");
    return !record_last(s->m, NHRP_EXT_RESPONDER_ADDRESS, &cie) || cie.protocol.len == 0 || cie.nbma.len == 0;
}

/* Did the responder write itself into a record of forwarders? */
static bool responder_in_record(const struct sight *s, uint16_t type, struct claim *c)
{
    struct nhrp_cie responder, last;
    if (!s->own || !record_last(s->m, NHRP_EXT_RESPONDER_ADDRESS, &responder) ||
        !record_last(s->m, type, &last) || !span_equal(responder.protocol, last.protocol))
        return false;
    claim_add_addr(c, "the responder ", addr_from_span(last.protocol), "");
    text_add(&c->words, " is in the %s", nhrp_ext_words(type));
    return true;
}

static bool responder_in_forward(const struct sight *s, struct claim *c)
{
    return responder_in_record(s, NHRP_EXT_FORWARD_TRANSIT, c);
}

static bool responder_in_reverse(const struct sight *s, struct claim *c)
{
    struct nhrp_cie last;
    if (responder_in_record(s, NHRP_EXT_REVERSE_TRANSIT, c))
        return true;
    if (s->sender == NULL || s->request == NULL || !addr_equal(s->from, s->request->last_to) ||
        !record_last(s->m, NHRP_EXT_REVERSE_TRANSIT, &last) || s->request->replies > 0)
        return false;
    claim_add_addr(c, "", addr_from_span(last.protocol),
                   " answers, and is in the Reverse Transit NHS Record");
    return addr_equal(addr_from_span(last.protocol), s->sender->protocol) &&
           record_length(s->m, NHRP_EXT_REVERSE_TRANSIT) == 1 && !(s->sender->roles & AUDIT_SERVER);
}

static bool responder_many(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%d entries in the Responder Address extension",
             record_length(s->m, NHRP_EXT_RESPONDER_ADDRESS));
    return record_length(s->m, NHRP_EXT_RESPONDER_ADDRESS) > 1;
}

/* By which protocol address the sender named itself in the responder's and in the transit records. */
static bool names_itself_twice(const struct sight *s, struct claim *c)
{
    struct nhrp_cie responder, transit;
    if (s->sender == NULL || !record_last(s->m, NHRP_EXT_RESPONDER_ADDRESS, &responder) ||
        !record_last(s->m, NHRP_EXT_FORWARD_TRANSIT, &transit) || responder.nbma.len == 0)
        return false;
    claim_add_addr(c, "as responder ", addr_from_span(responder.protocol), "");
    claim_add_addr(c, ", as forwarder ", addr_from_span(transit.protocol), "");
    return span_equal(responder.nbma, transit.nbma) && !span_equal(responder.protocol, transit.protocol);
}

static bool auth_in_error(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    text_add(&c->words, "an Authentication extension in an Error Indication");
    return nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, &ext);
}

static bool take_auth(const struct sight *s, struct nhrp_auth *auth)
{
    struct nhrp_ext ext;
    return nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, &ext) &&
           nhrp_auth_decode(ext.value, s->m->source_protocol.len, auth);
}

static bool auth_reserved(const struct sight *s, struct claim *c)
{
    struct nhrp_auth auth;
    if (!take_auth(s, &auth) || auth.reserved == 0)
        return false;
    text_add(&c->words, "the reserved field of the Authentication extension is 0x%04x", auth.reserved);
    return true;
}

static bool auth_source(const struct sight *s, struct claim *c)
{
    struct nhrp_auth auth;
    if (!take_auth(s, &auth) || auth.form != NHRP_AUTH_KEYED_HASH || s->sender == NULL)
        return false;
    struct addr named = addr_from_span(auth.source);
    claim_add_addr(c, "the extension names ", named, "");
    claim_add_addr(c, ", the packet comes from ", s->sender->protocol, "");
    return !addr_is_none(named) && !addr_equal(named, s->sender->protocol);
}

static bool auth_empty(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    struct nhrp_auth auth;
    if (!nhrp_ext_find(s->m->extensions, NHRP_EXT_AUTHENTICATION, &ext))
        return false;
    text_add(&c->words, "an Authentication extension of %zu octets", ext.value.len);
    return !take_auth(s, &auth) || auth.secret.len == 0;
}

static bool nat_names_client(const struct sight *s, struct claim *c)
{
    struct nhrp_cie cie;
    if (!s->own || !record_last(s->m, NHRP_EXT_NAT_ADDRESS, &cie) || cie.protocol.len == 0)
        return false;
    claim_add_addr(c, "the NAT extension of the request names ", addr_from_span(cie.protocol), "");
    return addr_equal(addr_from_span(cie.protocol), s->source) && !addr_equal(s->source, s->destination);
}

static bool nat_length_8(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    struct nhrp_capabilities words;
    if (!nhrp_ext_find(s->m->extensions, NHRP_EXT_NAT_ADDRESS, &ext) || ext.value.len == 0)
        return false;
    struct span list;
    text_add(&c->words, "extension 9 of %zu octets is neither a list of CIEs nor RFC 2735's capabilities",
             ext.value.len);
    return !nhrp_ext_cies(&ext, &list) && !nhrp_capabilities_decode(ext.value, &words);
}

static bool nat_prefix(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    struct span list;
    struct nhrp_cie cie;
    if (!nhrp_ext_find(s->m->extensions, NHRP_EXT_NAT_ADDRESS, &ext) || !nhrp_ext_cies(&ext, &list) ||
        !nhrp_cie_next(&list, &cie) || cie.prefix_len != 0)
        return false;
    text_add(&c->words, "prefix length 0 in an entry of the NAT extension, where Cisco has %u",
             (unsigned)cie.protocol.len * 8);
    return true;
}

/* The hub saw the client at its own address, and tells it of a NAT. */
static bool nat_without_cause(const struct sight *s, struct claim *c)
{
    struct nhrp_ext ext;
    struct span list;
    struct nhrp_cie cie;
    struct addr claimed = addr_from_span(s->m->source_nbma);
    if (!s->own || s->asked == NULL || !addr_equal(claimed, s->request->from) ||
        !nhrp_ext_find(s->m->extensions, NHRP_EXT_NAT_ADDRESS, &ext) || !nhrp_ext_cies(&ext, &list))
        return false;
    while (nhrp_cie_next(&list, &cie))
        if (addr_equal(addr_from_span(cie.protocol), s->source) &&
            !addr_equal(addr_from_span(cie.nbma), claimed)) {
            claim_add_addr(c, "the client sends from ", claimed, "");
            claim_add_addr(c, ", and is told that it was seen at ", addr_from_span(cie.nbma), "");
            return true;
        }
    return false;
}

const struct audit_rule rules_extension[] = {
    {"extension-end", "rfc2332-5.3-end", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, no_end,
     "The extensions have no End extension", NULL, NULL, 0},
    {"extension-end-length", "rfc2332-5.3.0-end-form", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, end_with_length,
     "The End extension has a length", NULL, NULL, 0},
    {"extension-end-form", "rfc2332-5.3.0-end-form", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL,
     end_not_compulsory, "The End extension is not compulsory", NULL, NULL, FACT_ODD},
    {"extension-after-end", "rfc2332-5.3-nothing-after-end", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL,
     data_after_end, "Data follows the End extension", NULL, NULL, FACT_ODD},
    {"extension-zeros-after-end", "rfc2332-5.3-nothing-after-end", NULL, AUDIT_NOTE, SIGHT_MESSAGE, TYPES_ALL,
     zeros_after_end, "Zero octets follow the End extension, as OpenNHRP sends them", NULL, "IB-025",
     FACT_ODD},
    {"extension-twice", "rfc2332-5.3-once", "rfc2332-5.3.4-authentication rfc2332-5.3.4-regenerated",
     AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL, is_twice, "An extension is there twice", NULL,
     "IB-011 IB-012 IB-123", FACT_ODD},
    {"extension-compulsory", "rfc2332-5.3-compulsory-bit", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL,
     compulsory_bit, "The compulsory bit of an extension is not as it is defined", NULL, NULL, FACT_ODD},
    {"record-prefix", "rfc2332-5.3.1-prefix-zero", NULL, AUDIT_NOTE, SIGHT_MESSAGE, TYPES_ALL, record_prefix,
     "A record has a prefix length, as new Cisco images send it", NULL, "IB-085", FACT_RECORD},
    {"record-code", "rfc2332-5.3.2-code-zero-or-5", "rfc2332-5.3.1-code-zero-or-5 rfc2332-5.3.3-code-zero",
     AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL, record_code, "A record has a code that does not belong there",
     NULL, NULL, FACT_RECORD},
    {"record-in-request", "rfc2332-5.3.2-requested-empty",
     "rfc2332-5.3.1-requested-empty rfc2332-5.3.3-requested-empty", AUDIT_VIOLATION, SIGHT_ORIGINAL,
     TYPES_REQUEST, record_in_request, "A requester fills in a record itself", NULL, NULL, FACT_RECORD},
    {"responder-many", "rfc2332-5.3.1-responder-address", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_REPLY,
     responder_many, "The Responder Address extension has several entries", NULL, NULL, FACT_RECORD},
    {"responder-missing", "rfc2332-5.3.1-responder-address", NULL, AUDIT_VIOLATION, SIGHT_REPLY,
     TYPES(2) | TYPES(4), no_responder, "A responder does not name itself although it was asked to", NULL,
     NULL, 0},
    {"responder-in-forward-record", "rfc2332-5.3.2-responder-leaves-record", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY, TYPES_REPLY, responder_in_forward,
     "A responder adds itself to the Forward Transit NHS record", NULL, NULL, FACT_RECORD},
    {"responder-in-reverse-record", "rfc2332-5.3.3-responder-leaves-record", NULL, AUDIT_VIOLATION,
     SIGHT_REPLY, TYPES_REPLY, responder_in_reverse,
     "A responder adds itself to the Reverse Transit NHS record", NULL, NULL, FACT_RECORD},
    {"responder-other-name", "rfc2332-5.3.1-same-address", NULL, AUDIT_NOTE, SIGHT_REPLY, TYPES_REPLY,
     names_itself_twice, "A server names itself by two protocol addresses", NULL, "IB-086", FACT_RECORD},
    {"extension-added", "rfc2332-5.3-only-if-requested", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES_REPLY,
     added_in_reply, "A reply has an extension that the request lacked", NULL, NULL,
     FACT_ADDED | FACT_FOREIGN},
    {"extension-lost", "rfc2332-5.2.2-extensions-returned", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(2),
     lacking_in_reply, "A Resolution Reply lacks an extension of the request", NULL, "IB-099",
     FACT_LOST | FACT_FOREIGN},
    {"extension-unknown-changed", "rfc2332-5.3-unknown-returned", NULL, AUDIT_VIOLATION, SIGHT_REPLY,
     TYPES_REPLY, unknown_changed, "An unknown extension comes back changed", NULL, NULL, FACT_FOREIGN},
    {"extension-vendor", "rfc2332-5.3.5-vendor-copied", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES_REPLY,
     vendor_changed, "A Vendor-Private extension does not come back", NULL, NULL, FACT_FOREIGN},
    {"extension-unknown-answered", "rfc2332-5.3-compulsory-refused",
     "rfc2332-5.2.7-unrecognized-extension-code", AUDIT_VIOLATION, SIGHT_REPLY, TYPES_REPLY,
     unknown_compulsory_answered, "A request with an unknown compulsory extension is answered", NULL,
     "IB-081", FACT_FOREIGN},
    {"authentication-in-error", "rfc2332-5.3.4-carriers", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(7),
     auth_in_error, "An Error Indication carries authentication", NULL, "IB-025", FACT_AUTH},
    {"authentication-reserved", "rfc2332-5.3.4.1-reserved-zero", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE,
     TYPES_ALL, auth_reserved, "The reserved field of the Authentication extension is not zero", NULL, NULL,
     FACT_AUTH},
    {"authentication-source", "rfc2332-5.3.4.1-source-address", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE,
     TYPES_ALL, auth_source, "The Authentication extension names another sender", NULL, NULL, FACT_AUTH},
    {"authentication-empty", "rfc2332-5.3.4-authentication", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL,
     auth_empty, "The Authentication extension is empty", NULL, "IB-011", FACT_AUTH},
    {"nat-names-client", "defacto-nat-extension", NULL, AUDIT_VIOLATION, SIGHT_ORIGINAL, TYPES(3),
     nat_names_client, "The NAT extension of a registration names the client instead of the server", NULL,
     "IB-096", FACT_NAT},
    {"nat-length", "defacto-nat-extension-lengths", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ENTRIES,
     nat_length_8, "Extension 9 cannot be read", NULL, "IB-088", FACT_NAT},
    {"nat-prefix", "defacto-nat-entry-fields", NULL, AUDIT_NOTE, SIGHT_MESSAGE, TYPES_ENTRIES, nat_prefix,
     "An entry of the NAT extension has prefix length 0", NULL, "IB-097", FACT_NAT},
    {"nat-without-cause", "defacto-nat-none-without-cause", NULL, AUDIT_VIOLATION, SIGHT_REPLY, TYPES(4),
     nat_without_cause, "A client is told of a NAT that is not there",
     "On Linux 3.10 to 3.13 the kernel reports a wrong link-layer source: use a newer one.", "IB-103",
     FACT_NAT},
    {0},
};
