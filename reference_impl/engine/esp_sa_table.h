/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp_sa_table: a node's ESP security associations: inbound ones by SPI, outbound ones by peer.
 *
 * The table owns what is added to it. A peer is an address and, in UDP, a port: two spokes behind one public
 * address differ in nothing else (RFC 3948 section 5.2). The association that was added last is the one that
 * sends, so that a new one takes over while packets of the old one still arrive (RFC 7296 section 2.8).
 */
#ifndef DMVPNKIT_ENGINE_ESP_SA_TABLE_H
#define DMVPNKIT_ENGINE_ESP_SA_TABLE_H

#include "engine/esp_sa.h"

struct esp_sa_table;

/* NULL when memory runs out. A table for up to max associations, both directions together. */
struct esp_sa_table *esp_sa_table_create(size_t max, uint64_t seed);
void esp_sa_table_free(struct esp_sa_table *table);

/* Hand an association over. False, and it stays the caller's, if the table is full or has the inbound SPI
 * already. */
bool esp_sa_table_add(struct esp_sa_table *table, struct esp_sa *sa);
/* Take an association out and free it; false if there is none. For outbound ones an SPI is the peer's choice.
 */
bool esp_sa_table_remove_inbound(struct esp_sa_table *table, uint32_t spi);
bool esp_sa_table_remove_outbound(struct esp_sa_table *table, struct addr peer, uint16_t port, uint32_t spi);

/* NULL if there is none. */
struct esp_sa *esp_sa_table_inbound(const struct esp_sa_table *table, uint32_t spi);
/* The newest one to this peer; port 0 asks for plain ESP. NULL if there is none. */
struct esp_sa *esp_sa_table_outbound(const struct esp_sa_table *table, struct addr peer, uint16_t port);

struct esp_received {
    struct esp_sa *sa;    /* as soon as it is known, else NULL */
    uint16_t source_port; /* of the datagram, or 0 for plain ESP */
    uint8_t next_header;
    struct span payload;
};

/*
 * Unprotect what arrived in an IP packet, whose header is decoded and which is no fragment. plain has room
 * for outer->payload.len octets and does not overlap it. Whatever esp_sa_unprotect() answers, and ESP_NOT_ESP
 * (IKE and NAT keepalives on port 4500 among them), ESP_UNKNOWN_SPI, ESP_WRONG_ENCAPSULATION,
 * ESP_WRONG_ADDRESS: the packet is dropped.
 *
 * In UDP the source's address and port may change when a NAT forgets its mapping (RFC 3948 section 3); they
 * are not compared, and the caller who sees others than esp_sa_peer()'s on an authentic packet may answer
 * there.
 */
enum esp_result esp_sa_table_receive(struct esp_sa_table *table, const struct ip *outer, uint8_t *plain,
                                     struct esp_received *out);

#endif
