/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/keyed_hash.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "codec/nhrp_ext.h"

#define AT_CHECKSUM  12
#define CHECKSUM_LEN 2

struct key {
    uint16_t spi;
    struct addr source;
    struct instant from;
    struct instant until;
    EVP_MAC_CTX *mac; /* set up with the key */
};

struct keyed_hash_table {
    size_t count;
    struct key keys[];
};

const char *keyed_hash_words(enum keyed_hash_result result)
{
    switch (result) {
    case KEYED_HASH_OK:
        return "ok";
    case KEYED_HASH_MISSING:
        return "no Authentication extension";
    case KEYED_HASH_MALFORMED:
        return "the Authentication extension holds no keyed hash";
    case KEYED_HASH_UNKNOWN_KEY:
        return "no key for this SPI and source address";
    case KEYED_HASH_EXPIRED:
        return "the key's lifetime is over or has not begun";
    case KEYED_HASH_WRONG:
        return "wrong keyed hash";
    case KEYED_HASH_LIBRARY:
        return "the cryptographic library failed";
    }
    return "unknown result";
}

static bool is_alike(const struct keyed_hash_config *a, const struct keyed_hash_config *b)
{
    return a->spi == b->spi && addr_equal(a->source, b->source);
}

/* What is wrong with the tuple at index i; NULL if nothing is. */
static const char *config_fault(const struct keyed_hash_config *configs, size_t i)
{
    if (configs[i].key.len == 0)
        return "an authentication key is empty";
    if (configs[i].spi == NHRP_AUTH_SPI_CLEARTEXT)
        return "SPI 1 stands for cleartext authentication";
    for (size_t k = 0; k < i; k++)
        if (is_alike(&configs[k], &configs[i]))
            return "two authentication keys have the same SPI and source address";
    return NULL;
}

static EVP_MAC_CTX *mac_create(EVP_MAC *hmac, struct span key)
{
    char digest[] = "MD5";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    EVP_MAC_CTX *mac = EVP_MAC_CTX_new(hmac);
    if (mac && EVP_MAC_init(mac, key.data, key.len, params) == 1)
        return mac;
    EVP_MAC_CTX_free(mac);
    return NULL;
}

struct keyed_hash_table *keyed_hash_table_create(const struct keyed_hash_config *configs, size_t count,
                                                 const char **why)
{
    const char *fault = NULL;
    struct keyed_hash_table *table = calloc(1, sizeof *table + count * sizeof table->keys[0]);
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (!table || !hmac)
        fault = "out of memory, or no HMAC in the cryptographic library";
    for (size_t i = 0; i < count && !fault; i++) {
        fault = config_fault(configs, i);
        if (fault)
            break;
        table->keys[i] = (struct key){.spi = configs[i].spi,
                                      .source = configs[i].source,
                                      .from = configs[i].from,
                                      .until = configs[i].until,
                                      .mac = mac_create(hmac, configs[i].key)};
        table->count++;
        if (!table->keys[i].mac)
            fault = "the cryptographic library refuses HMAC-MD5";
    }
    EVP_MAC_free(hmac);
    if (!fault)
        return table;
    keyed_hash_table_free(table);
    if (why)
        *why = fault;
    return NULL;
}

void keyed_hash_table_free(struct keyed_hash_table *table)
{
    for (size_t i = 0; table && i < table->count; i++)
        EVP_MAC_CTX_free(table->keys[i].mac);
    free(table);
}

static bool is_valid(const struct key *key, struct instant now)
{
    return instant_reached(now, key->from) && instant_before(now, key->until);
}

bool keyed_hash_select(const struct keyed_hash_table *table, struct instant now, struct addr source,
                       uint16_t *spi)
{
    const struct key *best = NULL;
    for (size_t i = 0; i < table->count; i++) {
        const struct key *key = &table->keys[i];
        bool fits = addr_equal(key->source, source) || addr_is_none(key->source);
        if (fits && is_valid(key, now) && (!best || instant_before(best->from, key->from)))
            best = key;
    }
    if (best)
        *spi = best->spi;
    return best != NULL;
}

void keyed_hash_write_value(struct writer *w, uint16_t spi, struct addr source)
{
    static const uint8_t zero[KEYED_HASH_LEN];
    nhrp_auth_write(w, &(struct nhrp_auth){
                           .form = NHRP_AUTH_KEYED_HASH,
                           .spi = spi,
                           .source = addr_span(&source),
                           .secret = span_of(zero, sizeof zero),
                       });
}

static enum keyed_hash_result find_key(struct keyed_hash_table *table, struct instant now,
                                       const struct nhrp_auth *auth, struct key **out)
{
    struct addr source = addr_from_span(auth->source);
    struct key *found = NULL;
    for (size_t i = 0; i < table->count; i++) {
        struct key *key = &table->keys[i];
        bool is_exact = !addr_is_none(source) && addr_equal(key->source, source);
        if (key->spi == auth->spi && (is_exact || (!found && addr_is_none(key->source))))
            found = key;
    }
    if (!found)
        return KEYED_HASH_UNKNOWN_KEY;
    *out = found;
    return is_valid(found, now) ? KEYED_HASH_OK : KEYED_HASH_EXPIRED;
}

/* The hash over bytes, with the checksum and the hash itself, which is at hash_at, taken for zero. */
static bool run_hmac(struct key *key, struct span bytes, size_t hash_at, uint8_t hash[KEYED_HASH_LEN])
{
    static const uint8_t zero[KEYED_HASH_LEN];
    size_t after_checksum = AT_CHECKSUM + CHECKSUM_LEN, after_hash = hash_at + KEYED_HASH_LEN, len;
    return EVP_MAC_init(key->mac, NULL, 0, NULL) == 1 &&
           EVP_MAC_update(key->mac, bytes.data, AT_CHECKSUM) == 1 &&
           EVP_MAC_update(key->mac, zero, CHECKSUM_LEN) == 1 &&
           EVP_MAC_update(key->mac, bytes.data + after_checksum, hash_at - after_checksum) == 1 &&
           EVP_MAC_update(key->mac, zero, KEYED_HASH_LEN) == 1 &&
           EVP_MAC_update(key->mac, bytes.data + after_hash, bytes.len - after_hash) == 1 &&
           EVP_MAC_final(key->mac, hash, &len, KEYED_HASH_LEN) == 1 && len == KEYED_HASH_LEN;
}

/* What was found in a message, and the hash that there should be. */
struct computed {
    size_t ext_at; /* the extension; where the extensions begin if there is none of its type */
    size_t hash_at;
    uint8_t hash[KEYED_HASH_LEN];
};

static bool find_extension(struct span bytes, const struct nhrp_message *message, struct nhrp_ext *ext,
                           size_t *at)
{
    struct span list = message->extensions;
    for (struct span rest = list; nhrp_ext_next(&list, ext); rest = list) {
        *at = (size_t)(rest.data - bytes.data);
        if (ext->type == NHRP_EXT_AUTHENTICATION)
            return true;
    }
    *at = message->fixed.extensions_offset;
    return false;
}

static enum keyed_hash_result compute(struct keyed_hash_table *table, struct instant now, struct span bytes,
                                      const struct nhrp_message *message, struct computed *out)
{
    struct nhrp_ext ext;
    struct nhrp_auth auth;
    struct key *key;
    if (!find_extension(bytes, message, &ext, &out->ext_at))
        return KEYED_HASH_MISSING;
    if (!nhrp_auth_decode(ext.value, message->source_protocol.len, &auth) ||
        auth.form != NHRP_AUTH_KEYED_HASH || auth.secret.len != KEYED_HASH_LEN)
        return KEYED_HASH_MALFORMED;
    enum keyed_hash_result result = find_key(table, now, &auth, &key);
    if (result != KEYED_HASH_OK)
        return result;
    out->hash_at = (size_t)(auth.secret.data - bytes.data);
    return run_hmac(key, bytes, out->hash_at, out->hash) ? KEYED_HASH_OK : KEYED_HASH_LIBRARY;
}

enum keyed_hash_result keyed_hash_sign(struct keyed_hash_table *table, struct instant now, uint8_t *message,
                                       size_t len)
{
    struct nhrp_message decoded;
    struct computed computed;
    if (nhrp_decode(span_of(message, len), NHRP_DECODE_IGNORE_CHECKSUM, &decoded).status != CODEC_OK)
        return KEYED_HASH_MALFORMED;
    struct span bytes = span_of(message, decoded.fixed.packet_size);
    enum keyed_hash_result result = compute(table, now, bytes, &decoded, &computed);
    if (result != KEYED_HASH_OK)
        return result;
    memcpy(message + computed.hash_at, computed.hash, KEYED_HASH_LEN);
    nhrp_set_checksum(message, bytes.len);
    return KEYED_HASH_OK;
}

enum keyed_hash_result keyed_hash_verify(struct keyed_hash_table *table, struct instant now,
                                         struct span bytes, const struct nhrp_message *message,
                                         size_t *offset)
{
    struct computed computed;
    enum keyed_hash_result result = compute(table, now, bytes, message, &computed);
    if (result == KEYED_HASH_OK &&
        CRYPTO_memcmp(computed.hash, bytes.data + computed.hash_at, KEYED_HASH_LEN) != 0)
        result = KEYED_HASH_WRONG;
    *offset = computed.ext_at;
    return result;
}
