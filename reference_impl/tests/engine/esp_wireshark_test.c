/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/esp_wireshark.h"
#include "tests/engine/esp_fixture.h"
#include "tests/suite.h"

#include <string.h>

static const char *line_of(const struct esp_sa_config *config)
{
    static char buf[ESP_WIRESHARK_LINE_MAX];
    struct text out = text_of(buf, sizeof buf);
    esp_wireshark_line(&out, config);
    return buf;
}

START_TEST(test_gcm)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    ck_assert_str_eq(
        line_of(&config),
        "\"IPv4\",\"192.0.2.1\",\"198.51.100.1\",\"0x1000abcd\",\"AES-GCM with 16 octet ICV [RFC4106]\","
        "\"0x1021324354657687980000000000000000000000\",\"NULL\",\"\"\n");
}
END_TEST

START_TEST(test_cbc_over_ipv6)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_CBC_SHA_256);
    config.spi = 256;
    ck_assert(addr_parse("2001:db8::1", &config.source));
    ck_assert(addr_parse("2001:db8::2", &config.destination));
    ck_assert_str_eq(line_of(&config),
                     "\"IPv6\",\"2001:db8::1\",\"2001:db8::2\",\"0x00000100\",\"AES-CBC [RFC3602]\","
                     "\"0x10213243546576879800000000000000\",\"HMAC-SHA-256-128 [RFC4868]\","
                     "\"0xfedcba9800000000000000000000000000000000000000000000000000000000\"\n");
}
END_TEST

START_TEST(test_the_longest_line_fits)
{
    struct esp_sa_config config = fixture_config(ESP_AES_256_CBC_SHA_256);
    ck_assert(addr_parse("2001:db8:1111:2222:3333:4444:5555:6666", &config.source));
    config.destination = config.source;
    size_t len = strlen(line_of(&config));
    ck_assert_uint_lt(len, ESP_WIRESHARK_LINE_MAX - 1);
    ck_assert_int_eq(line_of(&config)[len - 1], '\n');
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_gcm, test_cbc_over_ipv6, test_the_longest_line_fits, NULL};
    return suite_run_tests("esp_wireshark", tests);
}
