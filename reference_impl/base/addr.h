/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * addr: IPv4 and IPv6 addresses and prefixes as plain values.
 *
 * One type serves NBMA and protocol addresses alike, because DMVPN puts either family in either place. Longer
 * NBMA addresses (NSAP, E.164) stay spans in the codec and never become an addr.
 */
#ifndef DMVPNKIT_BASE_ADDR_H
#define DMVPNKIT_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cursor.h"

enum addr_family { ADDR_NONE = 0, ADDR_IPV4 = 4, ADDR_IPV6 = 6 };

/*
 * Octets past the family's length are always zero, so that two equal addresses are equal byte for byte. They
 * come first: a copy of the whole is then a copy of 16 octets and one of one octet, and reading the octets
 * need not wait for both.
 */
struct addr {
    uint8_t bytes[16];
    uint8_t family; /* enum addr_family */
};

struct prefix {
    struct addr addr; /* bits past len are zero */
    uint8_t len;      /* in bits */
};

#define ADDR_TEXT_MAX 48   /* room for an IPv6 address and its end */
#define PREFIX_TEXT_MAX 52 /* the same with "/128" */

struct addr addr_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);
/* The address's own octets, which live as long as *a does. */
struct span addr_span(const struct addr *a);
/* 0, 4 or 16. */
size_t addr_len(struct addr a);
/* True for 0.0.0.0, :: and ADDR_NONE. */
bool addr_is_unspecified(struct addr a);
bool addr_is_multicast(struct addr a);
/* A total order, by family and then by value: negative, zero or positive. */
int addr_compare(struct addr a, struct addr b);
uint64_t addr_hash(struct addr a, uint64_t seed);
/* Text to address: false, and *out untouched, if it is neither dotted IPv4 nor RFC 4291 IPv6. */
bool addr_parse(const char *text, struct addr *out);
/* Address to text (RFC 5952); "none" for ADDR_NONE. Returns buf. */
const char *addr_format(struct addr a, char buf[ADDR_TEXT_MAX]);

/* 4 octets become IPv4, 16 become IPv6; any other length, zero included, gives ADDR_NONE. */
static inline struct addr addr_from_span(struct span bytes)
{
    struct addr a = {0};
    if (bytes.len == 4) {
        a.family = ADDR_IPV4;
        memcpy(a.bytes, bytes.data, 4);
    } else if (bytes.len == 16) {
        a.family = ADDR_IPV6;
        memcpy(a.bytes, bytes.data, 16);
    }
    return a;
}

static inline bool addr_equal(struct addr a, struct addr b)
{
    return a.family == b.family && memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static inline bool addr_is_none(struct addr a)
{
    return a.family == ADDR_NONE;
}

/* The prefix of len bits around a; len is cut to the family's width. */
struct prefix prefix_of(struct addr a, unsigned len);
/* 32, 128, or 0 for ADDR_NONE. */
unsigned addr_bits(struct addr a);
bool prefix_contains(struct prefix p, struct addr a);
bool prefix_equal(struct prefix a, struct prefix b);
/* "10.0.0.0/8" or a bare address (then a host prefix). False if malformed or if host bits are set. */
bool prefix_parse(const char *text, struct prefix *out);
const char *prefix_format(struct prefix p, char buf[PREFIX_TEXT_MAX]);

#endif
