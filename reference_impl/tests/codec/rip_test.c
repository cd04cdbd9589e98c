/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "codec/rip.h"
#include "tests/hex.h"
#include "tests/suite.h"

#define ENTRY "0002 0007 0a010000 ffff0000 0a00000b 00000002" /* 10.1.0.0/16 by 10.0.0.11, tag 7, metric 2 \
                                                               */
#define BUF_MAX 1024

static uint8_t buf[BUF_MAX];

START_TEST(test_response)
{
    struct rip_message message;
    struct rip_entry entry;
    struct prefix prefix;
    struct span bytes = hex_octets("02 02 0000 " ENTRY ENTRY, buf, BUF_MAX);
    ck_assert_int_eq(rip_decode(bytes, &message).status, CODEC_OK);
    ck_assert_uint_eq(message.command, RIP_RESPONSE);
    ck_assert_uint_eq(message.version, 2);
    ck_assert(!message.has_auth);
    ck_assert_uint_eq(message.entries.len, 40);
    struct span list = message.entries;
    for (int i = 0; i < 2; i++) {
        ck_assert(rip_entry_next(&list, &entry));
        ck_assert_uint_eq(entry.family, RIP_FAMILY_IPV4);
        ck_assert_uint_eq(entry.tag, 7);
        ck_assert(addr_equal(entry.next_hop, addr_ipv4(10, 0, 0, 11)));
        ck_assert_uint_eq(entry.metric, 2);
        ck_assert(rip_entry_prefix(&entry, &prefix));
        ck_assert(prefix_equal(prefix, prefix_of(addr_ipv4(10, 1, 0, 0), 16)));
    }
    ck_assert(!rip_entry_next(&list, &entry));
}
END_TEST

START_TEST(test_what_is_written_reads_back)
{
    struct writer w = writer_of(buf, BUF_MAX);
    struct span out, expected;
    uint8_t known[64];
    struct rip_entry entry =
        rip_entry_of(prefix_of(addr_ipv4(10, 1, 0, 0), 16), addr_ipv4(10, 0, 0, 11), 2, 7);
    rip_write_header(&w, RIP_RESPONSE);
    rip_write_entry(&w, &entry);
    ck_assert(writer_done(&w, &out));
    expected = hex_octets("02 02 0000 " ENTRY, known, sizeof known);
    ck_assert(span_equal(out, expected));

    for (unsigned len = 0; len <= 32; len++) {
        struct prefix prefix = prefix_of(addr_ipv4(203, 0, 113, 255), len), again;
        entry = rip_entry_of(prefix, (struct addr){0}, 1, 0);
        ck_assert(rip_entry_prefix(&entry, &again));
        ck_assert(prefix_equal(prefix, again));
        ck_assert(addr_equal(entry.next_hop, addr_ipv4(0, 0, 0, 0)));
    }
}
END_TEST

START_TEST(test_request_for_everything)
{
    struct rip_message message;
    struct writer w = writer_of(buf, BUF_MAX);
    struct span out, expected;
    uint8_t known[64];
    rip_write_header(&w, RIP_REQUEST);
    rip_write_everything(&w);
    ck_assert(writer_done(&w, &out));
    expected = hex_octets("01 02 0000 0000 0000 00000000 00000000 00000000 00000010", known, sizeof known);
    ck_assert(span_equal(out, expected));
    ck_assert_int_eq(rip_decode(out, &message).status, CODEC_OK);
    ck_assert(rip_asks_for_everything(&message));

    static const char *const others[] = {
        "01 02 0000",
        "01 02 0000 " ENTRY,
        "01 02 0000 0000 0000 00000000 00000000 00000000 00000001",
        "01 02 0000 0000 0000 00000000 00000000 00000000 00000010" ENTRY,
        "02 02 0000 0000 0000 00000000 00000000 00000000 00000010",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ck_assert_int_eq(rip_decode(hex_octets(others[i], buf, BUF_MAX), &message).status, CODEC_OK);
        ck_assert_msg(!rip_asks_for_everything(&message), "message %zu", i);
    }
}
END_TEST

START_TEST(test_password)
{
    static const char *const passwords[] = {"", "secret", "sixteen octets!!", "longer than sixteen octets"};
    for (size_t i = 0; i < 4; i++) {
        struct rip_message message;
        struct writer w = writer_of(buf, BUF_MAX);
        struct span out;
        size_t len = strlen(passwords[i]), kept = len > 16 ? 16 : len;
        rip_write_header(&w, RIP_RESPONSE);
        rip_write_password(&w, span_of(passwords[i], len));
        struct rip_entry entry = rip_entry_of(prefix_of(addr_ipv4(10, 1, 0, 0), 16), (struct addr){0}, 1, 0);
        rip_write_entry(&w, &entry);
        ck_assert(writer_done(&w, &out));
        ck_assert_uint_eq(out.len, 44);
        ck_assert_int_eq(rip_decode(out, &message).status, CODEC_OK);
        ck_assert(message.has_auth);
        ck_assert_uint_eq(message.auth_type, RIP_AUTH_PASSWORD);
        ck_assert_uint_eq(message.auth_data.len, 16);
        ck_assert_mem_eq(message.auth_data.data, passwords[i], kept);
        for (size_t k = kept; k < 16; k++)
            ck_assert_uint_eq(message.auth_data.data[k], 0);
        ck_assert_uint_eq(message.entries.len, 20);
    }
}
END_TEST

START_TEST(test_cryptographic_authentication)
{
    /* RFC 4822: packet length 44, key 1, 20 octets of authentication data, sequence 9; then the digest. */
    struct rip_message message;
    struct span bytes = hex_octets("02 02 0000 ffff 0003 002c 01 14 00000009 0000000000000000 " ENTRY
                                   "ffff 0001 000102030405060708090a0b0c0d0e0f",
                                   buf, BUF_MAX);
    ck_assert_int_eq(rip_decode(bytes, &message).status, CODEC_OK);
    ck_assert_uint_eq(message.auth_type, RIP_AUTH_CRYPTOGRAPHIC);
    ck_assert_uint_eq(message.entries.len, 20);
    ck_assert_uint_eq(message.trailer.len, 20);
    for (unsigned len = 0; len < 256; len++) {
        buf[9] = (uint8_t)len;
        struct codec_error error = rip_decode(bytes, &message);
        bool fits = len >= 24 && len <= bytes.len;
        if (!fits) {
            ck_assert_int_eq(error.status, CODEC_BAD_LENGTH);
            ck_assert_uint_eq(error.offset, 8);
        } else {
            ck_assert_int_eq(error.status, (len - 24) % 20 == 0 ? CODEC_OK : CODEC_BAD_SIZE);
        }
    }
}
END_TEST

START_TEST(test_faults)
{
    static const struct {
        const char *octets;
        enum codec_status status;
        size_t offset;
    } cases[] = {
        {"", CODEC_TRUNCATED, 0},
        {"02", CODEC_TRUNCATED, 1},
        {"02 02 00", CODEC_TRUNCATED, 2},
        {"00 02 0000", CODEC_BAD_TYPE, 0},
        {"03 02 0000", CODEC_BAD_TYPE, 0},
        {"02 00 0000", CODEC_BAD_VERSION, 1},
        {"02 02 0000 00", CODEC_BAD_SIZE, 4},
        {"02 02 0000 " ENTRY "0002", CODEC_BAD_SIZE, 24},
        {"02 02 0000 ffff 0002", CODEC_BAD_SIZE, 4},
        {"02 02 0000", CODEC_OK, 0},
        {"02 01 0000 " ENTRY, CODEC_OK, 0},
        {"02 03 beef " ENTRY, CODEC_OK,
         0}, /* a later version: what it leaves zero here is ignored (section 3.9) */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rip_message message;
        struct codec_error error = rip_decode(hex_octets(cases[i].octets, buf, BUF_MAX), &message);
        ck_assert_msg(error.status == cases[i].status, "case %zu", i);
        ck_assert_uint_eq(error.offset, cases[i].offset);
    }
}
END_TEST

START_TEST(test_at_most_25_entries)
{
    struct rip_message message;
    uint8_t octets[RIP_MESSAGE_MAX + RIP_ENTRY_LEN] = {RIP_RESPONSE, 2};
    ck_assert_int_eq(rip_decode(span_of(octets, RIP_MESSAGE_MAX), &message).status, CODEC_OK);
    ck_assert_uint_eq(message.entries.len, RIP_ENTRIES_MAX * RIP_ENTRY_LEN);
    struct codec_error error = rip_decode(span_of(octets, sizeof octets), &message);
    ck_assert_int_eq(error.status, CODEC_BAD_SIZE);
    ck_assert_uint_eq(error.offset, RIP_MESSAGE_MAX);
    octets[4] = octets[5] = 0xff; /* authentication is one of the 25 */
    ck_assert_int_eq(rip_decode(span_of(octets, RIP_MESSAGE_MAX), &message).status, CODEC_OK);
    ck_assert_uint_eq(message.entries.len, (RIP_ENTRIES_MAX - 1) * RIP_ENTRY_LEN);
    ck_assert_int_eq(rip_decode(span_of(octets, sizeof octets), &message).status, CODEC_BAD_SIZE);
}
END_TEST

START_TEST(test_destinations_that_are_no_prefix)
{
    static const uint32_t masks[] = {0xff00ff00, 0x00ffffff, 0x7fffffff, 0xfffffffd, 0xfffe0000, 0};
    struct prefix prefix;
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        struct rip_entry entry = {
            .family = RIP_FAMILY_IPV4, .address = addr_ipv4(10, 1, 2, 0), .mask = masks[i], .metric = 1};
        ck_assert_msg(!rip_entry_prefix(&entry, &prefix), "mask %zu", i);
    }
}
END_TEST

START_TEST(test_only_ipv4_is_written)
{
    struct rip_entry entry = rip_entry_of(prefix_of(addr_ipv4(10, 0, 0, 0), 8), (struct addr){0}, 1, 0);
    struct span out;
    ck_assert(addr_parse("2001:db8::", &entry.address));
    struct writer w = writer_of(buf, BUF_MAX);
    rip_write_entry(&w, &entry);
    ck_assert(!writer_done(&w, &out));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_response,
        test_what_is_written_reads_back,
        test_request_for_everything,
        test_password,
        test_cryptographic_authentication,
        test_faults,
        test_at_most_25_entries,
        test_destinations_that_are_no_prefix,
        test_only_ipv4_is_written,
        NULL,
    };
    return suite_run_tests("rip", tests);
}
