/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stays encrypted: frames in which the ESP dissector was the last to have a say.
 * Owns: finding them, after all other dissectors. Must not: decrypt; Wireshark does, with its table of ESP
 * SAs.
 */
#include "esp_watch.h"
#include "analysis.h"
#include "fields.h"

static int proto_esp = -1;

static int esp_watch(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    wmem_list_frame_t *last = wmem_list_tail(pinfo->layers);

    if (last && GPOINTER_TO_INT(wmem_list_frame_data(last)) == proto_esp)
        analysis_encrypted(pinfo, tvb, tree);
    return 0;
}

void esp_watch_register(void)
{
    proto_esp = proto_get_id_by_filter_name("esp");
    /* The handle has no protocol, so that epan keeps no books on a layer for every frame */
    if (proto_esp != -1)
        register_postdissector(create_dissector_handle(esp_watch, -1));
}
