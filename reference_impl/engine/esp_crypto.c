/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/esp_crypto.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "codec/esp.h"

#define SALT_LEN      4
#define GCM_NONCE_LEN 12
#define SHA_LEN       32
#define AAD_MAX       12 /* SPI and extended sequence number */

static const struct esp_algorithm_facts algorithms[] = {
#define ESP_ALGORITHM(name, ...) [ESP_##name] = {__VA_ARGS__},
#include "engine/esp_algorithm.def"
};

static const char *const results[] = {
#define ESP_RESULT(name, words) [ESP_##name] = words,
#include "engine/esp_result.def"
};

struct esp_crypto {
    const struct esp_algorithm_facts *facts;
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *mac; /* NULL for an AEAD */
    int encrypts;
    uint8_t salt[SALT_LEN];
};

const struct esp_algorithm_facts *esp_algorithm_facts(enum esp_algorithm algorithm)
{
    return &algorithms[algorithm];
}

bool esp_algorithm_by_name(const char *name, enum esp_algorithm *out)
{
    for (unsigned i = 0; i < ESP_ALGORITHM_COUNT; i++) {
        if (strcmp(algorithms[i].name, name) == 0) {
            *out = (enum esp_algorithm)i;
            return true;
        }
    }
    return false;
}

const char *esp_result_words(enum esp_result result)
{
    return results[result];
}

static bool is_aead(const struct esp_crypto *crypto)
{
    return crypto->facts->salt_len > 0;
}

static bool set_up_cipher(struct esp_crypto *crypto, struct span key)
{
    const struct esp_algorithm_facts *facts = crypto->facts;
    if (key.len != (size_t)facts->key_len + facts->salt_len)
        return false;
    memcpy(crypto->salt, key.data + facts->key_len, facts->salt_len);
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, facts->cipher, NULL);
    crypto->cipher = EVP_CIPHER_CTX_new();
    bool ok = cipher && crypto->cipher &&
              EVP_CipherInit_ex2(crypto->cipher, cipher, key.data, NULL, crypto->encrypts, NULL) == 1;
    if (ok &&
        !is_aead(crypto)) /* for an AEAD it would change nothing, and yet be said again for every packet */
        ok = EVP_CIPHER_CTX_set_padding(crypto->cipher, 0) == 1;
    EVP_CIPHER_free(cipher);
    return ok;
}

static bool set_up_mac(struct esp_crypto *crypto, struct span key)
{
    char digest[] = "SHA2-256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    if (key.len != crypto->facts->auth_key_len)
        return false;
    if (key.len == 0)
        return true;
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    crypto->mac = EVP_MAC_CTX_new(mac);
    bool ok = mac && crypto->mac && EVP_MAC_init(crypto->mac, key.data, key.len, params) == 1;
    EVP_MAC_free(mac);
    return ok;
}

struct esp_crypto *esp_crypto_create(enum esp_algorithm algorithm, struct span key, struct span auth_key,
                                     bool encrypts)
{
    struct esp_crypto *crypto = calloc(1, sizeof *crypto);
    if (!crypto)
        return NULL;
    crypto->facts = esp_algorithm_facts(algorithm);
    crypto->encrypts = encrypts;
    if (!set_up_cipher(crypto, key) || !set_up_mac(crypto, auth_key)) {
        esp_crypto_free(crypto);
        return NULL;
    }
    return crypto;
}

void esp_crypto_free(struct esp_crypto *crypto)
{
    if (!crypto)
        return;
    EVP_CIPHER_CTX_free(crypto->cipher);
    EVP_MAC_CTX_free(crypto->mac);
    OPENSSL_cleanse(crypto, sizeof *crypto);
    free(crypto);
}

/* The ICV over header, IV and ciphertext, and the half of the number that is not sent (RFC 4303
 * section 3.3.2.1). */
static bool run_hmac(struct esp_crypto *crypto, const uint32_t *high, struct span covered,
                     uint8_t mac[SHA_LEN])
{
    uint8_t buf[sizeof *high];
    struct writer w = writer_of(buf, sizeof buf);
    if (high)
        writer_u32(&w, *high);
    struct span not_sent;
    size_t len;
    writer_done(&w, &not_sent);
    return EVP_MAC_init(crypto->mac, NULL, 0, NULL) == 1 &&
           EVP_MAC_update(crypto->mac, covered.data, covered.len) == 1 &&
           EVP_MAC_update(crypto->mac, not_sent.data, not_sent.len) == 1 &&
           EVP_MAC_final(crypto->mac, mac, &len, SHA_LEN) == 1 && len == SHA_LEN;
}

/* SPI and sequence number, extended if high is not NULL (RFC 4106 section 5). */
static struct span make_aad(uint8_t buf[AAD_MAX], const uint8_t *packet, const uint32_t *high)
{
    if (!high)
        return span_of(packet, ESP_HEADER_LEN);
    struct writer w = writer_of(buf, AAD_MAX);
    writer_span(&w, span_of(packet, 4));
    writer_u32(&w, *high);
    writer_span(&w, span_of(packet + 4, 4));
    struct span aad;
    writer_done(&w, &aad);
    return aad;
}

/* Set the IV and run a whole text through the cipher; lengths are those of one packet, so they fit an int. */
static bool run_cipher(struct esp_crypto *crypto, const uint8_t *iv, struct span aad, struct span in,
                       uint8_t *out)
{
    int len = 0;
    if (EVP_CipherInit_ex2(crypto->cipher, NULL, NULL, iv, -1, NULL) != 1)
        return false;
    if (aad.len > 0 && EVP_CipherUpdate(crypto->cipher, NULL, &len, aad.data, (int)aad.len) != 1)
        return false;
    return EVP_CipherUpdate(crypto->cipher, out, &len, in.data, (int)in.len) == 1 && (size_t)len == in.len;
}

static bool run_gcm(struct esp_crypto *crypto, const uint32_t *high, const uint8_t *packet, struct span in,
                    uint8_t *out)
{
    uint8_t nonce[GCM_NONCE_LEN], aad[AAD_MAX];
    memcpy(nonce, crypto->salt, SALT_LEN);
    memcpy(nonce + SALT_LEN, packet + ESP_HEADER_LEN, GCM_NONCE_LEN - SALT_LEN);
    return run_cipher(crypto, nonce, make_aad(aad, packet, high), in, out);
}

/* Ends a text; true if the library did, and if, decrypting, the ICV that it was told is right. */
static bool finish_gcm(struct esp_crypto *crypto, uint8_t *out)
{
    int len = 0;
    return EVP_CipherFinal_ex(crypto->cipher, out, &len) == 1;
}

static OSSL_PARAM icv_param(void *icv)
{
    return OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, icv, ESP_ICV_LEN);
}

enum esp_result esp_crypto_make_iv(struct esp_crypto *crypto, uint64_t number, uint8_t *iv)
{
    static const uint8_t zero[ESP_IV_MAX];
    struct writer w = writer_of(iv, crypto->facts->iv_len);
    writer_zeros(&w, crypto->facts->iv_len - sizeof number);
    writer_u64(&w, number);
    if (is_aead(crypto))
        return ESP_OK;
    /* One block of CBC under a zero IV is the block cipher itself. */
    return run_cipher(crypto, zero, (struct span){0}, span_of(iv, crypto->facts->iv_len), iv) ? ESP_OK
                                                                                              : ESP_LIBRARY;
}

enum esp_result esp_crypto_seal(struct esp_crypto *crypto, const uint32_t *high, uint8_t *packet,
                                size_t text_len)
{
    size_t text_at = (size_t)ESP_HEADER_LEN + crypto->facts->iv_len;
    uint8_t *text = packet + text_at, *icv = text + text_len;
    struct span plain = span_of(text, text_len);
    if (is_aead(crypto)) {
        OSSL_PARAM params[] = {icv_param(icv), OSSL_PARAM_construct_end()};
        bool ok = run_gcm(crypto, high, packet, plain, text) && finish_gcm(crypto, icv) &&
                  EVP_CIPHER_CTX_get_params(crypto->cipher, params) == 1;
        return ok ? ESP_OK : ESP_LIBRARY;
    }
    uint8_t mac[SHA_LEN];
    if (!run_cipher(crypto, packet + ESP_HEADER_LEN, (struct span){0}, plain, text) ||
        !run_hmac(crypto, high, span_of(packet, text_at + text_len), mac))
        return ESP_LIBRARY;
    memcpy(icv, mac, ESP_ICV_LEN); /* truncated to 128 bits (RFC 4868 section 2.3) */
    return ESP_OK;
}

static enum esp_result open_gcm(struct esp_crypto *crypto, const uint32_t *high, const uint8_t *packet,
                                struct span ciphertext, uint8_t *plain)
{
    uint8_t icv[ESP_ICV_LEN]; /* its place in the packet is const */
    memcpy(icv, ciphertext.data + ciphertext.len, ESP_ICV_LEN);
    const OSSL_PARAM params[] = {icv_param(icv), OSSL_PARAM_construct_end()};
    if (!run_gcm(crypto, high, packet, ciphertext, plain) ||
        EVP_CIPHER_CTX_set_params(crypto->cipher, params) != 1)
        return ESP_LIBRARY;
    if (finish_gcm(crypto, plain + ciphertext.len))
        return ESP_OK;
    OPENSSL_cleanse(plain, ciphertext.len);
    return ESP_BAD_ICV;
}

static enum esp_result open_cbc(struct esp_crypto *crypto, const uint32_t *high, const uint8_t *packet,
                                struct span ciphertext, uint8_t *plain)
{
    uint8_t mac[SHA_LEN];
    const uint8_t *icv = ciphertext.data + ciphertext.len;
    if (!run_hmac(crypto, high, span_of(packet, (size_t)(icv - packet)), mac))
        return ESP_LIBRARY;
    if (CRYPTO_memcmp(mac, icv, ESP_ICV_LEN) != 0)
        return ESP_BAD_ICV;
    bool ok = run_cipher(crypto, packet + ESP_HEADER_LEN, (struct span){0}, ciphertext, plain);
    return ok ? ESP_OK : ESP_LIBRARY;
}

enum esp_result esp_crypto_open(struct esp_crypto *crypto, const uint32_t *high, struct span packet,
                                uint8_t *plain)
{
    size_t text_at = (size_t)ESP_HEADER_LEN + crypto->facts->iv_len;
    struct span ciphertext = span_of(packet.data + text_at, packet.len - text_at - ESP_ICV_LEN);
    return is_aead(crypto) ? open_gcm(crypto, high, packet.data, ciphertext, plain)
                           : open_cbc(crypto, high, packet.data, ciphertext, plain);
}
