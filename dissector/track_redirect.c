/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Redirects and shortcuts. See track_redirect.h.
 */
#include "track_redirect.h"
#include "track_binding.h"
#include "track_tunnel.h"

static const int64_t redirect_memory_ns =
    60ll * TRACK_NS_PER_S; /* a request this long after has another cause */
static const int64_t rate_ns = 1ll * TRACK_NS_PER_S;
static const int64_t repeat_ns = 2ll * TRACK_NS_PER_S;
static const int64_t negative_ns = 60ll * TRACK_NS_PER_S;

enum {
    IGNORED_LIMIT = 3, /* redirects without effect before it is said */
};

struct redirect_key {
    uint64_t key;
    const struct track_address *told;
    const struct track_address *destination;
};

static bool redirect_matches(uint32_t number, const void *wanted)
{
    const struct redirect_key *key = (const struct redirect_key *)wanted;
    const struct track_redirect *redirect = track_redirect_at(number);

    return redirect->key == key->key && track_address_equal(&redirect->told, key->told) &&
           track_address_equal(&redirect->destination, key->destination);
}

static uint32_t redirect_hash(const struct redirect_key *key)
{
    return track_address_hash(track_address_hash(track_hash(7, &key->key, sizeof key->key), key->told),
                              key->destination);
}

static bool is_multicast(const struct track_address *found)
{
    return found->kind == NHRP_ADDRESS_IPV6 ? found->octets[0] == 0xFF : (found->octets[0] & 0xF0) == 0xE0;
}

/* A new redirect against the last about the same: the record stands for the newest one. */
static void repeat_redirect(const struct track_frame *frame, struct track_redirect *redirect)
{
    bool asked = redirect->asked_ns != 0 && frame->at_ns - redirect->asked_ns < redirect_memory_ns;

    if (frame->at_ns - redirect->at_ns < rate_ns)
        track_find(frame->fact, TRACK_ei_dmvpn_redirect_rate);
    redirect->ignored = asked ? 0 : redirect->ignored + 1;
    if (redirect->ignored + 1 >= IGNORED_LIMIT)
        track_find(frame->fact, TRACK_ei_dmvpn_redirect_ignored);
}

static void enter_redirect(const struct track_frame *frame, const struct nhrp_message *message)
{
    struct track_address destination;
    struct redirect_key key = {frame->key, &frame->destination, &destination};
    struct track_redirect *redirect;
    uint32_t hash, last, number, ignored = 0;
    int64_t asked_ns = 0;

    frame->fact->kind = KIND_REDIRECT;
    frame->fact->phase = 3;
    track_address_take(&destination, &message->traffic_to);
    if (frame->tunnel == 0 || destination.length == 0)
        return;
    if (is_multicast(&destination))
        track_find(frame->fact, TRACK_ei_dmvpn_redirect_multicast);
    track_station_is(track_sender(frame), ROLE_HUB);
    if (track_tunnel_at(frame->tunnel)->cloud == 0)
        track_tunnel_at(frame->tunnel)->cloud = track_cloud_of(frame->key, &frame->source);
    track_cloud_at(track_tunnel_at(frame->tunnel)->cloud)->redirects++;
    track_cloud_at(track_tunnel_at(frame->tunnel)->cloud)->phase = 3;

    hash = redirect_hash(&key);
    last = track_index_find(&track->redirect_index, hash, redirect_matches, &key);
    if (last != 0) {
        repeat_redirect(frame, track_redirect_at(last));
        ignored = track_redirect_at(last)->ignored;
        asked_ns = track_redirect_at(last)->asked_ns;
    }
    number = track_array_add(&track->redirects);
    redirect = track_redirect_at(number);
    redirect->key = frame->key;
    redirect->told = frame->destination;
    redirect->destination = destination;
    redirect->at_ns = frame->at_ns;
    redirect->frame = frame->frame;
    redirect->ignored = ignored;
    redirect->asked_ns = asked_ns;
    if (last != 0)
        track_index_replace(&track->redirect_index, hash, last, number);
    else
        track_index_add(&track->redirect_index, hash, number);
    frame->fact->redirect = number;
}

/* The redirect that a request follows from, if any */
static void link_redirect(const struct track_frame *frame, const struct track_address *destination,
                          struct track_exchange *exchange)
{
    struct redirect_key key = {frame->key, &frame->source, destination};
    uint32_t number;
    struct track_redirect *redirect;

    number = track_index_find(&track->redirect_index, redirect_hash(&key), redirect_matches, &key);
    redirect = track_redirect_at(number);
    if (number == 0 || frame->at_ns - redirect->at_ns > redirect_memory_ns)
        return;
    track_details_of(exchange)->redirect = number;
    exchange->phase = 3;
    redirect->asked_ns = frame->at_ns;
    if (redirect->exchange == 0)
        redirect->exchange = frame->fact->exchange;
}

/* The request against the one before it */
static void check_repeated(const struct track_frame *frame, const struct track_exchange *exchange)
{
    const struct track_exchange *before = track_exchange_at(exchange->previous);
    int64_t since_ns = frame->at_ns - before->request_ns;

    if (exchange->previous == 0 || before->destination_hash != exchange->destination_hash)
        return;
    if (track_details_read(before).error_frame != 0 && since_ns < negative_ns)
        track_find(frame->fact, TRACK_ei_dmvpn_request_after_error);
    else if (before->reply_frame == 0 && since_ns < repeat_ns)
        track_find(frame->fact, TRACK_ei_dmvpn_request_repeated);
}

static void enter_request(const struct track_frame *frame, const struct nhrp_message *message)
{
    struct track_exchange *exchange = track_exchange_at(frame->fact->exchange);
    struct track_tunnel *tunnel = track_tunnel_at(frame->tunnel);
    struct track_address destination;

    track_address_take(&destination, &message->destination_protocol);
    if (frame->fact->kind == KIND_REQUEST) {
        check_repeated(frame, exchange);
        link_redirect(frame, &destination, exchange);
        if (exchange->phase == 0 && track_binding_find(tunnel->cloud, &destination) != 0)
            exchange->phase = 2;
        if (tunnel->shortcuts[frame->from] != 0 && track_station_at(track_receiver(frame))->role != ROLE_HUB)
            track_find(frame->fact, TRACK_ei_dmvpn_request_over_shortcut);
    } else if (frame->fact->kind == KIND_REQUEST_COPY) {
        track_station_is(track_sender(frame), ROLE_TRANSIT);
    }
}

/* Where data for the destination is to go: the address behind the NAT extension, when it names one */
static const struct nhrp_address *target_of(const struct nhrp_message *message, const struct nhrp_cie *cie)
{
    for (const struct nhrp_cie *nat = message->extensions.nat.first; nat; nat = nat->next) {
        if (nat->nbma.kind != NHRP_ADDRESS_ABSENT && nhrp_address_equal(&nat->protocol, &cie->protocol))
            return &nat->nbma;
    }
    return &cie->nbma;
}

static void find_phase(const struct track_frame *frame, const struct nhrp_message *message,
                       const struct nhrp_cie *cie, struct track_exchange *exchange)
{
    struct track_cloud *cloud = track_cloud_at(track_tunnel_at(frame->tunnel)->cloud);

    if (exchange->phase == 0)
        exchange->phase = nhrp_address_equal(&cie->protocol, &message->destination_protocol) ? 2 : 3;
    cloud->phase = MAX(cloud->phase, exchange->phase);
}

/* A server that gives itself for a station that has registered elsewhere */
static void check_next_hop(const struct track_frame *frame, const struct nhrp_message *message,
                           const struct track_address *target)
{
    uint32_t cloud = track_tunnel_at(frame->tunnel)->cloud;
    struct track_address destination;
    uint32_t binding;

    track_address_take(&destination, &message->destination_protocol);
    binding = track_binding_find(cloud, &destination);
    if (binding != 0 && track_address_equal(&track_cloud_at(cloud)->hub, target) &&
        !track_address_equal(track_grant_seen(track_exchange_at(track_binding_at(binding)->grant)), target))
        track_find(frame->fact, TRACK_ei_dmvpn_answer_names_hub);
}

static void make_shortcut(const struct track_frame *frame, const struct nhrp_message *message,
                          const struct nhrp_cie *cie, const struct track_address *target)
{
    struct track_exchange *exchange = track_exchange_at(frame->fact->exchange);
    struct track_address holder = *track_grant_seen(exchange), next_hop;
    struct track_tunnel *tunnel;
    struct track_shortcut *shortcut;
    uint32_t way, number;
    unsigned from;

    if (holder.length == 0 || target->length == 0 || track_address_equal(&holder, target))
        return;
    way = track_tunnel_between(frame->key, &holder, target, &from);
    number = track_array_add(&track->shortcuts);
    shortcut = track_shortcut_at(number);
    tunnel = track_tunnel_at(way);
    track_address_take(&shortcut->prefix, &message->destination_protocol);
    track_address_take(&next_hop, &cie->protocol);
    shortcut->prefix_bits = cie->prefix_bits;
    shortcut->target = *target;
    shortcut->next_hop = next_hop;
    shortcut->exchange = frame->fact->exchange;
    shortcut->granted_ns = frame->at_ns;
    shortcut->hold_s = cie->hold_s;
    shortcut->previous_of_tunnel = tunnel->shortcuts[from];
    shortcut->previous_of_station = track_station_at(tunnel->stations[from])->shortcuts;
    tunnel->shortcuts[from] = number;
    track_station_at(tunnel->stations[from])->shortcuts = number;
    track_details_of(exchange)->shortcut = number;
}

static void enter_reply(const struct track_frame *frame, const struct nhrp_message *message)
{
    struct track_exchange *exchange = track_exchange_at(frame->fact->exchange);
    const struct nhrp_cie *cie = message->cies.first;
    struct track_address target;

    if (frame->fact->kind == KIND_REPLY_COPY)
        track_station_is(track_sender(frame), ROLE_TRANSIT);
    if (!cie || cie->code != NHRP_CODE_SUCCESS || track_details_read(exchange).shortcut != 0)
        return;
    track_address_take(&target, target_of(message, cie));
    find_phase(frame, message, cie, exchange);
    check_next_hop(frame, message, &target);
    make_shortcut(frame, message, cie, &target);
}

void track_redirect_enter(const struct track_frame *frame, const struct nhrp_message *message)
{
    if (message->type == NHRP_TRAFFIC_INDICATION)
        enter_redirect(frame, message);
    else if (message->type == NHRP_RESOLUTION_REQUEST)
        enter_request(frame, message);
    else if (message->type == NHRP_RESOLUTION_REPLY)
        enter_reply(frame, message);
}
