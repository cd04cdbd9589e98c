/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests and replies. See track_exchange.h.
 */
#include "track_exchange.h"
#include "track_tunnel.h"

static const int64_t reuse_after_ns =
    10ll * TRACK_NS_PER_S; /* an answered id that comes again is a new request */
static const int64_t patience_ns = 2ll * TRACK_NS_PER_S; /* before a request counts as unanswered */

enum {
    SEARCH_LIMIT = 256, /* exchanges of one client looked at for an id that is not its newest */
    LATE_TRANSMISSIONS = 3,
};

static enum track_family family_of(const struct nhrp_message *message)
{
    return nhrp_is_resolution(message)     ? FAMILY_RESOLUTION
           : nhrp_is_registration(message) ? FAMILY_REGISTRATION
                                           : FAMILY_PURGE;
}

struct client_key {
    struct track_address nbma;
    struct track_address protocol;
};

static bool client_matches(uint32_t number, const void *wanted)
{
    const struct client_key *key = (const struct client_key *)wanted;
    const struct track_client *client = track_client_at(number);

    return memcmp(&client->nbma, &key->nbma, sizeof key->nbma) == 0 &&
           memcmp(&client->protocol, &key->protocol, sizeof key->protocol) == 0;
}

static uint32_t client_of(const struct nhrp_message *message)
{
    struct client_key key;
    struct track_client *client;
    uint32_t hash, number;

    track_address_take(&key.nbma, &message->source_nbma);
    track_address_take(&key.protocol, &message->source_protocol);
    if (track->last_client != 0 && client_matches(track->last_client, &key))
        return track->last_client;
    hash = track_address_hash(track_address_hash(4, &key.nbma), &key.protocol);
    number = track_index_find(&track->client_index, hash, client_matches, &key);
    if (number != 0)
        return track->last_client = number;
    number = track_array_add(&track->clients);
    client = track_client_at(number);
    client->nbma = key.nbma;
    client->protocol = key.protocol;
    track_index_add(&track->client_index, hash, number);
    return track->last_client = number;
}

static uint32_t exchange_find(const struct track_client *client, enum track_family family,
                              uint32_t request_id)
{
    uint32_t number = client->newest[family];

    if (request_id > client->highest_id[family])
        return 0;
    for (unsigned steps = 0; number != 0 && steps < SEARCH_LIMIT; steps++) {
        const struct track_exchange *exchange = track_exchange_at(number);

        if (exchange->request_id == request_id)
            return number;
        number = exchange->previous;
    }
    return 0;
}

/* An exchange at its first message, which may be a reply */
static uint32_t exchange_begin(const struct track_frame *frame, const struct nhrp_message *message,
                               uint32_t client_number)
{
    enum track_family family = family_of(message);
    struct track_client *client = track_client_at(client_number);
    uint32_t number = track_array_add(&track->exchanges);
    struct track_exchange *exchange = track_exchange_at(number);

    exchange->client = client_number;
    exchange->previous = client->newest[family];
    exchange->family = family;
    exchange->request_id = message->request_id;
    exchange->request_ns = frame->at_ns;
    client->newest[family] = number;
    client->highest_id[family] = MAX(client->highest_id[family], message->request_id);
    return number;
}

static uint32_t destination_hash(const struct nhrp_message *message)
{
    struct track_address destination;

    track_address_take(&destination, &message->destination_protocol);
    return track_address_hash(5, &destination);
}

static void request_fill(const struct track_frame *frame, const struct nhrp_message *message,
                         struct track_exchange *exchange)
{
    const struct nhrp_cie *cie = message->cies.first;

    exchange->request_frame = frame->frame;
    exchange->request_ns = frame->at_ns;
    exchange->request_way = track_way(frame->tunnel, frame->from);
    exchange->request_hops = message->hop_count;
    exchange->flags = message->flags;
    exchange->hold_s = cie ? cie->hold_s : 0;
    exchange->extensions_seen = (uint16_t)message->extensions.seen;
    exchange->extension_order = message->extensions.order;
    exchange->password_hash = message->extensions.authentication_hash;
    exchange->destination_hash = destination_hash(message);
}

/* The order of the types that both have */
static bool order_differs(uint32_t a, uint16_t seen_a, uint32_t b, uint16_t seen_b)
{
    while (a != 0 && b != 0) {
        if (!(seen_b & 1u << (a & 0xF))) {
            a >>= 4;
        } else if (!(seen_a & 1u << (b & 0xF))) {
            b >>= 4;
        } else {
            if ((a & 0xF) != (b & 0xF))
                return true;
            a >>= 4;
            b >>= 4;
        }
    }
    return false;
}

/* A copy that a server passed on, of a request or a reply */
static void enter_copy(const struct track_frame *frame, const struct nhrp_message *message,
                       struct track_exchange *exchange, enum track_kind kind)
{
    struct track_details *details = track_details_of(exchange);
    struct track_fact *fact = frame->fact;

    fact->kind = kind;
    fact->hop = ++details->hop;
    fact->reference = details->copy_frame;
    if (message->hop_count + 1 != details->copy_hops)
        track_find(fact, TRACK_ei_dmvpn_hop_not_lowered);
    if (kind == KIND_REQUEST_COPY) {
        if (order_differs(exchange->extension_order, exchange->extensions_seen, message->extensions.order,
                          (uint16_t)message->extensions.seen))
            track_find(fact, TRACK_ei_dmvpn_order_changed);
        if (message->type == NHRP_REGISTRATION_REQUEST)
            track_find(fact, TRACK_ei_dmvpn_registration_forwarded);
    }
    details->copy_frame = frame->frame;
    details->copy_hops = message->hop_count;
    details->copy_way = track_way(frame->tunnel, frame->from);
}

static bool is_retransmission(const struct track_frame *frame, const struct nhrp_message *message,
                              const struct track_exchange *exchange)
{
    return track_way(frame->tunnel, frame->from) == exchange->request_way &&
           message->hop_count == exchange->request_hops;
}

static void enter_retransmission(const struct track_frame *frame, struct track_exchange *exchange)
{
    struct track_details *details = track_details_of(exchange);
    struct track_fact *fact = frame->fact;

    fact->kind = KIND_RETRANSMISSION;
    fact->reference = details->last_frame;
    fact->number = ++details->transmissions;
    track_find(fact, TRACK_ei_dmvpn_retransmission);
    details->last_frame = frame->frame;
    details->last_ns = frame->at_ns;
    details->copy_frame = frame->frame;
    details->copy_hops = exchange->request_hops;
    details->copy_way = exchange->request_way;
    details->hop = 0;
}

static void enter_request(const struct track_frame *frame, const struct nhrp_message *message)
{
    uint32_t client = client_of(message);
    enum track_family family = family_of(message);
    uint32_t highest = track_client_at(client)->highest_id[family];
    uint32_t number = exchange_find(track_client_at(client), family, message->request_id);
    struct track_exchange *exchange = track_exchange_at(number);

    if (number != 0 && exchange->reply_frame != 0 && frame->at_ns - exchange->reply_ns > reuse_after_ns &&
        is_retransmission(frame, message, exchange)) {
        track_find(frame->fact, TRACK_ei_dmvpn_id_reused);
        number = 0;
    } else if (number == 0 && message->request_id < highest) {
        track_find(frame->fact, TRACK_ei_dmvpn_id_restarted);
    }
    if (number == 0) {
        number = exchange_begin(frame, message, client);
        /* After a restart the count begins anew */
        track_client_at(client)->highest_id[family] = message->request_id;
        request_fill(frame, message, track_exchange_at(number));
        frame->fact->kind = KIND_REQUEST;
    } else if (exchange->request_frame == 0) {
        request_fill(frame, message, exchange);
        frame->fact->kind = KIND_REQUEST;
    } else if (is_retransmission(frame, message, exchange)) {
        enter_retransmission(frame, exchange);
    } else {
        enter_copy(frame, message, exchange, KIND_REQUEST_COPY);
    }
    frame->fact->exchange = number;
}

/* What a reply should have taken over from its request */
static void compare_reply(const struct track_frame *frame, const struct nhrp_message *message,
                          const struct track_exchange *exchange)
{
    struct track_fact *fact = frame->fact;
    uint16_t seen = (uint16_t)message->extensions.seen;
    uint16_t optional = 1u << NHRP_EXT_AUTHENTICATION | 1u << NHRP_EXT_VENDOR_PRIVATE | 1u << NHRP_EXT_END;

    if (exchange->extensions_seen & ~seen & ~optional)
        track_find(fact, TRACK_ei_dmvpn_extensions_missing);
    if (seen & ~exchange->extensions_seen & ~optional)
        track_find(fact, TRACK_ei_dmvpn_extensions_added);
    if (destination_hash(message) != exchange->destination_hash)
        track_find(fact, TRACK_ei_dmvpn_destination_changed);
    if (exchange->family == FAMILY_PURGE && message->flags != exchange->flags)
        track_find(fact, TRACK_ei_dmvpn_purge_flags);
    if (exchange->family == FAMILY_RESOLUTION && (message->flags & NHRP_RESOLUTION_U) &&
        !(exchange->flags & NHRP_RESOLUTION_U))
        track_find(fact, TRACK_ei_dmvpn_unique_added);
    if ((message->extensions.authentication_hash == 0) != (exchange->password_hash == 0))
        track_find(fact, TRACK_ei_dmvpn_key_one_side);
    else if (message->extensions.password_in_clear &&
             message->extensions.authentication_hash != exchange->password_hash)
        track_find(fact, TRACK_ei_dmvpn_key_differs);
}

/* From the first reply on, copies are copies of the reply. */
static void reply_begins(struct track_exchange *exchange)
{
    struct track_details *details = track_details_of(exchange);

    details->copy_frame = exchange->reply_frame;
    details->copy_way = exchange->reply_way;
    details->copy_hops = exchange->reply_hops;
    details->replies = 1;
    details->hop = 0;
}

static void enter_first_reply(const struct track_frame *frame, const struct nhrp_message *message,
                              struct track_exchange *exchange)
{
    const struct nhrp_cie *cie = message->cies.first;

    exchange->reply_frame = frame->frame;
    exchange->reply_ns = frame->at_ns;
    exchange->reply_way = track_way(frame->tunnel, frame->from);
    exchange->reply_hops = message->hop_count;
    exchange->code = cie ? cie->code : 0;
    exchange->hold_s = cie ? cie->hold_s : 0;
    if (exchange->details != 0)
        reply_begins(exchange);
    if (exchange->request_frame == 0) {
        frame->fact->kind = KIND_ORPHAN_REPLY;
        track_find(frame->fact, TRACK_ei_dmvpn_orphan_reply);
        return;
    }
    frame->fact->kind = KIND_REPLY;
    compare_reply(frame, message, exchange);
    if (track_details_read(exchange).transmissions >= LATE_TRANSMISSIONS)
        track_find(frame->fact, TRACK_ei_dmvpn_answered_late);
}

/* The same way with the same hop count: an answer to each transmission of the request is in order. */
static void enter_same_reply(const struct track_frame *frame, struct track_exchange *exchange)
{
    struct track_details *details = track_details_of(exchange);

    frame->fact->reference = exchange->reply_frame;
    frame->fact->kind = KIND_REPLY;
    if (++details->replies > MAX(details->transmissions, 1)) {
        frame->fact->kind = KIND_DUPLICATE_REPLY;
        track_find(frame->fact, TRACK_ei_dmvpn_duplicate_reply);
    }
}

/* The station that a frame which went this way went to */
static uint32_t receiver_of(uint32_t way)
{
    return track_tunnel_at(way / 2)->stations[1 - way % 2];
}

/* Handed on by the station that the last copy went to, or without addresses: with fewer hops left */
static bool is_reply_copy(const struct track_frame *frame, const struct nhrp_message *message,
                          const struct track_exchange *exchange)
{
    struct track_details details = track_details_read(exchange);

    if (frame->tunnel == 0 || details.copy_way / 2 == 0)
        return message->hop_count < details.copy_hops;
    return track_sender(frame) == receiver_of(details.copy_way);
}

static void enter_reply(const struct track_frame *frame, const struct nhrp_message *message)
{
    uint32_t client = client_of(message);
    uint32_t number = exchange_find(track_client_at(client), family_of(message), message->request_id);
    struct track_exchange *exchange;

    if (number == 0)
        number = exchange_begin(frame, message, client);
    exchange = track_exchange_at(number);
    frame->fact->exchange = number;
    if (exchange->reply_frame == 0) {
        enter_first_reply(frame, message, exchange);
    } else if (track_way(frame->tunnel, frame->from) == exchange->reply_way &&
               message->hop_count == exchange->reply_hops) {
        enter_same_reply(frame, exchange);
    } else if (is_reply_copy(frame, message, exchange)) {
        enter_copy(frame, message, exchange, KIND_REPLY_COPY);
    } else {
        frame->fact->kind = KIND_OTHER_REPLY;
        frame->fact->reference = exchange->reply_frame;
        track_find(frame->fact, TRACK_ei_dmvpn_other_reply);
    }
}

static void enter_error(const struct track_frame *frame, const struct nhrp_message *message)
{
    const struct nhrp_message *about = message->about;
    struct track_exchange *exchange;
    struct track_details *details;
    uint32_t number;

    frame->fact->kind = KIND_ERROR;
    if (!about || !nhrp_has_request_id(about) || about->source_nbma.kind == NHRP_ADDRESS_ABSENT)
        return;
    number = exchange_find(track_client_at(client_of(about)), family_of(about), about->request_id);
    frame->fact->exchange = number;
    if (number == 0)
        return;
    exchange = track_exchange_at(number);
    details = track_details_of(exchange);
    if (details->error_frame == 0) {
        details->error_frame = frame->frame;
        details->copy_way = track_way(frame->tunnel, frame->from);
    } else if (track_sender(frame) == receiver_of(details->copy_way)) {
        frame->fact->hop = 1;
        frame->fact->reference = details->error_frame;
    } else if (details->transmissions <= 1) {
        frame->fact->reference = details->error_frame;
        track_find(frame->fact, TRACK_ei_dmvpn_error_again);
    }
}

void track_exchange_enter(const struct track_frame *frame, const struct nhrp_message *message)
{
    if (nhrp_is_request(message))
        enter_request(frame, message);
    else if (nhrp_has_request_id(message))
        enter_reply(frame, message);
    else if (message->type == NHRP_ERROR_INDICATION)
        enter_error(frame, message);
}

bool track_exchange_is_unanswered(const struct track_exchange *exchange)
{
    struct track_details details = track_details_read(exchange);

    if (exchange->reply_frame != 0 || details.error_frame != 0 || exchange->request_frame == 0)
        return false;
    if (exchange->family == FAMILY_PURGE && (exchange->flags & NHRP_PURGE_N))
        return false;
    return track->last_ns - details.last_ns > patience_ns;
}
