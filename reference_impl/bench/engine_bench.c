/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine_bench: what a hub costs, in process and on one core: registrations answered with many live bindings,
 * memory for each binding, whether either grows with the table, and packets forwarded between two spokes.
 *
 * A registration is the whole way from an outer packet in to an outer packet out: GRE, NHRP decoded, the
 * binding refreshed, the reply composed. So is a forwarded packet of 1,400 octets inside. One line of JSON
 * for each metric: median, minimum and maximum of the rounds; times are of the process, not of the clock.
 *
 * engine_bench [ROUNDS]
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "codec/gre.h"
#include "codec/nhrp_cie.h"
#include "engine/node.h"
#include "engine/show.h"

#define ROUNDS       7
#define ROUNDS_MAX   100
#define PACKET_ROOM  128
#define ROUND_INPUTS 200000
#define INNER_LEN    1400
#define HOLD_S       600
#define CLIENTS      100000 /* of the headline figures */
#define CLIENTS_FEW  1000
#define CLIENTS_MANY 1000000

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "engine_bench: %s\n", what);
        exit(1);
    }
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double report(const char *metric, const char *unit, double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    double median = values[count / 2];
    printf("{\"metric\": \"%s\", \"unit\": \"%s\", \"median\": %.6g, \"min\": %.6g, \"max\": %.6g, "
           "\"rounds\": %zu}\n",
           metric, unit, median, values[0], values[count - 1], count);
    return median;
}

/* ---- a hub and its clients ---- */

struct request {
    uint16_t len;
    uint8_t bytes[PACKET_ROOM];
};

struct cloud {
    struct node *hub;
    struct instant now;
    struct request *requests;
    size_t clients;
};

static struct addr client_nbma(size_t i)
{
    return addr_ipv4(100, (uint8_t)(64 + (i >> 16)), (uint8_t)(i >> 8), (uint8_t)i);
}

static struct addr client_protocol(size_t i)
{
    return addr_ipv4(10, (uint8_t)(1 + (i >> 16)), (uint8_t)(i >> 8), (uint8_t)i);
}

static struct node *create_hub(size_t max_bindings)
{
    struct route_config routes[] = {
        {{{{172, 16}, ADDR_IPV4}, 16}, client_protocol(0)},
        {{{{172, 17}, ADDR_IPV4}, 16}, client_protocol(1)},
    };
    struct node_config config = {
        .name = "hub",
        .tunnel = {.nbma = addr_ipv4(192, 0, 2, 1), .has_key = true, .key = 42, .mtu = INNER_LEN},
        .protocol = addr_ipv4(10, 0, 0, 1),
        .protocol_len = 8,
        .hold_s = HOLD_S,
        .routes = routes,
        .route_count = 2,
        .max_bindings = max_bindings,
    };
    struct node *hub = node_create(&config, 1, NULL);
    require(hub != NULL, "no hub");
    return hub;
}

/* The octets of a packet in GRE; returns its length. */
static size_t wrap(uint8_t *out, size_t room, struct addr from, uint16_t protocol, struct span payload)
{
    struct ip outer = {
        .source = from, .destination = addr_ipv4(192, 0, 2, 1), .protocol = IP_PROTOCOL_GRE, .ttl = 255};
    struct gre gre = {.has_key = true, .key = 42, .protocol = protocol};
    struct writer w = writer_of(out, room);
    ip_write_header(&w, &outer, gre_header_len(&gre) + payload.len);
    gre_write(&w, &gre, payload);
    require(!w.failed, "a packet does not fit");
    return w.pos;
}

static void write_request(struct request *request, size_t client)
{
    struct addr nbma = client_nbma(client), protocol = client_protocol(client);
    struct addr server = addr_ipv4(10, 0, 0, 1);
    uint8_t cies[NHRP_CIE_FIXED_LEN], bytes[PACKET_ROOM];
    struct writer w = writer_of(cies, sizeof cies);
    nhrp_cie_write(&w, &(struct nhrp_cie){.prefix_len = NHRP_PREFIX_HOST, .mtu = 1400, .hold_s = HOLD_S});
    /* Cisco's extensions, all empty: responder address, transit records, NAT, end. */
    static const uint8_t extensions[] = {0x80, 3, 0, 0, 0x80, 4, 0,    0, 0x80, 5,
                                         0,    0, 0, 9, 0,    0, 0x80, 0, 0,    0};
    struct nhrp_message message = {
        .fixed = {.afn = NHRP_AFN_IPV4,
                  .protocol_type = NHRP_PROTOCOL_IPV4,
                  .hop_count = 255,
                  .version = NHRP_VERSION,
                  .type = NHRP_REGISTRATION_REQUEST},
        .registration = {.unique = true, .nat = true},
        .request_id = (uint32_t)client,
        .source_nbma = addr_span(&nbma),
        .source_protocol = addr_span(&protocol),
        .destination_protocol = addr_span(&server),
        .cies = span_of(cies, w.pos),
        .extensions = span_of(extensions, sizeof extensions),
    };
    struct span encoded;
    require(nhrp_encode(&message, bytes, sizeof bytes, &encoded), "no request");
    request->len = (uint16_t)wrap(request->bytes, PACKET_ROOM, nbma, GRE_PROTOCOL_NHRP, encoded);
}

/* One input, and how many packets came of it. */
static unsigned feed(struct cloud *cloud, const uint8_t *bytes, size_t len)
{
    struct node_input input = {.kind = INPUT_UNDERLAY, .packet = span_of(bytes, len)};
    struct node_output out;
    unsigned sent = 0;
    node_input(cloud->hub, cloud->now, &input);
    while (node_output(cloud->hub, &out))
        sent += out.kind == OUTPUT_UNDERLAY;
    return sent;
}

static struct cloud cloud_up(size_t clients, double *binding_bytes)
{
    struct cloud cloud = {.now = {.us = US_PER_S}, .clients = clients};
    cloud.requests = malloc(clients * sizeof *cloud.requests);
    require(cloud.requests != NULL, "not enough memory");
    for (size_t i = 0; i < clients; i++)
        write_request(&cloud.requests[i], i);
    cloud.hub = create_hub(clients + 16);
    struct mallinfo2 before = mallinfo2();
    for (size_t i = 0; i < clients; i++)
        require(feed(&cloud, cloud.requests[i].bytes, cloud.requests[i].len) == 1, "no reply");
    struct mallinfo2 after = mallinfo2();
    require(node_show_sizes(cloud.hub).registrations == clients, "not all are registered");
    *binding_bytes =
        (double)(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / (double)clients;
    return cloud;
}

static void cloud_down(struct cloud *cloud)
{
    node_free(cloud->hub);
    free(cloud->requests);
}

/* ---- what is measured ---- */

/* Clients renew in no order. */
static double registrations_per_s(struct cloud *cloud, struct random_state *random)
{
    unsigned replies = 0;
    double start = cpu_s();
    const struct request *next = &cloud->requests[random_below(random, cloud->clients)];
    for (size_t i = 0; i < ROUND_INPUTS; i++) {
        const struct request *request = next;
        next = &cloud->requests[random_below(random, cloud->clients)];
        __builtin_prefetch(next->bytes); /* as a network card puts what it received into the cache */
        __builtin_prefetch(next->bytes + 64);
        cloud->now.us += 100;
        replies += feed(cloud, request->bytes, request->len);
    }
    double took = cpu_s() - start;
    require(replies == ROUND_INPUTS, "not every registration was answered");
    return ROUND_INPUTS / took;
}

static double packets_per_s(struct cloud *cloud)
{
    uint8_t inner[INNER_LEN] = {0}, outer[INNER_LEN + PACKET_ROOM];
    struct ip ip = {.source = addr_ipv4(172, 16, 0, 1),
                    .destination = addr_ipv4(172, 17, 0, 1),
                    .protocol = IP_PROTOCOL_UDP,
                    .ttl = 64};
    struct writer w = writer_of(inner, sizeof inner);
    ip_write_header(&w, &ip, INNER_LEN - 20);
    size_t len = wrap(outer, sizeof outer, client_nbma(0), GRE_PROTOCOL_IPV4, span_of(inner, INNER_LEN));
    unsigned sent = 0;
    double start = cpu_s();
    for (size_t i = 0; i < ROUND_INPUTS; i++)
        sent += feed(cloud, outer, len);
    double took = cpu_s() - start;
    require(sent == ROUND_INPUTS, "not every packet was forwarded");
    return ROUND_INPUTS / took;
}

/* Nobody renews: how long the end of each binding takes. */
static double expiry_ns(struct cloud *cloud)
{
    struct node_output out;
    struct node_input input = {.kind = INPUT_TIME};
    double start = cpu_s();
    while (node_show_sizes(cloud->hub).registrations > 0) {
        cloud->now = node_deadline(cloud->hub);
        node_input(cloud->hub, cloud->now, &input);
        while (node_output(cloud->hub, &out))
            continue;
    }
    return (cpu_s() - start) * 1e9 / (double)cloud->clients;
}

static void measure(size_t clients, const char *label, size_t rounds)
{
    struct random_state random = random_seeded(7);
    double values[ROUNDS_MAX], binding_bytes;
    char metric[64];
    bool headline = clients == CLIENTS;
    struct cloud cloud = cloud_up(clients, &binding_bytes);
    if (headline)
        report("binding_bytes", "octets", &binding_bytes, 1);
    for (size_t i = 0; i < rounds; i++)
        values[i] = registrations_per_s(&cloud, &random);
    snprintf(metric, sizeof metric, "registrations_per_s%s", label);
    report(metric, "1/s", values, rounds);
    if (headline) {
        for (size_t i = 0; i < rounds; i++)
            values[i] = packets_per_s(&cloud);
        report("gre_forwarded_per_s", "1/s", values, rounds);
    }
    values[0] = expiry_ns(&cloud);
    snprintf(metric, sizeof metric, "expiry_ns%s", label);
    report(metric, "ns", values, 1);
    cloud_down(&cloud);
}

int main(int argc, char **argv)
{
    long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : ROUNDS;
    if (argc > 2 || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: engine_bench [ROUNDS], 1 to %d rounds\n", ROUNDS_MAX);
        return 2;
    }
    measure(CLIENTS_FEW, "_1k", (size_t)rounds);
    measure(CLIENTS, "", (size_t)rounds);
    measure(CLIENTS_MANY, "_1m", (size_t)rounds);
    return 0;
}
