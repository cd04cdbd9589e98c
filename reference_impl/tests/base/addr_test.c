/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/addr.h"
#include "tests/suite.h"

#include <string.h>

static struct addr parsed(const char *text)
{
    struct addr a;
    ck_assert_msg(addr_parse(text, &a), "%s is no address", text);
    return a;
}

static struct prefix parsed_prefix(const char *text)
{
    struct prefix p;
    ck_assert_msg(prefix_parse(text, &p), "%s is no prefix", text);
    return p;
}

START_TEST(test_text_round_trip)
{
    static const char *const texts[] = {
        "0.0.0.0", "192.0.2.11", "255.255.255.255", "::", "::1", "2001:db8::11", "fd00:255::ffff", "ff02::9"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char buf[ADDR_TEXT_MAX];
        ck_assert_str_eq(addr_format(parsed(texts[i]), buf), texts[i]);
    }
}
END_TEST

START_TEST(test_format_none)
{
    char buf[ADDR_TEXT_MAX];
    ck_assert_str_eq(addr_format((struct addr){0}, buf), "none");
}
END_TEST

START_TEST(test_parse_refuses)
{
    static const char *const texts[] = {"",         "none",     "192.0.2", "192.0.2.256", "192.0.2.1/24",
                                        "2001:db8", " 10.0.0.1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct addr a = addr_ipv4(9, 9, 9, 9);
        ck_assert_msg(!addr_parse(texts[i], &a), "'%s' was taken", texts[i]);
        ck_assert(addr_equal(a, addr_ipv4(9, 9, 9, 9)));
    }
}
END_TEST

START_TEST(test_span_round_trip)
{
    static const uint8_t bytes[20] = {192, 0, 2, 1, [15] = 7};
    struct addr v4 = addr_from_span(span_of(bytes, 4));
    ck_assert(addr_equal(v4, addr_ipv4(192, 0, 2, 1)));
    ck_assert(span_equal(addr_span(&v4), span_of(bytes, 4)));
    struct addr v6 = addr_from_span(span_of(bytes, 16));
    ck_assert_uint_eq(v6.family, ADDR_IPV6);
    ck_assert(span_equal(addr_span(&v6), span_of(bytes, 16)));
    for (size_t len = 0; len <= 20; len++)
        ck_assert_int_eq(addr_is_none(addr_from_span(span_of(bytes, len))), len != 4 && len != 16);
    ck_assert_uint_eq(addr_len((struct addr){0}), 0);
}
END_TEST

START_TEST(test_kinds)
{
    ck_assert(addr_is_unspecified(parsed("0.0.0.0")) && addr_is_unspecified(parsed("::")));
    ck_assert(addr_is_unspecified((struct addr){0}) && !addr_is_unspecified(parsed("0.0.0.1")));
    ck_assert(addr_is_multicast(parsed("224.0.0.9")) && addr_is_multicast(parsed("239.255.255.255")));
    ck_assert(addr_is_multicast(parsed("ff02::9")));
    ck_assert(!addr_is_multicast(parsed("223.255.255.255")) && !addr_is_multicast(parsed("240.0.0.0")));
    ck_assert(!addr_is_multicast(parsed("fe80::1")) && !addr_is_multicast((struct addr){0}));
}
END_TEST

START_TEST(test_order_is_total)
{
    static const char *const sorted[] = {"0.0.0.0", "10.0.0.1",    "10.0.0.2", "192.0.2.1",
                                         "::",      "2001:db8::1", "ff02::1"};
    for (size_t i = 0; i < sizeof sorted / sizeof sorted[0]; i++)
        for (size_t j = 0; j < sizeof sorted / sizeof sorted[0]; j++) {
            int order = addr_compare(parsed(sorted[i]), parsed(sorted[j]));
            ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
        }
    ck_assert_int_lt(addr_compare((struct addr){0}, parsed("0.0.0.0")), 0);
    ck_assert(!addr_equal(parsed("0.0.0.0"), parsed("::")));
}
END_TEST

START_TEST(test_hash_tells_addresses_apart)
{
    uint64_t seen[256];
    for (unsigned i = 0; i < 256; i++) {
        seen[i] = addr_hash(addr_ipv4(10, 0, 0, (uint8_t)i), 1) % 4096;
        ck_assert_uint_eq(addr_hash(addr_ipv4(10, 0, 0, (uint8_t)i), 1) % 4096, seen[i]);
    }
    unsigned collisions = 0;
    for (unsigned i = 0; i < 256; i++)
        for (unsigned j = i + 1; j < 256; j++)
            collisions += seen[i] == seen[j];
    ck_assert_uint_lt(collisions, 24); /* about 8 for a good hash: 256 * 255 / 2 / 4096 */
    ck_assert(addr_hash(parsed("0.0.0.0"), 1) != addr_hash(parsed("::"), 1));
    ck_assert(addr_hash(parsed("::"), 1) != addr_hash(parsed("::"), 2));
}
END_TEST

START_TEST(test_prefix_text_round_trip)
{
    static const char *const texts[] = {"0.0.0.0/0", "10.0.0.0/8",    "10.255.0.128/25", "192.0.2.1/32",
                                        "::/0",      "2001:db8::/33", "fd00::1/128"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char buf[PREFIX_TEXT_MAX];
        ck_assert_str_eq(prefix_format(parsed_prefix(texts[i]), buf), texts[i]);
    }
    char buf[PREFIX_TEXT_MAX];
    ck_assert_str_eq(prefix_format(parsed_prefix("10.0.0.1"), buf), "10.0.0.1/32");
    ck_assert_str_eq(prefix_format(parsed_prefix("::1"), buf), "::1/128");
}
END_TEST

START_TEST(test_prefix_parse_refuses)
{
    static const char *const texts[] = {
        "10.0.0.1/8",  "10.0.0.0/33",  "::/129",
        "10.0.0.0/",   "10.0.0.0/-1",  "10.0.0.0/+8",
        "10.0.0.0/8x", "10.0.0/8",     "/8",
        "10.0.0.0/ 8", "10.0.0.0/8/8", "10.0.0.0/99999999999999999999999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct prefix p;
        ck_assert_msg(!prefix_parse(texts[i], &p), "'%s' was taken", texts[i]);
    }
    char longer[ADDR_TEXT_MAX + 8];
    memset(longer, '1', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    struct prefix p;
    ck_assert(!prefix_parse(longer, &p));
}
END_TEST

START_TEST(test_prefix_contains)
{
    ck_assert(prefix_contains(parsed_prefix("10.255.0.0/25"), parsed("10.255.0.127")));
    ck_assert(!prefix_contains(parsed_prefix("10.255.0.0/25"), parsed("10.255.0.128")));
    ck_assert(prefix_contains(parsed_prefix("0.0.0.0/0"), parsed("255.1.2.3")));
    ck_assert(!prefix_contains(parsed_prefix("0.0.0.0/0"), parsed("::")));
    ck_assert(prefix_contains(parsed_prefix("2001:db8::/33"), parsed("2001:db8:7fff::1")));
    ck_assert(!prefix_contains(parsed_prefix("2001:db8::/33"), parsed("2001:db8:8000::1")));
}
END_TEST

START_TEST(test_prefix_of_cuts)
{
    ck_assert(prefix_equal(prefix_of(parsed("10.1.2.3"), 16), parsed_prefix("10.1.0.0/16")));
    ck_assert(prefix_equal(prefix_of(parsed("10.1.2.3"), 255), parsed_prefix("10.1.2.3/32")));
    ck_assert(prefix_equal(prefix_of(parsed("10.1.2.3"), 0), parsed_prefix("0.0.0.0/0")));
    ck_assert(!prefix_equal(prefix_of(parsed("0.0.0.0"), 0), prefix_of(parsed("0.0.0.0"), 1)));
    ck_assert_uint_eq(prefix_of((struct addr){0}, 8).len, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_text_round_trip,
                                  test_format_none,
                                  test_parse_refuses,
                                  test_span_round_trip,
                                  test_kinds,
                                  test_order_is_total,
                                  test_hash_tells_addresses_apart,
                                  test_prefix_text_round_trip,
                                  test_prefix_parse_refuses,
                                  test_prefix_contains,
                                  test_prefix_of_cuts,
                                  NULL};
    return suite_run_tests("addr", tests);
}
