/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node: the engine's whole interface: five calls.
 *
 * A driver creates a node, hands it inputs with the time, drains its outputs, and calls again no later than
 * the deadline. Nothing ever calls back. The same configuration, seed and inputs give the same outputs, octet
 * for octet.
 */
#ifndef DMVPNKIT_ENGINE_NODE_H
#define DMVPNKIT_ENGINE_NODE_H

#include "engine/config.h"
#include "engine/io.h"

struct node;

/*
 * A node as configured, at rest until its first input; NULL when memory runs out or the configuration
 * contradicts itself, with *why (if not NULL) set to a sentence. The configuration is copied. Free it with
 * node_free().
 */
struct node *node_create(const struct node_config *config, uint64_t seed, const char **why);

/*
 * Take one input at the time now, which never runs backwards. The node acts at once, timers that are due
 * included; what it wants done waits in its output queue. Outputs of an earlier call that were not drained
 * are lost.
 */
void node_input(struct node *node, struct instant now, const struct node_input *input);

/* Take the next output; false when there are no more. Spans in *out last until the next node_input(). */
bool node_output(struct node *node, struct node_output *out);

/* When node_input() must be called again at the latest; INSTANT_NEVER when nothing is due. */
struct instant node_deadline(const struct node *node);

void node_free(struct node *node);

/* How much went in and out since the node was created. */
struct node_counters {
    uint64_t messages_sent[9];     /* NHRP, by type; [0] is unused */
    uint64_t messages_received[9]; /* that could be decoded */
    uint64_t packets_sent;         /* data into the tunnel */
    uint64_t packets_received;     /* data out of the tunnel */
    /* What rate limits left unsaid; the packets that it would have been about are counted elsewhere. */
    uint64_t errors_limited;    /* Error Indications */
    uint64_t redirects_limited; /* Traffic Indications */
    uint64_t icmp_limited;      /* ICMP errors */
};
const struct node_counters *node_counters(const struct node *node);

/* How many packets were dropped for that reason since the node was created. */
uint64_t node_drop_count(const struct node *node, enum drop_reason reason);

/* The id that the next request will have: what a driver stores for the next start (RFC 2332 section 5.2.3).
 */
uint32_t node_next_request_id(const struct node *node);

#endif
