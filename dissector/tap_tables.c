/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bindings and tunnels as tables, in the Statistics menu and for tshark -z. See taps.h.
 * A row stands for a record of the analysis and has its number.
 */
#include "analysis.h"
#include "fields.h"
#include "taps.h"
#include "track_binding.h"
#include "track_tunnel.h"

#include <epan/stat_tap_ui.h>
#include <wsutil/inet_addr.h>

enum binding_column {
    BINDING_PROTOCOL,
    BINDING_NBMA,
    BINDING_CLAIMED,
    BINDING_HUB,
    BINDING_HOLD,
    BINDING_REFRESHES,
    BINDING_FRAME,
    BINDING_EXPIRES,
    BINDING_STATE,
    BINDING_COLUMNS
};

static stat_tap_table_item binding_columns[BINDING_COLUMNS] = {
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Protocol address", "%-20s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "NBMA address", "%-20s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Claimed behind NAT", "%-20s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Hub", "%-20s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Hold (s)", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Refreshes", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Last frame", "%u"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Until (s)", "%.3f"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "State", "%-10s"},
};

enum tunnel_column {
    TUNNEL_FIRST,
    TUNNEL_SECOND,
    TUNNEL_KEY,
    TUNNEL_KIND,
    TUNNEL_NHRP,
    TUNNEL_DATA_THERE,
    TUNNEL_DATA_BACK,
    TUNNEL_OCTETS,
    TUNNEL_BEGIN,
    TUNNEL_END,
    TUNNEL_COLUMNS
};

static stat_tap_table_item tunnel_columns[TUNNEL_COLUMNS] = {
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "One end", "%-20s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Other end", "%-20s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "GRE key", "%-10s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Kind", "%-20s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "NHRP", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Data there", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Data back", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Octets", "%u"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "From (s)", "%.3f"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "To (s)", "%.3f"},
};

static char *address_text(const struct track_address *shown)
{
    char text[WS_INET6_ADDRSTRLEN];

    if (shown->kind == NHRP_ADDRESS_IPV4)
        return g_strdup(ws_inet_ntop4(shown->octets, text, sizeof text));
    if (shown->kind == NHRP_ADDRESS_IPV6)
        return g_strdup(ws_inet_ntop6(shown->octets, text, sizeof text));
    return g_strdup(shown->length == 0 ? "-" : "(no IP address)");
}

static void set_text(stat_tap_table *table, unsigned row, unsigned column, char *text)
{
    stat_tap_table_item_type *item = stat_tap_get_field_data(table, row, column);

    g_free((char *)item->value.string_value);
    item->type = TABLE_ITEM_STRING;
    item->value.string_value = text;
    stat_tap_set_field_data(table, row, column, item);
}

static void set_uint(stat_tap_table *table, unsigned row, unsigned column, unsigned value)
{
    stat_tap_table_item_type *item = stat_tap_get_field_data(table, row, column);

    item->value.uint_value = value;
    stat_tap_set_field_data(table, row, column, item);
}

static unsigned get_uint(const stat_tap_table *table, unsigned row, unsigned column)
{
    return stat_tap_get_field_data(table, row, column)->value.uint_value;
}

static void set_float(stat_tap_table *table, unsigned row, unsigned column, double value)
{
    stat_tap_table_item_type *item = stat_tap_get_field_data(table, row, column);

    item->value.float_value = value;
    stat_tap_set_field_data(table, row, column, item);
}

/* A row of zeros and no texts, of the types that the columns have */
static void add_row(stat_tap_table *table, unsigned row, const stat_tap_table_item *columns, unsigned count)
{
    stat_tap_table_item_type items[TUNNEL_COLUMNS];

    memset(items, 0, sizeof items);
    for (unsigned column = 0; column < count; column++)
        items[column].type = columns[column].type;
    stat_tap_init_table_row(table, row, count, items);
}

static stat_tap_table *first_table(void *tapdata)
{
    return g_array_index(((stat_data_t *)tapdata)->stat_tap_data->tables, stat_tap_table *, 0);
}

static void show_binding(stat_tap_table *table, uint32_t number, packet_info *pinfo)
{
    const struct track_binding *binding = track_binding_at(number);
    const struct track_exchange *granted = track_exchange_at(binding->grant);
    bool nat = !track_address_equal(track_grant_claimed(granted), track_grant_seen(granted));
    unsigned row = number - 1;
    double now = nstime_to_sec(&pinfo->abs_ts), start = now - nstime_to_sec(&pinfo->rel_ts);

    set_text(table, row, BINDING_PROTOCOL, address_text(&binding->protocol));
    set_text(table, row, BINDING_NBMA, address_text(track_grant_seen(granted)));
    set_text(table, row, BINDING_CLAIMED, nat ? address_text(track_grant_claimed(granted)) : g_strdup("-"));
    set_text(table, row, BINDING_HUB, address_text(&track_cloud_at(binding->cloud)->hub));
    set_uint(table, row, BINDING_HOLD, granted->hold_s);
    set_uint(table, row, BINDING_REFRESHES, binding->refreshes);
    set_uint(table, row, BINDING_FRAME, granted->reply_frame);
    set_float(table, row, BINDING_EXPIRES, (double)track_grant_end(granted) / TRACK_NS_PER_S - start);
    set_text(table, row, BINDING_STATE,
             g_strdup(binding->purged                                           ? "purged"
                      : (double)track_grant_end(granted) / TRACK_NS_PER_S < now ? "expired"
                                                                                : "valid"));
}

/* The state is that of the end of the first pass when frames are read again: rows are brought up to date by
 * number */
static tap_packet_status bindings_packet(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_,
                                         const void *data, tap_flags_t flags _U_)
{
    const struct dmvpn_tap *tap = (const struct dmvpn_tap *)data;
    stat_tap_table *table = first_table(tapdata);
    uint32_t number;

    if (tap->fact.grant == 0)
        return TAP_PACKET_DONT_REDRAW;
    number = track_client_at(track_exchange_at(tap->fact.grant)->client)->binding;
    if (number == 0)
        return TAP_PACKET_DONT_REDRAW;
    for (uint32_t missing = table->num_elements + 1; missing <= number; missing++) {
        add_row(table, missing - 1, binding_columns, BINDING_COLUMNS);
        show_binding(table, missing, pinfo);
    }
    show_binding(table, number, pinfo);
    return TAP_PACKET_REDRAW;
}

static const char *tunnel_kind(const struct track_tunnel *tunnel)
{
    unsigned hubs = 0;

    for (unsigned end = 0; end < 2; end++)
        hubs += track_station_at(tunnel->stations[end])->role == ROLE_HUB;
    if (tunnel->encrypted)
        return "ESP";
    if (tunnel->cloud == 0)
        return "unknown";
    return hubs == 1 ? "spoke and hub" : hubs == 2 ? "two hubs" : "between spokes";
}

static void begin_tunnel(stat_tap_table *table, uint32_t number, packet_info *pinfo)
{
    const struct track_tunnel *tunnel = track_tunnel_at(number);
    unsigned row = number - 1;

    add_row(table, row, tunnel_columns, TUNNEL_COLUMNS);
    set_text(table, row, TUNNEL_FIRST, address_text(track_end(number, 0)));
    set_text(table, row, TUNNEL_SECOND, address_text(track_end(number, 1)));
    set_text(table, row, TUNNEL_KEY,
             tunnel->key >> 32 == 1 ? g_strdup_printf("%u", (unsigned)tunnel->key) : g_strdup("-"));
    set_text(table, row, TUNNEL_KIND, g_strdup(tunnel_kind(tunnel)));
    set_float(table, row, TUNNEL_BEGIN, nstime_to_sec(&pinfo->rel_ts));
}

static tap_packet_status tunnels_packet(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_,
                                        const void *data, tap_flags_t flags _U_)
{
    const struct dmvpn_tap *tap = (const struct dmvpn_tap *)data;
    stat_tap_table *table = first_table(tapdata);
    unsigned from, row, column;
    uint32_t number;

    if (tap->source.length == 0 || tap->destination.length == 0)
        return TAP_PACKET_DONT_REDRAW;
    number = track_tunnel_find(tap->key, &tap->source, &tap->destination, &from);
    if (number == 0)
        return TAP_PACKET_DONT_REDRAW;
    for (uint32_t missing = table->num_elements + 1; missing <= number; missing++)
        begin_tunnel(table, missing, pinfo);
    row = number - 1;
    column = tap->message ? TUNNEL_NHRP : from == 0 ? TUNNEL_DATA_THERE : TUNNEL_DATA_BACK;
    set_uint(table, row, column, get_uint(table, row, column) + 1);
    set_uint(table, row, TUNNEL_OCTETS, get_uint(table, row, TUNNEL_OCTETS) + pinfo->fd->pkt_len);
    set_text(table, row, TUNNEL_KIND, g_strdup(tunnel_kind(track_tunnel_at(number))));
    set_float(table, row, TUNNEL_END, nstime_to_sec(&pinfo->rel_ts));
    return TAP_PACKET_REDRAW;
}

static void bindings_init(stat_tap_table_ui *ui)
{
    stat_tap_add_table(ui, stat_tap_init_table("Bindings", BINDING_COLUMNS, 0, NULL));
}

static void tunnels_init(stat_tap_table_ui *ui)
{
    stat_tap_add_table(ui, stat_tap_init_table("Tunnels", TUNNEL_COLUMNS, 0, NULL));
}

static void free_item(stat_tap_table *table _U_, unsigned row _U_, unsigned column _U_,
                      stat_tap_table_item_type *item)
{
    if (item->type == TABLE_ITEM_STRING) {
        g_free((char *)item->value.string_value);
        item->value.string_value = NULL;
    }
}

static void reset_table(stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++) {
        for (unsigned column = 0; column < table->num_fields; column++) {
            stat_tap_table_item_type *item = stat_tap_get_field_data(table, row, column);

            if (item->type == TABLE_ITEM_STRING)
                set_text(table, row, column, g_strdup("-"));
            else if (item->type == TABLE_ITEM_UINT)
                set_uint(table, row, column, 0);
            else if (item->type == TABLE_ITEM_FLOAT)
                set_float(table, row, column, 0);
        }
    }
}

void tap_tables_register(void)
{
    static tap_param filter[] = {{PARAM_FILTER, "filter", "Filter", NULL, true}};
    static stat_tap_table_ui bindings = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = "DMVPN bindings",
        .tap_name = "dmvpn",
        .cli_string = "dmvpn,bindings",
        .stat_tap_init_cb = bindings_init,
        .packet_func = bindings_packet,
        .stat_tap_reset_table_cb = reset_table,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = BINDING_COLUMNS,
        .fields = binding_columns,
        .nparams = 1,
        .params = filter,
    };
    static stat_tap_table_ui tunnels = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = "DMVPN tunnels",
        .tap_name = "dmvpn",
        .cli_string = "dmvpn,tunnels",
        .stat_tap_init_cb = tunnels_init,
        .packet_func = tunnels_packet,
        .stat_tap_reset_table_cb = reset_table,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = TUNNEL_COLUMNS,
        .fields = tunnel_columns,
        .nparams = 1,
        .params = filter,
    };

    register_stat_tap_table_ui(&bindings);
    register_stat_tap_table_ui(&tunnels);
}
