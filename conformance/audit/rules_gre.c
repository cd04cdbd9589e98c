/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_gre: the header of the tunnel (RFC 2784, RFC 2890). Traffic that is no tunnel of ours (PPTP is GRE
 * version 1) is left alone.
 */
#include "audit/rules.h"

static bool is_bad(const struct sight *s, enum codec_status status)
{
    return s->packet->bad_layer == PACKET_GRE && s->packet->error.status == status;
}

static bool bad_version(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "GRE version %u between stations that speak version 0",
             s->packet->outer.payload.len > 1 ? s->packet->outer.payload.data[1] & 7u : 0);
    return is_bad(s, CODEC_BAD_VERSION) && (s->out->has_gre || s->back->has_gre);
}

static bool reserved_bits(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "one of the bits 1, 4 and 5 of the header is set: receivers discard the packet");
    return is_bad(s, CODEC_BAD_FLAGS);
}

static bool ignored_bits(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "reserved bits 0x%04x", s->packet->gre.ignored_bits);
    return s->packet->gre.ignored_bits != 0;
}

static bool reserved1(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the octets after the checksum are 0x%04x", s->packet->gre.reserved1);
    return s->packet->gre.has_checksum && s->packet->gre.reserved1 != 0;
}

static bool bad_checksum(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the sum over GRE header and payload is not 0");
    return is_bad(s, CODEC_BAD_CHECKSUM);
}

static bool truncated(const struct sight *s, struct claim *c)
{
    text_add(&c->words, "the header announces words for which there is no room");
    return is_bad(s, CODEC_TRUNCATED);
}

static bool wrong_protocol_type(const struct sight *s, struct claim *c)
{
    bool is_ipv6 = s->packet->inner.source.family == ADDR_IPV6;
    text_add(&c->words, "protocol type 0x%04x, and the payload is of IP version %d", s->packet->gre.protocol,
             is_ipv6 ? 6 : 4);
    return is_ipv6 != (s->packet->gre.protocol == GRE_PROTOCOL_IPV6);
}

/* One tunnel, as far as the header tells. */
static const struct side *same_tunnel_before(const struct sight *s)
{
    const struct side *side = s->out;
    const struct gre *gre = &s->packet->gre;
    return side->has_gre && side->has_key == gre->has_key && side->key == gre->key ? side : NULL;
}

static bool sequence_on_and_off(const struct sight *s, struct claim *c)
{
    const struct side *side = same_tunnel_before(s);
    text_add(&c->words, "this packet has %s sequence number, the one before had %s",
             s->packet->gre.has_sequence ? "a" : "no", s->packet->gre.has_sequence ? "none" : "one");
    return side != NULL && side->sequence != s->packet->gre.has_sequence;
}

static bool sequence_repeated(const struct sight *s, struct claim *c)
{
    const struct side *side = same_tunnel_before(s);
    text_add(&c->words, "sequence number %u again, in another packet", (unsigned)s->packet->gre.sequence);
    return side != NULL && side->sequence && s->packet->gre.has_sequence &&
           side->last_sequence == s->packet->gre.sequence && side->last_ip_id != s->packet->outer.id;
}

const struct audit_rule rules_gre[] = {
    {"gre-version", "rfc2784-2.3.1-version-zero", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, bad_version,
     "The GRE version is not 0", NULL, NULL, 0},
    {"gre-reserved", "rfc2784-2.3-reserved-zero", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, reserved_bits,
     "Reserved bits of the GRE header are set", NULL, NULL, 0},
    {"gre-ignored", "rfc2784-2.3-reserved-zero", NULL, AUDIT_VIOLATION, SIGHT_GRE, 0, ignored_bits,
     "Reserved bits of the GRE header are set that receivers ignore", NULL, NULL, FACT_TUNNEL},
    {"gre-reserved1", "rfc2784-2.6-reserved1-zero", NULL, AUDIT_VIOLATION, SIGHT_GRE, 0, reserved1,
     "The reserved octets after the GRE checksum are not zero", NULL, NULL, FACT_TUNNEL},
    {"gre-checksum", "rfc2784-2.5-checksum-valid", NULL, AUDIT_VIOLATION, SIGHT_BAD, 0, bad_checksum,
     "The GRE checksum is wrong", NULL, NULL, 0},
    {"gre-truncated", "rfc2784-2.2-checksum-present",
     "rfc2890-2-key-word rfc2890-2-sequence-word rfc2890-2-word-order", AUDIT_VIOLATION, SIGHT_BAD, 0,
     truncated, "The GRE header is cut short", NULL, NULL, 0},
    {"gre-protocol", "rfc2784-2.4-protocol-type", "rfc2784-3-ipv4-type", AUDIT_VIOLATION, SIGHT_DATA, 0,
     wrong_protocol_type, "The GRE protocol type is not that of the payload", NULL, NULL, 0},
    {"gre-sequence", "rfc2890-2.2-sequence-present", NULL, AUDIT_VIOLATION, SIGHT_GRE, 0, sequence_on_and_off,
     "Some packets of one tunnel have sequence numbers and some have none", NULL, NULL, FACT_TUNNEL},
    {"gre-sequence-repeated", "rfc2890-2.2-increments", "rfc2890-2.2-per-key", AUDIT_VIOLATION, SIGHT_GRE, 0,
     sequence_repeated, "Two packets of one tunnel have the same sequence number", NULL, NULL, FACT_TUNNEL},
    {0},
};
