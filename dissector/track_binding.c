/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registrations and bindings. See track_binding.h.
 */
#include "track_binding.h"
#include "track_tunnel.h"

struct binding_key {
    uint32_t cloud;
    const struct track_address *protocol;
};

static bool binding_matches(uint32_t number, const void *wanted)
{
    const struct binding_key *key = (const struct binding_key *)wanted;
    const struct track_binding *binding = track_binding_at(number);

    return binding->cloud == key->cloud && track_address_equal(&binding->protocol, key->protocol);
}

static uint32_t binding_hash(uint32_t cloud, const struct track_address *protocol)
{
    return track_address_hash(6 + cloud, protocol);
}

uint32_t track_binding_find(uint32_t cloud, const struct track_address *protocol)
{
    struct binding_key key = {cloud, protocol};

    return track_index_find(&track->binding_index, binding_hash(cloud, protocol), binding_matches, &key);
}

int64_t track_grant_end(const struct track_exchange *exchange)
{
    if (exchange->reply_frame == 0)
        return INT64_MAX;
    return exchange->reply_ns + (int64_t)exchange->hold_s * TRACK_NS_PER_S;
}

/* The protocol address that a registration is about: the entry's, or the common header's (5.2.3) */
static void registered_address(const struct nhrp_message *message, struct track_address *protocol)
{
    const struct nhrp_cie *cie = message->cies.first;

    if (cie && cie->protocol.kind != NHRP_ADDRESS_ABSENT)
        track_address_take(protocol, &cie->protocol);
    else
        track_address_take(protocol, &message->source_protocol);
}

/* Private ranges of IPv4 (RFC 1918, RFC 6598) and IPv6 (RFC 4193): what stands behind a NAT as a rule */
static bool is_private(const struct track_address *nbma)
{
    const uint8_t *octet = nbma->octets;

    if (nbma->kind == NHRP_ADDRESS_IPV6)
        return (octet[0] & 0xFE) == 0xFC;
    return octet[0] == 10 || (octet[0] == 172 && (octet[1] & 0xF0) == 16) ||
           (octet[0] == 192 && octet[1] == 168) || (octet[0] == 100 && (octet[1] & 0xC0) == 64);
}

/* Claimed NBMA address against the outer source */
static void check_nat(const struct track_frame *frame, const struct nhrp_message *message,
                      const struct track_client *client)
{
    const struct track_tunnel *tunnel = track_tunnel_at(frame->tunnel);
    const struct track_client *before = track_client_at(tunnel->client);
    bool behind =
        client->nbma.kind == frame->source.kind && !track_address_equal(&client->nbma, &frame->source);
    bool other = tunnel->client != 0 && before->protocol.kind == client->protocol.kind &&
                 !track_address_equal(&before->protocol, &client->protocol);

    if (behind && !is_private(&client->nbma)) {
        track_find(frame->fact, TRACK_ei_dmvpn_source_mismatch);
    } else if (behind) {
        track_find(frame->fact, TRACK_ei_dmvpn_nat);
        if (!(message->flags & NHRP_FLAG_NAT) && !(message->extensions.seen & 1u << NHRP_EXT_NAT_ADDRESS))
            track_find(frame->fact, TRACK_ei_dmvpn_nat_unsupported);
    }
    if (other && track_address_equal(&before->nbma, &client->nbma)) {
        if (frame->key == 0)
            track_find(frame->fact, TRACK_ei_dmvpn_two_addresses);
    } else if (other && before->nbma.length != 0 && client->nbma.length != 0) {
        track_find(frame->fact, TRACK_ei_dmvpn_nat_shared);
    }
}

/* The same server answers its clients under another key */
static bool uses_other_key(const struct track_frame *frame)
{
    for (uint32_t number = 1; number < track->clouds.count; number++) {
        const struct track_cloud *cloud = track_cloud_at(number);

        if (cloud->key != frame->key && cloud->has_clients &&
            track_address_equal(&cloud->hub, &frame->destination))
            return true;
    }
    return false;
}

static void check_unanswered(const struct track_frame *frame, const struct nhrp_message *message,
                             struct track_tunnel *tunnel)
{
    if (tunnel->is_answered)
        return;
    if (uses_other_key(frame))
        track_find(frame->fact, TRACK_ei_dmvpn_key_mismatch);
    if (nhrp_address_equal(&message->source_protocol, &message->destination_protocol))
        track_find(frame->fact, TRACK_ei_dmvpn_nhs_dynamic);
}

/* The old grant against the time of its renewal */
static void check_refresh(const struct track_frame *frame, const struct track_exchange *granted)
{
    int64_t hold_ns = (int64_t)granted->hold_s * TRACK_NS_PER_S;
    int64_t since_ns = frame->at_ns - granted->reply_ns;

    if (since_ns > hold_ns)
        track_find(frame->fact, TRACK_ei_dmvpn_refresh_late);
    else if (since_ns > hold_ns / 2)
        track_find(frame->fact, TRACK_ei_dmvpn_refresh_slow);
}

/* As track_binding_find, for the address that a client registers; most register but one. */
static uint32_t client_binding(const struct track_client *client, uint32_t cloud,
                               const struct track_address *protocol)
{
    struct binding_key key = {cloud, protocol};

    if (client->binding != 0 && binding_matches(client->binding, &key))
        return client->binding;
    return track_binding_find(cloud, protocol);
}

static void enter_request(const struct track_frame *frame, const struct nhrp_message *message)
{
    struct track_exchange *exchange = track_exchange_at(frame->fact->exchange);
    const struct track_client *client = track_client_at(exchange->client);
    struct track_tunnel *tunnel = track_tunnel_at(frame->tunnel);
    struct track_address protocol;
    uint32_t binding;

    if (frame->tunnel != 0) {
        if (!track_address_equal(&track_cloud_at(tunnel->cloud)->hub, &frame->destination))
            tunnel->cloud = track_cloud_of(frame->key, &frame->destination);
        for (unsigned end = 0; end < 2; end++)
            track_station_at(tunnel->stations[end])->cloud = tunnel->cloud;
        track_station_is(track_sender(frame), ROLE_SPOKE);
        track_station_is(track_receiver(frame), ROLE_HUB);
        check_nat(frame, message, client);
        tunnel->client = exchange->client;
        if (frame->fact->kind == KIND_RETRANSMISSION)
            check_unanswered(frame, message, tunnel);
    }
    registered_address(message, &protocol);
    binding = client_binding(client, tunnel->cloud, &protocol);
    if (binding != 0 && !track_binding_at(binding)->purged) {
        frame->fact->grant = track_binding_at(binding)->grant;
        if (frame->fact->kind == KIND_REQUEST)
            check_refresh(frame, track_exchange_at(frame->fact->grant));
    }
}

/* The NBMA address changed: was the old binding still to be kept? */
static void note_move(const struct track_frame *frame, struct track_binding *binding,
                      const struct track_address *claimed)
{
    const struct track_exchange *granted = track_exchange_at(binding->grant);
    const struct track_exchange *before = track_exchange_at(binding->grant_before);
    bool valid = !binding->purged && track_grant_end(granted) > frame->at_ns;

    if (valid && binding->grant_before != 0 && track_grant_end(before) > frame->at_ns &&
        track_address_equal(track_grant_claimed(before), claimed))
        track_find(frame->fact, TRACK_ei_dmvpn_contested);
    else
        track_find(frame->fact, TRACK_ei_dmvpn_moved);
    if (valid && binding->unique)
        track_find(frame->fact, TRACK_ei_dmvpn_unique_overwritten);
    binding->grant_before = binding->grant;
    binding->moved_ns = frame->at_ns;
}

static uint32_t binding_of(const struct track_client *client, uint32_t cloud,
                           const struct track_address *protocol)
{
    uint32_t number = client_binding(client, cloud, protocol);

    if (number != 0)
        return number;
    number = track_array_add(&track->bindings);
    track_binding_at(number)->cloud = cloud;
    track_binding_at(number)->protocol = *protocol;
    track_index_add(&track->binding_index, binding_hash(cloud, protocol), number);
    return number;
}

static void grant(const struct track_frame *frame, const struct nhrp_message *message,
                  struct track_exchange *exchange)
{
    const struct track_address *claimed = track_grant_claimed(exchange);
    struct track_address protocol;
    struct track_binding *binding;
    uint32_t number;

    registered_address(message, &protocol);
    if (protocol.length == 0)
        return;
    number = binding_of(track_client_at(exchange->client), track_tunnel_at(frame->tunnel)->cloud, &protocol);
    track_client_at(exchange->client)->binding = number;
    binding = track_binding_at(number);
    if (binding->grant == 0)
        track_find(frame->fact, TRACK_ei_dmvpn_registered);
    else if (!track_address_equal(track_grant_claimed(track_exchange_at(binding->grant)), claimed))
        note_move(frame, binding, claimed);
    else
        binding->refreshes++;
    if (!binding->purged)
        exchange->refreshed = binding->grant;
    binding->grant = frame->fact->exchange;
    binding->unique = (exchange->flags & NHRP_REGISTRATION_U) != 0;
    binding->purged = false;
    frame->fact->grant = binding->grant;
    frame->fact->number = binding->refreshes;
    if (exchange->request_way / 2 != 0)
        track_station_at(track_tunnel_at(exchange->request_way / 2)->stations[exchange->request_way % 2])
            ->binding = number;
}

static void refuse(const struct track_frame *frame, const struct nhrp_message *message,
                   const struct track_exchange *exchange)
{
    struct track_address protocol;
    uint32_t number;

    registered_address(message, &protocol);
    number = track_binding_find(track_tunnel_at(frame->tunnel)->cloud, &protocol);
    if (number == 0)
        return;
    frame->fact->grant = track_binding_at(number)->grant;
    if (exchange->code == NHRP_CODE_ALREADY_REGISTERED)
        track_find(frame->fact, TRACK_ei_dmvpn_unique_conflict);
}

/* Where the reply goes and what it says about NAT, against where the request came from */
static void check_reply_nat(const struct track_frame *frame, const struct nhrp_message *message,
                            const struct track_exchange *exchange)
{
    const struct track_address *came_from = track_grant_seen(exchange);
    const struct track_client *client = track_client_at(exchange->client);
    const struct nhrp_cie *last = message->extensions.nat.first;
    struct track_address named;

    if (exchange->request_way / 2 == 0 || exchange->request_frame == 0 || frame->tunnel == 0)
        return;
    if (!track_address_equal(came_from, &client->nbma) &&
        track_address_equal(&frame->destination, &client->nbma))
        track_find(frame->fact, TRACK_ei_dmvpn_nat_reply_private);
    if (message->extensions.nat.count < 2)
        return;
    while (last->next)
        last = last->next;
    track_address_take(&named, &last->nbma);
    if (named.length != 0 && !track_address_equal(&named, came_from))
        track_find(frame->fact, TRACK_ei_dmvpn_nat_false);
}

static void enter_reply(const struct track_frame *frame, const struct nhrp_message *message)
{
    struct track_exchange *exchange = track_exchange_at(frame->fact->exchange);
    struct track_tunnel *tunnel = track_tunnel_at(frame->tunnel);
    struct track_cloud *cloud;

    if (frame->tunnel != 0) {
        if (tunnel->cloud == 0)
            tunnel->cloud = track_cloud_of(frame->key, &frame->source);
        for (unsigned end = 0; end < 2; end++) {
            struct track_station *station = track_station_at(tunnel->stations[end]);

            station->cloud = station->cloud != 0 ? station->cloud : tunnel->cloud;
        }
        track_station_is(track_sender(frame), ROLE_HUB);
        track_station_is(track_receiver(frame), ROLE_SPOKE);
        tunnel->is_answered = true;
    }
    check_reply_nat(frame, message, exchange);
    if (exchange->code != NHRP_CODE_SUCCESS) {
        refuse(frame, message, exchange);
        return;
    }
    cloud = track_cloud_at(tunnel->cloud);
    cloud->has_clients = true;
    if (cloud->has_password && exchange->request_frame != 0 && exchange->password_hash == 0)
        track_find(frame->fact, TRACK_ei_dmvpn_key_one_side);
    if (exchange->password_hash != 0 && message->extensions.authentication_hash != 0)
        cloud->has_password = true;
    grant(frame, message, exchange);
}

static void enter_purge(const struct track_frame *frame, const struct nhrp_message *message)
{
    for (const struct nhrp_cie *cie = message->cies.first; cie; cie = cie->next) {
        struct track_address protocol;
        uint32_t number;

        track_address_take(&protocol, &cie->protocol);
        number = track_binding_find(track_tunnel_at(frame->tunnel)->cloud, &protocol);
        if (number == 0)
            continue;
        frame->fact->grant = track_binding_at(number)->grant;
        track_binding_at(number)->purged = true;
    }
}

void track_binding_enter(const struct track_frame *frame, const struct nhrp_message *message)
{
    enum track_kind kind = frame->fact->kind;

    if (message->type == NHRP_REGISTRATION_REQUEST && (kind == KIND_REQUEST || kind == KIND_RETRANSMISSION))
        enter_request(frame, message);
    else if (message->type == NHRP_REGISTRATION_REPLY &&
             (kind == KIND_REPLY || (kind == KIND_ORPHAN_REPLY && frame->fact->hop == 0)))
        enter_reply(frame, message);
    else if (message->type == NHRP_PURGE_REQUEST && kind == KIND_REQUEST)
        enter_purge(frame, message);
}
