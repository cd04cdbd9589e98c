/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ids of everything the plugin registers with epan: protocols, fields, subtrees, expert items.
 * Owns: the declarations, made from the .def tables. Must not: decode.
 */
#ifndef DMVPN_FIELDS_H
#define DMVPN_FIELDS_H

#include "compat.h"
#include "finding.h"
#include <epan/packet.h>

#define FIELD(variable, label, name, type, display, strings, mask, help) extern int variable;
#include "gre_fields.def"
#include "nhrp_fields.def"
#include "dmvpn_fields.def"
#undef FIELD

#define EXPERT(variable, name, group, severity, origin, requirement, summary) extern struct finding variable;
#include "experts.def"
#include "analysis_experts.def"
#undef EXPERT

#define SUBTREE(variable) extern int variable;
#include "subtrees.def"
#undef SUBTREE

extern int proto_dmvpn;        /* the plugin's own protocol */
extern int proto_dmvpn_tunnel; /* a name for the conversations between tunnel ends */
extern int proto_stock_nhrp;   /* the stock dissectors' protocols: they stay the visible layers */
extern int proto_stock_gre;

/* Register the plugin's protocol, fields, subtrees and expert items; find the stock protocols. Once, at
 * start. */
void fields_register(void);

#endif
