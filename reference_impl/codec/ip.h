/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ip: IPv4 (RFC 791) and IPv6 (RFC 8200) headers, UDP (RFC 768) and ICMP echo: what tunnels and test hosts
 * need.
 */
#ifndef DMVPNKIT_CODEC_IP_H
#define DMVPNKIT_CODEC_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "codec/status.h"

#define IP_PROTOCOL_ICMP   1
#define IP_PROTOCOL_IPV4   4
#define IP_PROTOCOL_UDP    17
#define IP_PROTOCOL_GRE    47
#define IP_PROTOCOL_ESP    50
#define IP_PROTOCOL_NHRP   54
#define IP_PROTOCOL_ICMPV6 58

struct ip {
    struct addr source; /* both of one family, which is the packet's version */
    struct addr destination;
    uint8_t protocol; /* or the next header after IPv6 extension headers */
    uint8_t ttl;      /* or hop limit */
    uint8_t tos;      /* or traffic class */
    uint32_t id;      /* IPv4 identification; IPv6 flow label */
    bool dont_fragment;
    bool more_fragments;
    uint16_t fragment_offset; /* in octets */
    struct span payload;      /* after decoding: bounded by the total length, link padding cut off */
};

/*
 * Decode either version; IPv4 options and IPv6 extension headers are stepped over. CODEC_BAD_VERSION;
 * CODEC_BAD_HEADER_LENGTH, CODEC_BAD_CHECKSUM and CODEC_BAD_SIZE (a total length shorter than the header) for
 * IPv4; CODEC_TRUNCATED. *out is untouched on failure.
 */
struct codec_error ip_decode(struct span bytes, struct ip *out);
/* The same, but a payload that is cut short is no error: it is what is there (embedded packets). */
struct codec_error ip_decode_head(struct span bytes, struct ip *out);

/*
 * Write header and payload, without options or extension headers. Fails the writer if the families differ, if
 * the length or the id do not fit their field, or for an IPv6 fragment.
 */
void ip_write(struct writer *w, const struct ip *header, struct span payload);
/* Write just the header, for a payload of payload_len octets that is in place behind it. Fails like
 * ip_write(). */
void ip_write_header(struct writer *w, const struct ip *header, size_t payload_len);
/* The length in octets of the header that ip_write() writes: 20 or 40. */
size_t ip_header_len(const struct ip *header);

/*
 * One router hop in place: ttl or hop limit less one, IPv4 checksum updated. False, and nothing changed, if
 * it was 0 or 1 already or if this is no whole IP header.
 */
bool ip_decrement_ttl(uint8_t *data, size_t len);

/* The checksum over pseudo-header and payload (RFC 8200 section 8.1, RFC 768); 0 over one that holds its own.
 */
uint16_t ip_payload_checksum(const struct ip *carrier, uint8_t protocol, struct span payload);

#define UDP_HEADER_LEN 8

struct udp {
    uint16_t source_port;
    uint16_t destination_port;
    struct span payload;
};
/* CODEC_TRUNCATED; CODEC_BAD_LENGTH: less than the header. The checksum, which needs the carrier, is not
 * checked. */
struct codec_error udp_decode(struct span bytes, struct udp *out);
/* Checksum 0 over IPv4, as RFC 3948 asks for encapsulated ESP; computed over IPv6. */
void udp_write(struct writer *w, const struct ip *carrier, const struct udp *header, struct span payload);
/* Write just the header, for a payload of payload_len octets that is in place behind it. */
void udp_write_header(struct writer *w, const struct ip *carrier, const struct udp *header, size_t payload_len);

/* ICMP and ICMPv6 echo. */
struct icmp_echo {
    bool reply;
    uint16_t id;
    uint16_t sequence;
    struct span data;
};
/* CODEC_BAD_TYPE for any other ICMP message, or none; CODEC_BAD_CHECKSUM; CODEC_TRUNCATED. */
struct codec_error icmp_echo_decode(const struct ip *carrier, struct icmp_echo *out);
void icmp_echo_write(struct writer *w, const struct ip *carrier, const struct icmp_echo *echo);

#endif
