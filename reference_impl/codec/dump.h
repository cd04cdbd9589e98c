/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump: messages as text: one line, or one field a line under names that the dissector's filters use too, so
 * that the two readings can be compared by a script.
 */
#ifndef DMVPNKIT_CODEC_DUMP_H
#define DMVPNKIT_CODEC_DUMP_H

#include <stddef.h>

#include "codec/nhrp.h"

/* "Registration Request id 1 10.255.0.11 (192.0.2.11) -> 10.255.0.1 hold 600 s unique". Always ends buf;
 * returns buf. */
const char *dump_nhrp_line(const struct nhrp_message *message, char *buf, size_t cap);

/* Any packet from its outer IP header: "192.0.2.11 > 192.0.2.1 GRE key 42 NHRP ..." or why it cannot be
 * decoded. */
const char *dump_packet_line(struct span packet, char *buf, size_t cap);

/* Called for each field, depth first. text is valid during the call only. */
typedef void dump_field_fn(void *arg, unsigned depth, const char *name, const char *text);
void dump_nhrp_fields(const struct nhrp_message *message, dump_field_fn *emit, void *arg);

#endif
