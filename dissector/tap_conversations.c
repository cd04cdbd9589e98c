/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conversations, endpoints, the flow graph and credentials. See taps.h.
 */
#include "analysis.h"
#include "fields.h"
#include "taps.h"

#include <epan/conversation_table.h>
#include <epan/tap.h>

/*
 * The flow graph's functions are exported by libwireshark, yet some Debian packages of its headers lack their
 * declarations. The graph of all packets is drawn from columns and addresses: with the frames of our tap
 * only, it is the graph of the tunnels.
 */
struct register_analysis;
WS_DLL_PUBLIC void register_seq_analysis(const char *name, const char *ui_name, const int proto_id,
                                         const char *tap_listener, unsigned tap_flags,
                                         tap_packet_cb tap_func);
WS_DLL_PUBLIC struct register_analysis *sequence_analysis_find_by_name(const char *name);
WS_DLL_PUBLIC tap_packet_cb sequence_analysis_get_packet_func(struct register_analysis *analysis);

/* What listeners to the tap "credentials" expect; ui/tap-credentials.h is in no package of headers. */
struct credential {
    unsigned frame;
    unsigned username_frame;
    unsigned password_field;
    char *username;
    const char *protocol;
    char *info;
};

static int tap_credentials;

static const char *filter_of_conversation(conv_item_t *item, conv_filter_type_e filter)
{
    bool ipv6 = item->src_address.type == AT_IPv6;

    switch (filter) {
    case CONV_FT_SRC_ADDRESS:
        return ipv6 ? "ipv6.src" : "ip.src";
    case CONV_FT_DST_ADDRESS:
        return ipv6 ? "ipv6.dst" : "ip.dst";
    case CONV_FT_ANY_ADDRESS:
        return ipv6 ? "ipv6.addr" : "ip.addr";
    default:
        return CONV_FILTER_INVALID;
    }
}

static const char *filter_of_endpoint(endpoint_item_t *item, conv_filter_type_e filter)
{
    if (filter != CONV_FT_ANY_ADDRESS)
        return CONV_FILTER_INVALID;
    return item->myaddress.type == AT_IPv6 ? "ipv6.addr" : "ip.addr";
}

static ct_dissector_info_t conversation_info = {filter_of_conversation};
static et_dissector_info_t endpoint_info = {filter_of_endpoint};

static void count_conversation(void *tapdata, packet_info *pinfo, const address *from, const address *to,
                               tap_flags_t flags)
{
    conv_hash_t *hash = (conv_hash_t *)tapdata;

    hash->flags = flags;
    if (from->type == AT_NONE || to->type == AT_NONE)
        return;
    add_conversation_table_data(hash, from, to, 0, 0, 1, pinfo->fd->pkt_len, &pinfo->rel_ts, &pinfo->abs_ts,
                                &conversation_info, CONVERSATION_NONE);
}

static void count_endpoints(void *tapdata, packet_info *pinfo, const address *from, const address *to,
                            tap_flags_t flags)
{
    conv_hash_t *hash = (conv_hash_t *)tapdata;

    hash->flags = flags;
    if (from->type == AT_NONE || to->type == AT_NONE)
        return;
    add_endpoint_table_data(hash, from, 0, true, 1, pinfo->fd->pkt_len, &endpoint_info, ENDPOINT_NONE);
    add_endpoint_table_data(hash, to, 0, false, 1, pinfo->fd->pkt_len, &endpoint_info, ENDPOINT_NONE);
}

static tap_packet_status inner_conversation(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_,
                                            const void *data, tap_flags_t flags)
{
    const struct dmvpn_tap *tap = (const struct dmvpn_tap *)data;

    count_conversation(tapdata, pinfo, &tap->inner_source, &tap->inner_destination, flags);
    return TAP_PACKET_REDRAW;
}

static tap_packet_status inner_endpoints(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_,
                                         const void *data, tap_flags_t flags)
{
    const struct dmvpn_tap *tap = (const struct dmvpn_tap *)data;

    count_endpoints(tapdata, pinfo, &tap->inner_source, &tap->inner_destination, flags);
    return TAP_PACKET_REDRAW;
}

static tap_packet_status outer_conversation(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_,
                                            const void *data, tap_flags_t flags)
{
    const struct dmvpn_tap *tap = (const struct dmvpn_tap *)data;

    count_conversation(tapdata, pinfo, &tap->outer_source, &tap->outer_destination, flags);
    return TAP_PACKET_REDRAW;
}

static tap_packet_status outer_endpoints(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_,
                                         const void *data, tap_flags_t flags)
{
    const struct dmvpn_tap *tap = (const struct dmvpn_tap *)data;

    count_endpoints(tapdata, pinfo, &tap->outer_source, &tap->outer_destination, flags);
    return TAP_PACKET_REDRAW;
}

void tap_conversations_register(void)
{
    struct register_analysis *all = sequence_analysis_find_by_name("any");

    register_conversation_table(proto_dmvpn, true, inner_conversation, inner_endpoints);
    register_conversation_table(proto_dmvpn_tunnel, true, outer_conversation, outer_endpoints);
    if (all)
        register_seq_analysis("dmvpn", "DMVPN Flows", proto_dmvpn, "dmvpn", TL_REQUIRES_COLUMNS,
                              sequence_analysis_get_packet_func(all));
}

void tap_credentials_register(void)
{
    tap_credentials = register_tap("credentials");
}

void tap_credentials_tell(packet_info *pinfo, const struct nhrp_message *message)
{
    struct credential *told;

    if (!message->extensions.password_in_clear || !have_tap_listener(tap_credentials))
        return;
    told = wmem_new0(pinfo->pool, struct credential);
    told->frame = pinfo->num;
    told->username_frame = pinfo->num;
    told->password_field = (unsigned)hf_nhrp_auth_password;
    told->username = wmem_strdup(pinfo->pool, nhrp_address_text(pinfo, &message->source_protocol));
    told->protocol = "NHRP";
    told->info =
        wmem_strdup_printf(pinfo->pool, "%s #%u", nhrp_message_name(message->type), message->request_id);
    tap_queue_packet(tap_credentials, pinfo, told);
}
