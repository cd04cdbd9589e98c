/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/esp_sa_table.h"
#include "tests/engine/esp_fixture.h"
#include "tests/suite.h"

#include <string.h>

#define PACKET_MAX 256

static struct esp_sa_table *table;
static uint8_t packet[PACKET_MAX], plain[PACKET_MAX];

static void setup(size_t max)
{
    table = esp_sa_table_create(max, 7);
    ck_assert_ptr_nonnull(table);
}

static struct esp_sa *add(struct esp_sa_config config)
{
    struct esp_sa *sa = fixture_sa(config);
    ck_assert(esp_sa_table_add(table, sa));
    return sa;
}

static struct esp_sa_config config_with(uint32_t spi, uint8_t peer, uint16_t port)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    config.spi = spi;
    config.destination = addr_ipv4(198, 51, 100, peer);
    config.source_port = port ? 4500 : 0;
    config.destination_port = port;
    return config;
}

START_TEST(test_found_by_spi_and_by_peer)
{
    setup(2000);
    for (uint32_t i = 0; i < 1000; i++) {
        struct esp_sa_config config = config_with(1000 + i, (uint8_t)(i % 250), (uint16_t)(i / 250));
        add(config);
        config.spi += 5000;
        struct addr here = config.source;
        config.source = config.destination;
        config.destination = here;
        uint16_t port = config.source_port;
        config.source_port = config.destination_port;
        config.destination_port = port;
        add(fixture_inbound(config, 64));
    }
    for (uint32_t i = 0; i < 1000; i++) {
        struct addr peer = addr_ipv4(198, 51, 100, (uint8_t)(i % 250));
        struct esp_sa *in = esp_sa_table_inbound(table, 6000 + i);
        struct esp_sa *out = esp_sa_table_outbound(table, peer, (uint16_t)(i / 250));
        uint16_t port;
        ck_assert(in && out);
        ck_assert_uint_eq(esp_sa_spi(in), 6000 + i);
        ck_assert_uint_eq(esp_sa_spi(out), 1000 + i);
        ck_assert(addr_equal(esp_sa_peer(in, &port), peer));
        ck_assert_uint_eq(port, i / 250);
    }
    ck_assert_ptr_null(esp_sa_table_inbound(table, 1000)); /* an outbound one's */
    ck_assert_ptr_null(esp_sa_table_outbound(table, addr_ipv4(198, 51, 100, 251), 0));
    ck_assert_ptr_null(esp_sa_table_outbound(table, addr_ipv4(198, 51, 100, 1), 4));
    esp_sa_table_free(table);
}
END_TEST

START_TEST(test_the_newest_one_sends)
{
    setup(200);
    struct addr peer = addr_ipv4(198, 51, 100, 9);
    for (uint32_t spi = 1000; spi < 1100; spi++) {
        struct esp_sa *sa = add(config_with(spi, 9, 0));
        ck_assert_ptr_eq(esp_sa_table_outbound(table, peer, 0), sa);
    }
    for (uint32_t spi = 1099; spi > 1000; spi--) { /* the one before it takes over again */
        ck_assert(esp_sa_table_remove_outbound(table, peer, 0, spi));
        ck_assert_uint_eq(esp_sa_spi(esp_sa_table_outbound(table, peer, 0)), spi - 1);
    }
    ck_assert(!esp_sa_table_remove_outbound(table, peer, 0, 1001));
    ck_assert(!esp_sa_table_remove_outbound(table, peer, 4500, 1000));
    ck_assert(esp_sa_table_remove_outbound(table, peer, 0, 1000));
    ck_assert_ptr_null(esp_sa_table_outbound(table, peer, 0));
    esp_sa_table_free(table);
}
END_TEST

START_TEST(test_inbound_spis_are_unique)
{
    setup(4);
    add(fixture_inbound(fixture_config(ESP_AES_128_GCM), 64));
    struct esp_sa *twin = fixture_sa(fixture_inbound(fixture_config(ESP_AES_256_GCM), 64));
    ck_assert(!esp_sa_table_add(table, twin));
    ck_assert(esp_sa_table_remove_inbound(table, FIXTURE_SPI));
    ck_assert(!esp_sa_table_remove_inbound(table, FIXTURE_SPI));
    ck_assert(esp_sa_table_add(table, twin));
    esp_sa_table_free(table);
}
END_TEST

START_TEST(test_a_full_table_says_so)
{
    setup(2);
    add(config_with(1000, 1, 0));
    add(config_with(1000, 2, 0)); /* outbound SPIs are the peers' */
    struct esp_sa *third = fixture_sa(config_with(1000, 3, 0));
    ck_assert(!esp_sa_table_add(table, third));
    ck_assert(esp_sa_table_remove_outbound(table, addr_ipv4(198, 51, 100, 1), 0, 1000));
    ck_assert(esp_sa_table_add(table, third));
    esp_sa_table_free(table);
    setup(0);
    struct esp_sa *none = fixture_sa(config_with(1000, 3, 0));
    ck_assert(!esp_sa_table_add(table, none));
    esp_sa_free(none);
    esp_sa_table_free(table);
}
END_TEST

/* One packet of an association with these ports, as the receiver's IP layer hands it over. */
static struct ip arriving(uint16_t source_port, uint16_t destination_port)
{
    struct esp_sa_config config = fixture_config(ESP_AES_128_GCM);
    config.source_port = source_port;
    config.destination_port = destination_port;
    struct ip outer = fixture_carrier(&config);
    struct esp_sa *out = fixture_sa(config);
    outer.protocol = esp_sa_protocol(out);
    outer.payload = span_of(packet, fixture_protect(out, &outer, span_of("inside", 6), packet));
    esp_sa_free(out);
    return outer;
}

START_TEST(test_receives_either_encapsulation)
{
    for (int in_udp = 0; in_udp < 2; in_udp++) {
        setup(4);
        struct ip outer = arriving(in_udp ? 40001 : 0, in_udp ? 4500 : 0);
        struct esp_sa_config config = fixture_inbound(fixture_config(ESP_AES_128_GCM), 64);
        config.source_port = in_udp ? 40001 : 0;
        config.destination_port = in_udp ? 4500 : 0;
        struct esp_sa *in = add(config);
        struct esp_received received;
        ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_OK);
        ck_assert_ptr_eq(received.sa, in);
        ck_assert_uint_eq(received.source_port, in_udp ? 40001 : 0);
        ck_assert_uint_eq(received.next_header, IP_PROTOCOL_GRE);
        ck_assert(span_equal(received.payload, span_of("inside", 6)));
        ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_REPLAYED);
        esp_sa_table_free(table);
    }
}
END_TEST

START_TEST(test_a_nat_may_change_the_source_in_udp)
{
    setup(4);
    struct ip outer = arriving(40001, 4500);
    struct esp_sa_config config = fixture_inbound(fixture_config(ESP_AES_128_GCM), 64);
    config.source = addr_ipv4(203, 0, 113, 77);
    config.source_port = 39999;
    config.destination_port = 4500;
    add(config);
    struct esp_received received;
    ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_OK);
    ck_assert_uint_eq(received.source_port, 40001);
    esp_sa_table_free(table);
}
END_TEST

START_TEST(test_reasons_to_drop)
{
    setup(4);
    struct esp_received received;
    struct ip outer = arriving(0, 0);
    ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_UNKNOWN_SPI);
    ck_assert_ptr_null(received.sa);
    struct esp_sa *in = add(fixture_inbound(fixture_config(ESP_AES_128_GCM), 64));

    outer.source = addr_ipv4(192, 0, 2, 2);
    ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_WRONG_ADDRESS);
    ck_assert_ptr_eq(received.sa, in);
    outer = arriving(4500, 4500);
    ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_WRONG_ENCAPSULATION);
    outer.protocol = IP_PROTOCOL_GRE;
    ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_NOT_ESP);
    outer = arriving(0, 0);
    outer.payload.len = 3;
    ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_TRUNCATED);
    outer.payload.len = 20;
    ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_TRUNCATED);
    outer = arriving(0, 0);
    packet[20] ^= 1;
    ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_BAD_ICV);

    const struct esp_counters *counters = esp_sa_counters(in);
    ck_assert_uint_eq(counters->failures[ESP_WRONG_ADDRESS], 1);
    ck_assert_uint_eq(counters->failures[ESP_WRONG_ENCAPSULATION], 1);
    ck_assert_uint_eq(counters->failures[ESP_TRUNCATED], 1);
    ck_assert_uint_eq(counters->failures[ESP_BAD_ICV], 1);
    ck_assert_uint_eq(counters->packets, 0);
    esp_sa_table_free(table);
}
END_TEST

START_TEST(test_other_guests_of_port_4500)
{
    static const struct {
        const char *octets; /* ports, length, no checksum, content */
        size_t len;
    } cases[] = {
        {"\x11\x94\x11\x94\0\x09\0\0\xff", 9},                    /* NAT keepalive */
        {"\x11\x94\x11\x94\0\x0e\0\0\0\0\0\0\1\2", 14},           /* IKE */
        {"\x11\x94\x11\x94\0\x20\0\0\x10\0\xab\xcd", 12},         /* longer than the packet */
        {"\x11\x95\x11\x95\0\x10\0\0\x10\0\xab\xcd\0\0\0\1", 16}, /* another port */
    };
    setup(4);
    struct esp_sa_config config = fixture_inbound(fixture_config(ESP_AES_128_GCM), 64);
    config.source_port = config.destination_port = 4500;
    add(config);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct esp_received received;
        struct ip outer = fixture_carrier(&config);
        outer.protocol = IP_PROTOCOL_UDP;
        outer.payload = span_of(cases[i].octets, cases[i].len);
        ck_assert_int_eq(esp_sa_table_receive(table, &outer, plain, &received), ESP_NOT_ESP);
    }
    esp_sa_table_free(table);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        test_found_by_spi_and_by_peer,
        test_the_newest_one_sends,
        test_inbound_spis_are_unique,
        test_a_full_table_says_so,
        test_receives_either_encapsulation,
        test_a_nat_may_change_the_source_in_udp,
        test_reasons_to_drop,
        test_other_guests_of_port_4500,
        NULL,
    };
    return suite_run_tests("esp_sa_table", tests);
}
