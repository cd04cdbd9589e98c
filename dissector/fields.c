/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registration of fields, subtrees and expert items. See fields.h.
 */
#include "fields.h"
#include "values.h"

#include <epan/proto.h>

int proto_dmvpn = -1;
int proto_dmvpn_tunnel = -1;
int proto_stock_nhrp = -1;
int proto_stock_gre = -1;

#define FIELD(variable, label, name, type, display, strings, mask, help) int variable = -1;
#include "gre_fields.def"
#include "nhrp_fields.def"
#include "dmvpn_fields.def"
#undef FIELD

#define EXPERT(variable, name, group, severity, origin, requirement, summary) \
    struct finding variable = {EI_INIT, FINDING_##origin, requirement};
#include "experts.def"
#include "analysis_experts.def"
#undef EXPERT

#define SUBTREE(variable) int variable = -1;
#include "subtrees.def"
#undef SUBTREE

void fields_register(void)
{
#define FIELD(variable, label, name, type, display, strings, mask, help) \
    {&variable, {label, name, type, display, strings, mask, help, HFILL}},
    static hf_register_info gre_fields[] = {
#include "gre_fields.def"
    };
    static hf_register_info nhrp_fields[] = {
#include "nhrp_fields.def"
    };
    static hf_register_info dmvpn_fields[] = {
#include "dmvpn_fields.def"
    };
#undef FIELD
#define EXPERT(variable, name, group, severity, origin, requirement, summary) \
    {&variable.expert, {name, group, severity, summary " [" requirement "]", EXPFILL}},
    static ei_register_info experts[] = {
#include "experts.def"
#include "analysis_experts.def"
    };
#undef EXPERT
#define SUBTREE(variable) &variable,
    static int *subtrees[] = {
#include "subtrees.def"
    };
#undef SUBTREE

    proto_dmvpn = proto_register_protocol("Dynamic Multipoint VPN", "DMVPN", "dmvpn");
    proto_dmvpn_tunnel = proto_register_protocol("DMVPN tunnel", "DMVPN tunnel", "dmvpn.tunnel");
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert_register_field_array(expert_register_protocol(proto_dmvpn), experts, array_length(experts));

    /* Fields belong to the protocol whose name they bear, so that epan knows which layer a filter is about.
     */
    proto_stock_nhrp = proto_get_id_by_filter_name("nhrp");
    proto_stock_gre = proto_get_id_by_filter_name("gre");
    proto_register_field_array(proto_stock_gre, gre_fields, array_length(gre_fields));
    proto_register_field_array(proto_stock_nhrp, nhrp_fields, array_length(nhrp_fields));
    proto_register_field_array(proto_dmvpn, dmvpn_fields, array_length(dmvpn_fields));
}
