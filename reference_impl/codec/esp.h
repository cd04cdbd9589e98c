/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp: the frame of an ESP packet (RFC 4303 section 2) and what shares UDP port 4500 with it (RFC 3948).
 *
 * Knows no keys and no algorithms: the caller says how long IV and ICV are, decrypts, and hands the plain
 * octets back to have the trailer taken off.
 */
#ifndef DMVPNKIT_CODEC_ESP_H
#define DMVPNKIT_CODEC_ESP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "codec/status.h"

#define ESP_HEADER_LEN   8 /* SPI and sequence number */
#define ESP_TRAILER_LEN  2 /* pad length and next header */
#define ESP_PAD_MAX      255
#define ESP_ALIGNMENT    4   /* pad length and next header end a 4-octet word (section 2.4) */
#define ESP_SPI_RESERVED 255 /* 0 must not be sent, 1 to 255 are IANA's (section 2.1) */
#define ESP_UDP_PORT     4500

/* The next header of a dummy packet, which a receiver discards (section 2.6). */
#define ESP_NEXT_HEADER_NONE 59

struct esp {
    uint32_t spi;
    uint32_t sequence;  /* the low-order half of an extended sequence number */
    struct span header; /* SPI and sequence number as they are on the wire */
    struct span iv;
    struct span ciphertext; /* payload, padding, pad length and next header */
    struct span icv;
};

/*
 * Take a packet apart; bytes runs from the SPI to the end of the IP or UDP payload. CODEC_TRUNCATED: there is
 * no room for header, IV, trailer and ICV. *out is untouched on failure.
 */
struct codec_error esp_decode(struct span bytes, size_t iv_len, size_t icv_len, struct esp *out);

/*
 * Take the trailer off decrypted octets. CODEC_TRUNCATED: no room for a trailer; CODEC_BAD_LENGTH: the pad
 * length is more than there is (offset of that field); CODEC_BAD_PADDING: the padding is not 1, 2, 3, ...
 * (section 2.4; offset of the first wrong octet).
 */
struct codec_error esp_trailer_decode(struct span plain, struct span *payload, uint8_t *next_header);

/* How many octets of padding a payload needs: trailer included, the whole fills blocks of block_len octets.
 */
size_t esp_pad_len(size_t payload_len, size_t block_len);
/* The ciphertext's length: payload, padding and trailer. */
size_t esp_ciphertext_len(size_t payload_len, size_t block_len);

void esp_write_header(struct writer *w, uint32_t spi, uint32_t sequence);
/* Padding, pad length and next header; fails the writer if pad_len is more than 255. */
void esp_write_trailer(struct writer *w, size_t pad_len, uint8_t next_header);

/* What a UDP datagram on port 4500 is (RFC 3948 section 2). */
enum esp_udp_kind {
    ESP_UDP_ESP,
    ESP_UDP_IKE,       /* behind the non-ESP marker, four zero octets */
    ESP_UDP_KEEPALIVE, /* one octet, 0xff */
    ESP_UDP_OTHER,     /* too short to be any of them */
};

/* *content becomes the ESP packet, or the IKE message without its marker; else it is empty. */
enum esp_udp_kind esp_udp_classify(struct span payload, struct span *content);
/* Write the non-ESP marker, which an IKE message follows. */
void esp_write_non_esp_marker(struct writer *w);

#endif
