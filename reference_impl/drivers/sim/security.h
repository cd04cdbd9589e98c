/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * security: what IKE does for the nodes, without its packets: a node asks for security associations with a
 * peer, and two round trips later both have a pair with fresh keys (RFC 7296 in effect, nothing of it on the
 * wire). Keeps the keys of all, as Wireshark's table.
 */
#ifndef DMVPNKIT_SIM_SECURITY_H
#define DMVPNKIT_SIM_SECURITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "engine/endpoint.h"
#include "engine/esp_sa.h"

struct simulation;

/* Where a node's association packets come from and go to. */
struct security_end {
    size_t node;
    struct endpoint own;  /* as the node itself sees it */
    struct endpoint seen; /* as the public underlay does: after its NAT */
};

/* A pair of associations that two nodes share, or soon will. */
struct security_pair {
    struct security_end ends[2];
    uint32_t spis[2]; /* of the packets from ends[i]; spis[0] is 0 when a later pair has replaced it */
    bool agreed;      /* or come to nothing */
    struct esp_sa *readers[2]; /* for comments: what decrypts the packets from ends[i]; owned */
};

struct security {
    struct security_pair *pairs;
    size_t count;
    size_t cap;
    char *table; /* lines of Wireshark's esp_sa; NULL while there are none */
    size_t table_len;
};

void security_free(struct security *security);
/* A node's engine asks for associations with a peer. */
void security_want(struct simulation *sim, size_t node, struct endpoint peer);
/*
 * What a packet of the underlay is inside ESP: the packet as it would be without, written to buf of cap
 * octets. False if it is no ESP, or none that this simulation has the keys of. Each packet can be read once.
 */
bool security_read(struct simulation *sim, struct span packet, uint8_t *buf, size_t cap, struct span *out);
/* The two have agreed. */
void security_agree(struct simulation *sim, size_t pair);

#endif
