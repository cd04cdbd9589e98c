/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decode As for the protocol type of GRE. See gre.h.
 */
#include "fields.h"
#include "gre.h"

#include <epan/decode_as.h>
#include <epan/proto_data.h>

enum {
    DATA_TYPE = 1, /* key of the packet's data under proto_dmvpn */
};

void gre_decode_as_note(packet_info *pinfo, uint16_t type)
{
    if (!p_get_proto_data(pinfo->pool, pinfo, proto_dmvpn, DATA_TYPE))
        p_add_proto_data(pinfo->pool, pinfo, proto_dmvpn, DATA_TYPE, GUINT_TO_POINTER(type + 1u));
}

/* The type of the packet's outermost GRE header; 0 if it has none */
static unsigned noted_type(packet_info *pinfo)
{
    unsigned noted = GPOINTER_TO_UINT(p_get_proto_data(pinfo->pool, pinfo, proto_dmvpn, DATA_TYPE));

    return noted == 0 ? 0 : noted - 1;
}

static void prompt(packet_info *pinfo, char *result)
{
    snprintf(result, MAX_DECODE_AS_PROMPT_LEN, "GRE protocol type 0x%04x as", noted_type(pinfo));
}

static void *value(packet_info *pinfo)
{
    return GUINT_TO_POINTER(noted_type(pinfo));
}

/* A stock dissector in the table: offer it, unless another one has the same name (there are two ERSPANs) */
static void offer(const char *table, ftenum_t kind _U_, void *type _U_, void *entry, void *offered)
{
    dissector_handle_t handle = dtbl_entry_get_initial_handle(entry);

    if (handle && g_hash_table_add(offered, (void *)dissector_handle_get_description(handle)))
        dissector_add_for_decode_as(table, handle);
}

void gre_decode_as_register(void)
{
    GHashTable *offered = g_hash_table_new(g_str_hash, g_str_equal);

    static build_valid_func values[] = {value};
    static decode_as_value_t entry = {prompt, 1, values};
    static decode_as_t by_type = {"gre",
                                  "gre.proto",
                                  1,
                                  0,
                                  &entry,
                                  NULL,
                                  NULL,
                                  decode_as_default_populate_list,
                                  decode_as_default_reset,
                                  decode_as_default_change,
                                  NULL};

    register_decode_as(&by_type);
    dissector_table_foreach(by_type.table_name, offer, offered);
    g_hash_table_destroy(offered);
}
