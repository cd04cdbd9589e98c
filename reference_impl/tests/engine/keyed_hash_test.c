/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/keyed_hash.h"
#include "tests/hex.h"
#include "tests/suite.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "codec/nhrp_cie.h"
#include "codec/nhrp_ext.h"

#define MESSAGE_MAX 256
#define SPI         0x0102
#define AT_HOPS     9
#define AT_CHECKSUM 12

static const struct instant noon = {.us = 12 * 3600 * US_PER_S};
static uint8_t message[MESSAGE_MAX];

static struct addr spoke(void)
{
    return addr_ipv4(10, 0, 0, 11);
}

static struct keyed_hash_config config_with(uint16_t spi, const char *key)
{
    return (struct keyed_hash_config){
        .spi = spi, .source = spoke(), .key = span_of(key, strlen(key)), .until = INSTANT_NEVER};
}

static struct keyed_hash_table *table_with(struct keyed_hash_config config)
{
    const char *why = "";
    struct keyed_hash_table *table = keyed_hash_table_create(&config, 1, &why);
    ck_assert_msg(table != NULL, "%s", why);
    return table;
}

/* A registration request with an Authentication extension of this value, or none, between two others. */
static struct span request_with(struct span value)
{
    uint8_t cies[32], extensions[128];
    struct writer w = writer_of(cies, sizeof cies);
    struct addr nbma = addr_ipv4(192, 0, 2, 11), source = spoke(), destination = addr_ipv4(10, 0, 0, 1);
    struct nhrp_message request = {
        .fixed = {.afn = NHRP_AFN_IPV4,
                  .protocol_type = NHRP_PROTOCOL_IPV4,
                  .hop_count = 255,
                  .version = NHRP_VERSION,
                  .type = NHRP_REGISTRATION_REQUEST},
        .registration = {.unique = true},
        .request_id = 7,
        .source_nbma = addr_span(&nbma),
        .source_protocol = addr_span(&source),
        .destination_protocol = addr_span(&destination),
    };
    nhrp_cie_write(&w, &(struct nhrp_cie){.prefix_len = 32, .mtu = 1400, .hold_s = 600});
    ck_assert(writer_done(&w, &request.cies));
    w = writer_of(extensions, sizeof extensions);
    nhrp_ext_write(&w, &(struct nhrp_ext){.compulsory = true, .type = NHRP_EXT_RESPONDER_ADDRESS});
    if (value.len > 0)
        nhrp_ext_write(
            &w, &(struct nhrp_ext){.compulsory = true, .type = NHRP_EXT_AUTHENTICATION, .value = value});
    nhrp_ext_write(&w, &(struct nhrp_ext){.type = NHRP_EXT_NAT_ADDRESS});
    nhrp_ext_write_end(&w);
    ck_assert(writer_done(&w, &request.extensions));
    struct span out;
    ck_assert(nhrp_encode(&request, message, sizeof message, &out));
    return out;
}

static struct span request_from(uint16_t spi, struct addr source)
{
    uint8_t buf[64];
    struct writer w = writer_of(buf, sizeof buf);
    struct span value;
    keyed_hash_write_value(&w, spi, source);
    ck_assert(writer_done(&w, &value));
    return request_with(value);
}

static enum keyed_hash_result verify(struct keyed_hash_table *table, struct instant now, struct span bytes,
                                     size_t *offset)
{
    struct nhrp_message decoded;
    ck_assert_int_eq(nhrp_decode(bytes, NHRP_DECODE_IGNORE_CHECKSUM, &decoded).status, CODEC_OK);
    return keyed_hash_verify(table, now, bytes, &decoded, offset);
}

START_TEST(test_signed_is_verified)
{
    struct keyed_hash_table *table = table_with(config_with(SPI, "a key"));
    struct span bytes = request_from(SPI, spoke());
    struct nhrp_message decoded;
    size_t offset;
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, bytes.len), KEYED_HASH_OK);
    ck_assert_int_eq(nhrp_decode(bytes, NHRP_DECODE_STRICT, &decoded).status,
                     CODEC_OK); /* checksum and all */
    ck_assert_int_eq(keyed_hash_verify(table, noon, bytes, &decoded, &offset), KEYED_HASH_OK);
    keyed_hash_table_free(table);
}
END_TEST

/* libcrypto's one-shot HMAC over what the clause names: checksum and authentication data zeroed. */
START_TEST(test_the_hash_is_over_the_whole_message)
{
    struct keyed_hash_table *table = table_with(config_with(SPI, "a key"));
    struct span bytes = request_from(SPI, spoke());
    struct nhrp_message decoded;
    struct nhrp_ext ext;
    uint8_t zeroed[MESSAGE_MAX], hash[EVP_MAX_MD_SIZE];
    memcpy(zeroed, message, bytes.len); /* the hash is zero still */
    memset(zeroed + AT_CHECKSUM, 0, 2);
    ck_assert_ptr_nonnull(HMAC(EVP_md5(), "a key", 5, zeroed, bytes.len, hash, NULL));
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, bytes.len), KEYED_HASH_OK);
    ck_assert_int_eq(nhrp_decode(bytes, NHRP_DECODE_STRICT, &decoded).status, CODEC_OK);
    ck_assert(nhrp_ext_find(decoded.extensions, NHRP_EXT_AUTHENTICATION, &ext));
    ck_assert_uint_eq(ext.value.len, 2 + 2 + 4 + KEYED_HASH_LEN);
    ck_assert_mem_eq(ext.value.data, "\0\0\1\2\12\0\0\13", 8);
    ck_assert_mem_eq(ext.value.data + 8, hash, KEYED_HASH_LEN);
    keyed_hash_table_free(table);
}
END_TEST

/* The same request, made whole with Python's struct and hmac modules. */
START_TEST(test_known_answer)
{
    uint8_t buf[MESSAGE_MAX];
    struct span known =
        hex_octets("000108000000000000ff005c131f003401030400 0404800000000007 c000020b 0a00000b 0a000001"
                   "002000000578025800000000 80030000"
                   "80070018000001020a00000bf07a3a568c18f4e2038127367f4b9b31 00090000 80000000",
                   buf, sizeof buf);
    struct keyed_hash_table *table = table_with(config_with(SPI, "a key"));
    struct span bytes = request_from(SPI, spoke());
    size_t offset;
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, bytes.len), KEYED_HASH_OK);
    ck_assert(span_equal(bytes, known));
    ck_assert_int_eq(verify(table, noon, known, &offset), KEYED_HASH_OK);
    keyed_hash_table_free(table);
}
END_TEST

START_TEST(test_any_change_is_noticed)
{
    struct keyed_hash_table *table = table_with(config_with(SPI, "a key"));
    struct span bytes = request_from(SPI, spoke());
    struct nhrp_message decoded;
    size_t offset, noticed = 0;
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, bytes.len), KEYED_HASH_OK);
    for (size_t i = 0; i < bytes.len; i++) {
        message[i] ^= 1;
        if (nhrp_decode(bytes, NHRP_DECODE_IGNORE_CHECKSUM, &decoded).status == CODEC_OK) {
            enum keyed_hash_result result = keyed_hash_verify(table, noon, bytes, &decoded, &offset);
            bool is_checksum = i == AT_CHECKSUM || i == AT_CHECKSUM + 1; /* nhrp_decode()'s business */
            ck_assert_int_eq(result == KEYED_HASH_OK, is_checksum);
            noticed += result == KEYED_HASH_WRONG;
        }
        message[i] ^= 1;
    }
    ck_assert_uint_gt(noticed, 40);
    message[AT_HOPS]--; /* a forwarder makes the extension anew (section 5.3.4) */
    ck_assert_int_eq(verify(table, noon, bytes, &offset), KEYED_HASH_WRONG);
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, bytes.len), KEYED_HASH_OK);
    ck_assert_int_eq(verify(table, noon, bytes, &offset), KEYED_HASH_OK);
    keyed_hash_table_free(table);
}
END_TEST

START_TEST(test_faults_and_their_offsets)
{
    struct keyed_hash_table *table = table_with(config_with(SPI, "a key")),
                            *other = table_with(config_with(SPI, "A key"));
    size_t offset = 0;
    struct span bytes = request_with((struct span){0});
    size_t extensions_at = (size_t)(message[14] << 8 | message[15]);
    ck_assert_int_eq(verify(table, noon, bytes, &offset), KEYED_HASH_MISSING);
    ck_assert_uint_eq(offset, extensions_at);

    bytes = request_with(span_of("\0\0\0\1secret", 10)); /* cleartext, as Cisco sends it */
    ck_assert_int_eq(verify(table, noon, bytes, &offset), KEYED_HASH_MALFORMED);
    ck_assert_uint_eq(offset, extensions_at + NHRP_EXT_HEADER_LEN); /* behind an empty Responder Address */
    bytes = request_with(span_of("\0\0\1\2\12\0\0\13short hash", 18));
    ck_assert_int_eq(verify(table, noon, bytes, &offset), KEYED_HASH_MALFORMED);
    bytes = request_with(span_of("\0\0\1\2\12", 5));
    ck_assert_int_eq(verify(table, noon, bytes, &offset), KEYED_HASH_MALFORMED);
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, bytes.len), KEYED_HASH_MALFORMED);
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, 10), KEYED_HASH_MALFORMED);

    bytes = request_from(SPI + 1, spoke());
    ck_assert_int_eq(verify(table, noon, bytes, &offset), KEYED_HASH_UNKNOWN_KEY);
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, bytes.len), KEYED_HASH_UNKNOWN_KEY);
    bytes = request_from(SPI, addr_ipv4(10, 0, 0, 12));
    ck_assert_int_eq(verify(table, noon, bytes, &offset), KEYED_HASH_UNKNOWN_KEY);

    bytes = request_from(SPI, spoke());
    ck_assert_int_eq(keyed_hash_sign(table, noon, message, bytes.len), KEYED_HASH_OK);
    ck_assert_int_eq(verify(other, noon, bytes, &offset), KEYED_HASH_WRONG);
    ck_assert_uint_eq(offset, extensions_at + NHRP_EXT_HEADER_LEN);
    keyed_hash_table_free(table);
    keyed_hash_table_free(other);
}
END_TEST

START_TEST(test_keys_change_without_a_gap)
{
    struct keyed_hash_config configs[] = {config_with(2, "old"), config_with(3, "new"),
                                          config_with(4, "newest")};
    struct instant start = {.us = 0}, later = instant_after_s(start, 100), end = instant_after_s(start, 200);
    configs[0].until = end;
    configs[1].from = later;
    configs[2].from = instant_after_s(start, 300);
    struct keyed_hash_table *table = keyed_hash_table_create(configs, 3, NULL);
    ck_assert_ptr_nonnull(table);
    uint16_t spi = 0;
    size_t offset;
    ck_assert(keyed_hash_select(table, start, spoke(), &spi));
    ck_assert_uint_eq(spi, 2);
    ck_assert(keyed_hash_select(table, later, spoke(), &spi));
    ck_assert_uint_eq(spi, 3);
    ck_assert(!keyed_hash_select(table, later, addr_ipv4(10, 0, 0, 12), &spi));

    struct span bytes = request_from(2, spoke()); /* the old key: both are taken while both are valid */
    struct instant last = {.us = end.us - 1}, before = {.us = later.us - 1};
    ck_assert_int_eq(keyed_hash_sign(table, later, message, bytes.len), KEYED_HASH_OK);
    ck_assert_int_eq(verify(table, last, bytes, &offset), KEYED_HASH_OK);
    ck_assert_int_eq(verify(table, end, bytes, &offset), KEYED_HASH_EXPIRED);
    ck_assert_int_eq(keyed_hash_sign(table, end, message, bytes.len), KEYED_HASH_EXPIRED);
    bytes = request_from(3, spoke());
    ck_assert_int_eq(keyed_hash_sign(table, later, message, bytes.len), KEYED_HASH_OK);
    ck_assert_int_eq(verify(table, last, bytes, &offset), KEYED_HASH_OK);
    ck_assert_int_eq(verify(table, before, bytes, &offset), KEYED_HASH_EXPIRED);
    keyed_hash_table_free(table);
}
END_TEST

START_TEST(test_a_key_of_its_own_goes_before_everybodys)
{
    struct keyed_hash_config configs[] = {config_with(SPI, "everybody's"), config_with(SPI, "its own")};
    struct addr other = addr_ipv4(10, 0, 0, 12);
    configs[0].source = (struct addr){0};
    for (int swapped = 0; swapped < 2; swapped++) {
        struct keyed_hash_table *both = keyed_hash_table_create(configs, 2, NULL);
        struct keyed_hash_table *own = table_with(configs[!swapped]), *shared = table_with(configs[swapped]);
        uint16_t spi = 0;
        size_t offset;
        ck_assert(keyed_hash_select(both, noon, other, &spi));
        ck_assert_uint_eq(spi, SPI);
        struct span bytes = request_from(SPI, spoke());
        ck_assert_int_eq(keyed_hash_sign(both, noon, message, bytes.len), KEYED_HASH_OK);
        ck_assert_int_eq(verify(own, noon, bytes, &offset), KEYED_HASH_OK);
        ck_assert_int_eq(verify(shared, noon, bytes, &offset), KEYED_HASH_WRONG);
        bytes = request_from(SPI, other);
        ck_assert_int_eq(keyed_hash_sign(both, noon, message, bytes.len), KEYED_HASH_OK);
        ck_assert_int_eq(verify(own, noon, bytes, &offset), KEYED_HASH_UNKNOWN_KEY);
        ck_assert_int_eq(verify(shared, noon, bytes, &offset), KEYED_HASH_OK);
        keyed_hash_table_free(both);
        keyed_hash_table_free(own);
        keyed_hash_table_free(shared);
        struct keyed_hash_config first = configs[0];
        configs[0] = configs[1];
        configs[1] = first;
    }
}
END_TEST

START_TEST(test_no_key_is_valid)
{
    struct keyed_hash_config config = config_with(2, "old");
    uint16_t spi = 99;
    config.until = noon;
    struct keyed_hash_table *table = table_with(config);
    ck_assert(!keyed_hash_select(table, noon, spoke(), &spi));
    ck_assert_uint_eq(spi, 99);
    keyed_hash_table_free(table);
}
END_TEST

START_TEST(test_configurations_that_contradict_themselves)
{
    const char *why = NULL;
    struct keyed_hash_config bad[] = {config_with(SPI, ""), config_with(1, "k")};
    for (size_t i = 0; i < 2; i++) {
        ck_assert_ptr_null(keyed_hash_table_create(&bad[i], 1, &why));
        ck_assert_ptr_nonnull(why);
        ck_assert_ptr_null(keyed_hash_table_create(&bad[i], 1, NULL));
    }
    struct keyed_hash_config twins[] = {config_with(2, "k"), config_with(3, "k"), config_with(2, "q")};
    ck_assert_ptr_null(keyed_hash_table_create(twins, 3, &why));
    twins[2].source = addr_ipv4(10, 0, 0, 12); /* the tuple differs now */
    struct keyed_hash_table *table = keyed_hash_table_create(twins, 3, &why);
    ck_assert_ptr_nonnull(table);
    keyed_hash_table_free(table);
}
END_TEST

START_TEST(test_words)
{
    for (int result = KEYED_HASH_OK; result <= KEYED_HASH_LIBRARY; result++)
        ck_assert_str_ne(keyed_hash_words((enum keyed_hash_result)result), "unknown result");
    ck_assert_str_eq(keyed_hash_words((enum keyed_hash_result)99), "unknown result");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_signed_is_verified,
        test_the_hash_is_over_the_whole_message,
        test_known_answer,
        test_any_change_is_noticed,
        test_faults_and_their_offsets,
        test_keys_change_without_a_gap,
        test_a_key_of_its_own_goes_before_everybodys,
        test_no_key_is_valid,
        test_configurations_that_contradict_themselves,
        test_words,
        NULL,
    };
    return suite_run_tests("keyed_hash", tests);
}
