/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plugin's face towards Wireshark.
 * Owns: the entry points, and which tables are taken over from the stock dissectors. Must not: decode.
 */
#include "analysis.h"
#include "compat.h"
#include "fields.h"
#include "gre.h"
#include "nhrp.h"
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

static void dmvpn_register_protoinfo(void)
{
    fields_register();
    gre_register();
    analysis_register();
    tap_statistics_register();
    tap_tables_register();
    tap_conversations_register();
    tap_credentials_register();
}

/* The stock dissectors have registered before this runs, so that these additions replace theirs. */
static void dmvpn_register_handoff(void)
{
    dissector_handle_t gre, nhrp;

    gre = gre_create_handle();
    dissector_add_uint("ip.proto", IP_PROTO_GRE, gre);

    nhrp = nhrp_create_handle();
    dissector_add_uint("gre.proto", GRE_TYPE_NHRP, nhrp);
    dissector_add_uint("ethertype", GRE_TYPE_NHRP, nhrp);
    dissector_add_uint("ip.proto", IP_PROTO_NARP, nhrp);
    dissector_add_uint("llc.iana_pid", SNAP_PID_NHRP, nhrp);
}

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = dmvpn_register_protoinfo;
    plugin.register_handoff = dmvpn_register_handoff;
    proto_register_plugin(&plugin);
}
