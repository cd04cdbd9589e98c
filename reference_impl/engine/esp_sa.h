/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp_sa: one ESP security association, which is one direction between two peers (RFC 4303), in transport
 * mode, over IP protocol 50 or in UDP (RFC 3948).
 *
 * Works in the caller's buffer: a payload is encrypted where it stands, with room left for what goes around
 * it. Who needs which association is esp_sa_table's business; where its keys come from, a configuration's or
 * IKE's.
 */
#ifndef DMVPNKIT_ENGINE_ESP_SA_H
#define DMVPNKIT_ENGINE_ESP_SA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "codec/ip.h"
#include "engine/esp_crypto.h"

enum esp_direction { ESP_OUTBOUND, ESP_INBOUND };

struct esp_sa_config {
    enum esp_direction direction;
    enum esp_algorithm algorithm;
    uint32_t spi; /* above 255 (RFC 4303 section 2.1) */
    struct addr source;
    struct addr destination; /* of the packets, as this node sees them */
    /* Both 0: plain ESP. Else ESP in UDP; behind a NAT the peer's port is the one that the NAT chose. */
    uint16_t source_port;
    uint16_t destination_port;
    struct span key; /* the cipher's, and behind it AES-GCM's salt */
    struct span auth_key;
    bool extended_sequence; /* 64-bit sequence numbers; inbound they need a replay window (section 2.2.1) */
    uint16_t replay_window; /* inbound: 64 to 1024 numbers in steps of 64, or 0 for no anti-replay service */
    uint64_t first_number;  /* the number to begin with; 0 means 1 */
};

struct esp_counters {
    uint64_t packets;
    uint64_t octets; /* of payloads */
    uint64_t failures[ESP_RESULT_COUNT];
};

struct esp_sa;

/*
 * Make an association; the configuration's keys are not needed afterwards. NULL, and *why (if not NULL) set
 * to a sentence, when the configuration contradicts itself or the library refuses. Free it with
 * esp_sa_free().
 */
struct esp_sa *esp_sa_create(const struct esp_sa_config *config, const char **why);
void esp_sa_free(struct esp_sa *sa);

enum esp_direction esp_sa_direction(const struct esp_sa *sa);
uint32_t esp_sa_spi(const struct esp_sa *sa);
/* The other end's address and port (0 for plain ESP): the destination outbound, the source inbound. */
struct addr esp_sa_peer(const struct esp_sa *sa, uint16_t *port);
/* IP_PROTOCOL_ESP or IP_PROTOCOL_UDP: the outer header's protocol. */
uint8_t esp_sa_protocol(const struct esp_sa *sa);
/* Outbound: how many more packets may be sent; a new association is wanted well before 0. */
uint64_t esp_sa_numbers_left(const struct esp_sa *sa);
const struct esp_counters *esp_sa_counters(const struct esp_sa *sa);
/* Count a packet that was given up before it reached the association's own calls. */
void esp_sa_count_failure(struct esp_sa *sa, enum esp_result result);

/* How many octets stand between the outer IP header and the payload (UDP and ESP headers, IV), */
size_t esp_sa_head_len(const struct esp_sa *sa);
/* and how many behind the payload (padding, trailer, ICV). */
size_t esp_sa_tail_len(const struct esp_sa *sa, size_t payload_len);

/*
 * Protect a payload in place. at is what the outer IP header's payload will be: esp_sa_head_len() octets of
 * room, the payload, esp_sa_tail_len() octets of room; all of them are written. carrier is the outer header,
 * of which only the addresses are read (a UDP checksum over IPv6). ESP_OK; ESP_EXHAUSTED; ESP_TOO_BIG;
 * ESP_LIBRARY; on failure the room's contents are undefined and must not be sent.
 */
enum esp_result esp_sa_protect(struct esp_sa *sa, const struct ip *carrier, uint8_t *at, size_t payload_len,
                               uint8_t next_header);

/*
 * Verify and decrypt one ESP packet, from its SPI to its ICV. plain has room for packet.len octets and either
 * does not overlap packet or is esp_sa_plain_at(): in place. *payload then points into plain.
 *
 * The order is RFC 4303 section 3.4's: window, ICV, window's note, padding. ESP_OK; ESP_TRUNCATED,
 * ESP_BAD_LENGTH, ESP_TOO_OLD, ESP_REPLAYED, ESP_BAD_ICV, ESP_BAD_PADDING, ESP_DUMMY, ESP_LIBRARY: drop the
 * packet. Each is counted.
 */
enum esp_result esp_sa_unprotect(struct esp_sa *sa, struct span packet, uint8_t *plain, struct span *payload,
                                 uint8_t *next_header);

/* Where in the packet's own octets unprotecting in place puts the plain text. */
size_t esp_sa_plain_at(const struct esp_sa *sa);

#endif
