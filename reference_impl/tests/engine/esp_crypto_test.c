/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known answers: draft-mcgrew-gcm-test-01 section 4 for AES-GCM in ESP, RFC 3602 section 4 for AES-CBC;
 * HMAC-SHA-256 against libcrypto's own.
 */
#include "engine/esp_crypto.h"
#include "tests/hex.h"
#include "tests/suite.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "codec/esp.h"

#define PACKET_MAX 256

struct gcm_case {
    enum esp_algorithm algorithm;
    const char *key; /* with the salt */
    uint32_t spi;
    const char *number; /* of 8 octets if extended, else of 4 */
    const char *iv;
    const char *plain;
    const char *ciphertext;
    const char *icv;
};

static const struct gcm_case gcm_cases[] = {
    {ESP_AES_128_GCM, "4c80cdefbb5d10da906ac73c3613a634 2e443b68", 0x00004321, "8765432100000000",
     "4956ed7e3b244cfe",
     "45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000000000045f736970045f75647003736970096"
     "379"
     "626572636974790264 6b000021000101020201",
     "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1"
     "884"
     "f5ff6247aeabb786b93bce61bc17d768fd9732",
     "459018148f6cbe722fd04796562dfdb4"},
    {ESP_AES_128_GCM, "feffe9928665731c6d6a8f9467308308 cafebabe", 0x0000a5f8, "0000000a", "facedbaddecaf888",
     "4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d00100000100000000000003736970096379626572636"
     "9747902"
     "646b00000100010001",
     "deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c3de81827c10e9a4f51330d0eec416642cfbb85a"
     "5b47e48"
     "a4ec3b9ba95d918bd1",
     "83b70d3aa8bc6ee4c309e9d85a41ad4a"},
    {ESP_AES_256_GCM, "abbccddef00112233445566778899aababbccddef00112233445566778899aab 11223344", 0x4a2cbfe3,
     "00000002", "0102030405060708",
     "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf0000020405b4010104020102020"
     "1",
     "ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763748a637985771d347f0545659f14e99def842d8"
     "e",
     "b335f4eecfdbf831824b4c4915956c96"},
    {ESP_AES_128_GCM, "00000000000000000000000000000000 00000000", 0, "00000001", "0000000000000000",
     "4500003c99c500008001cb7a40679318010101010800075c020044006162636465666768696a6b6c6d6e6f70717273747576776"
     "16263"
     "64656667686901020201",
     "4688daf2f973a392732909c331d56d60f694abaa414b5e7ff5fdcdfff5e9a284456476492719ffb64de7d9dca1e1d894bc3bd57"
     "873ed"
     "4d181d19d4d5c8c18af3",
     "f821d496eeb096e98ad2b69e4799c71d"},
    {ESP_AES_128_GCM, "3de09874b388e6491988d0c3607eae1f 57690e43", 0x42f67e3f, "1010101010101010",
     "4e280000a2fca1a3",
     "4500003c99c300008001cb7c40679318010101010800085c020043006162636465666768696a6b6c6d6e6f70717273747576776"
     "16263"
     "64656667686901020201",
     "fba2caa4853cf9f0f22cb10d86dd83b0fec75691cf1a04b00d1138ec9c35791765acbd8701ad79845bf9fe3fba487bc91755e66"
     "62b4c"
     "8d0d1f5e22739530320a",
     "e0d731cc978ecafaeae88f00e80d6e48"},
    {ESP_AES_128_GCM, "3de09874b388e6491988d0c3607eae1f 57690e43", 0x42f67e3f, "1010101010101010",
     "4e280000a2fca1a3", "4500001c42a200008001441f406793b6e00000020a00f5ff01020201",
     "fba2ca845e5df9f0f22c3e6e86dd831e1fc65792cd1af9130e1379ed", "369f071f35e034be95f112e4e7d05d35"},
    {ESP_AES_128_GCM, "abbccddef00112233445566778899aab decaf888", 0x00000100, "0000000000000001",
     "cafedebaceface74",
     "4500004933ba00007f119106c3fb1d10c2b1d326c02831ce0035dd7b800302d500004e20001e8c18d75b81dc91baa0476b91b92"
     "4b280"
     "389d92c963bac046ec959b6266c04722b14923010101",
     "18a6fd42f72cbf4ab2a2ea901f73d814e3e7f243d95412e1c349c1d2fbec168f9190feebaf2cb01984e65863965d7472b79da34"
     "5e0e7"
     "80191f0d2f0e0f496c226f2127b27db35724e7845d68",
     "651f57e65f354f75ff17015769623436"},
    {ESP_AES_256_GCM, "abbccddef00112233445566778899aababbccddef00112233445566778899aab 73616c74", 0x17405e67,
     "156f3126dd0db99b", "616e640169766563",
     "45080028732c00004006e9f90a0106120a01038f06b88023dd6bafbecb71260250101f646d540001",
     "f2d69ecdbd5a0d5b8d5ef38bad4da58d1f278fde98ef67549d524a3018d9a57ff4d3a31ce673119e",
     "451626c2415771e3b7eebca614c89b35"},
    {ESP_AES_128_GCM, "7d773d00c144c525ac619d18c84a3f47 d9664267", 0x335467ae, "ffffffff", "43457e9182443bc6",
     "01020201", "437f866b", "cb3f699fe9b0822bac961c4504bef270"},
    {ESP_AES_128_GCM, "abbccddef00112233445566778899aab decaf888", 0x00000100, "0000000000000001",
     "cafedebaceface74", "746f016265016f72016e6f7401746f0162650001",
     "29c9fc69a197d038ccdd14e2ddfcaa0543332164", "412503524303ed3c6c5f283843af8c3e"},
    {ESP_AES_256_GCM, "6c6567616c697a656d6172696a75616e61616e64646f69746265666f72656961 7475726e", 0x796b6963,
     "ffffffffffffffff", "333021696765746d",
     "45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f70717273740102020"
     "1",
     "f97ab2aa356d8edce17644ac8c78e25dd24dedbb29ebf1b64a274b39b49c3a864cd3d78ca4ae68a32b42458fb57dbe821dcc63b"
     "9",
     "d0937ba2945f669368661a329fb4c053"},
};

/* Header, IV and text of a case in one packet; the number's upper half if it has one. */
static size_t lay_out(uint32_t spi, struct span number, struct span iv, struct span text, uint8_t *packet,
                      uint32_t *high)
{
    struct reader r = reader_of(number);
    *high = number.len == 8 ? reader_u32(&r) : 0;
    struct writer w = writer_of(packet, PACKET_MAX);
    esp_write_header(&w, spi, reader_u32(&r));
    writer_span(&w, iv);
    writer_span(&w, text);
    writer_zeros(&w, ESP_ICV_LEN);
    struct span out;
    ck_assert(writer_done(&w, &out));
    return out.len;
}

START_TEST(test_gcm_known_answers)
{
    for (size_t i = 0; i < sizeof gcm_cases / sizeof gcm_cases[0]; i++) {
        const struct gcm_case *c = &gcm_cases[i];
        uint8_t bufs[6][PACKET_MAX], packet[PACKET_MAX], opened[PACKET_MAX];
        struct span key = hex_octets(c->key, bufs[0], PACKET_MAX);
        struct span number = hex_octets(c->number, bufs[1], PACKET_MAX);
        struct span iv = hex_octets(c->iv, bufs[2], PACKET_MAX);
        struct span plain = hex_octets(c->plain, bufs[3], PACKET_MAX);
        struct span ciphertext = hex_octets(c->ciphertext, bufs[4], PACKET_MAX);
        struct span icv = hex_octets(c->icv, bufs[5], PACKET_MAX);
        uint32_t high;
        size_t len = lay_out(c->spi, number, iv, plain, packet, &high);
        const uint32_t *extended = number.len == 8 ? &high : NULL;

        struct esp_crypto *out = esp_crypto_create(c->algorithm, key, (struct span){0}, true);
        struct esp_crypto *in = esp_crypto_create(c->algorithm, key, (struct span){0}, false);
        ck_assert(out && in);
        ck_assert_int_eq(esp_crypto_seal(out, extended, packet, plain.len), ESP_OK);
        ck_assert(span_equal(span_of(packet + 16, ciphertext.len), ciphertext));
        ck_assert(span_equal(span_of(packet + len - ESP_ICV_LEN, ESP_ICV_LEN), icv));
        ck_assert_int_eq(esp_crypto_open(in, extended, span_of(packet, len), opened), ESP_OK);
        ck_assert(span_equal(span_of(opened, plain.len), plain));
        esp_crypto_free(out);
        esp_crypto_free(in);
    }
}
END_TEST

static const struct {
    const char *key;
    uint32_t spi;
    const char *number;
    const char *iv;
    const char *plain; /* with its trailer */
    const char *ciphertext;
} cbc_cases[] = {
    {"90d382b410eeba7ad938c46cec1a82bf", 0x4321, "00000001", "e96e8c08ab465763fd098d45dd3ff893",
     "08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
     "28292a2b2c2d2e2f3031323334353637 0102030405060708090a0b0c0d0e 0e01",
     "f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856a4699e523a55db080b59ec3a8e4b7e52"
     "775b07d1db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6"},
    {"90d382b410eeba7ad938c46cec1a82bf", 0x4321, "00000008", "69d08df7d203329db093fc4924e5bd80",
     "0800b5e8a80a0500a69c083d0b660e00777777777777777777777777 0102 0201",
     "f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75"},
    {"0123456789abcdef0123456789abcdef", 0x8765, "00000002", "f4e765244f6407adf13dc1380f673f37",
     "45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f10111213"
     "1415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637 0102030405060708090a 0a04",
     "773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8e4ecaec78ac53aad7a0f022b859243c6"
     "47752e94a859352b8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d"},
    {"0123456789abcdef0123456789abcdef", 0x8765, "00000005", "85d47224b5f3dd5d2101d4ea8dffab22",
     "45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083da3de0300ffffffffffffffffffffffff"
     "ffffffffffffffffffffffffffffffffffffffff 0102030405060708090a0a04",
     "15b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb50f980a08c9843fd3a1b06d5c07ff9639"
     "b7eb7dfb3512e5de435e7207ed971ef3d2726d9b5ef6affc6d17a0decbb13892"},
};

static struct span auth_key(void)
{
    static const uint8_t key[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 250, 251, 252, 253, 254, 255};
    return span_of(key, sizeof key);
}

/* The ICV by libcrypto's own HMAC, over the octets that RFC 4303 section 3.3.2.1 names. */
static void require_hmac(const uint8_t *packet, size_t covered, const uint32_t *high)
{
    uint8_t octets[PACKET_MAX], mac[EVP_MAX_MD_SIZE];
    struct writer w = writer_of(octets, sizeof octets);
    writer_span(&w, span_of(packet, covered));
    if (high)
        writer_u32(&w, *high);
    struct span all;
    ck_assert(writer_done(&w, &all));
    ck_assert_ptr_nonnull(
        HMAC(EVP_sha256(), auth_key().data, (int)auth_key().len, all.data, all.len, mac, NULL));
    ck_assert_mem_eq(packet + covered, mac, ESP_ICV_LEN);
}

START_TEST(test_cbc_known_answers)
{
    for (size_t i = 0; i < sizeof cbc_cases / sizeof cbc_cases[0]; i++) {
        uint8_t bufs[5][PACKET_MAX], packet[PACKET_MAX], opened[PACKET_MAX];
        struct span key = hex_octets(cbc_cases[i].key, bufs[0], PACKET_MAX);
        struct span number = hex_octets(cbc_cases[i].number, bufs[1], PACKET_MAX);
        struct span iv = hex_octets(cbc_cases[i].iv, bufs[2], PACKET_MAX);
        struct span plain = hex_octets(cbc_cases[i].plain, bufs[3], PACKET_MAX);
        struct span ciphertext = hex_octets(cbc_cases[i].ciphertext, bufs[4], PACKET_MAX);
        uint32_t high, extended = 0x01020304;
        struct esp_crypto *out = esp_crypto_create(ESP_AES_128_CBC_SHA_256, key, auth_key(), true);
        struct esp_crypto *in = esp_crypto_create(ESP_AES_128_CBC_SHA_256, key, auth_key(), false);
        ck_assert(out && in);
        for (int with_high = 0; with_high < 2; with_high++) {
            size_t len = lay_out(cbc_cases[i].spi, number, iv, plain, packet, &high);
            const uint32_t *upper = with_high ? &extended : NULL;
            ck_assert_int_eq(esp_crypto_seal(out, upper, packet, plain.len), ESP_OK);
            ck_assert(span_equal(span_of(packet + 24, plain.len), ciphertext));
            require_hmac(packet, len - ESP_ICV_LEN, upper);
            ck_assert_int_eq(esp_crypto_open(in, upper, span_of(packet, len), opened), ESP_OK);
            ck_assert(span_equal(span_of(opened, plain.len), plain));
        }
        esp_crypto_free(out);
        esp_crypto_free(in);
    }
}
END_TEST

static struct esp_crypto *crypto_of(enum esp_algorithm algorithm, bool encrypts)
{
    static const uint8_t key[64] = {0xa5, 0x5a, 3, 1, 4, 1, 5, 9, 2, 6};
    const struct esp_algorithm_facts *facts = esp_algorithm_facts(algorithm);
    struct esp_crypto *crypto =
        esp_crypto_create(algorithm, span_of(key, (size_t)facts->key_len + facts->salt_len),
                          span_of(auth_key().data, facts->auth_key_len), encrypts);
    ck_assert_ptr_nonnull(crypto);
    return crypto;
}

/* Every octet of a packet is authenticated, and so is the half of the number that is not sent. */
START_TEST(test_any_change_is_noticed)
{
    enum { TEXT_LEN = 48 };
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        struct esp_crypto *out = crypto_of((enum esp_algorithm)a, true);
        struct esp_crypto *in = crypto_of((enum esp_algorithm)a, false);
        uint8_t packet[PACKET_MAX] = {0, 0, 1, 2, 0, 0, 0, 9}, plain[PACKET_MAX];
        uint32_t high = 5, other_high = 6;
        size_t len = (size_t)ESP_HEADER_LEN + esp_algorithm_facts((enum esp_algorithm)a)->iv_len + TEXT_LEN +
                     ESP_ICV_LEN;
        ck_assert_int_eq(esp_crypto_make_iv(out, 9, packet + ESP_HEADER_LEN), ESP_OK);
        ck_assert_int_eq(esp_crypto_seal(out, &high, packet, TEXT_LEN), ESP_OK);
        for (size_t i = 0; i < len; i++) {
            packet[i] ^= 0x10;
            ck_assert_int_eq(esp_crypto_open(in, &high, span_of(packet, len), plain), ESP_BAD_ICV);
            packet[i] ^= 0x10;
        }
        ck_assert_int_eq(esp_crypto_open(in, &other_high, span_of(packet, len), plain), ESP_BAD_ICV);
        ck_assert_int_eq(esp_crypto_open(in, NULL, span_of(packet, len), plain), ESP_BAD_ICV);
        ck_assert_int_eq(esp_crypto_open(in, &high, span_of(packet, len), plain), ESP_OK);
        for (size_t i = 0; i < TEXT_LEN; i++)
            ck_assert_uint_eq(plain[i], 0);
        esp_crypto_free(out);
        esp_crypto_free(in);
    }
}
END_TEST

START_TEST(test_nothing_decrypted_is_left_of_a_forgery)
{
    struct esp_crypto *out = crypto_of(ESP_AES_128_GCM, true), *in = crypto_of(ESP_AES_128_GCM, false);
    uint8_t packet[ESP_HEADER_LEN + 8 + 32 + ESP_ICV_LEN] = {0}, plain[32];
    memset(packet + ESP_HEADER_LEN + 8, 0xee, 32);
    ck_assert_int_eq(esp_crypto_seal(out, NULL, packet, 32), ESP_OK);
    packet[sizeof packet - 1] ^= 1;
    memset(plain, 0x77, sizeof plain);
    ck_assert_int_eq(esp_crypto_open(in, NULL, span_of(packet, sizeof packet), plain), ESP_BAD_ICV);
    for (size_t i = 0; i < sizeof plain; i++)
        ck_assert_uint_eq(plain[i], 0);
    esp_crypto_free(out);
    esp_crypto_free(in);
}
END_TEST

START_TEST(test_ivs_never_repeat_and_cbc_ones_hide_the_number)
{
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        struct esp_crypto *crypto = crypto_of((enum esp_algorithm)a, true);
        size_t len = esp_algorithm_facts((enum esp_algorithm)a)->iv_len;
        uint8_t ivs[200][ESP_IV_MAX] = {0}, again[ESP_IV_MAX] = {0};
        for (size_t i = 0; i < 200; i++) {
            ck_assert_int_eq(esp_crypto_make_iv(crypto, i + 1, ivs[i]), ESP_OK);
            for (size_t k = 0; k < i; k++)
                ck_assert_mem_ne(ivs[i], ivs[k], len);
        }
        ck_assert_int_eq(esp_crypto_make_iv(crypto, 7, again), ESP_OK);
        ck_assert_mem_eq(again, ivs[6], len);
        if (len == 8)
            ck_assert_mem_eq(again, "\0\0\0\0\0\0\0\7", 8);
        else
            ck_assert_mem_ne(again, "\0\0\0\0\0\0\0\0", 8);
        esp_crypto_free(crypto);
    }
}
END_TEST

START_TEST(test_key_lengths)
{
    static const uint8_t octets[64];
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        const struct esp_algorithm_facts *facts = esp_algorithm_facts((enum esp_algorithm)a);
        size_t right = (size_t)facts->key_len + facts->salt_len;
        for (size_t len = 0; len <= 40; len++) {
            struct esp_crypto *crypto = esp_crypto_create((enum esp_algorithm)a, span_of(octets, len),
                                                          span_of(octets, facts->auth_key_len), true);
            ck_assert_int_eq(crypto != NULL, len == right);
            esp_crypto_free(crypto);
        }
        struct esp_crypto *crypto =
            esp_crypto_create((enum esp_algorithm)a, span_of(octets, right), span_of(octets, 20), true);
        ck_assert_ptr_null(crypto);
    }
}
END_TEST

START_TEST(test_names)
{
    for (unsigned a = 0; a < ESP_ALGORITHM_COUNT; a++) {
        enum esp_algorithm found;
        ck_assert(esp_algorithm_by_name(esp_algorithm_facts((enum esp_algorithm)a)->name, &found));
        ck_assert_uint_eq(found, a);
    }
    enum esp_algorithm untouched = ESP_AES_256_GCM;
    ck_assert(!esp_algorithm_by_name("rot13", &untouched));
    ck_assert_int_eq(untouched, ESP_AES_256_GCM);
    for (unsigned r = 0; r < ESP_RESULT_COUNT; r++)
        ck_assert_uint_gt(strlen(esp_result_words((enum esp_result)r)), 1);
}
END_TEST

static size_t allocations;

static void *counting_malloc(size_t len, const char *file, int line)
{
    (void)file, (void)line;
    allocations++;
    return malloc(len);
}

static void *counting_realloc(void *old, size_t len, const char *file, int line)
{
    (void)file, (void)line;
    allocations++;
    return realloc(old, len);
}

static void plain_free(void *old, const char *file, int line)
{
    (void)file, (void)line;
    free(old);
}

START_TEST(test_a_gcm_packet_costs_no_allocation)
{
    struct esp_crypto *out = crypto_of(ESP_AES_128_GCM, true), *in = crypto_of(ESP_AES_128_GCM, false);
    uint8_t packet[ESP_HEADER_LEN + 8 + 64 + ESP_ICV_LEN] = {0}, plain[64];
    ck_assert_uint_gt(allocations, 0);
    size_t before = allocations;
    for (uint64_t number = 1; number < 10; number++) {
        ck_assert_int_eq(esp_crypto_make_iv(out, number, packet + ESP_HEADER_LEN), ESP_OK);
        ck_assert_int_eq(esp_crypto_seal(out, NULL, packet, sizeof plain), ESP_OK);
        ck_assert_int_eq(esp_crypto_open(in, NULL, span_of(packet, sizeof packet), plain), ESP_OK);
    }
    ck_assert_uint_eq(allocations, before);
    esp_crypto_free(out);
    esp_crypto_free(in);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_gcm_known_answers,
        test_cbc_known_answers,
        test_any_change_is_noticed,
        test_nothing_decrypted_is_left_of_a_forgery,
        test_ivs_never_repeat_and_cbc_ones_hide_the_number,
        test_key_lengths,
        test_names,
        test_a_gcm_packet_costs_no_allocation,
        NULL,
    };
    if (CRYPTO_set_mem_functions(counting_malloc, counting_realloc, plain_free) != 1)
        return EXIT_FAILURE;
    return suite_run_tests("esp_crypto", tests);
}
