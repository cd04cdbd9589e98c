/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_header: what every NHRP message must get right: the Fixed Part and its lengths (RFC 2332
 * section 5.1), and what all mandatory parts share (section 5.2.0.1).
 */
#include "audit/rules.h"

#define FIXED_LEN     20
#define MANDATORY_LEN 28
#define AT_SIZE       10
#define AT_EXTOFF     14
#define AFN_TUNNELS   2 /* families 1 and 2 have no subaddresses */

static struct span message_bytes(const struct sight *s)
{
    return s->packet->has_gre ? s->packet->gre.payload : s->packet->outer.payload;
}

static bool is_bad(const struct sight *s, enum codec_status status)
{
    return s->packet->bad_layer == PACKET_MESSAGE && s->packet->error.status == status;
}

/* A 16-bit field of a message that could not be decoded; 0 where there is none. */
static unsigned field_at(const struct sight *s, size_t at)
{
    struct span bytes = message_bytes(s);
    return bytes.len >= at + 2 ? (unsigned)bytes.data[at] << 8 | bytes.data[at + 1] : 0;
}

static bool has_link_header(const struct sight *s)
{
    struct span bytes = message_bytes(s);
    return s->packet->bad_layer == PACKET_MESSAGE && bytes.len >= 3 && bytes.data[0] == 0xaa &&
           bytes.data[1] == 0xaa && bytes.data[2] == 0x03;
}

static bool looks_like_ip(const struct sight *s)
{
    struct span bytes = message_bytes(s);
    return s->packet->bad_layer == PACKET_MESSAGE && bytes.len >= FIXED_LEN && bytes.data[0] == 0x45;
}

static bool link_header(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the NHRP header should begin here, and an LLC/SNAP header (aa aa 03) does");
    return has_link_header(s);
}

static bool bad_version(const struct sight *s, struct claim *c)
{
    struct span bytes = message_bytes(s);
    if (!is_bad(s, CODEC_BAD_VERSION) || has_link_header(s) || looks_like_ip(s))
        return false;
    text_add(&c->words, "ar$op.version is %u", bytes.data[16]);
    return true;
}

static bool unknown_type(const struct sight *s, struct claim *c)
{
    if (!is_bad(s, CODEC_BAD_TYPE))
        return false;
    text_add(&c->words, "ar$op.type is %u", message_bytes(s).data[17]);
    return true;
}

static bool bad_size(const struct sight *s, struct claim *c)
{
    if (!is_bad(s, CODEC_BAD_SIZE))
        return false;
    text_add(&c->words, "ar$pktsz is %u, and %zu octets are there", field_at(s, AT_SIZE),
             message_bytes(s).len);
    return true;
}

/* The sum that comes out when the last octet of an odd packet is taken for the low half of a word. */
static bool sums_up_with_low_octet(struct span bytes)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < bytes.len; i += 2)
        sum += (uint32_t)bytes.data[i] << 8 | bytes.data[i + 1];
    sum += bytes.data[bytes.len - 1];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

static bool odd_sum(const struct sight *s)
{
    unsigned size = field_at(s, AT_SIZE);
    return is_bad(s, CODEC_BAD_CHECKSUM) && size % 2 == 1 &&
           sums_up_with_low_octet(span_of(message_bytes(s).data, size));
}

static bool bad_checksum_odd(const struct sight *s, struct claim *c)
{
    text_add(&c->words,
             "%u octets; the checksum is right if the last one is taken for the low half of a word",
             field_at(s, AT_SIZE));
    return odd_sum(s);
}

static bool bad_checksum(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "ar$chksum is 0x%04x", field_at(s, 12));
    return is_bad(s, CODEC_BAD_CHECKSUM) && !odd_sum(s);
}

static bool lacks_mandatory_part(const struct sight *s)
{
    unsigned size = field_at(s, AT_SIZE), extensions = field_at(s, AT_EXTOFF);
    return (is_bad(s, CODEC_TRUNCATED) && size >= FIXED_LEN && size < MANDATORY_LEN) ||
           (is_bad(s, CODEC_BAD_EXTENSIONS_OFFSET) && extensions >= FIXED_LEN && extensions < MANDATORY_LEN);
}

static bool no_mandatory_part(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "ar$pktsz is %u, ar$extoff %u: no room for a mandatory part", field_at(s, AT_SIZE),
             field_at(s, AT_EXTOFF));
    return lacks_mandatory_part(s);
}

static bool bad_extensions_offset(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "ar$extoff is %u, ar$pktsz %u", field_at(s, AT_EXTOFF), field_at(s, AT_SIZE));
    return is_bad(s, CODEC_BAD_EXTENSIONS_OFFSET) && !lacks_mandatory_part(s);
}

static bool bad_structure(const struct sight *s, struct claim *c)
{
    if (!(is_bad(s, CODEC_TRUNCATED) || is_bad(s, CODEC_BAD_CIE) || is_bad(s, CODEC_BAD_EXTENSION)) ||
        lacks_mandatory_part(s) || looks_like_ip(s))
        return false;
    text_add(&c->words, "octet %zu: %s", s->packet->error.offset,
             codec_status_words(s->packet->error.status));
    return true;
}

static bool ip_in_place_of_nhrp(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "protocol type 0x2001, and the payload begins like an IPv4 header");
    return looks_like_ip(s);
}

static bool length_fits(size_t len, size_t wanted)
{
    return len == 0 || len == wanted;
}

static bool bad_family(const struct sight *s, struct claim *c)
{
    const struct nhrp_fixed *f = &s->m->fixed;
    uint16_t protocol = nhrp_protocol_ethertype(f);
    size_t nbma = f->afn == NHRP_AFN_IPV4 ? 4 : f->afn == NHRP_AFN_IPV6 ? 16 : s->m->source_nbma.len;
    size_t wanted = protocol == NHRP_PROTOCOL_IPV4   ? 4
                    : protocol == NHRP_PROTOCOL_IPV6 ? 16
                                                     : s->m->source_protocol.len;
    text_add(&c->words,
             "family %u with an NBMA address of %zu octets, protocol 0x%04x with addresses of %zu and %zu",
             f->afn, s->m->source_nbma.len, f->protocol_type, s->m->source_protocol.len,
             s->m->destination_protocol.len);
    return !length_fits(s->m->source_nbma.len, nbma) || !length_fits(s->m->source_protocol.len, wanted) ||
           !length_fits(s->m->destination_protocol.len, wanted) || f->afn == 0;
}

static bool snap_not_zero(const struct sight *s, struct claim *c)
{
    const uint8_t *snap = s->m->fixed.protocol_snap;
    text_add(&c->words, "ar$pro.type is 0x%04x, ar$pro.snap ", s->m->fixed.protocol_type);
    text_add_hex(&c->words, span_of(snap, sizeof(s->m->fixed.protocol_snap)));
    return s->m->fixed.protocol_type != NHRP_PROTOCOL_SNAP &&
           (snap[0] | snap[1] | snap[2] | snap[3] | snap[4]);
}

static bool long_form(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "ar$pro.type is 0x0080 for a protocol with an Ethertype, 0x%04x",
             nhrp_protocol_ethertype(&s->m->fixed));
    return s->m->fixed.protocol_type == NHRP_PROTOCOL_SNAP && nhrp_protocol_ethertype(&s->m->fixed) != 0;
}

static bool nlpid_form(const struct sight *s, struct claim *c)
{
    uint16_t type = s->m->fixed.protocol_type;
    text_add(&c->words, "ar$pro.type is 0x%04x", type);
    return type < NHRP_PROTOCOL_SNAP + 0x80 && type != NHRP_PROTOCOL_SNAP &&
           nhrp_protocol_ethertype(&s->m->fixed) != 0;
}

static bool type_is_bad(const struct nhrp_fixed *f, struct nhrp_nbma_type type)
{
    bool has_e164 = f->afn == NHRP_AFN_E164 || f->afn == NHRP_AFN_E164_NSAP || f->afn == NHRP_AFN_NSAP;
    return type.reserved || (type.e164 && !has_e164);
}

static bool bad_nbma_type(const struct sight *s, struct claim *c)
{
    const struct nhrp_fixed *f = &s->m->fixed;
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    text_add(&c->words, "the reserved bit or the E.164 bit of a type and length octet is set");
    if (type_is_bad(f, f->source_nbma_type) || type_is_bad(f, f->source_subaddress_type))
        return true;
    while (nhrp_cie_next(&list, &cie))
        if (type_is_bad(f, cie.nbma_type) || type_is_bad(f, cie.subaddress_type))
            return true;
    return false;
}

static bool has_subaddress(const struct sight *s, struct claim *c)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    bool any = s->m->source_subaddress.len > 0;
    while (nhrp_cie_next(&list, &cie))
        any = any || cie.subaddress.len > 0;
    text_add(&c->words, "an NBMA subaddress in family %u, which has none", s->m->fixed.afn);
    return any && s->m->fixed.afn >= NHRP_AFN_IPV4 && s->m->fixed.afn <= AFN_TUNNELS;
}

static bool hop_count_zero(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "%s with hop count 0", nhrp_type_words(s->m->fixed.type));
    return s->own && !(s->events & SIGHT_RETRY) && s->m->fixed.hop_count == 0;
}

static bool unused_flags(const struct sight *s, struct claim *c)
{
    uint8_t type = s->m->fixed.type;
    uint16_t unused = TYPES(type) & TYPES_RESOLUTION     ? s->m->resolution.unused
                      : TYPES(type) & TYPES_REGISTRATION ? s->m->registration.unused
                                                         : s->m->purge.unused;
    text_add(&c->words, "unused flag bits 0x%04x in a %s", unused, nhrp_type_words(type));
    return unused != 0;
}

static bool unused_in_cie(const struct sight *s, struct claim *c)
{
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        if (cie.unused != 0) {
            text_add(&c->words, "the unused field of a CIE is 0x%04x", cie.unused);
            return true;
        }
    return false;
}

static bool bad_prefix(const struct sight *s, struct claim *c)
{
    unsigned bits = (unsigned)s->m->source_protocol.len * 8;
    struct span list = s->m->cies;
    struct nhrp_cie cie;
    while (bits > 0 && nhrp_cie_next(&list, &cie))
        if (cie.prefix_len > bits && cie.prefix_len != NHRP_PREFIX_HOST) {
            text_add(&c->words, "prefix length %u for an address of %u bits", cie.prefix_len, bits);
            return true;
        }
    return false;
}

static bool source_address_missing(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "source protocol address of %zu octets, destination of %zu",
             s->m->source_protocol.len, s->m->destination_protocol.len);
    return addr_is_unspecified(s->source) && s->m->fixed.type != NHRP_TRAFFIC_INDICATION &&
           s->m->fixed.type != NHRP_ERROR_INDICATION;
}

/* The outer source is not the claimed NBMA address, and the sender does not know of NAT. */
static bool claims_another_source(const struct sight *s, struct claim *c)
{
    struct addr claimed = addr_from_span(s->m->source_nbma);
    struct nhrp_ext ext;
    bool knows_nat = s->m->fixed.type == NHRP_REGISTRATION_REQUEST && s->m->registration.nat;
    if (!s->own || addr_is_none(s->from) || addr_is_none(claimed) || addr_equal(claimed, s->from) ||
        knows_nat || nhrp_ext_find(s->m->extensions, NHRP_EXT_NAT_ADDRESS, &ext))
        return false;
    claim_add_addr(c, "it names itself by ", claimed, "");
    claim_add_addr(c, " and sends from ", s->from, ", without NAT flag or NAT extension");
    return true;
}

const struct audit_rule rules_header[] = {
    {"link-header", "defacto-gre-plain-nhrp", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, link_header,
     "An LLC/SNAP header stands between GRE and NHRP", NULL, "IB-089", 0},
    {"not-nhrp", "rfc2784-2.4-protocol-type", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, ip_in_place_of_nhrp,
     "GRE protocol type says NHRP, and the payload is something else", NULL, NULL, 0},
    {"version", "rfc2332-5.1-version", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, bad_version,
     "The version is not 1", NULL, NULL, 0},
    {"type-unknown", "rfc2332-5.1-type-known", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, unknown_type,
     "No document defines the packet type", NULL, NULL, 0},
    {"packet-size", "rfc2332-5.1-packet-size", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, bad_size,
     "The packet size does not fit the packet", NULL, NULL, 0},
    {"checksum", "rfc2332-5.1-checksum",
     "rfc2332-5.3.2-length-and-checksum rfc2332-5.3.3-length-and-checksum", AUDIT_VIOLATION, SIGHT_BAD, 0,
     bad_checksum, "The checksum is wrong", NULL, NULL, 0},
    {"checksum-odd", "rfc2332-5.1-checksum-odd", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, bad_checksum_odd,
     "The checksum of a message of odd length is wrong", NULL, "IB-093", 0},
    {"mandatory-part", "rfc2332-5-mandatory-part-present", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0,
     no_mandatory_part, "There is no mandatory part", NULL, NULL, 0},
    {"extensions-offset", "rfc2332-5.1-extensions-offset", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0,
     bad_extensions_offset, "The extensions offset points to where no extensions can be", NULL, NULL, 0},
    {"structure", "rfc2332-5.2.0.1-structure", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, bad_structure,
     "The message does not hold together", NULL, "IB-119", 0},
    {"address-family", "rfc2332-5.1-afn-protocol", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL,
     bad_family, "Address lengths do not fit the address family or the protocol", NULL, NULL, FACT_HEADER},
    {"snap", "rfc2332-5.1-snap-zero", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL, snap_not_zero,
     "The long form of the protocol type is not zero beside the short form", NULL, NULL, FACT_HEADER},
    {"long-form", "rfc2332-5.1-short-form", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL, long_form,
     "The long form of the protocol type is used for a protocol that has a short one", NULL, NULL,
     FACT_HEADER},
    {"nlpid", "rfc2332-5.1-ethertype-preferred", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL, nlpid_form,
     "The protocol is named by NLPID although it has an Ethertype", NULL, NULL, FACT_HEADER},
    {"nbma-type", "rfc2332-5.1-nbma-type", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL, bad_nbma_type,
     "Type bits of an NBMA address are set that must be 0", NULL, NULL, FACT_HEADER},
    {"subaddress", "rfc2332-5.1-subaddress-none", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ALL,
     has_subaddress, "An IP NBMA address has a subaddress", NULL, NULL, FACT_HEADER},
    {"hop-count-zero", "rfc2332-5.1-hop-count-usable", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE,
     TYPES_ENTRIES | TYPES(8), hop_count_zero, "A message starts with hop count 0", NULL,
     "IB-001 IB-002 IB-003", FACT_HEADER},
    {"unused-flags", "rfc2332-5.2.0.1-unused-zero", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ENTRIES,
     unused_flags, "Unused flag bits are set", NULL, NULL, FACT_HEADER},
    {"unused-cie", "rfc2332-5.2.0.1-unused-zero", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE, TYPES_ENTRIES,
     unused_in_cie, "The unused field of a CIE is not zero", NULL, NULL, FACT_HEADER},
    {"prefix-too-long", "rfc2332-5.2.0.1-cie-fields", "rfc2332-5.2.2-prefix", AUDIT_VIOLATION, SIGHT_MESSAGE,
     TYPES_ENTRIES, bad_prefix, "A prefix length is larger than the address", NULL, NULL, FACT_HEADER},
    {"source-missing", "rfc2332-5.2.0.1-source-addresses", NULL, AUDIT_VIOLATION, SIGHT_MESSAGE,
     TYPES_ENTRIES, source_address_missing, "The source protocol address is missing", NULL, NULL,
     FACT_HEADER},
    {"source-not-outer", "defacto-source-nbma-is-outer-source", NULL, AUDIT_MISTAKE,
     SIGHT_ORIGINAL | SIGHT_RETRY, TYPES_REQUEST, claims_another_source,
     "The station claims another NBMA address than it sends from",
     "Behind NAT: switch on the NAT extension (and NAT traversal for IPsec). Without NAT: make the tunnel's "
     "source the address that packets leave with.",
     "IB-167 IB-180", FACT_ELSEWHERE},
    {0},
};
