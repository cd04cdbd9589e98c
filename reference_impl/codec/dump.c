/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/dump.h"

#include "codec/nhrp_cie.h"
#include "codec/nhrp_text.h"
#include "codec/packet.h"

static void line_add_flags(struct text *t, const struct nhrp_message *message)
{
    switch (message->fixed.type) {
    case NHRP_RESOLUTION_REQUEST:
    case NHRP_RESOLUTION_REPLY:
        text_add(t, "%s%s%s%s", message->resolution.requester_is_router ? " router" : "",
                 message->resolution.authoritative ? " authoritative" : "",
                 message->resolution.destination_stable ? " destination-stable" : "",
                 message->resolution.unique ? " unique" : "");
        text_add(t, "%s%s", message->resolution.source_stable ? " source-stable" : "",
                 message->resolution.nat ? " nat" : "");
        break;
    case NHRP_REGISTRATION_REQUEST:
    case NHRP_REGISTRATION_REPLY:
        text_add(t, "%s%s", message->registration.unique ? " unique" : "",
                 message->registration.nat ? " nat" : "");
        break;
    case NHRP_PURGE_REQUEST:
    case NHRP_PURGE_REPLY:
        text_add(t, "%s%s", message->purge.no_reply ? " no-reply" : "", message->purge.nat ? " nat" : "");
        break;
    default:
        break;
    }
}

/* A resolution's prefix is a part of the destination, and its next hop's addresses follow; elsewhere they are
 * one. */
static void line_add_cie(struct text *t, const struct nhrp_message *message, const struct nhrp_cie *cie)
{
    const struct nhrp_fixed *fixed = &message->fixed;
    if (cie->code != NHRP_CIE_OK)
        text_add(t, " code %u %s", cie->code, nhrp_cie_code_words(cie->code));
    if (fixed->type == NHRP_RESOLUTION_REPLY && cie->code == NHRP_CIE_OK) {
        text_add(t, " ");
        text_add_cie_prefix(t, message, cie);
        text_add(t, " via ");
        text_add_protocol(t, fixed, cie->protocol);
    } else if (cie->protocol.len > 0) {
        text_add(t, " ");
        text_add_cie_prefix(t, message, cie);
    }
    if (cie->nbma.len > 0) {
        text_add(t, " (");
        text_add_cie_nbma(t, fixed, cie);
        text_add(t, ")");
    }
    if (cie->hold_s > 0)
        text_add(t, " hold %u s", cie->hold_s);
}

static void line_add_embedded_data(struct text *t, struct span contents)
{
    struct ip data;
    char source[ADDR_TEXT_MAX], destination[ADDR_TEXT_MAX];
    if (ip_decode_head(contents, &data).status == CODEC_OK)
        text_add(t, "%s > %s", addr_format(data.source, source), addr_format(data.destination, destination));
    else
        text_add(t, "unreadable packet");
}

static void line_add_body(struct text *t, const struct nhrp_message *message)
{
    struct span list = message->cies;
    struct nhrp_cie cie;
    switch (message->fixed.type) {
    case NHRP_ERROR_INDICATION:
        text_add(t, " code %u %s offset %u: ", message->error.code, nhrp_error_words(message->error.code),
                 message->error.offset);
        text_add_embedded_message(t, message->contents);
        break;
    case NHRP_TRAFFIC_INDICATION:
        text_add(t, " code %u: ", message->traffic.code);
        line_add_embedded_data(t, message->contents);
        break;
    default:
        for (bool first = true; nhrp_cie_next(&list, &cie); first = false) {
            text_add(t, "%s", !first ? "," : message->fixed.type == NHRP_RESOLUTION_REPLY ? ":" : "");
            line_add_cie(t, message, &cie);
        }
    }
}

static void line_add_message(struct text *t, const struct nhrp_message *message)
{
    text_add(t, "%s", nhrp_type_words(message->fixed.type));
    if (nhrp_type_has_cies(message->fixed.type))
        text_add(t, " id %u", message->request_id);
    text_add(t, " ");
    text_add_protocol(t, &message->fixed, message->source_protocol);
    text_add(t, " (");
    text_add_source_nbma(t, message);
    text_add(t, ") -> ");
    text_add_protocol(t, &message->fixed, message->destination_protocol);
    line_add_body(t, message);
    line_add_flags(t, message);
}

const char *dump_nhrp_line(const struct nhrp_message *message, char *buf, size_t cap)
{
    struct text t = text_of(buf, cap);
    line_add_message(&t, message);
    return buf;
}

static void line_add_inner(struct text *t, const struct ip *inner)
{
    char source[ADDR_TEXT_MAX], destination[ADDR_TEXT_MAX];
    text_add(t, "%s > %s protocol %u, %zu octets", addr_format(inner->source, source),
             addr_format(inner->destination, destination), inner->protocol, inner->payload.len);
}

const char *dump_packet_line(struct span packet, char *buf, size_t cap)
{
    struct text t = text_of(buf, cap);
    struct packet p;
    packet_decode(packet, &p);
    char source[ADDR_TEXT_MAX], destination[ADDR_TEXT_MAX];
    if (!addr_is_none(p.outer.source))
        text_add(&t, "%s > %s ", addr_format(p.outer.source, source),
                 addr_format(p.outer.destination, destination));
    if (p.has_gre)
        text_add(&t, "GRE ");
    if (p.has_gre && p.gre.has_key)
        text_add(&t, "key %u ", p.gre.key);

    switch (p.kind) {
    case PACKET_NHRP:
        text_add(&t, "NHRP ");
        line_add_message(&t, &p.nhrp);
        break;
    case PACKET_DATA:
        line_add_inner(&t, &p.inner);
        break;
    case PACKET_KEEPALIVE:
        text_add(&t, "keepalive");
        break;
    case PACKET_GRE_OTHER:
        text_add(&t, "protocol 0x%04x, %zu octets", p.gre.protocol, p.gre.payload.len);
        break;
    case PACKET_IP_OTHER:
        text_add(&t, "protocol %u, %zu octets", p.outer.protocol, p.outer.payload.len);
        break;
    case PACKET_BAD:
        text_add(&t, "%s: %s, at octet %zu", packet_layer_words(p.bad_layer),
                 codec_status_words(p.error.status), p.error.offset);
        break;
    }
    return buf;
}
