/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts of a frame in the tree and in the summary line. See analysis.h.
 */
#include "analysis.h"
#include "addresses.h"
#include "fields.h"
#include "show.h"
#include "track_binding.h"
#include "track_exchange.h"

#include <epan/to_str.h>

/* By number, as the bits of a fact */
static struct finding *const findings[] = {
#define EXPERT(variable, name, group, severity, origin, requirement, summary) &variable,
#include "analysis_experts.def"
#undef EXPERT
};

/* Where fields go */
struct show {
    packet_info *pinfo;
    tvbuff_t *tvb;
    proto_tree *tree;
    const struct track_fact *fact;
    int64_t at_ns;
};

static void add_uint(const struct show *show, int field, uint32_t value)
{
    proto_item_set_generated(proto_tree_add_uint(show->tree, field, show->tvb, 0, 0, value));
}

/* A link to a frame, unless there is none */
static void add_frame(const struct show *show, int field, uint32_t frame)
{
    if (frame != 0)
        add_uint(show, field, frame);
}

static void add_time(const struct show *show, int field, int64_t ns)
{
    nstime_t time = {ns / TRACK_NS_PER_S, (int)(ns % TRACK_NS_PER_S)};

    proto_item_set_generated(proto_tree_add_time(show->tree, field, show->tvb, 0, 0, &time));
}

static void add_address(const struct show *show, int ipv4, int ipv6, const struct track_address *shown)
{
    proto_item *item = NULL;
    ws_in4_addr number;

    if (shown->kind == NHRP_ADDRESS_IPV4) {
        memcpy(&number, shown->octets, sizeof number);
        item = proto_tree_add_ipv4(show->tree, ipv4, show->tvb, 0, 0, number);
    } else if (shown->kind == NHRP_ADDRESS_IPV6) {
        item = proto_tree_add_ipv6(show->tree, ipv6, show->tvb, 0, 0, (const ws_in6_addr *)shown->octets);
    }
    proto_item_set_generated(item);
}

/* "10.0.0.11", "172.16.2.0/24"; "-" for a client that named no address */
static const char *prefix_text(const struct show *show, const struct track_address *shown,
                               unsigned prefix_bits)
{
    struct track_address network = *shown;
    address printable;

    if (prefix_bits == 0 || prefix_bits > shown->length * 8u)
        prefix_bits = shown->length * 8u;
    for (unsigned bit = prefix_bits; bit < shown->length * 8u; bit++)
        network.octets[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
    if (shown->kind == NHRP_ADDRESS_IPV4)
        set_address(&printable, AT_IPv4, 4, network.octets);
    else if (shown->kind == NHRP_ADDRESS_IPV6)
        set_address(&printable, AT_IPv6, 16, network.octets);
    else if (shown->length > 0)
        return bytes_to_str(show->pinfo->pool, shown->octets, shown->length);
    else
        return "-";
    if (prefix_bits == shown->length * 8u)
        return address_to_str(show->pinfo->pool, &printable);
    return wmem_strdup_printf(show->pinfo->pool, "%s/%u", address_to_str(show->pinfo->pool, &printable),
                              prefix_bits);
}

/* Who is who */
static void show_stations(const struct show *show)
{
    if (show->fact->cloud != 0) {
        add_uint(show, hf_dmvpn_cloud, show->fact->cloud);
        add_address(show, hf_dmvpn_cloud_hub_ipv4, hf_dmvpn_cloud_hub_ipv6,
                    &track_cloud_at(show->fact->cloud)->hub);
    }
    if (show->fact->roles[0] != ROLE_UNKNOWN)
        add_uint(show, hf_dmvpn_role_source, show->fact->roles[0]);
    if (show->fact->roles[1] != ROLE_UNKNOWN)
        add_uint(show, hf_dmvpn_role_destination, show->fact->roles[1]);
}

/* When what led to a shortcut began */
static int64_t setup_begin(const struct track_exchange *exchange)
{
    uint32_t redirect = track_details_read(exchange).redirect;

    return redirect != 0 ? track_redirect_at(redirect)->at_ns : exchange->request_ns;
}

/* When the first direct packet came, and how long after what set it off */
static void show_setup(const struct show *show, const struct track_exchange *exchange, bool link)
{
    uint32_t number = track_details_read(exchange).shortcut;
    const struct track_shortcut *shortcut = track_shortcut_at(number);

    if (number == 0 || shortcut->first_direct_frame == 0)
        return;
    if (link)
        add_frame(show, hf_dmvpn_first_direct_in, shortcut->first_direct_frame);
    add_time(show, hf_dmvpn_setup_time, shortcut->first_direct_ns - setup_begin(exchange));
}

static void show_exchange(const struct show *show, const struct track_exchange *exchange)
{
    const struct track_fact *fact = show->fact;
    struct track_details details = track_details_read(exchange);

    switch (fact->kind) {
    case KIND_REQUEST:
        add_frame(show, hf_dmvpn_reply_in, exchange->reply_frame);
        add_frame(show, hf_dmvpn_error_in, details.error_frame);
        break;
    case KIND_RETRANSMISSION:
        add_frame(show, hf_dmvpn_retransmission_of, fact->reference);
        add_uint(show, hf_dmvpn_transmission, fact->number);
        add_frame(show, hf_dmvpn_reply_in, exchange->reply_frame);
        add_frame(show, hf_dmvpn_error_in, details.error_frame);
        break;
    case KIND_REQUEST_COPY:
        add_frame(show, hf_dmvpn_copy_of, fact->reference);
        add_uint(show, hf_dmvpn_hop, fact->hop);
        add_frame(show, hf_dmvpn_reply_in, exchange->reply_frame);
        break;
    case KIND_REPLY_COPY:
        add_frame(show, hf_dmvpn_copy_of, fact->reference);
        add_uint(show, hf_dmvpn_hop, fact->hop);
        break;
    case KIND_DUPLICATE_REPLY:
    case KIND_OTHER_REPLY:
        add_frame(show, hf_dmvpn_first_reply_in, fact->reference);
        break;
    case KIND_ERROR:
        add_frame(show, fact->hop ? hf_dmvpn_copy_of : hf_dmvpn_first_reply_in, fact->reference);
        break;
    default:
        break;
    }
    if (fact->kind >= KIND_REPLY && fact->kind <= KIND_ERROR && exchange->request_frame != 0) {
        add_frame(show, hf_dmvpn_request_in, exchange->request_frame);
        add_time(show, hf_dmvpn_time, show->at_ns - exchange->request_ns);
    }
    if (details.redirect != 0)
        add_frame(show, hf_dmvpn_redirect_in, track_redirect_at(details.redirect)->frame);
    show_setup(show, exchange, true);
}

static void show_redirect(const struct show *show)
{
    const struct track_redirect *redirect = track_redirect_at(show->fact->redirect);

    if (redirect->exchange == 0)
        return;
    add_frame(show, hf_dmvpn_request_in, track_exchange_at(redirect->exchange)->request_frame);
    show_setup(show, track_exchange_at(redirect->exchange), true);
}

static void show_lifetime(const struct show *show, uint32_t frame, int64_t granted_ns, uint16_t hold_s)
{
    int64_t age_ns = show->at_ns - granted_ns;

    add_frame(show, hf_dmvpn_binding_granted_in, frame);
    add_time(show, hf_dmvpn_binding_age, age_ns);
    add_time(show, hf_dmvpn_binding_expires_in, (int64_t)hold_s * TRACK_NS_PER_S - age_ns);
}

/* The registration that the packet makes, renews or uses */
static void show_grant(const struct show *show, const struct track_exchange *granted)
{
    const struct track_client *client = track_client_at(granted->client);
    const struct track_address *seen = track_grant_seen(granted);
    const struct track_exchange *before = track_exchange_at(granted->refreshed);

    proto_item_set_generated(proto_tree_add_string(show->tree, hf_dmvpn_binding_prefix, show->tvb, 0, 0,
                                                   prefix_text(show, &client->protocol, 0)));
    add_address(show, hf_dmvpn_binding_nbma_ipv4, hf_dmvpn_binding_nbma_ipv6, seen);
    if (!track_address_equal(seen, &client->nbma)) {
        add_address(show, hf_dmvpn_binding_claimed_ipv4, hf_dmvpn_binding_claimed_ipv6, &client->nbma);
        proto_item_set_generated(proto_tree_add_boolean(show->tree, hf_dmvpn_nat, show->tvb, 0, 0, true));
    }
    show_lifetime(show, granted->reply_frame == show->pinfo->num ? 0 : granted->reply_frame,
                  granted->reply_ns, granted->hold_s);
    if (granted->reply_frame == show->pinfo->num && granted->refreshed != 0) {
        add_time(show, hf_dmvpn_binding_refresh_interval, granted->reply_ns - before->reply_ns);
        add_uint(show, hf_dmvpn_binding_refreshes, show->fact->number);
    }
}

/* The shortcut that a data packet uses, or should */
static void show_shortcut(const struct show *show, const struct track_shortcut *shortcut)
{
    const struct track_exchange *exchange = track_exchange_at(shortcut->exchange);

    proto_item_set_generated(
        proto_tree_add_string(show->tree, hf_dmvpn_binding_prefix, show->tvb, 0, 0,
                              prefix_text(show, &shortcut->prefix, shortcut->prefix_bits)));
    add_address(show, hf_dmvpn_binding_nbma_ipv4, hf_dmvpn_binding_nbma_ipv6, &shortcut->target);
    show_lifetime(show, exchange->reply_frame, shortcut->granted_ns, shortcut->hold_s);
    if (track_details_read(exchange).redirect != 0)
        add_frame(show, hf_dmvpn_redirect_in,
                  track_redirect_at(track_details_read(exchange).redirect)->frame);
    if (shortcut->first_direct_frame == show->pinfo->num)
        show_setup(show, exchange, false);
}

static void show_fields(const struct show *show)
{
    const struct track_fact *fact = show->fact;
    unsigned phase = fact->phase;

    show_stations(show);
    if (fact->exchange != 0 && phase == 0)
        phase = track_exchange_at(fact->exchange)->phase;
    if (phase != 0)
        add_uint(show, hf_dmvpn_phase, phase);
    if (fact->path != PATH_UNKNOWN)
        add_uint(show, hf_dmvpn_path, fact->path);
    if (fact->path == PATH_THROUGH_HUB)
        add_frame(show, hf_dmvpn_came_in, fact->reference);
    if (fact->exchange != 0)
        show_exchange(show, track_exchange_at(fact->exchange));
    if (fact->kind == KIND_REDIRECT)
        show_redirect(show);
    if (fact->grant != 0)
        show_grant(show, track_exchange_at(fact->grant));
    if (fact->shortcut != 0)
        show_shortcut(show, track_shortcut_at(fact->shortcut));
    if (fact->findings & 1ull << TRACK_ei_dmvpn_sequence_gap)
        add_uint(show, hf_dmvpn_sequence_missing, fact->number);
}

/* A finding in the words of the case at hand, where these say more than the registered ones */
static void report(const struct show *show, proto_item *item, enum track_finding number)
{
    const struct track_shortcut *shortcut = track_shortcut_at(show->fact->shortcut);
    const struct track_exchange *exchange = track_exchange_at(shortcut->exchange);

    if (number == TRACK_ei_dmvpn_setup_done)
        finding_add_text(show->pinfo, item, findings[number], "First direct packet, %.3f s after the %s",
                         (double)(shortcut->first_direct_ns - setup_begin(exchange)) / TRACK_NS_PER_S,
                         track_details_read(exchange).redirect != 0 ? "redirect" : "request");
    else if (number == TRACK_ei_dmvpn_encrypted && track->clear_frames == 0 && PINFO_FD_VISITED(show->pinfo))
        finding_add_text(
            show->pinfo, item, findings[number],
            "All GRE of this capture, if any, is encrypted: give Wireshark the keys as ESP SAs to see it");
    else
        finding_add(show->pinfo, item, findings[number]);
}

static void show_findings(const struct show *show, proto_item *item)
{
    static const enum track_finding unanswered[FAMILY_COUNT] = {
        TRACK_ei_dmvpn_unanswered_resolution,
        TRACK_ei_dmvpn_unanswered_registration,
        TRACK_ei_dmvpn_unanswered_purge,
    };
    const struct track_exchange *exchange = track_exchange_at(show->fact->exchange);
    uint64_t left = show->fact->findings;

    for (unsigned number = 0; left != 0; number++, left >>= 1) {
        if (left & 1)
            report(show, item, (enum track_finding)number);
    }
    if (show->fact->kind == KIND_REQUEST && PINFO_FD_VISITED(show->pinfo) &&
        track_exchange_is_unanswered(exchange))
        report(show, item, unanswered[exchange->family]);
}

void analysis_show(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct track_fact *fact)
{
    struct show show = {pinfo, tvb, NULL, fact,
                        (int64_t)pinfo->abs_ts.secs * TRACK_NS_PER_S + pinfo->abs_ts.nsecs};
    proto_item *item = NULL;

    if (fact->kind == KIND_NONE && fact->findings == 0)
        return;
    if (show_is_wanted(tree, proto_dmvpn)) {
        show.tree = proto_tree_add_subtree(tree, tvb, 0, 0, ett_dmvpn, &item, "DMVPN analysis");
        proto_item_set_generated(item);
        show_fields(&show);
    }
    if (fact->findings != 0 || fact->kind == KIND_REQUEST)
        show_findings(&show, item);
}

void analysis_tell(struct words *line, const struct track_fact *fact)
{
    switch (fact->kind) {
    case KIND_RETRANSMISSION:
        words_put(line, " [transmission ");
        words_put_uint(line, fact->number);
        words_put(line, "]");
        break;
    case KIND_REQUEST_COPY:
    case KIND_REPLY_COPY:
        words_put(line, " [hop ");
        words_put_uint(line, fact->hop);
        words_put(line, "]");
        break;
    case KIND_DUPLICATE_REPLY:
        words_put(line, " [duplicate]");
        break;
    case KIND_OTHER_REPLY:
        words_put(line, " [second answer]");
        break;
    case KIND_ORPHAN_REPLY:
        words_put(line, " [request not seen]");
        break;
    default:
        break;
    }
}
