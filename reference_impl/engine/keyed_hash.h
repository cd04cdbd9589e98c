/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keyed_hash: NHRP's Authentication extension as RFC 2332 section 5.3.4 defines it: HMAC-MD5-128 over the
 * whole message. The cleartext form that most peers use (DEFACTO) is authentication.c's.
 *
 * A key is found by the pair of SPI and source address that the extension carries, or, if there is none for
 * that pair, by the SPI alone among those for everybody. It is valid for a lifetime; several may be valid at
 * once, so that keys can be changed without a gap (section 5.3.4.2). Which messages must carry the extension,
 * and what a failure leads to, is the caller's business.
 *
 * What the hash covers: "the entire NHRP payload" with the authentication data zeroed (section 5.3.4.1),
 * which is everything from ar$afn to ar$pktsz, hop count and trailing extensions included. Of ar$chksum the
 * clause does not speak, yet it covers the hash as the hash would cover it, so one of the two must come
 * first. Here the checksum counts as zero while the hash is computed, and is computed last: then every
 * message on the wire has the checksum that section 5.1 asks for. An implementation that hashes a checksum of
 * its own making does not interoperate.
 */
#ifndef DMVPNKIT_ENGINE_KEYED_HASH_H
#define DMVPNKIT_ENGINE_KEYED_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/instant.h"
#include "codec/nhrp.h"

#define KEYED_HASH_LEN 16 /* HMAC-MD5-128 */

/* One tuple <SPI, source> and its parameters. */
struct keyed_hash_config {
    uint16_t spi;         /* not 1, which peers take for the cleartext form */
    struct addr source;   /* the sender's protocol address on the tunnel; ADDR_NONE: everybody's key */
    struct span key;      /* any length but none */
    struct instant from;  /* valid from here */
    struct instant until; /* up to here; INSTANT_NEVER for a key without an end */
};

enum keyed_hash_result {
    KEYED_HASH_OK,
    KEYED_HASH_MISSING,     /* no Authentication extension */
    KEYED_HASH_MALFORMED,   /* not SPI, source address and 16 octets: the cleartext form, say */
    KEYED_HASH_UNKNOWN_KEY, /* no tuple for this SPI and source */
    KEYED_HASH_EXPIRED,     /* the tuple's lifetime is over, or has not begun */
    KEYED_HASH_WRONG,       /* the hash does not match */
    KEYED_HASH_LIBRARY,     /* the cryptographic library failed */
};
/* Never NULL. */
const char *keyed_hash_words(enum keyed_hash_result result);

struct keyed_hash_table;

/*
 * Keys for sending and receiving; they are copied. NULL, and *why (if not NULL) set to a sentence, for a key
 * that is empty, a reserved SPI, two tuples alike, or when memory or the library gives out.
 */
struct keyed_hash_table *keyed_hash_table_create(const struct keyed_hash_config *configs, size_t count,
                                                 const char **why);
void keyed_hash_table_free(struct keyed_hash_table *table);

/*
 * The SPI to send with from this source: of the keys valid now for it or for everybody, the one that became
 * valid last. False if
 * there is none: a message that needs authentication is not sent (section 5.3.4.3).
 */
bool keyed_hash_select(const struct keyed_hash_table *table, struct instant now, struct addr source,
                       uint16_t *spi);

/* Write the extension's value, its hash still zero: keyed_hash_sign() fills it in when the message is
 * complete. */
void keyed_hash_write_value(struct writer *w, uint16_t spi, struct addr source);

/*
 * Fill in the hash, and after it the checksum, of an encoded message whose Authentication extension has its
 * SPI and source already. Anything but KEYED_HASH_OK: do not send it.
 */
enum keyed_hash_result keyed_hash_sign(struct keyed_hash_table *table, struct instant now, uint8_t *message,
                                       size_t len);

/*
 * Verify a message as it arrived: bytes from ar$afn to ar$pktsz, and what nhrp_decode() made of them.
 * *offset, unless the result is KEYED_HASH_OK, becomes the octet for an Error Indication of code 11: the
 * extension's, or where the extensions begin if it is missing. The comparison takes the same time wherever
 * the difference is.
 */
enum keyed_hash_result keyed_hash_verify(struct keyed_hash_table *table, struct instant now,
                                         struct span bytes, const struct nhrp_message *message,
                                         size_t *offset);

#endif
