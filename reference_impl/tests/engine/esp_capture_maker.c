/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp_capture_maker FOLDER: writes FOLDER/esp.pcapng, protected packets of every algorithm and encapsulation
 * over either family, and FOLDER/esp_sa, the table with which Wireshark reads them. For esp_tshark_test.py,
 * which says what must come out: each packet is an ICMP echo request in GRE whose data is a name such as
 * "aes-128-gcm ipv4 udp".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/gre.h"
#include "engine/esp_wireshark.h"
#include "files/capture.h"

#define PACKET_MAX 1024

static uint8_t keys[64], auth_keys[64];

static void die(const char *what)
{
    fprintf(stderr, "esp_capture_maker: %s\n", what);
    exit(2);
}

struct variant {
    enum esp_algorithm algorithm;
    bool ipv6;
    bool in_udp;
    bool extended_sequence;
};

static struct esp_sa_config config_of(struct variant v, uint32_t spi)
{
    const struct esp_algorithm_facts *facts = esp_algorithm_facts(v.algorithm);
    struct esp_sa_config config = {
        .direction = ESP_OUTBOUND,
        .algorithm = v.algorithm,
        .spi = spi,
        .source = addr_ipv4(192, 0, 2, 1),
        .destination = addr_ipv4(198, 51, 100, 1),
        .source_port = v.in_udp ? 4500 : 0,
        .destination_port = v.in_udp ? 4500 : 0,
        .key = span_of(keys, (size_t)facts->key_len + facts->salt_len),
        .auth_key = span_of(auth_keys, facts->auth_key_len),
        .extended_sequence = v.extended_sequence,
    };
    if (v.ipv6) {
        addr_parse("2001:db8::1", &config.source);
        addr_parse("2001:db8:ffff::1", &config.destination);
    }
    return config;
}

/* An echo request in IPv4 in GRE. */
static struct span payload_of(const char *name, uint8_t *buf, size_t cap)
{
    uint8_t icmp[PACKET_MAX], inner[PACKET_MAX];
    struct ip header = {.source = addr_ipv4(10, 0, 0, 1), .destination = addr_ipv4(10, 0, 0, 2), .ttl = 64};
    struct icmp_echo echo = {.id = 1, .sequence = 1, .data = span_of(name, strlen(name))};
    struct gre gre = {.protocol = GRE_PROTOCOL_IPV4};
    struct writer w = writer_of(icmp, sizeof icmp);
    struct span out;
    header.protocol = IP_PROTOCOL_ICMP;
    icmp_echo_write(&w, &header, &echo);
    writer_done(&w, &out);
    w = writer_of(inner, sizeof inner);
    ip_write(&w, &header, out);
    writer_done(&w, &out);
    w = writer_of(buf, cap);
    gre_write(&w, &gre, out);
    if (!writer_done(&w, &out))
        die("a payload does not fit");
    return out;
}

static struct span protect(struct esp_sa *sa, const struct esp_sa_config *config, const char *name,
                           uint8_t *buf)
{
    uint8_t gre[PACKET_MAX];
    struct span payload = payload_of(name, gre, sizeof gre);
    struct ip outer = {.source = config->source, .destination = config->destination, .ttl = 255};
    outer.protocol = esp_sa_protocol(sa);
    size_t ip_len = ip_header_len(&outer), head_len = esp_sa_head_len(sa);
    size_t inside_len = head_len + payload.len + esp_sa_tail_len(sa, payload.len);
    struct writer w = writer_of(buf, PACKET_MAX);
    ip_write_header(&w, &outer, inside_len);
    memcpy(buf + ip_len + head_len, payload.data, payload.len);
    if (w.failed || esp_sa_protect(sa, &outer, buf + ip_len, payload.len, IP_PROTOCOL_GRE) != ESP_OK)
        die("a packet cannot be protected");
    return span_of(buf, ip_len + inside_len);
}

static void variant_write(struct capture_writer *writer, FILE *table, struct variant v, unsigned number)
{
    char line[ESP_WIRESHARK_LINE_MAX], name[128];
    uint8_t buf[PACKET_MAX];
    struct esp_sa_config config = config_of(v, 0x1000 + number);
    struct esp_sa *sa = esp_sa_create(&config, NULL);
    if (!sa)
        die("an association cannot be made");
    snprintf(name, sizeof name, "%s %s %s%s", esp_algorithm_facts(v.algorithm)->name,
             v.ipv6 ? "ipv6" : "ipv4", v.in_udp ? "udp" : "plain", v.extended_sequence ? " extended" : "");
    capture_write(writer, (struct instant){.us = number * US_PER_S}, protect(sa, &config, name, buf), name);
    struct text out = text_of(line, sizeof line);
    esp_wireshark_line(&out, &config);
    fputs(line, table);
    esp_sa_free(sa);
}

int main(int argc, char **argv)
{
    char path[4096], error[CAPTURE_ERROR_MAX];
    if (argc != 2)
        die("usage: esp_capture_maker FOLDER");
    for (size_t i = 0; i < sizeof keys; i++) {
        keys[i] = (uint8_t)(i * 3 + 1);
        auth_keys[i] = (uint8_t)(255 - i);
    }
    snprintf(path, sizeof path, "%s/esp.pcapng", argv[1]);
    struct capture_writer *writer = capture_create(path, NULL, error);
    if (!writer)
        die(error);
    snprintf(path, sizeof path, "%s/esp_sa", argv[1]);
    FILE *table = fopen(path, "w");
    if (!table)
        die("the table cannot be made");
    for (unsigned i = 0; i < ESP_ALGORITHM_COUNT * 8; i++) {
        struct variant v = {(enum esp_algorithm)(i / 8), i & 1, i & 2, i & 4};
        variant_write(writer, table, v, i);
    }
    if (fclose(table) != 0)
        die("the table cannot be written");
    if (!capture_finish(writer, error))
        die(error);
    return EXIT_SUCCESS;
}
