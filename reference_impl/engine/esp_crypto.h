/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp_crypto: the algorithms of one ESP security association, through OpenSSL's EVP: AES-GCM (RFC 4106), and
 * AES-CBC (RFC 3602) with HMAC-SHA-256-128 (RFC 4868).
 *
 * Keys are set up and algorithms fetched once; a packet costs no fetch and no allocation. Knows nothing of
 * addresses, sequence windows or padding.
 */
#ifndef DMVPNKIT_ENGINE_ESP_CRYPTO_H
#define DMVPNKIT_ENGINE_ESP_CRYPTO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

enum esp_algorithm {
#define ESP_ALGORITHM(name, ...) ESP_##name,
#include "engine/esp_algorithm.def"
    ESP_ALGORITHM_COUNT
};

enum esp_result {
#define ESP_RESULT(name, words) ESP_##name,
#include "engine/esp_result.def"
    ESP_RESULT_COUNT
};

/* What an algorithm asks for; all lengths in octets. */
struct esp_algorithm_facts {
    const char *name;   /* as configurations spell it */
    const char *cipher; /* as libcrypto spells it */
    uint8_t key_len;
    uint8_t
        salt_len; /* follows the key in the keying material (RFC 4106 section 8.1); 0: none, and no AEAD */
    uint8_t iv_len;
    uint8_t block_len;
    uint8_t icv_len;
    uint8_t auth_key_len;
    const char *wireshark_encryption;
    const char *wireshark_authentication;
    const char *clause;
};

/* Never NULL; algorithm is below ESP_ALGORITHM_COUNT. */
const struct esp_algorithm_facts *esp_algorithm_facts(enum esp_algorithm algorithm);
/* By the name that configurations use; false if there is none. */
bool esp_algorithm_by_name(const char *name, enum esp_algorithm *out);
/* Never NULL. */
const char *esp_result_words(enum esp_result result);

#define ESP_IV_MAX  16
#define ESP_ICV_LEN 16 /* of every algorithm in the table */

struct esp_crypto;

/*
 * Keys for one direction: encrypting or decrypting. key holds the cipher's key and behind it the salt, if
 * there is one; auth_key may be empty for AES-GCM. NULL if a length is wrong or the library refuses. Free it
 * with esp_crypto_free(), which also wipes the keys.
 */
struct esp_crypto *esp_crypto_create(enum esp_algorithm algorithm, struct span key, struct span auth_key,
                                     bool encrypts);
void esp_crypto_free(struct esp_crypto *crypto);

/*
 * The IV for the packet with this 64-bit number, iv_len octets. AES-GCM: the number itself, so that no IV
 * repeats under a key (RFC 4106 section 3.1). AES-CBC: the number encrypted with the packet key, which makes
 * it unpredictable to anyone without the key, as CBC needs (NIST SP 800-38A appendix C), and yet the same in
 * every run of a simulation.
 */
enum esp_result esp_crypto_make_iv(struct esp_crypto *crypto, uint64_t number, uint8_t *iv);

/*
 * Encrypt and authenticate in place. packet holds the ESP header, the IV, text_len octets of plain text, and
 * room for the ICV. high is the upper half of an extended sequence number (RFC 4303 section 2.2.1:
 * authenticated but not sent), or NULL. ESP_OK or ESP_LIBRARY.
 */
enum esp_result esp_crypto_seal(struct esp_crypto *crypto, const uint32_t *high, uint8_t *packet,
                                size_t text_len);

/*
 * Verify and decrypt a whole packet, from the ESP header to the ICV, which holds whole blocks (the caller has
 * seen to that). plain gets the text: it may be the ciphertext's own place in packet, or a buffer elsewhere.
 * ESP_OK; ESP_BAD_ICV, and nothing that was decrypted is left in plain; ESP_LIBRARY.
 */
enum esp_result esp_crypto_open(struct esp_crypto *crypto, const uint32_t *high, struct span packet,
                                uint8_t *plain);

#endif
