/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/describe.h"

#include "codec/nhrp_ext.h"
#include "codec/nhrp_text.h"
#include "codec/packet.h"

static void add_source(struct text *t, const struct nhrp_message *m)
{
    text_add_protocol(t, &m->fixed, m->source_protocol);
}

static void add_destination(struct text *t, const struct nhrp_message *m)
{
    text_add_protocol(t, &m->fixed, m->destination_protocol);
}

/* The first CIE, all zero if there is none; *others is how many more there are. */
static struct nhrp_cie first_cie(const struct nhrp_message *m, size_t *others)
{
    struct span list = m->cies;
    struct nhrp_cie cie = {0};
    *others = nhrp_cie_next(&list, &cie) ? nhrp_cie_count(list) : 0;
    return cie;
}

static void add_others(struct text *t, size_t others)
{
    if (others > 0)
        text_add(t, " (and %zu more)", others);
}

static void add_hold(struct text *t, const struct nhrp_cie *cie)
{
    text_add(t, ", for %u s", cie->hold_s);
}

/* Where the client is: its own NBMA address, or the message's where the CIE leaves it out (RFC2332 §5.2.3).
 */
static void add_client_nbma(struct text *t, const struct nhrp_message *m, const struct nhrp_cie *cie)
{
    if (cie->nbma.len > 0)
        text_add_cie_nbma(t, &m->fixed, cie);
    else
        text_add_source_nbma(t, m);
}

/* Does the CIE speak of the sender alone? */
static bool cie_is_source(const struct nhrp_message *m, const struct nhrp_cie *cie)
{
    return cie->protocol.len == 0 || span_equal(cie->protocol, m->source_protocol);
}

static bool record_is_filled(const struct nhrp_message *m, uint16_t type, struct nhrp_cie *first)
{
    struct nhrp_ext ext;
    struct span list;
    return nhrp_ext_find(m->extensions, type, &ext) && nhrp_ext_cies(&ext, &list) &&
           nhrp_cie_next(&list, first);
}

/* Who answers a resolution is in the Responder Address extension, if that was asked for (RFC2332 §5.3.1). */
static void add_responder(struct text *t, const struct nhrp_message *m)
{
    struct nhrp_cie responder;
    if (record_is_filled(m, NHRP_EXT_RESPONDER_ADDRESS, &responder) && responder.protocol.len > 0)
        text_add_protocol(t, &m->fixed, responder.protocol);
    else
        text_add(t, "the responder");
}

static void describe_resolution_request(struct text *t, const struct nhrp_message *m)
{
    struct nhrp_cie transit;
    add_source(t, m);
    text_add(t, " (");
    text_add_source_nbma(t, m);
    text_add(t, ") asks which NBMA address leads to ");
    add_destination(t, m);
    if (record_is_filled(m, NHRP_EXT_FORWARD_TRANSIT, &transit)) {
        text_add(t, "; passed on by ");
        text_add_protocol(t, &m->fixed, transit.protocol);
    }
}

static void describe_resolution_reply(struct text *t, const struct nhrp_message *m)
{
    size_t others;
    struct nhrp_cie cie = first_cie(m, &others);
    add_responder(t, m);
    text_add(t, " tells ");
    add_source(t, m);
    if (cie.code != NHRP_CIE_OK) {
        text_add(t, " that ");
        add_destination(t, m);
        text_add(t, " cannot be resolved: code %u, %s", cie.code, nhrp_cie_code_words(cie.code));
        return;
    }
    text_add(t, " that ");
    text_add_cie_prefix(t, m, &cie);
    text_add(t, " is reached through ");
    text_add_protocol(t, &m->fixed, cie.protocol);
    text_add(t, " at ");
    text_add_cie_nbma(t, &m->fixed, &cie);
    add_hold(t, &cie);
    add_others(t, others);
}

static void describe_registration_request(struct text *t, const struct nhrp_message *m)
{
    size_t others;
    struct nhrp_cie cie = first_cie(m, &others);
    add_source(t, m);
    text_add(t, " tells ");
    if (span_equal(m->source_protocol, m->destination_protocol))
        text_add(t, "whichever server serves it");
    else
        add_destination(t, m);
    text_add(t, " that ");
    if (cie_is_source(m, &cie))
        text_add(t, "it");
    else
        text_add_cie_prefix(t, m, &cie);
    text_add(t, " is at ");
    add_client_nbma(t, m, &cie);
    add_hold(t, &cie);
    text_add(t, "%s", m->registration.unique ? ", unique" : "");
    add_others(t, others);
}

static void describe_registration_reply(struct text *t, const struct nhrp_message *m)
{
    size_t others;
    struct nhrp_cie cie = first_cie(m, &others);
    bool accepted = cie.code == NHRP_CIE_OK;
    add_destination(t, m);
    text_add(t, accepted ? " tells " : " refuses to register ");
    if (accepted) {
        add_source(t, m);
        text_add(t, " that ");
    }
    if (cie_is_source(m, &cie) && accepted)
        text_add(t, "it");
    else
        text_add_cie_prefix(t, m, &cie);
    text_add(t, accepted ? " is registered at " : " at ");
    add_client_nbma(t, m, &cie);
    if (accepted)
        add_hold(t, &cie);
    else
        text_add(t, ": code %u, %s", cie.code, nhrp_cie_code_words(cie.code));
    add_others(t, others);
}

static void add_purged(struct text *t, const struct nhrp_message *m)
{
    size_t others;
    struct nhrp_cie cie = first_cie(m, &others);
    text_add_cie_prefix(t, m, &cie);
    if (cie.nbma.len > 0) {
        text_add(t, " at ");
        text_add_cie_nbma(t, &m->fixed, &cie);
    }
    add_others(t, others);
}

static void describe_purge_request(struct text *t, const struct nhrp_message *m)
{
    add_source(t, m);
    text_add(t, " asks ");
    add_destination(t, m);
    text_add(t, " to forget ");
    add_purged(t, m);
    text_add(t, "%s", m->purge.no_reply ? ", and wants no answer" : "");
}

static void describe_purge_reply(struct text *t, const struct nhrp_message *m)
{
    add_destination(t, m);
    text_add(t, " tells ");
    add_source(t, m);
    text_add(t, " that it has forgotten ");
    add_purged(t, m);
}

static void describe_error_indication(struct text *t, const struct nhrp_message *m)
{
    add_source(t, m);
    text_add(t, " tells ");
    add_destination(t, m);
    text_add(t, " that its ");
    text_add_embedded_message(t, m->contents);
    text_add(t, " failed: code %u, %s", m->error.code, nhrp_error_words(m->error.code));
    if (m->error.offset > 0)
        text_add(t, ", at octet %u", m->error.offset);
}

static void describe_traffic_indication(struct text *t, const struct nhrp_message *m)
{
    add_source(t, m);
    text_add(t, " tells ");
    add_destination(t, m);
    struct ip data;
    char source[ADDR_TEXT_MAX], destination[ADDR_TEXT_MAX];
    if (ip_decode_head(m->contents, &data).status == CODEC_OK)
        text_add(t, " that there is a shorter way for packets from %s to %s",
                 addr_format(data.source, source), addr_format(data.destination, destination));
    else
        text_add(t, " that there is a shorter way, for a packet that cannot be read");
}

/* The words and the clause are in nhrp_codes.def; here is the sentence of each message. */
static const struct {
    uint8_t type;
    void (*describe)(struct text *t, const struct nhrp_message *m);
} rows[] = {
    {NHRP_RESOLUTION_REQUEST, describe_resolution_request},
    {NHRP_RESOLUTION_REPLY, describe_resolution_reply},
    {NHRP_REGISTRATION_REQUEST, describe_registration_request},
    {NHRP_REGISTRATION_REPLY, describe_registration_reply},
    {NHRP_PURGE_REQUEST, describe_purge_request},
    {NHRP_PURGE_REPLY, describe_purge_reply},
    {NHRP_ERROR_INDICATION, describe_error_indication},
    {NHRP_TRAFFIC_INDICATION, describe_traffic_indication},
};

void describe_nhrp(const struct nhrp_message *message, struct description *out)
{
    struct text t = text_of(out->sentence, sizeof out->sentence);
    out->clause = nhrp_type_clause(message->fixed.type);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].type == message->fixed.type)
            rows[i].describe(&t, message);
}

static void add_inner(struct text *t, const struct ip *inner)
{
    char source[ADDR_TEXT_MAX], destination[ADDR_TEXT_MAX];
    struct icmp_echo echo;
    if (icmp_echo_decode(inner, &echo).status == CODEC_OK)
        text_add(t, "echo %s %u ", echo.reply ? "reply" : "request", echo.sequence);
    else
        text_add(t, "a packet ");
    text_add(t, "from %s to %s", addr_format(inner->source, source),
             addr_format(inner->destination, destination));
}

static void describe_carrier(const struct packet *p, struct description *out)
{
    char source[ADDR_TEXT_MAX], destination[ADDR_TEXT_MAX];
    struct text t = text_of(out->sentence, sizeof out->sentence);
    text_add(&t, "%s sends %s ", addr_format(p->outer.source, source),
             addr_format(p->outer.destination, destination));
    switch (p->kind) {
    case PACKET_DATA:
        out->clause = "RFC2784 §2";
        add_inner(&t, &p->inner);
        text_add(&t, " through the tunnel");
        break;
    case PACKET_KEEPALIVE:
        out->clause = "DEFACTO";
        text_add(&t, "a tunnel keepalive");
        break;
    case PACKET_GRE_OTHER:
        out->clause = "RFC2784 §2";
        text_add(&t, "a packet of protocol 0x%04x through the tunnel", p->gre.protocol);
        break;
    default:
        out->clause = p->outer.source.family == ADDR_IPV6 ? "RFC8200 §3" : "RFC791 §3.1";
        text_add(&t, "a packet of IP protocol %u", p->outer.protocol);
    }
}

static void describe_bad(const struct packet *p, struct description *out)
{
    static const char *const clauses[] = {[PACKET_OUTER] = "RFC791 §3.1",
                                          [PACKET_GRE] = "RFC2784 §2",
                                          [PACKET_INNER] = "RFC791 §3.1",
                                          [PACKET_MESSAGE] = "RFC2332 §5"};
    struct text t = text_of(out->sentence, sizeof out->sentence);
    text_add(&t, "a packet that cannot be read, %s at octet %zu: %s", packet_layer_words(p->bad_layer),
             p->error.offset, codec_status_words(p->error.status));
    out->clause = clauses[p->bad_layer];
}

void describe_decoded(const struct packet *p, struct description *out)
{
    if (p->kind == PACKET_NHRP)
        describe_nhrp(&p->nhrp, out);
    else if (p->kind == PACKET_BAD)
        describe_bad(p, out);
    else
        describe_carrier(p, out);
}

void describe_packet(struct span packet, struct description *out)
{
    struct packet p;
    packet_decode(packet, &p);
    describe_decoded(&p, out);
}
