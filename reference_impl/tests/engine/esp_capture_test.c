/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A real capture of GRE in ESP (strongSwan's keys, the Linux kernel's ESP) with its table of keys: what the
 * kernel protected, this engine unprotects; and the table itself can be written again, octet for octet.
 */
#include "engine/esp_sa_table.h"
#include "engine/esp_wireshark.h"
#include "tests/hex.h"
#include "tests/suite.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "codec/gre.h"
#include "files/capture.h"

#define CAPTURE        REAL_CAPTURES "/frr-10.3-strongswan-phase3-esp.pcap"
#define SA_TABLE       REAL_CAPTURES "/frr-10.3-strongswan-phase3-esp.esp_sa"
#define LINE_MAX       512
#define SAS_MAX        16
#define FIELDS         8
#define ETHERTYPE_IPV4 0x0800

static struct esp_sa_config configs[SAS_MAX];
static uint8_t keys[SAS_MAX][64];
static char lines[SAS_MAX][LINE_MAX];
static size_t sa_count;

/* Cut a line of quoted fields into its fields, in place. */
static void fields_cut(char *line, char *fields[FIELDS])
{
    for (size_t i = 0; i < FIELDS; i++) {
        char *open = strchr(line, '"'), *close = open ? strchr(open + 1, '"') : NULL;
        ck_assert_msg(close != NULL, "field %zu is missing", i);
        *close = '\0';
        fields[i] = open + 1;
        line = close + 1;
    }
}

static void table_load(void)
{
    char line[LINE_MAX], *fields[FIELDS];
    FILE *file = fopen(SA_TABLE, "r");
    ck_assert_ptr_nonnull(file);
    sa_count = 0;
    for (; fgets(line, sizeof line, file); sa_count++) {
        ck_assert_uint_lt(sa_count, SAS_MAX);
        struct esp_sa_config *config = &configs[sa_count];
        strcpy(lines[sa_count], line);
        fields_cut(line, fields);
        *config = (struct esp_sa_config){
            .direction = ESP_INBOUND, .algorithm = ESP_AES_128_GCM, .replay_window = 64};
        ck_assert(addr_parse(fields[1], &config->source));
        ck_assert(addr_parse(fields[2], &config->destination));
        config->spi = (uint32_t)strtoul(fields[3], NULL, 16);
        ck_assert_str_eq(fields[4], esp_algorithm_facts(ESP_AES_128_GCM)->wireshark_encryption);
        config->key = hex_octets(fields[5] + 2, keys[sa_count], sizeof keys[0]);
    }
    fclose(file);
    ck_assert_uint_gt(sa_count, 0);
}

START_TEST(test_the_table_is_written_as_it_was_read)
{
    table_load();
    for (size_t i = 0; i < sa_count; i++) {
        char buf[ESP_WIRESHARK_LINE_MAX];
        struct text out = text_of(buf, sizeof buf);
        esp_wireshark_line(&out, &configs[i]);
        ck_assert_str_eq(buf, lines[i]);
    }
}
END_TEST

struct found {
    size_t nhrp;
    size_t ipv4;
};

static void packet_require(struct esp_sa_table *table, const struct ip *outer, struct found *found)
{
    static uint8_t plain[65536];
    struct esp_received received;
    struct gre gre;
    struct ip inner;
    enum esp_result result = esp_sa_table_receive(table, outer, plain, &received);
    ck_assert_msg(result == ESP_OK, "%s", esp_result_words(result));
    ck_assert_uint_eq(received.next_header, IP_PROTOCOL_GRE);
    ck_assert_int_eq(gre_decode(received.payload, &gre).status, CODEC_OK);
    if (gre.protocol == GRE_PROTOCOL_NHRP) {
        found->nhrp++;
        return;
    }
    ck_assert_uint_eq(gre.protocol, GRE_PROTOCOL_IPV4);
    ck_assert_int_eq(ip_decode(gre.payload, &inner).status, CODEC_OK);
    found->ipv4++;
    ck_assert_int_eq(esp_sa_table_receive(table, outer, plain, &received), ESP_REPLAYED);
}

START_TEST(test_every_packet_is_unprotected)
{
    char error[CAPTURE_ERROR_MAX];
    struct esp_sa_table *table = esp_sa_table_create(SAS_MAX, 1);
    struct found found = {0};
    table_load();
    for (size_t i = 0; i < sa_count; i++)
        ck_assert(esp_sa_table_add(table, esp_sa_create(&configs[i], NULL)));
    struct capture_reader *reader = capture_open(CAPTURE, error);
    ck_assert_msg(reader != NULL, "%s", error);
    struct capture_frame frame;
    while (capture_read(reader, &frame, error) == 1) {
        uint16_t ethertype;
        struct span packet;
        struct ip outer;
        if (capture_packet(&frame, &ethertype, &packet) && ethertype == ETHERTYPE_IPV4 &&
            ip_decode(packet, &outer).status == CODEC_OK && outer.protocol == IP_PROTOCOL_ESP)
            packet_require(table, &outer, &found);
    }
    capture_close(reader);
    esp_sa_table_free(table);
    ck_assert_uint_gt(found.nhrp, 5);
    ck_assert_uint_gt(found.ipv4, 5);
}
END_TEST

int main(void)
{
    if (access(CAPTURE, R_OK) != 0 || access(SA_TABLE, R_OK) != 0) {
        fprintf(stderr, "SKIPPED: %s or its key table is missing\n", CAPTURE);
        return 77;
    }
    const TTest *const tests[] = {test_the_table_is_written_as_it_was_read, test_every_packet_is_unprotected,
                                  NULL};
    return suite_run_tests("esp_capture", tests);
}
