/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp_bench: what a tunnel's data plane costs, in memory and on one core: packets of 1,400 octets put into
 * GRE, into GRE in AES-128-GCM ESP, and taken out of it again.
 *
 * Beside them AES-128-GCM through EVP alone, in the same process and in turns, so that a ratio does not
 * depend on the machine's mood: esp_ratio_to_openssl compares with what `openssl speed -evp aes-128-gcm
 * -bytes 1400` of OpenSSL 3.0 does for each buffer (set key and IV, encrypt, finish), esp_ratio_to_evp_update
 * with encryption in one endless message, which no protocol can reach. One line of JSON for each metric:
 * median, minimum and maximum of the rounds.
 *
 * esp_bench [ROUNDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#include "codec/gre.h"
#include "engine/esp_sa_table.h"

#define INNER_LEN     1400
#define BUFFER_LEN    2048
#define ROUNDS        11
#define ROUNDS_MAX    1000
#define ROUND_PACKETS 100000
#define REPLAY_WINDOW 1024

static const uint8_t cipher_key[20] = {1, 2, 3}; /* with ESP's salt */

struct bench {
    uint8_t inner[INNER_LEN];
    uint8_t outer[BUFFER_LEN];
    uint8_t raw[BUFFER_LEN];
    uint8_t plain[BUFFER_LEN];
    EVP_CIPHER_CTX *cipher;
    struct esp_sa_table *sas;
    struct esp_sa *out;
    struct ip carrier;
    uint32_t packet_id;
};

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "esp_bench: %s\n", what);
        exit(1);
    }
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void set_up(struct bench *bench)
{
    struct ip inner = {
        .source = addr_ipv4(10, 0, 1, 1), .destination = addr_ipv4(10, 0, 2, 1), .protocol = 17, .ttl = 64};
    struct writer w = writer_of(bench->inner, INNER_LEN);
    ip_write_header(&w, &inner, INNER_LEN - 20);
    bench->carrier =
        (struct ip){.source = addr_ipv4(192, 0, 2, 1), .destination = addr_ipv4(198, 51, 100, 1), .ttl = 255};
    bench->cipher = EVP_CIPHER_CTX_new();
    require(EVP_EncryptInit_ex(bench->cipher, EVP_aes_128_gcm(), NULL, cipher_key, cipher_key) == 1,
            "no AES-128-GCM");

    struct esp_sa_config config = {
        .direction = ESP_OUTBOUND,
        .algorithm = ESP_AES_128_GCM,
        .spi = 0x1000,
        .source = bench->carrier.source,
        .destination = bench->carrier.destination,
        .key = span_of(cipher_key, sizeof cipher_key),
    };
    bench->sas = esp_sa_table_create(2, 1);
    bench->out = esp_sa_create(&config, NULL);
    require(bench->out && esp_sa_table_add(bench->sas, bench->out), "no outbound association");
    config.direction = ESP_INBOUND;
    config.replay_window = REPLAY_WINDOW;
    require(esp_sa_table_add(bench->sas, esp_sa_create(&config, NULL)), "no inbound association");
}

/* Copy the inner packet to its place, one hop on, and write the GRE header before it. Returns the GRE
 * packet's length. */
static size_t put_into_gre(struct bench *bench, uint8_t *at)
{
    struct gre gre = {.protocol = GRE_PROTOCOL_IPV4, .has_key = true, .key = 42};
    size_t gre_len = gre_header_len(&gre);
    memcpy(at + gre_len, bench->inner, INNER_LEN);
    require(ip_decrement_ttl(at + gre_len, INNER_LEN), "the inner packet is at its end");
    struct writer w = writer_of(at, gre_len);
    gre_write_header(&w, &gre, span_of(at + gre_len, INNER_LEN));
    return gre_len + INNER_LEN;
}

static void write_outer(struct bench *bench, uint8_t protocol, size_t payload_len)
{
    struct writer w = writer_of(bench->outer, 20);
    bench->carrier.protocol = protocol;
    bench->carrier.id = bench->packet_id++ & 0xffff;
    ip_write_header(&w, &bench->carrier, payload_len);
    require(!w.failed, "the outer header cannot be written");
}

static void send_gre(struct bench *bench)
{
    write_outer(bench, IP_PROTOCOL_GRE, put_into_gre(bench, bench->outer + 20));
}

static size_t send_esp(struct bench *bench)
{
    struct esp_sa *sa = esp_sa_table_outbound(bench->sas, bench->carrier.destination, 0);
    uint8_t *at = bench->outer + 20;
    size_t head_len = esp_sa_head_len(sa), gre_len = put_into_gre(bench, at + head_len);
    size_t len = head_len + gre_len + esp_sa_tail_len(sa, gre_len);
    require(esp_sa_protect(sa, &bench->carrier, at, gre_len, IP_PROTOCOL_GRE) == ESP_OK, "protecting failed");
    write_outer(bench, IP_PROTOCOL_ESP, len);
    return 20 + len;
}

static void receive_esp(struct bench *bench, size_t len)
{
    struct ip outer;
    struct gre gre;
    struct esp_received received;
    require(ip_decode(span_of(bench->outer, len), &outer).status == CODEC_OK, "no IP");
    require(esp_sa_table_receive(bench->sas, &outer, bench->plain, &received) == ESP_OK,
            "unprotecting failed");
    require(gre_decode(received.payload, &gre).status == CODEC_OK && gre.payload.len == INNER_LEN, "no GRE");
}

/* Seconds for so many packets, each way of handling them. */
static double time_update(struct bench *bench)
{
    require(EVP_CipherInit_ex(bench->cipher, NULL, NULL, NULL, cipher_key, -1) == 1, "EVP failed");
    double start = cpu_s();
    int len;
    for (int i = 0; i < ROUND_PACKETS; i++)
        require(EVP_EncryptUpdate(bench->cipher, bench->raw, &len, bench->raw, INNER_LEN) == 1, "EVP failed");
    return cpu_s() - start;
}

static double time_speed(struct bench *bench)
{
    double start = cpu_s();
    int len;
    bool ok = true;
    for (int i = 0; i < ROUND_PACKETS; i++) {
        ok = EVP_CipherInit_ex(bench->cipher, NULL, NULL, cipher_key, cipher_key, -1) == 1 &&
             EVP_EncryptUpdate(bench->cipher, bench->raw, &len, bench->raw, INNER_LEN) == 1 &&
             EVP_EncryptFinal_ex(bench->cipher, bench->raw, &len) == 1;
        require(ok, "EVP failed");
    }
    return cpu_s() - start;
}

static double time_gre(struct bench *bench)
{
    double start = cpu_s();
    for (int i = 0; i < ROUND_PACKETS; i++)
        send_gre(bench);
    return cpu_s() - start;
}

/* *send_s gets the time that protecting alone took; what is returned includes unprotecting. */
static double time_esp(struct bench *bench, double *send_s)
{
    double start = cpu_s();
    for (int i = 0; i < ROUND_PACKETS; i++)
        send_esp(bench);
    *send_s = cpu_s() - start;
    for (int i = 0; i < ROUND_PACKETS; i++)
        receive_esp(bench, send_esp(bench));
    return cpu_s() - start - *send_s;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print_metric(const char *name, const char *unit, double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    printf("{\"metric\": \"%s\", \"unit\": \"%s\", \"median\": %.6g, \"min\": %.6g, \"max\": %.6g, "
           "\"rounds\": %zu}\n",
           name, unit, values[count / 2], values[0], values[count - 1], count);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    static double ratio[ROUNDS_MAX], strict_ratio[ROUNDS_MAX], receive_ratio[ROUNDS_MAX];
    static double gre[ROUNDS_MAX], esp[ROUNDS_MAX];
    char *end = NULL;
    long rounds = argc > 1 ? strtol(argv[1], &end, 10) : ROUNDS;
    if (argc > 2 || (end && *end) || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: esp_bench [ROUNDS], 1 to %d rounds\n", ROUNDS_MAX);
        return 2;
    }
    set_up(&bench);
    double send_s;
    time_esp(&bench, &send_s); /* warm up */
    for (long i = 0; i < rounds; i++) {
        double update_s = time_update(&bench), speed_s = time_speed(&bench);
        double receive_s = time_esp(&bench, &send_s) - send_s;
        ratio[i] = speed_s / send_s;
        strict_ratio[i] = update_s / send_s;
        receive_ratio[i] = speed_s / receive_s;
        esp[i] = ROUND_PACKETS / send_s;
        gre[i] = ROUND_PACKETS / time_gre(&bench);
    }
    print_metric("esp_ratio_to_openssl", "1", ratio, (size_t)rounds);
    print_metric("esp_ratio_to_evp_update", "1", strict_ratio, (size_t)rounds);
    print_metric("esp_receive_ratio_to_openssl", "1", receive_ratio, (size_t)rounds);
    print_metric("esp_packets_per_s", "packets/s", esp, (size_t)rounds);
    print_metric("gre_packets_per_s", "packets/s", gre, (size_t)rounds);
    EVP_CIPHER_CTX_free(bench.cipher);
    esp_sa_table_free(bench.sas);
    return EXIT_SUCCESS;
}
