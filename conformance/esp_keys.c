/* SPDX-License-Identifier: GPL-2.0-or-later */
/* esp_keys: see esp_keys.h. A line of the table is eight quoted texts with commas between. */
#include "esp_keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/esp_sa.h"
#include "memory.h"

#define COLUMN_COUNT 8
#define KEY_MAX      64 /* octets */
#define PACKET_MAX   65535
#define NON_ESP_PORT 4500

enum column { FAMILY, SOURCE, DESTINATION, SPI, ENCRYPTION, KEY, AUTHENTICATION, AUTH_KEY };

struct key_row {
    struct addr destination;
    struct esp_sa *sa;
};

struct esp_keys {
    struct key_row *rows;
    size_t count, cap;
    uint8_t inner[PACKET_MAX], packet[PACKET_MAX];
};

/* Cut the quoted texts out in place. */
static bool split(char *line, char *cells[COLUMN_COUNT])
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        char *end = *line == '"' ? strchr(line + 1, '"') : NULL;
        if (end == NULL || (end[1] != ',' && i + 1 < COLUMN_COUNT))
            return false;
        *end = '\0';
        cells[i] = line + 1;
        line = end + 2 - (i + 1 == COLUMN_COUNT);
    }
    return true;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* "0x" and pairs of digits, or nothing. */
static bool parse_key(const char *text, uint8_t out[KEY_MAX], struct span *key)
{
    size_t len = 0;
    *key = (struct span){0};
    if (text[0] == '\0')
        return true;
    if (strncmp(text, "0x", 2) != 0 || strlen(text) % 2 != 0 || strlen(text) > 2 + 2 * KEY_MAX)
        return false;
    for (const char *at = text + 2; *at != '\0'; at += 2) {
        int high = hex_digit(at[0]), low = hex_digit(at[1]);
        if (high < 0 || low < 0)
            return false;
        out[len++] = (uint8_t)(high << 4 | low);
    }
    *key = span_of(out, len);
    return true;
}

/* The algorithm is told by Wireshark's words for it and by the length of the key. */
static bool find_algorithm(char *const *cells, size_t key_len, enum esp_algorithm *out)
{
    for (int i = 0; i < ESP_ALGORITHM_COUNT; i++) {
        const struct esp_algorithm_facts *facts = esp_algorithm_facts((enum esp_algorithm)i);
        if (strcmp(cells[ENCRYPTION], facts->wireshark_encryption) == 0 &&
            strcmp(cells[AUTHENTICATION], facts->wireshark_authentication) == 0 &&
            key_len == (size_t)facts->key_len + facts->salt_len) {
            *out = (enum esp_algorithm)i;
            return true;
        }
    }
    return false;
}

/* One line to an association; NULL, or what is wrong. */
static const char *take_line(struct esp_keys *keys, char *line)
{
    char *cells[COLUMN_COUNT], *end;
    uint8_t key[KEY_MAX], auth_key[KEY_MAX];
    struct esp_sa_config config = {.direction = ESP_INBOUND};
    if (!split(line, cells))
        return "not eight quoted columns";
    config.spi = (uint32_t)strtoul(cells[SPI], &end, 0);
    if (*end != '\0' || !addr_parse(cells[SOURCE], &config.source) ||
        !addr_parse(cells[DESTINATION], &config.destination))
        return "an address or the index (SPI) is malformed";
    if (!parse_key(cells[KEY], key, &config.key) || !parse_key(cells[AUTH_KEY], auth_key, &config.auth_key))
        return "a key is not 0x and hexadecimal digits";
    if (!find_algorithm(cells, config.key.len, &config.algorithm))
        return "the algorithm is not known here, or the key has another length";
    const char *why = NULL;
    struct esp_sa *sa = esp_sa_create(&config, &why);
    if (sa == NULL)
        return why;
    keys->rows = memory_room_for_one(keys->rows, keys->count, &keys->cap, sizeof(*keys->rows));
    keys->rows[keys->count++] = (struct key_row){config.destination, sa};
    return NULL;
}

struct esp_keys *esp_keys_load(const char *path, char error[ESP_KEYS_ERROR_MAX])
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        snprintf(error, ESP_KEYS_ERROR_MAX, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct esp_keys *keys = memory_zeroed(1, sizeof(*keys));
    char *line = NULL;
    const char *wrong = NULL;
    size_t cap = 0, number = 0;
    while (wrong == NULL && getline(&line, &cap, file) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        number++;
        if (line[0] != '\0' && line[0] != '#')
            wrong = take_line(keys, line);
    }
    free(line);
    fclose(file);
    if (wrong == NULL)
        return keys;
    snprintf(error, ESP_KEYS_ERROR_MAX, "%s:%zu: %s", path, number, wrong);
    esp_keys_free(keys);
    return NULL;
}

void esp_keys_free(struct esp_keys *keys)
{
    if (keys == NULL)
        return;
    for (size_t i = 0; i < keys->count; i++)
        esp_sa_free(keys->rows[i].sa);
    free(keys->rows);
    free(keys);
}

/* From the SPI to the ICV; empty if there is no ESP. */
static struct span esp_of(const struct ip *outer)
{
    struct udp udp;
    if (outer->more_fragments || outer->fragment_offset > 0)
        return (struct span){0};
    if (outer->protocol == IP_PROTOCOL_ESP)
        return outer->payload;
    if (outer->protocol == IP_PROTOCOL_UDP && udp_decode(outer->payload, &udp).status == CODEC_OK &&
        (udp.destination_port == NON_ESP_PORT || udp.source_port == NON_ESP_PORT))
        return udp.payload;
    return (struct span){0};
}

bool esp_keys_open(struct esp_keys *keys, struct span packet, struct span *plain)
{
    struct ip outer;
    if (ip_decode(packet, &outer).status != CODEC_OK)
        return false;
    struct span esp = esp_of(&outer), payload;
    struct reader r = reader_of(esp);
    uint32_t spi = reader_u32(&r);
    uint8_t next_header;
    if (r.failed || esp.len > PACKET_MAX)
        return false;
    for (size_t i = 0; i < keys->count; i++) {
        struct key_row *row = &keys->rows[i];
        if (esp_sa_spi(row->sa) != spi || !addr_equal(row->destination, outer.destination) ||
            esp_sa_unprotect(row->sa, esp, keys->inner, &payload, &next_header) != ESP_OK)
            continue;
        struct writer w = writer_of(keys->packet, sizeof(keys->packet));
        outer.protocol = next_header;
        ip_write(&w, &outer, payload);
        return writer_done(&w, plain);
    }
    return false;
}
