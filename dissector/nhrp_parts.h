/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rooms of the NHRP decoder, as nhrp.c calls them.
 * Owns: the declarations that only the decoder's own files need. tvb is always the message, cut at its end;
 * offsets count from the fixed header; [offset, end) is where a part may look.
 */
#ifndef DMVPN_NHRP_PARTS_H
#define DMVPN_NHRP_PARTS_H

#include "compat.h"
#include "fields.h"
#include "nhrp_message.h"
#include "show.h"
#include "words.h"

/* Report a finding unless the message is an embedded copy, which is never blamed for what was cut or changed.
 */
static inline void nhrp_blame(const struct nhrp_message *message, packet_info *pinfo, proto_item *item,
                              struct finding *finding)
{
    if (!message->embedded)
        finding_add(pinfo, item ? item : message->tree, finding);
}

/*
 * Read the fixed header's lengths without showing anything (5.1): size and version of the packet.
 * tvb: everything from the fixed header on, 20 octets or more; beyond what belongs to the packet.
 */
void nhrp_header_measure(tvbuff_t *tvb, struct nhrp_message *message);

/* Show the fixed header and fill in its values. Sets message->bounded. */
void nhrp_header_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, struct nhrp_message *message);

/* Show a type and length octet with its bits, and report reserved or misplaced ones. */
struct nhrp_type_length {
    const int *whole, *reserved, *type, *length;
    bool subaddress;
};
void nhrp_type_length_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                          const struct nhrp_type_length *fields, const struct nhrp_message *message);

/* Mandatory part: [20, end). */
void nhrp_mandatory_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int end,
                            struct nhrp_message *message);

/* CIEs in [offset, end), hung on *list. name: what an entry is called here. */
void nhrp_cie_list_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int end,
                           const char *name, const struct nhrp_message *message, struct nhrp_cie_list *list);

/* The packet inside an Error Indication or Traffic Indication: [offset, end). */
void nhrp_embedded_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int end,
                           struct nhrp_message *message);

/* Extensions part: [offset, end of the message). */
void nhrp_extensions_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int end,
                             struct nhrp_message *message);

/*
 * Value of an authentication extension, [offset, end). mobile: that of RFC 2520, always with an address and
 * hash. top: the extension's item, for its summary.
 */
void nhrp_auth_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *top, int offset,
                       int end, bool mobile, struct nhrp_message *message);

/* What the RFC says about the decoded values; findings become expert items. Not for embedded copies. */
void nhrp_check(packet_info *pinfo, const struct nhrp_message *message);

/* Append the summary of a message to a line. */
void nhrp_info_tell(struct words *line, packet_info *pinfo, const struct nhrp_message *message);

#endif
