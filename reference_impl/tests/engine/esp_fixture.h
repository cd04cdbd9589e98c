/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp_fixture: security associations as the tests of ESP want them: any algorithm, any encapsulation, both
 * ends.
 */
#ifndef DMVPNKIT_TESTS_ENGINE_ESP_FIXTURE_H
#define DMVPNKIT_TESTS_ENGINE_ESP_FIXTURE_H

#include <check.h>

#include "engine/esp_sa.h"

#define FIXTURE_SPI 0x1000abcd

/* The outbound end of an association from 192.0.2.1 to 198.51.100.1. Its keys live for ever. */
static inline struct esp_sa_config fixture_config(enum esp_algorithm algorithm)
{
    static const uint8_t key[64] = {0x10, 0x21, 0x32, 0x43, 0x54, 0x65, 0x76, 0x87, 0x98};
    static const uint8_t auth_key[32] = {0xfe, 0xdc, 0xba, 0x98};
    const struct esp_algorithm_facts *facts = esp_algorithm_facts(algorithm);
    return (struct esp_sa_config){
        .direction = ESP_OUTBOUND,
        .algorithm = algorithm,
        .spi = FIXTURE_SPI,
        .source = addr_ipv4(192, 0, 2, 1),
        .destination = addr_ipv4(198, 51, 100, 1),
        .key = span_of(key, (size_t)facts->key_len + facts->salt_len),
        .auth_key = span_of(auth_key, facts->auth_key_len),
    };
}

/* The other end of the same association. */
static inline struct esp_sa_config fixture_inbound(struct esp_sa_config config, unsigned replay_window)
{
    config.direction = ESP_INBOUND;
    config.replay_window = (uint16_t)replay_window;
    return config;
}

static inline struct esp_sa *fixture_sa(struct esp_sa_config config)
{
    const char *why = "";
    struct esp_sa *sa = esp_sa_create(&config, &why);
    ck_assert_msg(sa != NULL, "%s", why);
    return sa;
}

static inline struct ip fixture_carrier(const struct esp_sa_config *config)
{
    return (struct ip){.source = config->source, .destination = config->destination, .ttl = 255};
}

/*
 * Protect a payload as GRE; buf gets what the outer IP header's payload is. Returns its length, or 0 when the
 * association refuses.
 */
static inline size_t fixture_protect(struct esp_sa *sa, const struct ip *carrier, struct span payload,
                                     uint8_t *buf)
{
    size_t head_len = esp_sa_head_len(sa), tail_len = esp_sa_tail_len(sa, payload.len);
    struct writer w = writer_of(buf + head_len, payload.len);
    writer_span(&w, payload);
    enum esp_result result = esp_sa_protect(sa, carrier, buf, payload.len, IP_PROTOCOL_GRE);
    return result == ESP_OK ? head_len + payload.len + tail_len : 0;
}

#endif
