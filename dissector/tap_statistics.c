/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters and response times. See taps.h.
 */
#include "analysis.h"
#include "fields.h"
#include "taps.h"

#include <epan/srt_table.h>
#include <epan/stats_tree.h>

#ifdef STATS_TREE_MENU_SEPARATOR
#define MENU STATS_TREE_MENU_SEPARATOR
#else
#define MENU "/"
#endif

static const char messages_name[] = "NHRP messages";
static const char codes_name[] = "Refusals (code of the first entry)";
static const char errors_name[] = "Error Indications";
static const char troubles_name[] = "Requests and replies out of the ordinary";
static const char paths_name[] = "Data packets by path";

static int messages_node, codes_node, errors_node, troubles_node, paths_node;

static void tree_init(stats_tree *tree)
{
    messages_node = stats_tree_create_pivot(tree, messages_name, 0);
    codes_node = stats_tree_create_pivot(tree, codes_name, 0);
    errors_node = stats_tree_create_pivot(tree, errors_name, 0);
    troubles_node = stats_tree_create_pivot(tree, troubles_name, 0);
    paths_node = stats_tree_create_pivot(tree, paths_name, 0);
}

/* What is worth a line of its own, or NULL */
static const char *trouble_of(const struct track_fact *fact)
{
    switch (fact->kind) {
    case KIND_RETRANSMISSION:
        return "Retransmitted requests";
    case KIND_REQUEST_COPY:
        return "Requests passed on";
    case KIND_REPLY_COPY:
        return "Replies passed on";
    case KIND_DUPLICATE_REPLY:
        return "Duplicate replies";
    case KIND_OTHER_REPLY:
        return "Second answers";
    case KIND_ORPHAN_REPLY:
        return "Replies without a request";
    default:
        return NULL;
    }
}

static void count_message(stats_tree *tree, const struct nhrp_message *message, const struct track_fact *fact)
{
    const struct nhrp_cie *cie = message->cies.first;
    const char *trouble = trouble_of(fact);

    stats_tree_tick_pivot(tree, messages_node, nhrp_message_name(message->type));
    if (nhrp_has_request_id(message) && !nhrp_is_request(message) && cie && cie->code != NHRP_CODE_SUCCESS)
        stats_tree_tick_pivot(tree, codes_node, val_to_str_const(cie->code, nhrp_cie_codes, "Unknown code"));
    if (message->type == NHRP_ERROR_INDICATION)
        stats_tree_tick_pivot(tree, errors_node,
                              val_to_str_const(message->error_code, nhrp_error_codes, "Unknown code"));
    if (trouble)
        stats_tree_tick_pivot(tree, troubles_node, trouble);
}

static tap_packet_status tree_packet(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                     const void *data, tap_flags_t flags _U_)
{
    const struct dmvpn_tap *tap = (const struct dmvpn_tap *)data;

    if (tap->message)
        count_message(tree, tap->message, &tap->fact);
    else
        stats_tree_tick_pivot(tree, paths_node, val_to_str_const(tap->fact.path, dmvpn_paths, "Unknown"));
    return TAP_PACKET_REDRAW;
}

static void times_init(struct register_srt *srt _U_, GArray *tables)
{
    static const char *const names[FAMILY_COUNT] = {"Resolution", "Registration", "Purge"};
    srt_stat_table *table =
        init_srt_table("NHRP requests", NULL, tables, FAMILY_COUNT, "Request", NULL, NULL);

    for (unsigned family = 0; family < FAMILY_COUNT; family++)
        init_srt_table_row(table, (int)family, names[family]);
}

static tap_packet_status times_packet(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_,
                                      const void *data, tap_flags_t flags _U_)
{
    const struct dmvpn_tap *tap = (const struct dmvpn_tap *)data;
    srt_data_t *times = (srt_data_t *)tapdata;
    const struct track_exchange *exchange;
    nstime_t asked;

    /* Only the first reply counts; a reply to a retransmission names the first one as its reference */
    if (!tap->message || tap->fact.kind != KIND_REPLY || tap->fact.reference != 0)
        return TAP_PACKET_DONT_REDRAW;
    exchange = track_exchange_at(tap->fact.exchange);
    asked.secs = (time_t)(exchange->request_ns / TRACK_NS_PER_S);
    asked.nsecs = (int)(exchange->request_ns % TRACK_NS_PER_S);
    add_srt_table_data(g_array_index(times->srt_array, srt_stat_table *, 0), exchange->family, &asked, pinfo);
    return TAP_PACKET_REDRAW;
}

void tap_statistics_register(void)
{
    stats_tree_register_plugin("dmvpn", "dmvpn", "DMVPN" MENU "Messages and paths", 0, tree_packet, tree_init,
                               NULL);
    register_srt_table(proto_dmvpn, NULL, 1, times_packet, times_init, NULL);
}
