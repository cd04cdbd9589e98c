/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deviations: the table of planted faults and the small functions that plant them. Works on packets that the
 * codec decodes; a packet that a fault does not concern is left alone.
 */
#include "deviations/deviations.h"

#include <string.h>

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"

static bool is_type(const struct packet *packet, uint8_t type)
{
    return packet->kind == PACKET_NHRP && packet->nhrp.fixed.type == type;
}

/* A span of the packet, which was decoded from data, as writable octets. */
static uint8_t *writable(uint8_t *data, struct span span)
{
    return data + (span.data - data);
}

static uint8_t *nhrp_start(const struct packet *packet, uint8_t *data)
{
    return writable(data, packet->has_gre ? packet->gre.payload : packet->outer.payload);
}

/* The first CIE of the mandatory part, or NULL. */
static uint8_t *first_cie(const struct packet *packet, uint8_t *data)
{
    return packet->nhrp.cies.len >= NHRP_CIE_FIXED_LEN ? writable(data, packet->nhrp.cies) : NULL;
}

static enum deviation_act set_cie_octet(const struct packet *packet, uint8_t *data, size_t at, uint8_t value)
{
    uint8_t *cie = first_cie(packet, data);
    if (cie == NULL || cie[at] == value)
        return DEVIATE_NOT;
    cie[at] = value;
    return DEVIATE_EDIT;
}

static enum deviation_act no_registration(const struct packet *packet, uint8_t *data)
{
    (void)data;
    return is_type(packet, NHRP_REGISTRATION_REQUEST) ? DEVIATE_DROP : DEVIATE_NOT;
}

static enum deviation_act no_registration_reply(const struct packet *packet, uint8_t *data)
{
    (void)data;
    return is_type(packet, NHRP_REGISTRATION_REPLY) ? DEVIATE_DROP : DEVIATE_NOT;
}

static enum deviation_act no_resolution_request(const struct packet *packet, uint8_t *data)
{
    (void)data;
    return is_type(packet, NHRP_RESOLUTION_REQUEST) ? DEVIATE_DROP : DEVIATE_NOT;
}

static enum deviation_act no_resolution_reply(const struct packet *packet, uint8_t *data)
{
    (void)data;
    return is_type(packet, NHRP_RESOLUTION_REPLY) ? DEVIATE_DROP : DEVIATE_NOT;
}

static enum deviation_act no_redirect(const struct packet *packet, uint8_t *data)
{
    (void)data;
    return is_type(packet, NHRP_TRAFFIC_INDICATION) ? DEVIATE_DROP : DEVIATE_NOT;
}

static enum deviation_act redirect_twice(const struct packet *packet, uint8_t *data)
{
    (void)data;
    return is_type(packet, NHRP_TRAFFIC_INDICATION) ? DEVIATE_TWICE : DEVIATE_NOT;
}

static enum deviation_act hop_count_zero(const struct packet *packet, uint8_t *data)
{
    if (packet->kind != PACKET_NHRP)
        return DEVIATE_NOT;
    nhrp_start(packet, data)[9] = 0;
    return DEVIATE_EDIT;
}

static enum deviation_act registration_prefix(const struct packet *packet, uint8_t *data)
{
    return is_type(packet, NHRP_REGISTRATION_REQUEST) ? set_cie_octet(packet, data, 1, 24) : DEVIATE_NOT;
}

static enum deviation_act registration_hold(const struct packet *packet, uint8_t *data)
{
    return is_type(packet, NHRP_REGISTRATION_REQUEST) ? set_cie_octet(packet, data, 6, 0xff) : DEVIATE_NOT;
}

static enum deviation_act registration_refused(const struct packet *packet, uint8_t *data)
{
    return is_type(packet, NHRP_REGISTRATION_REPLY) ? set_cie_octet(packet, data, 0, NHRP_CIE_PROHIBITED)
                                                    : DEVIATE_NOT;
}

static enum deviation_act reply_request_id(const struct packet *packet, uint8_t *data)
{
    if (packet->kind != PACKET_NHRP || !nhrp_type_has_cies(packet->nhrp.fixed.type) ||
        nhrp_type_is_request(packet->nhrp.fixed.type))
        return DEVIATE_NOT;
    nhrp_start(packet, data)[NHRP_FIXED_LEN + 7] ^= 0x40;
    return DEVIATE_EDIT;
}

static enum deviation_act reply_swapped_hold(const struct packet *packet, uint8_t *data)
{
    uint8_t *cie = first_cie(packet, data);
    if (!is_type(packet, NHRP_RESOLUTION_REPLY) || cie == NULL || cie[6] == cie[7])
        return DEVIATE_NOT;
    uint8_t high = cie[6];
    cie[6] = cie[7];
    cie[7] = high;
    return DEVIATE_EDIT;
}

static enum deviation_act reply_next_hop(const struct packet *packet, uint8_t *data)
{
    uint8_t *cie = first_cie(packet, data);
    if (!is_type(packet, NHRP_RESOLUTION_REPLY) || cie == NULL || cie[8] == 0)
        return DEVIATE_NOT;
    cie[NHRP_CIE_FIXED_LEN + cie[8] - 1] ^= 0x20;
    return DEVIATE_EDIT;
}

static enum deviation_act reply_prefix_wide(const struct packet *packet, uint8_t *data)
{
    return is_type(packet, NHRP_RESOLUTION_REPLY) ? set_cie_octet(packet, data, 1, 8) : DEVIATE_NOT;
}

/* The first transit record gets another protocol address. */
static enum deviation_act transit_record(const struct packet *packet, uint8_t *data)
{
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    struct span list;
    if (!is_type(packet, NHRP_RESOLUTION_REQUEST) ||
        !nhrp_ext_find(packet->nhrp.extensions, NHRP_EXT_FORWARD_TRANSIT, &ext) ||
        !nhrp_ext_cies(&ext, &list) || !nhrp_cie_next(&list, &cie) || cie.protocol.len == 0)
        return DEVIATE_NOT;
    writable(data, cie.protocol)[cie.protocol.len - 1] ^= 0x20;
    return DEVIATE_EDIT;
}

static enum deviation_act unused_flag(const struct packet *packet, uint8_t *data)
{
    if (packet->kind != PACKET_NHRP || !nhrp_type_has_cies(packet->nhrp.fixed.type))
        return DEVIATE_NOT;
    nhrp_start(packet, data)[NHRP_FIXED_LEN + 3] |= 0x01;
    return DEVIATE_EDIT;
}

/* Source and destination trade places, which the header's checksum does not notice. */
static enum deviation_act redirect_other_flow(const struct packet *packet, uint8_t *data)
{
    const size_t source_at = 12, address_len = 4, header_len = 20;
    if (!is_type(packet, NHRP_TRAFFIC_INDICATION) || packet->nhrp.contents.len < header_len ||
        packet->nhrp.contents.data[0] >> 4 != 4)
        return DEVIATE_NOT;
    uint8_t *addresses = writable(data, packet->nhrp.contents) + source_at;
    uint8_t source[4];
    memcpy(source, addresses, address_len);
    memcpy(addresses, addresses + address_len, address_len);
    memcpy(addresses + address_len, source, address_len);
    return DEVIATE_EDIT;
}

static enum deviation_act bad_checksum(const struct packet *packet, uint8_t *data)
{
    if (packet->kind != PACKET_NHRP)
        return DEVIATE_NOT;
    nhrp_start(packet, data)[12] ^= 0xff;
    return DEVIATE_BREAK;
}

static enum deviation_act gre_key(const struct packet *packet, uint8_t *data)
{
    if (!packet->has_gre || !packet->gre.has_key)
        return DEVIATE_NOT;
    uint8_t *gre = writable(data, packet->outer.payload);
    gre[packet->gre.has_checksum ? 11 : 7] ^= 0x01;
    return DEVIATE_EDIT;
}

static enum deviation_act gre_reserved(const struct packet *packet, uint8_t *data)
{
    if (!packet->has_gre)
        return DEVIATE_NOT;
    writable(data, packet->outer.payload)[1] |= 0x08;
    return DEVIATE_EDIT;
}

static enum deviation_act data_ttl(const struct packet *packet, uint8_t *data)
{
    if (packet->kind != PACKET_DATA)
        return DEVIATE_NOT;
    uint8_t *inner = writable(data, packet->gre.payload);
    inner[packet->inner.source.family == ADDR_IPV6 ? 7 : 8]++;
    return DEVIATE_EDIT;
}

static enum deviation_act data_corrupt(const struct packet *packet, uint8_t *data)
{
    if (packet->kind != PACKET_DATA || packet->inner.payload.len == 0)
        return DEVIATE_NOT;
    writable(data, packet->inner.payload)[packet->inner.payload.len - 1] ^= 0xff;
    return DEVIATE_EDIT;
}

static enum deviation_act data_lost(const struct packet *packet, uint8_t *data)
{
    (void)data;
    return packet->kind == PACKET_DATA ? DEVIATE_DROP : DEVIATE_NOT;
}

static const struct deviation deviations[] = {
    {"no-registration", "a client never registers", no_registration},
    {"no-registration-reply", "a server leaves registrations unanswered", no_registration_reply},
    {"no-resolution-request", "nobody asks for, or passes on, a resolution", no_resolution_request},
    {"no-resolution-reply", "resolutions are never answered", no_resolution_reply},
    {"no-redirect", "a Phase 3 hub sends no Traffic Indications", no_redirect},
    {"redirect-twice", "a Phase 3 hub does not limit its Traffic Indications", redirect_twice},
    {"redirect-other-flow", "a Traffic Indication embeds a packet of the other direction",
     redirect_other_flow},
    {"hop-count-zero", "messages go out with hop count 0", hop_count_zero},
    {"registration-prefix", "a spoke registers a prefix of 24 bits for its own address", registration_prefix},
    {"registration-hold", "a spoke asks for another holding time than configured", registration_hold},
    {"registration-refused", "a server refuses every registration", registration_refused},
    {"reply-request-id", "a reply has another request id than its request", reply_request_id},
    {"reply-swapped-hold", "the holding time of a Resolution Reply is in the wrong byte order",
     reply_swapped_hold},
    {"reply-next-hop", "a Resolution Reply names the wrong NBMA address", reply_next_hop},
    {"reply-prefix-wide", "a Resolution Reply claims eight bits of prefix", reply_prefix_wide},
    {"transit-record", "a transit server records an address that is not its own", transit_record},
    {"unused-flag", "an unused flag bit is set", unused_flag},
    {"bad-checksum", "the NHRP checksum is wrong", bad_checksum},
    {"gre-key", "packets carry another GRE key than configured", gre_key},
    {"gre-reserved", "a reserved bit of the GRE header is set", gre_reserved},
    {"data-ttl", "the time to live of data packets is not lowered", data_ttl},
    {"data-corrupt", "data packets are changed on the way", data_corrupt},
    {"data-lost", "data packets are lost", data_lost},
};

size_t deviation_count(void)
{
    return sizeof(deviations) / sizeof(deviations[0]);
}

const struct deviation *deviation_at(size_t i)
{
    return &deviations[i];
}

const struct deviation *deviation_find(const char *name)
{
    for (size_t i = 0; i < deviation_count(); i++)
        if (strcmp(deviations[i].name, name) == 0)
            return &deviations[i];
    return NULL;
}
