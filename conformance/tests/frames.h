/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frames: packets for tests, built through the codec: NHRP messages of types 1 to 6 and 8, and data, in GRE.
 */
#ifndef DMVPNKIT_TESTS_CONFORM_FRAMES_H
#define DMVPNKIT_TESTS_CONFORM_FRAMES_H

#include <check.h>
#include <string.h>

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"
#include "codec/packet.h"

#define FRAME_MAX 1500
#define TEST_KEY  42

struct frame {
    uint8_t bytes[FRAME_MAX];
    size_t len;
};

struct sample {
    uint8_t type;
    uint8_t hop_count;
    uint32_t request_id;
    bool unique;
    bool nat;
    bool stable;
    uint16_t unused;
    uint8_t code, prefix, preference;
    uint16_t mtu, hold_s;
    unsigned cie_count;
    bool cie_has_client;
    const uint16_t *extensions; /* types, in order; End follows if there is any */
    size_t extension_count;
    bool record_in_forward; /* the Forward Transit record has the hub in it */
    struct addr nbma, protocol, destination;
    struct addr outer_source, outer_destination;
    bool gre_checksum;
};

static inline struct addr test_addr(const char *text)
{
    struct addr address = {0};
    ck_assert_msg(addr_parse(text, &address), "%s", text);
    return address;
}

static const uint16_t usual_extensions[] = {NHRP_EXT_RESPONDER_ADDRESS, NHRP_EXT_FORWARD_TRANSIT,
                                            NHRP_EXT_REVERSE_TRANSIT, NHRP_EXT_NAT_ADDRESS};

/* A spoke's registration at the hub; replies and resolutions start from it. */
static inline struct sample sample_registration(uint32_t request_id)
{
    return (struct sample){
        .type = NHRP_REGISTRATION_REQUEST,
        .hop_count = 255,
        .request_id = request_id,
        .unique = true,
        .nat = true,
        .prefix = 255,
        .mtu = 1400,
        .hold_s = 60,
        .cie_count = 1,
        .extensions = usual_extensions,
        .extension_count = 4,
        .nbma = test_addr("198.51.100.11"),
        .protocol = test_addr("10.255.0.11"),
        .destination = test_addr("10.255.0.1"),
        .outer_source = test_addr("198.51.100.11"),
        .outer_destination = test_addr("192.0.2.1"),
    };
}

static inline struct sample sample_registration_reply(uint32_t request_id)
{
    struct sample sample = sample_registration(request_id);
    sample.type = NHRP_REGISTRATION_REPLY;
    sample.outer_source = test_addr("192.0.2.1");
    sample.outer_destination = test_addr("198.51.100.11");
    return sample;
}

static inline void write_cie(struct writer *w, const struct sample *s, bool with_client)
{
    struct nhrp_cie cie = {.code = s->code,
                           .prefix_len = s->prefix,
                           .mtu = s->mtu,
                           .hold_s = s->hold_s,
                           .preference = s->preference};
    if (with_client) {
        cie.nbma = addr_span(&s->nbma);
        cie.protocol = addr_span(&s->protocol);
    }
    nhrp_cie_write(w, &cie);
}

static inline void write_extensions(struct writer *w, const struct sample *s)
{
    uint8_t record[64];
    struct writer in_record = writer_of(record, sizeof(record));
    struct addr hub_nbma = test_addr("192.0.2.1"), hub_protocol = test_addr("10.255.0.1");
    nhrp_cie_write(&in_record,
                   &(struct nhrp_cie){.nbma = addr_span(&hub_nbma), .protocol = addr_span(&hub_protocol)});
    struct span value;
    ck_assert(writer_done(&in_record, &value));
    for (size_t i = 0; i < s->extension_count; i++) {
        struct nhrp_ext ext = {.compulsory = s->extensions[i] != NHRP_EXT_NAT_ADDRESS,
                               .type = s->extensions[i]};
        if (ext.type == NHRP_EXT_FORWARD_TRANSIT && s->record_in_forward)
            ext.value = value;
        nhrp_ext_write(w, &ext);
    }
    if (s->extension_count > 0)
        nhrp_ext_write_end(w);
}

static inline void frame_wrap(struct addr source, struct addr destination, uint16_t protocol, bool checksum,
                              struct span payload, struct frame *out)
{
    uint8_t gre[FRAME_MAX];
    struct writer in_gre = writer_of(gre, sizeof(gre));
    struct span wrapped;
    gre_write(&in_gre,
              &(struct gre){.has_key = true, .key = TEST_KEY, .has_checksum = checksum, .protocol = protocol},
              payload);
    ck_assert(writer_done(&in_gre, &wrapped));
    struct writer w = writer_of(out->bytes, sizeof(out->bytes));
    ip_write(
        &w,
        &(struct ip){.source = source, .destination = destination, .protocol = IP_PROTOCOL_GRE, .ttl = 255},
        wrapped);
    struct span done;
    ck_assert(writer_done(&w, &done));
    out->len = done.len;
}

static inline void frame_of_sample(const struct sample *s, struct frame *out)
{
    uint8_t cies[256], extensions[256], message[FRAME_MAX];
    struct writer cie_writer = writer_of(cies, sizeof(cies));
    struct writer ext_writer = writer_of(extensions, sizeof(extensions));
    for (unsigned i = 0; i < s->cie_count; i++)
        write_cie(&cie_writer, s, s->cie_has_client);
    write_extensions(&ext_writer, s);
    struct nhrp_message m = {
        .fixed = {.afn = NHRP_AFN_IPV4,
                  .protocol_type = NHRP_PROTOCOL_IPV4,
                  .hop_count = s->hop_count,
                  .version = NHRP_VERSION,
                  .type = s->type},
        .request_id = s->request_id,
        .source_nbma = addr_span(&s->nbma),
        .source_protocol = addr_span(&s->protocol),
        .destination_protocol = addr_span(&s->destination),
    };
    if (s->type == NHRP_RESOLUTION_REQUEST || s->type == NHRP_RESOLUTION_REPLY)
        m.resolution = (struct nhrp_resolution_flags){.requester_is_router = true,
                                                      .authoritative = true,
                                                      .unique = s->unique,
                                                      .source_stable = s->stable,
                                                      .nat = s->nat,
                                                      .unused = s->unused};
    else
        m.registration =
            (struct nhrp_registration_flags){.unique = s->unique, .nat = s->nat, .unused = s->unused};
    ck_assert(writer_done(&cie_writer, &m.cies) && writer_done(&ext_writer, &m.extensions));
    struct span encoded;
    ck_assert(nhrp_encode(&m, message, sizeof(message), &encoded));
    frame_wrap(s->outer_source, s->outer_destination, GRE_PROTOCOL_NHRP, s->gre_checksum, encoded, out);
}

/* A data packet from one host to another, with the ttl that the tunnel carries. */
static inline void frame_of_data(const char *outer_source, const char *outer_destination, const char *source,
                                 const char *destination, uint8_t ttl, const char *payload, struct frame *out)
{
    uint8_t inner[FRAME_MAX];
    struct writer w = writer_of(inner, sizeof(inner));
    ip_write(&w,
             &(struct ip){.source = test_addr(source),
                          .destination = test_addr(destination),
                          .protocol = IP_PROTOCOL_UDP,
                          .ttl = ttl,
                          .id = 7},
             span_of(payload, strlen(payload)));
    struct span done;
    ck_assert(writer_done(&w, &done));
    frame_wrap(test_addr(outer_source), test_addr(outer_destination), GRE_PROTOCOL_IPV4, false, done, out);
}

/* The hub tells the spoke about a packet; destination is what the station is told to be for. */
static inline void frame_of_indication(const char *destination, size_t embedded_len, struct frame *out)
{
    struct frame data;
    frame_of_data("192.0.2.1", "198.51.100.11", "10.1.1.10", "10.1.2.10", 63,
                  "0123456789012345678901234567890123456789", &data);
    struct packet packet;
    packet_decode(span_of(data.bytes, data.len), &packet);
    struct addr nbma = test_addr("192.0.2.1"), protocol = test_addr("10.255.0.1"),
                told = test_addr(destination);
    ck_assert_uint_ge(packet.gre.payload.len, embedded_len);
    struct nhrp_message m = {
        .fixed = {.afn = NHRP_AFN_IPV4,
                  .protocol_type = NHRP_PROTOCOL_IPV4,
                  .hop_count = 255,
                  .version = NHRP_VERSION,
                  .type = NHRP_TRAFFIC_INDICATION},
        .source_nbma = addr_span(&nbma),
        .source_protocol = addr_span(&protocol),
        .destination_protocol = addr_span(&told),
        .contents = {.data = packet.gre.payload.data, .len = embedded_len},
    };
    uint8_t message[FRAME_MAX];
    struct span encoded;
    ck_assert(nhrp_encode(&m, message, sizeof(message), &encoded));
    frame_wrap(nbma, test_addr("198.51.100.11"), GRE_PROTOCOL_NHRP, false, encoded, out);
}

#endif
