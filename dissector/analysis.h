/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The analysis of many packets together.
 * Owns: when the first pass takes notes, what every pass shows, the tap. Must not: decode.
 */
#ifndef DMVPN_ANALYSIS_H
#define DMVPN_ANALYSIS_H

#include "compat.h"
#include "nhrp_message.h"
#include "track.h"
#include "words.h"

/* What tap listeners get, in memory of the packet */
struct dmvpn_tap {
    const struct nhrp_message *message; /* NULL for data packets */
    struct track_fact fact;
    struct track_address source; /* outer; none without IP */
    struct track_address destination;
    address outer_source; /* the same in epan's form */
    address outer_destination;
    address inner_source; /* data packets: inner addresses, NHRP: protocol addresses */
    address inner_destination;
    uint64_t key;
};

/* The GRE header around a payload */
struct analysis_gre {
    bool has_key;
    bool has_sequence;
    uint32_t key;
    uint32_t sequence;
    uint16_t type;
};

/* Register the tap and what is done when files are opened and closed. Once, at start. */
void analysis_register(void);

/* True if anybody listens to the tap. */
bool analysis_is_tapped(void);

/*
 * The outermost GRE header of a frame, before its payload is decoded. payload: all behind the header.
 * tree, item: the GRE layer, where findings about data packets go.
 */
void analysis_gre(packet_info *pinfo, tvbuff_t *payload, proto_tree *tree, const struct analysis_gre *gre);

/* A decoded NHRP message that is no embedded copy; tree: the NHRP layer, line: its summary, which is added
 * to. */
void analysis_nhrp(struct words *line, packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree,
                   const struct nhrp_message *message);

/* A frame with ESP that nobody decrypted. */
void analysis_encrypted(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree);

/* Show a fact: fields below tree (which may be NULL) and findings. What the capture's end tells comes when
 * the frame is visited again. */
void analysis_show(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct track_fact *fact);

/* Append what a fact adds to the summary of its frame. */
void analysis_tell(struct words *line, const struct track_fact *fact);

#endif
