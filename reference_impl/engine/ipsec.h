/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec: the node's security associations: static ones from the configuration, those that a driver with IKE
 * adds, and the asking for missing ones (RFC 4301 section 5.1 in the narrow form that DMVPN needs: everything
 * between two NBMA addresses that is GRE).
 *
 * How a packet is protected is esp_sa's business, and tunnel's when.
 */
#ifndef DMVPNKIT_ENGINE_IPSEC_H
#define DMVPNKIT_ENGINE_IPSEC_H

#include "engine/node_state.h"

/* Make the table and the configured associations. NULL, or a sentence about what is wrong with them. */
const char *ipsec_create(struct node *node, const struct ipsec_config *config, uint64_t seed);

/* Must packets to and from the underlay be protected? */
bool ipsec_is_on(const struct node *node);

/* The association to send to that endpoint with. NULL if there is none; the driver is asked for one then. */
struct esp_sa *ipsec_outbound(struct node *node, struct endpoint to);

/* Unprotect what arrived in outer. DROP_NONE, and then *gre holds it and *port is the sender's (0 as in
 * struct endpoint); else why not, *detail telling more (enum esp_result). */
enum drop_reason ipsec_receive(struct node *node, const struct ip *outer, struct span *gre, uint16_t *port,
                               uint32_t *detail);

/* Nothing leads to that endpoint any more: its associations can go. */
void ipsec_release(struct node *node, struct endpoint to);

/* INPUT_SA. */
void ipsec_input(struct node *node, const struct node_input *input);

#endif
