/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel: this node's end of the GRE tunnel (RFC 2784, RFC 2890), point to point or multipoint: payload into
 * outer packet, outer packet into payload, with ESP around it where that is configured (RFC 4303). Knows
 * addresses of the underlay only; where a payload goes is the caller's decision.
 */
#ifndef DMVPNKIT_ENGINE_TUNNEL_H
#define DMVPNKIT_ENGINE_TUNNEL_H

#include "codec/gre.h"
#include "engine/endpoint.h"
#include "engine/io.h"
#include "engine/peers.h"

struct node;

/* What a packet came in as. */
struct tunnel_payload {
    struct endpoint from; /* outer source */
    uint16_t protocol;
    struct span bytes;
    uint32_t detail; /* of a drop: what IPsec found (enum esp_result) */
};

/* Send an NHRP message, with CS6 as outer TOS as Cisco does (DEFACTO). */
void tunnel_send_message(struct node *node, struct endpoint to, struct span message, enum send_reason reason);

/*
 * Send a data packet, copied once, its outer TOS taken from the inner one; with hop its time to live is one
 * less. Drops it with DROP_TTL, DROP_TOO_BIG or DROP_LINK_DOWN; false then.
 */
bool tunnel_send_packet(struct node *node, struct endpoint to, struct span packet, uint8_t tos, bool hop,
                        enum send_reason reason);

/* Take an outer packet apart. DROP_NONE, or why it is to be dropped; out->from is set as soon as it is known.
 */
enum drop_reason tunnel_receive(struct node *node, struct span packet, struct tunnel_payload *out);

#endif
