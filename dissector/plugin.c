/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plugin's face towards Wireshark.
 * Owns: the entry points, and which tables are taken over from the stock dissectors. Must not: decode.
 */
#include "analysis.h"
#include "compat.h"
#include "esp_watch.h"
#include "fields.h"
#include "gre.h"
#include "nhrp.h"
#include "settings.h"
#include "taps.h"
#include "values.h"

#include <epan/etypes.h>
#include <epan/ipproto.h>
#if DMVPN_WIRESHARK_AT_LEAST(4, 2)
#include <wsutil/plugins.h>
#endif

enum {
    SNAP_PID_NHRP = 0x0003, /* under OUI 00-00-5E, RFC 2332 5 */
};

WS_DLL_PUBLIC_DEF const char plugin_version[] = DMVPN_PLUGIN_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
#if DMVPN_WIRESHARK_AT_LEAST(4, 2)
WS_DLL_PUBLIC uint32_t plugin_describe(void);

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
#endif

/* A place in a dissector table that is taken over, and given back */
struct taken {
    const char *table;
    uint32_t value;
    dissector_handle_t own;
    dissector_handle_t stock;
};

static struct taken taken[] = {
    {"ip.proto", IP_PROTO_GRE, NULL, NULL},      {"gre.proto", GRE_TYPE_NHRP, NULL, NULL},
    {"ethertype", GRE_TYPE_NHRP, NULL, NULL},    {"ip.proto", IP_PROTO_NARP, NULL, NULL},
    {"llc.iana_pid", SNAP_PID_NHRP, NULL, NULL},
};

/* Runs once before the handles are there, when preferences are read early: then there is nothing to do yet.
 */
static void apply_enabled(bool on)
{
    for (unsigned i = 0; i < array_length(taken); i++) {
        dissector_handle_t handle = on ? taken[i].own : taken[i].stock;

        if (handle && taken[i].own)
            dissector_add_uint(taken[i].table, taken[i].value, handle);
    }
}

static void dmvpn_register_protoinfo(void)
{
    fields_register();
    gre_register();
    analysis_register();
    tap_statistics_register();
    tap_tables_register();
    tap_conversations_register();
    tap_credentials_register();
    settings_register(apply_enabled);
}

/* The stock dissectors have registered before this runs, so that these additions replace theirs. */
static void dmvpn_register_handoff(void)
{
    dissector_handle_t nhrp = nhrp_create_handle();

    for (unsigned i = 0; i < array_length(taken); i++)
        taken[i].stock = dissector_get_uint_handle(find_dissector_table(taken[i].table), taken[i].value);
    taken[0].own = gre_create_handle();
    for (unsigned i = 1; i < array_length(taken); i++)
        taken[i].own = nhrp;
    apply_enabled(true);
    gre_decode_as_register();
    esp_watch_register();
}

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = dmvpn_register_protoinfo;
    plugin.register_handoff = dmvpn_register_handoff;
    proto_register_plugin(&plugin);
}
