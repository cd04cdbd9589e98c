/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/nat.h"

#include "engine/extensions.h"

#define CIE_BUF_MAX (NHRP_CIE_FIXED_LEN + 2 * 16)

/* Cisco fills in the host prefix length and leaves the holding time 0. */
static void station_cie_write(struct writer *w, struct addr protocol, struct addr nbma, uint16_t mtu)
{
    nhrp_cie_write(w, &(struct nhrp_cie){
                          .prefix_len = (uint8_t)addr_bits(protocol),
                          .mtu = mtu,
                          .nbma = addr_span(&nbma),
                          .protocol = addr_span(&protocol),
                      });
}

static struct span station_cie(struct addr protocol, struct addr nbma, uint16_t mtu, uint8_t buf[CIE_BUF_MAX])
{
    struct writer w = writer_of(buf, CIE_BUF_MAX);
    station_cie_write(&w, protocol, nbma, mtu);
    struct span cie;
    writer_done(&w, &cie);
    return cie;
}

/* RFC2735 gave the same type number to something else, told apart by its length: two words, no CIE. */
static bool holds_cies(const struct nhrp_ext *ext)
{
    return nhrp_cie_check(ext->value, NULL, NULL);
}

static bool names(const struct nhrp_ext *ext, struct addr protocol)
{
    struct span list = ext->value;
    struct nhrp_cie cie;
    while (nhrp_cie_next(&list, &cie))
        if (addr_equal(addr_from_span(cie.protocol), protocol))
            return true;
    return false;
}

/* How a station is seen from outside, if that is not what it says itself. */
static bool is_behind_nat(const struct node *node, struct addr protocol, struct addr *seen, uint16_t *mtu)
{
    if (node_owns(node, protocol)) {
        const struct next_hop_server *server = registration_client_in_use(node);
        *seen = server ? server->seen_nbma : (struct addr){0};
        *mtu = node->config.tunnel.mtu;
        return !addr_is_none(*seen);
    }
    const struct binding *binding = cache_match(&node->cache, protocol);
    if (!binding || addr_equal(binding->nbma, binding->claimed_nbma))
        return false;
    *seen = binding->nbma;
    *mtu = binding->mtu;
    return true;
}

void nat_write_request(const struct node *node, const struct nhrp_cie *cie, struct writer *w)
{
    uint8_t buf[CIE_BUF_MAX];
    struct writer value = writer_of(buf, sizeof buf);
    struct addr seen;
    uint16_t mtu;
    if (cie)
        nhrp_cie_write(&value, cie);
    else if (is_behind_nat(node, node->config.protocol, &seen, &mtu))
        station_cie_write(&value, node->config.protocol, seen, mtu);
    struct nhrp_ext ext = {.type = NHRP_EXT_NAT_ADDRESS};
    writer_done(&value, &ext.value);
    nhrp_ext_write(w, &ext);
}

/* The extension with a station added, unless it names it already or the station is behind no NAT. */
static void write_with(const struct node *node, const struct nhrp_ext *ext, struct addr protocol,
                       struct writer *w)
{
    struct addr seen;
    uint16_t mtu;
    if (!is_behind_nat(node, protocol, &seen, &mtu) || !holds_cies(ext) || names(ext, protocol)) {
        nhrp_ext_write(w, ext);
        return;
    }
    uint8_t buf[CIE_BUF_MAX];
    extensions_write_longer(w, ext, station_cie(protocol, seen, mtu, buf));
}

/* The station at the far end of a resolution: the first client of its reply. */
static struct addr first_client(const struct nhrp_message *reply)
{
    struct span list = reply->cies;
    struct nhrp_cie cie;
    return nhrp_cie_next(&list, &cie) ? addr_from_span(cie.protocol) : (struct addr){0};
}

void nat_write_reply(const struct node *node, const struct received *request,
                     const struct nhrp_message *reply, const struct nhrp_ext *ext, struct writer *w)
{
    struct nhrp_ext written = *ext;
    switch (request->message.fixed.type) {
    case NHRP_REGISTRATION_REQUEST:
        write_with(node, &written, request->source_protocol, w);
        break;
    case NHRP_RESOLUTION_REQUEST: /* what the requester said about itself is not for itself */
        if (holds_cies(ext))
            written.value = (struct span){0};
        write_with(node, &written, first_client(reply), w);
        break;
    default:
        nhrp_ext_write(w, &written);
    }
}

/* Whom a transit node may know to be behind a NAT: the requester, or the one who was asked for. */
static struct addr near_end(const struct received *received)
{
    switch (received->message.fixed.type) {
    case NHRP_RESOLUTION_REQUEST:
        return received->source_protocol;
    case NHRP_RESOLUTION_REPLY:
        return first_client(&received->message);
    default:
        return (struct addr){0};
    }
}

void nat_write_transit(const struct node *node, const struct received *received, const struct nhrp_ext *ext,
                       struct writer *w)
{
    write_with(node, ext, near_end(received), w);
}

void nat_write_missing(const struct node *node, const struct received *received, struct writer *w)
{
    struct nhrp_ext ext;
    struct addr station = near_end(received);
    struct addr seen;
    uint16_t mtu;
    if (received->message.fixed.type != NHRP_RESOLUTION_REQUEST ||
        !is_behind_nat(node, station, &seen, &mtu) ||
        nhrp_ext_find(received->message.extensions, NHRP_EXT_NAT_ADDRESS, &ext))
        return;
    ext = (struct nhrp_ext){.type = NHRP_EXT_NAT_ADDRESS};
    write_with(node, &ext, station, w);
}

struct addr nat_address_of(const struct nhrp_message *message, struct addr protocol)
{
    struct nhrp_ext ext;
    struct nhrp_cie cie;
    if (!nhrp_ext_find(message->extensions, NHRP_EXT_NAT_ADDRESS, &ext) || !holds_cies(&ext))
        return (struct addr){0};
    while (nhrp_cie_next(&ext.value, &cie))
        if (addr_equal(addr_from_span(cie.protocol), protocol))
            return addr_from_span(cie.nbma);
    return (struct addr){0};
}
