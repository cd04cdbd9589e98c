/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data packets. See track_data.h.
 */
#include "track_data.h"
#include "track_binding.h"
#include "track_tunnel.h"

static const int64_t hairpin_ns = 2ll * TRACK_NS_PER_S; /* the longest a hub keeps a packet */
static const int64_t settle_ns = 1ll * TRACK_NS_PER_S;  /* before an unused shortcut is worth a word */

enum {
    HAIRPIN_SLOTS = 512,
    HAIRPINS_MANY = 20,      /* packets through the hub before a missing redirect is mentioned */
    MULTICAST_MANY = 8,      /* hellos one way before the missing other way is mentioned */
    DIRECT_MANY = 10,        /* direct packets one way before the other way is mentioned */
    SEARCH_LIMIT = 64,       /* shortcuts looked at for one packet */
    SEQUENCE_NEAR = 1 << 20, /* further back is a restart */
};

/* A packet on its way into the hub, to be known again on its way out */
struct track_hairpin {
    uint32_t hash;
    uint32_t frame;
    uint32_t way;
    int64_t at_ns;
};

static bool is_multicast(const struct track_address *found)
{
    return found->kind == NHRP_ADDRESS_IPV6 ? found->octets[0] == 0xFF : (found->octets[0] & 0xF0) == 0xE0;
}

static uint32_t inner_hash(const struct track_frame *frame, const struct track_inner *inner)
{
    uint32_t seed =
        track_hash(track_hash(8, &frame->key, sizeof frame->key), &inner->identity, sizeof inner->identity);

    return track_address_hash(track_address_hash(seed, &inner->source), &inner->destination);
}

static struct track_hairpin *hairpin_slot(uint32_t hash)
{
    if (!track->hairpins)
        track->hairpins = wmem_alloc0_array(wmem_file_scope(), struct track_hairpin, HAIRPIN_SLOTS);
    return &track->hairpins[hash % HAIRPIN_SLOTS];
}

static bool is_valid(const struct track_shortcut *shortcut, int64_t at_ns)
{
    return at_ns <= shortcut->granted_ns + (int64_t)shortcut->hold_s * TRACK_NS_PER_S;
}

/* The station that the far end of a shortcut is has registered from elsewhere since */
static bool is_stale(uint32_t cloud, const struct track_shortcut *shortcut)
{
    uint32_t number = track_binding_find(cloud, &shortcut->next_hop);
    const struct track_binding *binding = track_binding_at(number);

    return number != 0 && binding->moved_ns > shortcut->granted_ns &&
           !track_address_equal(track_grant_seen(track_exchange_at(binding->grant)), &shortcut->target);
}

/* A spoke's packet into the hub, although it knows better */
static void check_unused(const struct track_frame *frame, const struct track_inner *inner)
{
    uint32_t number = track_station_at(track_sender(frame))->shortcuts;

    for (unsigned steps = 0; number != 0 && steps < SEARCH_LIMIT; steps++) {
        struct track_shortcut *shortcut = track_shortcut_at(number);

        if (track_address_in(&inner->destination, &shortcut->prefix, shortcut->prefix_bits) &&
            is_valid(shortcut, frame->at_ns) && frame->at_ns - shortcut->granted_ns > settle_ns) {
            frame->fact->shortcut = number;
            if (!shortcut->told_unused)
                track_find(frame->fact, TRACK_ei_dmvpn_shortcut_unused);
            shortcut->told_unused = true;
            return;
        }
        number = shortcut->previous_of_station;
    }
}

static void enter_to_hub(const struct track_frame *frame, const struct track_inner *inner)
{
    uint32_t hash = inner_hash(frame, inner);
    struct track_hairpin *slot = hairpin_slot(hash);

    frame->fact->path = PATH_TO_HUB;
    slot->hash = hash;
    slot->frame = frame->frame;
    slot->way = track_way(frame->tunnel, frame->from);
    slot->at_ns = frame->at_ns;
    check_unused(frame, inner);
}

/* Direct from there to here, and through the hub from here to there */
static void check_one_way(const struct track_frame *frame, const struct track_hairpin *came)
{
    struct track_tunnel *direct;
    uint32_t number;
    unsigned from;

    number =
        track_tunnel_find(frame->key, track_end(came->way / 2, came->way % 2), &frame->destination, &from);
    direct = track_tunnel_at(number);
    if (number == 0 || direct->told_one_way || direct->data_frames[from] != 0 ||
        direct->data_frames[1 - from] < DIRECT_MANY)
        return;
    direct->told_one_way = true;
    track_find(frame->fact, TRACK_ei_dmvpn_one_way);
}

static void enter_from_hub(const struct track_frame *frame, const struct track_inner *inner)
{
    uint32_t hash = inner_hash(frame, inner);
    const struct track_hairpin *slot = hairpin_slot(hash);
    struct track_cloud *cloud = track_cloud_at(track_tunnel_at(frame->tunnel)->cloud);
    const struct track_binding *binding = track_binding_at(track_station_at(track_receiver(frame))->binding);

    frame->fact->path = PATH_FROM_HUB;
    if (binding->grant != 0 && !binding->purged) {
        frame->fact->grant = binding->grant;
        if (frame->at_ns > track_grant_end(track_exchange_at(binding->grant)))
            track_find(frame->fact, TRACK_ei_dmvpn_binding_expired);
    }
    if (slot->hash != hash || slot->way / 2 == 0 || slot->way / 2 == frame->tunnel ||
        frame->at_ns - slot->at_ns > hairpin_ns ||
        track_tunnel_at(slot->way / 2)->stations[1 - slot->way % 2] != track_sender(frame))
        return;
    frame->fact->path = PATH_THROUGH_HUB;
    frame->fact->reference = slot->frame;
    cloud->phase = MAX(cloud->phase, 1);
    if (++cloud->hairpins == HAIRPINS_MANY && cloud->redirects == 0 && cloud->phase == 1)
        track_find(frame->fact, TRACK_ei_dmvpn_redirect_missing);
    check_one_way(frame, slot);
}

/* The shortcut that a direct packet takes: one for its destination, or the newest between the two */
static uint32_t shortcut_for(const struct track_tunnel *tunnel, unsigned from,
                             const struct track_inner *inner)
{
    uint32_t number = tunnel->shortcuts[from];

    for (unsigned steps = 0; number != 0 && steps < SEARCH_LIMIT; steps++) {
        const struct track_shortcut *shortcut = track_shortcut_at(number);

        if (track_address_in(&inner->destination, &shortcut->prefix, shortcut->prefix_bits))
            return number;
        number = shortcut->previous_of_tunnel;
    }
    return tunnel->shortcuts[from];
}

static void enter_direct(const struct track_frame *frame, const struct track_inner *inner)
{
    const struct track_tunnel *tunnel = track_tunnel_at(frame->tunnel);
    uint32_t number = shortcut_for(tunnel, frame->from, inner);
    struct track_shortcut *shortcut = track_shortcut_at(number);

    frame->fact->path = PATH_DIRECT;
    if (number == 0) {
        /* The far end learned the way back from the other's request */
        frame->fact->shortcut = tunnel->shortcuts[1 - frame->from];
        return;
    }
    frame->fact->shortcut = number;
    if (shortcut->first_direct_frame == 0) {
        shortcut->first_direct_frame = frame->frame;
        shortcut->first_direct_ns = frame->at_ns;
        track_find(frame->fact, TRACK_ei_dmvpn_setup_done);
    }
    if (!is_valid(shortcut, frame->at_ns))
        track_find(frame->fact, TRACK_ei_dmvpn_binding_expired);
    if (is_stale(tunnel->cloud, shortcut))
        track_find(frame->fact, TRACK_ei_dmvpn_binding_stale);
}

static void enter_multicast(const struct track_frame *frame, struct track_tunnel *tunnel)
{
    if (tunnel->multicast_frames[frame->from] < MULTICAST_MANY &&
        ++tunnel->multicast_frames[frame->from] == MULTICAST_MANY &&
        tunnel->multicast_frames[1 - frame->from] == 0)
        track_find(frame->fact, TRACK_ei_dmvpn_multicast_one_way);
}

void track_data_enter(const struct track_frame *frame, const struct track_inner *inner)
{
    struct track_tunnel *tunnel = track_tunnel_at(frame->tunnel);
    enum track_role sender, receiver;

    frame->fact->kind = KIND_DATA;
    if (tunnel->data_frames[frame->from] < DIRECT_MANY)
        tunnel->data_frames[frame->from]++;
    track_tunnel_note(frame);
    sender = track_station_at(track_sender(frame))->role;
    receiver = track_station_at(track_receiver(frame))->role;
    if (tunnel->cloud == 0)
        return;
    if (is_multicast(&inner->destination))
        enter_multicast(frame, tunnel);
    if (receiver == ROLE_HUB && sender != ROLE_HUB)
        enter_to_hub(frame, inner);
    else if (sender == ROLE_HUB && receiver != ROLE_HUB)
        enter_from_hub(frame, inner);
    else if (sender != ROLE_HUB)
        enter_direct(frame, inner);
    frame->fact->phase = track_cloud_at(tunnel->cloud)->phase;
}

void track_sequence_enter(const struct track_frame *frame, uint32_t sequence)
{
    struct track_tunnel *tunnel = track_tunnel_at(frame->tunnel);
    uint32_t ahead = sequence - tunnel->next_sequence[frame->from];

    if (tunnel->has_sequence[frame->from] && ahead != 0) {
        if (ahead < SEQUENCE_NEAR) {
            frame->fact->number = ahead;
            track_find(frame->fact, TRACK_ei_dmvpn_sequence_gap);
        } else if (0u - ahead < SEQUENCE_NEAR) {
            track_find(frame->fact, TRACK_ei_dmvpn_sequence_old);
            return;
        }
    }
    tunnel->has_sequence[frame->from] = true;
    tunnel->next_sequence[frame->from] = sequence + 1;
}
