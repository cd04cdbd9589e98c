/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rip_receive: what neighbours say, judged and taken into the table (RFC 2453 section 3.9). */
#include "engine/rip_state.h"

#define AT_UDP_CHECKSUM 6

static const struct prefix whole_message = {{0}, 0};

bool rip_wants(const struct rip *rip, const struct ip *packet)
{
    struct udp udp;
    return packet->protocol == IP_PROTOCOL_UDP && !packet->more_fragments && packet->fragment_offset == 0 &&
           (addr_equal(packet->destination, rip_group()) ||
            addr_equal(packet->destination, rip->settings.address)) &&
           udp_decode(packet->payload, &udp).status == CODEC_OK && udp.destination_port == RIP_UDP_PORT;
}

static bool checksum_is_right(const struct ip *packet)
{
    const uint8_t *checksum = packet->payload.data + AT_UDP_CHECKSUM;
    bool is_absent = checksum[0] == 0 && checksum[1] == 0;
    return is_absent || ip_payload_checksum(packet, IP_PROTOCOL_UDP, packet->payload) == 0;
}

/* Section 4.1: without a password of our own, messages that carry one are discarded too. */
static bool is_authentic(const struct rip *rip, const struct rip_message *message)
{
    if (!rip->has_password)
        return !message->has_auth;
    if (!message->has_auth || message->auth_type != RIP_AUTH_PASSWORD)
        return false;
    uint8_t differs = 0;
    for (size_t i = 0; i < RIP_PASSWORD_LEN; i++)
        differs |= message->auth_data.data[i] ^ rip->password[i];
    return differs == 0;
}

/* Section 3.9.2: unicast, and neither net 0, unless the default route, nor net 127. */
static bool is_routable(struct prefix prefix)
{
    uint8_t first = prefix.addr.bytes[0];
    return prefix.len == 0 || (first != 0 && first != 127 && first < 224);
}

/* A neighbour's offer. */
struct offer {
    struct addr from;
    struct addr via;
    struct prefix prefix;
    uint8_t metric; /* with the cost of the tunnel, 1, added */
    uint16_t tag;
};

static void adopt(struct rip *rip, struct rip_route *route, const struct offer *offer)
{
    route->learned = true;
    route->from = offer->from;
    route->via = offer->via;
    route->metric = offer->metric;
    route->tag = offer->tag;
    rip_table_set_state(&rip->table, route, RIP_ROUTE_VALID,
                        instant_after_s(rip->now, rip->settings.timeout_s));
    rip_route_changed(rip, route);
}

/* What the neighbour that a valid route is from says of it now. */
static void hear_again(struct rip *rip, struct rip_route *route, const struct offer *offer)
{
    if (offer->metric >= RIP_INFINITY)
        rip_route_withdraw(rip, route);
    else if (offer->metric != route->metric || offer->tag != route->tag ||
             !addr_equal(offer->via, route->via))
        adopt(rip, route, offer);
    else
        rip_table_set_state(&rip->table, route, RIP_ROUTE_VALID,
                            instant_after_s(rip->now, rip->settings.timeout_s));
}

/* Better than what another neighbour said; or as good, when that one has been silent for half the timeout. */
static bool is_better(const struct rip *rip, const struct rip_route *route, const struct offer *offer)
{
    int64_t left_us = instant_diff_us(rip->now, route->due), half_us = rip->settings.timeout_s * US_PER_S / 2;
    return offer->metric < route->metric || (offer->metric == route->metric && left_us <= half_us);
}

static enum rip_reason take_offer(struct rip *rip, const struct offer *offer)
{
    struct rip_route *route = rip_table_find(&rip->table, offer->prefix);
    bool is_reachable = offer->metric < RIP_INFINITY;
    if (!route) {
        if (!is_reachable)
            return RIP_REASON_NONE;
        route = rip_table_add(&rip->table, offer->prefix, RIP_ROUTE_VALID, rip->now);
        if (!route)
            return RIP_REASON_TABLE_FULL;
        adopt(rip, route, offer);
        return RIP_REASON_NONE;
    }
    switch ((enum rip_route_state)route->state) {
    case RIP_ROUTE_LOCAL:
    case RIP_ROUTE_STATES:
        break;
    case RIP_ROUTE_GONE:
        if (is_reachable)
            adopt(rip, route, offer);
        break;
    case RIP_ROUTE_VALID:
        if (addr_equal(route->from, offer->from))
            hear_again(rip, route, offer);
        else if (is_reachable && is_better(rip, route, offer))
            adopt(rip, route, offer);
        break;
    }
    return RIP_REASON_NONE;
}

/* One entry of a response. *prefix is set as soon as it is known. */
static enum rip_reason take_entry(struct rip *rip, struct addr from, const struct rip_entry *entry,
                                  struct prefix *prefix)
{
    if (entry->family != RIP_FAMILY_IPV4)
        return RIP_REASON_FAMILY;
    if (!rip_entry_prefix(entry, prefix))
        return RIP_REASON_MASK;
    if (!is_routable(*prefix))
        return RIP_REASON_DESTINATION;
    if (entry->metric < 1 || entry->metric > RIP_INFINITY)
        return RIP_REASON_METRIC;
    const struct rip_route *route = rip_table_find(&rip->table, *prefix);
    struct offer offer = {.from = from, .via = from, .prefix = *prefix, .tag = entry->tag};
    /* Section 4.4: a next hop that is not on the subnet stands for the sender. */
    if (!addr_is_unspecified(entry->next_hop) && rip_is_on_subnet(rip, entry->next_hop))
        offer.via = entry->next_hop;
    offer.metric = (uint8_t)(entry->metric < RIP_INFINITY ? entry->metric + 1 : RIP_INFINITY);
    /* A hub that keeps next hops reflects our own routes: no news while we have them. What leads back to us
     * when we have no such route leads nowhere, so whatever that hub said before is void. */
    if (addr_equal(offer.via, rip->settings.address) && !(route && route->state == RIP_ROUTE_LOCAL)) {
        offer.metric = RIP_INFINITY;
        take_offer(rip, &offer);
        return RIP_REASON_OWN_NEXT_HOP;
    }
    return take_offer(rip, &offer);
}

static void take_response(struct rip *rip, struct addr from, const struct rip_message *message)
{
    struct span list = message->entries;
    for (struct rip_entry entry; rip_entry_next(&list, &entry);) {
        struct prefix prefix = whole_message;
        enum rip_reason reason = take_entry(rip, from, &entry, &prefix);
        if (reason != RIP_REASON_NONE)
            rip_ignore(rip, reason, from, prefix);
    }
}

/* Section 3.9.1: fill in our metric for each entry asked for, without split horizon, and send the message
 * back. */
static void answer_entries(struct rip *rip, struct span list)
{
    struct writer w = writer_of(rip->reply.message, sizeof rip->reply.message);
    size_t room = rip_begin_message(rip, &w, RIP_RESPONSE);
    for (struct rip_entry entry; room > 0 && rip_entry_next(&list, &entry); room--) {
        struct prefix prefix;
        const struct rip_route *route = NULL;
        if (entry.family == RIP_FAMILY_IPV4 && rip_entry_prefix(&entry, &prefix))
            route = rip_table_find(&rip->table, prefix);
        entry.metric = route ? route->metric : RIP_INFINITY;
        rip_write_entry(&w, &entry);
    }
    struct span out;
    rip->reply.waiting = writer_done(&w, &out);
    rip->reply.len = out.len;
}

static enum rip_reason take_request(struct rip *rip, struct addr from, uint16_t port,
                                    const struct rip_message *message)
{
    if (message->entries.len == 0)
        return RIP_REASON_NONE; /* "no response is given" */
    if (rip_asks_for_everything(message))
        return rip_job_add(rip, RIP_JOB_ANSWER, from, port) ? RIP_REASON_NONE : RIP_REASON_BUSY;
    if (rip->reply.waiting)
        return RIP_REASON_BUSY;
    rip->reply.to = from;
    rip->reply.to_port = port;
    answer_entries(rip, message->entries);
    return RIP_REASON_NONE;
}

static enum rip_reason take_message(struct rip *rip, const struct ip *packet)
{
    struct udp udp;
    struct rip_message message;
    struct addr from = packet->source;
    if (!rip->link_up)
        return RIP_REASON_LINK_DOWN;
    if (addr_equal(from, rip->settings.address))
        return RIP_REASON_OWN;
    if (!rip_is_on_subnet(rip, from))
        return RIP_REASON_NOT_A_NEIGHBOUR;
    if (!checksum_is_right(packet))
        return RIP_REASON_CHECKSUM;
    udp_decode(packet->payload, &udp); /* rip_wants() has seen that it can be decoded */
    if (rip_decode(udp.payload, &message).status != CODEC_OK)
        return RIP_REASON_MALFORMED;
    if (message.version < RIP_VERSION)
        return RIP_REASON_VERSION;
    if (!is_authentic(rip, &message))
        return RIP_REASON_AUTHENTICATION;
    if (message.command == RIP_REQUEST)
        return take_request(rip, from, udp.source_port, &message);
    if (udp.source_port != RIP_UDP_PORT)
        return RIP_REASON_SOURCE_PORT;
    take_response(rip, from, &message);
    return RIP_REASON_NONE;
}

void rip_receive(struct rip *rip, struct span bytes)
{
    struct ip packet = {0};
    enum rip_reason reason = RIP_REASON_NOT_RIP;
    if (ip_decode(bytes, &packet).status == CODEC_OK && rip_wants(rip, &packet))
        reason = take_message(rip, &packet);
    if (reason != RIP_REASON_NONE)
        rip_ignore(rip, reason, packet.source, whole_message);
}
