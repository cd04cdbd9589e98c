/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First pass and tap. See analysis.h.
 */
#include "analysis.h"
#include "fields.h"
#include "track_binding.h"
#include "track_data.h"
#include "track_exchange.h"
#include "track_redirect.h"
#include "track_tunnel.h"

#include <epan/ipproto.h>
#include <epan/tap.h>

enum {
    IPV4_HEADER_LENGTH = 20,
    IPV6_HEADER_LENGTH = 40,
    /* A key that no GRE packet has: pairs of stations that use ESP are kept beside the tunnels */
    KEY_ESP_BIT = 40,
};

static int tap_dmvpn;
static int tap_tunnel; /* the same, under the name that the conversations of tunnels listen to */

/* The GRE header around the frame at hand; of use only while its number is that of the frame */
static struct {
    uint32_t frame;
    uint64_t key;
} around;

void analysis_register(void)
{
    tap_dmvpn = register_tap("dmvpn");
    tap_tunnel = register_tap("dmvpn.tunnel");
    register_init_routine(track_open);
    register_cleanup_routine(track_close);
}

bool analysis_is_tapped(void)
{
    return have_tap_listener(tap_dmvpn) || have_tap_listener(tap_tunnel);
}

static void frame_begin(packet_info *pinfo, struct track_frame *frame, struct track_fact *fact, uint64_t key)
{
    frame->frame = pinfo->num;
    frame->at_ns = (int64_t)pinfo->abs_ts.secs * TRACK_NS_PER_S + pinfo->abs_ts.nsecs;
    frame->key = key;
    frame->fact = fact;
    track_address_take_ip(&frame->source, &pinfo->src);
    track_address_take_ip(&frame->destination, &pinfo->dst);
    track_tunnel_enter(frame);
    if (frame->at_ns > track->last_ns)
        track->last_ns = frame->at_ns;
}

/* Keep the fact of a frame. One with several GRE or NHRP packets keeps the first one's, and the findings of
 * all. */
static void frame_end(const struct track_frame *frame)
{
    struct track_fact before = track_fact_get(frame->frame);

    before.findings |= frame->fact->findings;
    if (before.kind == KIND_NONE) {
        frame->fact->findings = before.findings;
        frame->fact->number = frame->fact->number != 0 ? frame->fact->number : before.number;
        before = *frame->fact;
    }
    track_fact_keep(frame->frame, &before);
}

static uint64_t key_around(packet_info *pinfo)
{
    return around.frame == pinfo->num ? around.key : 0;
}

/* Clear GRE between two that encrypt otherwise; packets that came out of ESP are not clear. */
static void check_clear(packet_info *pinfo, const struct track_frame *frame)
{
    unsigned from;

    if (proto_is_frame_protocol(pinfo->layers, "esp"))
        return;
    track->clear_frames++;
    if (track->encrypted_frames != 0 && frame->tunnel != 0 &&
        track_tunnel_find(1ull << KEY_ESP_BIT, &frame->source, &frame->destination, &from) != 0)
        track_find(frame->fact, TRACK_ei_dmvpn_clear_beside_esp);
}

static void note_nhrp(packet_info *pinfo, const struct nhrp_message *message)
{
    struct track_fact fact = {0};
    struct track_frame frame;

    frame_begin(pinfo, &frame, &fact, key_around(pinfo));
    if (track->encrypted_frames != 0 || track->clear_frames == 0)
        check_clear(pinfo, &frame);
    track_exchange_enter(&frame, message);
    if (nhrp_is_resolution(message) || message->type == NHRP_TRAFFIC_INDICATION)
        track_redirect_enter(&frame, message);
    else
        track_binding_enter(&frame, message);
    track_tunnel_note(&frame);
    frame_end(&frame);
}

/* Addresses and identity of an inner IP packet. False if it is none or too short. */
static bool read_inner(tvbuff_t *tvb, unsigned type, struct track_inner *inner, address *source,
                       address *destination)
{
    if (type == GRE_TYPE_IPV4 && tvb_bytes_exist(tvb, 0, IPV4_HEADER_LENGTH)) {
        set_address_tvb(source, AT_IPv4, 4, tvb, 12);
        set_address_tvb(destination, AT_IPv4, 4, tvb, 16);
        inner->identity = tvb_get_ntohl(tvb, 2) ^ ((uint32_t)tvb_get_uint8(tvb, 9) << 8);
    } else if (type == GRE_TYPE_IPV6 && tvb_bytes_exist(tvb, 0, IPV6_HEADER_LENGTH)) {
        unsigned rest = MIN(tvb_captured_length(tvb) - IPV6_HEADER_LENGTH, 32u);

        set_address_tvb(source, AT_IPv6, 16, tvb, 8);
        set_address_tvb(destination, AT_IPv6, 16, tvb, 24);
        /* There is no identification: flow label, length and the first octets behind have to do */
        inner->identity = track_hash(tvb_get_ntohl(tvb, 0), tvb_get_ptr(tvb, IPV6_HEADER_LENGTH, rest), rest);
    } else {
        return false;
    }
    track_address_take_ip(&inner->source, source);
    track_address_take_ip(&inner->destination, destination);
    return true;
}

static void note_gre(packet_info *pinfo, const struct analysis_gre *gre, const struct track_inner *inner)
{
    struct track_fact fact = {0};
    struct track_frame frame;

    frame_begin(pinfo, &frame, &fact, around.key);
    if (frame.tunnel == 0)
        return;
    if (gre->has_sequence)
        track_sequence_enter(&frame, gre->sequence);
    if (inner)
        track_data_enter(&frame, inner);
    if (fact.kind != KIND_NONE || fact.findings != 0)
        frame_end(&frame);
}

static void tap_packet(packet_info *pinfo, const struct track_fact *fact, const struct nhrp_message *message,
                       const address *inner_source, const address *inner_destination)
{
    struct dmvpn_tap *tap = wmem_new0(pinfo->pool, struct dmvpn_tap);

    tap->message = message;
    tap->fact = *fact;
    tap->key = key_around(pinfo);
    track_address_take_ip(&tap->source, &pinfo->src);
    track_address_take_ip(&tap->destination, &pinfo->dst);
    copy_address_shallow(&tap->outer_source, &pinfo->src);
    copy_address_shallow(&tap->outer_destination, &pinfo->dst);
    if (inner_source)
        copy_address_shallow(&tap->inner_source, inner_source);
    if (inner_destination)
        copy_address_shallow(&tap->inner_destination, inner_destination);
    tap_queue_packet(tap_dmvpn, pinfo, tap);
    tap_queue_packet(tap_tunnel, pinfo, tap);
}

void analysis_gre(packet_info *pinfo, tvbuff_t *payload, proto_tree *tree, const struct analysis_gre *gre)
{
    address source = ADDRESS_INIT_NONE, destination = ADDRESS_INIT_NONE;
    struct track_inner inner;
    struct track_fact fact;
    bool is_data;

    around.frame = pinfo->num;
    around.key = track_key(gre->has_key, gre->key);
    if (pinfo->flags.in_error_pkt || !track)
        return;
    is_data = read_inner(payload, gre->type, &inner, &source, &destination);
    if (!is_data && !gre->has_sequence)
        return;
    if (!PINFO_FD_VISITED(pinfo))
        note_gre(pinfo, gre, is_data ? &inner : NULL);
    if (!is_data)
        return;
    fact = track_fact_get(pinfo->num);
    analysis_show(pinfo, payload, tree, &fact);
    if (analysis_is_tapped())
        tap_packet(pinfo, &fact, NULL, &source, &destination);
}

void analysis_nhrp(struct words *line, packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree,
                   const struct nhrp_message *message)
{
    struct track_fact fact;

    if (pinfo->flags.in_error_pkt || !message->bounded || !track)
        return;
    if (!PINFO_FD_VISITED(pinfo))
        note_nhrp(pinfo, message);
    fact = track_fact_get(pinfo->num);
    analysis_tell(line, &fact);
    analysis_show(pinfo, tvb, tree, &fact);
    if (analysis_is_tapped())
        tap_packet(pinfo, &fact, message, &message->source_protocol.value,
                   &message->destination_protocol.value);
}

void analysis_encrypted(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree)
{
    struct track_fact fact;

    if (!track)
        return;
    if (!PINFO_FD_VISITED(pinfo)) {
        struct track_fact noted = {0};
        struct track_frame frame;

        frame_begin(pinfo, &frame, &noted, 1ull << KEY_ESP_BIT);
        track->encrypted_frames++;
        if (frame.tunnel != 0 && !track_tunnel_at(frame.tunnel)->encrypted) {
            track_tunnel_at(frame.tunnel)->encrypted = true;
            track_find(&noted, TRACK_ei_dmvpn_encrypted);
            frame_end(&frame);
        }
    }
    fact = track_fact_get(pinfo->num);
    if (fact.findings != 0)
        analysis_show(pinfo, tvb, tree, &fact);
}
