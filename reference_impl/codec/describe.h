/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * describe: one English sentence for a message or a packet, and the clause that it follows.
 *
 * Made from the bytes alone, so that a simulated and a captured packet get the same words. Says what the
 * sender tells the receiver, never whether it ought to.
 */
#ifndef DMVPNKIT_CODEC_DESCRIBE_H
#define DMVPNKIT_CODEC_DESCRIBE_H

#include "codec/nhrp.h"

#define DESCRIBE_SENTENCE_MAX 400

struct description {
    char sentence[DESCRIBE_SENTENCE_MAX]; /* without a full stop */
    const char *clause;                   /* a tag such as "RFC2332 §5.2.3"; lives for ever */
};

/* "10.255.0.11 tells 10.255.0.1 that it is at 192.0.2.11, for 600 s, unique" */
void describe_nhrp(const struct nhrp_message *message, struct description *out);

/* Any packet from its outer IP header on; for NHRP the message's own sentence. */
void describe_packet(struct span packet, struct description *out);
/* The same for a packet that is decoded already (packet.h). */
struct packet;
void describe_decoded(const struct packet *packet, struct description *out);

#endif
