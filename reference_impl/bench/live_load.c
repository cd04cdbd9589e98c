/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live_load: what the daemon is measured against and with, three small programs in one.
 *
 *   live_load bare DEVICE LOCAL REMOTE   the bare loop: a packet from a TUN device is wrapped into GRE with a
 * key and written to a raw socket, and the other way round; nothing else live_load send ADDRESS SECONDS SIZE
 * UDP packets of that many octets, as fast as they are taken live_load register HUB COUNT WINDOW FIRST-ID
 *                                        registrations of COUNT spokes at 198.18.0.0/15 with a hub, so many
 * at a time unanswered; prints how many were answered, and in what time
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "codec/ip.h"
#include "codec/nhrp.h"
#include "codec/nhrp_cie.h"
#include "codec/packet.h"
#include "drivers/live/overlay.h"
#include "drivers/live/underlay.h"

#define KEY            42
#define PACKET_MOST    65536
#define BATCH          64
#define BURST          256               /* packets sent before a pause */
#define SOCKET_BUFFER  (8 * 1024 * 1024) /* octets */
#define SPOKE_NET      0xc6120000u       /* 198.18.0.0, for benchmarks (RFC 2544) */
#define PROTOCOL_NET   0x0a640000u       /* 10.100.0.0 */
#define HOLD_S         600
#define PATIENCE_MS    2000 /* without any answer: the rest is lost */
#define REGISTER_SLOTS 100000

static int fail(const char *what)
{
    fprintf(stderr, "live_load: %s: %s\n", what, strerror(errno));
    return EXIT_FAILURE;
}

static int raw_socket(int protocol)
{
    int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, protocol);
    int size = SOCKET_BUFFER;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    return fd;
}

static struct sockaddr_in socket_address(struct addr a, uint16_t port)
{
    struct sockaddr_in out = {.sin_family = AF_INET, .sin_port = htons(port)};
    memcpy(&out.sin_addr, a.bytes, 4);
    return out;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the bare loop ---- */

static void tunnel_to_wire(int tun, int out, const struct ip *outer)
{
    static uint8_t buffer[PACKET_MOST];
    const struct gre gre = {.has_key = true, .key = KEY, .protocol = GRE_PROTOCOL_IPV4};
    size_t head = ip_header_len(outer) + gre_header_len(&gre);
    struct sockaddr_in to = socket_address(outer->destination, 0);
    for (unsigned i = 0; i < BATCH; i++) {
        size_t len = overlay_read(tun, buffer + head, sizeof buffer - head);
        if (len == 0)
            return;
        struct writer w = writer_of(buffer, head);
        ip_write_header(&w, outer, gre_header_len(&gre) + len);
        gre_write_header(&w, &gre, span_of(buffer + head, len));
        sendto(out, buffer, head + len, 0, (struct sockaddr *)&to, sizeof to);
    }
}

static void wire_to_tunnel(int tun, int in)
{
    static uint8_t buffer[PACKET_MOST];
    for (unsigned i = 0; i < BATCH; i++) {
        ssize_t len = recv(in, buffer, sizeof buffer, 0);
        struct ip outer;
        struct gre gre;
        if (len <= 0)
            return;
        if (ip_decode(span_of(buffer, (size_t)len), &outer).status == CODEC_OK &&
            gre_decode(outer.payload, &gre).status == CODEC_OK && gre.protocol == GRE_PROTOCOL_IPV4)
            overlay_write(tun, gre.payload);
    }
}

static int run_bare(char **argv)
{
    struct ip outer = {.protocol = IP_PROTOCOL_GRE, .ttl = 64, .dont_fragment = true};
    if (!addr_parse(argv[1], &outer.source) || !addr_parse(argv[2], &outer.destination))
        return fail("address");
    int tun = overlay_open(argv[0]), in = raw_socket(IPPROTO_GRE), out = raw_socket(IPPROTO_RAW);
    if (tun < 0 || in < 0 || out < 0)
        return fail("sockets");
    puts("ready");
    fflush(stdout);
    struct pollfd waits[] = {{.fd = tun, .events = POLLIN}, {.fd = in, .events = POLLIN}};
    while (poll(waits, 2, -1) > 0) {
        if (waits[0].revents)
            tunnel_to_wire(tun, out, &outer);
        if (waits[1].revents)
            wire_to_tunnel(tun, in);
    }
    return fail("poll");
}

/* ---- traffic ---- */

static int run_send(char **argv)
{
    struct addr address;
    static uint8_t payload[PACKET_MOST];
    size_t size = (size_t)atoi(argv[2]);
    double end = seconds() + atof(argv[1]);
    if (!addr_parse(argv[0], &address) || size < 28 || size > 1500)
        return fail("arguments");
    struct sockaddr_in to = socket_address(address, 9); /* discard */
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    unsigned long count = 0;
    while (seconds() < end) {
        for (unsigned i = 0; i < BURST; i++)
            count += sendto(fd, payload, size - 28, 0, (struct sockaddr *)&to, sizeof to) > 0;
        /* The device's queue, of 500 packets, is not overrun: who empties it has the core now. */
        usleep(200);
    }
    printf("%lu\n", count);
    return EXIT_SUCCESS;
}

/* ---- registrations ---- */

static struct addr address_in(uint32_t net, unsigned number)
{
    uint32_t value = htonl(net + number);
    return addr_from_span(span_of(&value, 4));
}

/* A Registration Request as a spoke sends it; its length. */
static size_t make_registration(uint8_t *out, struct addr hub, unsigned spoke, uint32_t id)
{
    struct addr nbma = address_in(SPOKE_NET, 256 + spoke), protocol = address_in(PROTOCOL_NET, 256 + spoke);
    struct addr server = address_in(PROTOCOL_NET, 1);
    struct nhrp_cie cie = {.prefix_len = 32, .hold_s = HOLD_S};
    uint8_t cies[64], message[256], payload[300];
    struct writer w = writer_of(cies, sizeof cies);
    struct nhrp_message m = {
        .fixed = {.afn = 1,
                  .protocol_type = 0x0800,
                  .hop_count = 255,
                  .version = 1,
                  .type = NHRP_REGISTRATION_REQUEST},
        .request_id = id,
    };
    struct ip outer = {
        .source = nbma, .destination = hub, .protocol = IP_PROTOCOL_GRE, .ttl = 255, .id = id & 0xffff};
    struct gre gre = {.has_key = true, .key = KEY, .protocol = GRE_PROTOCOL_NHRP};
    struct span bytes;
    m.source_nbma = addr_span(&nbma);
    m.source_protocol = addr_span(&protocol);
    m.destination_protocol = addr_span(&server);
    nhrp_cie_write(&w, &cie);
    writer_done(&w, &m.cies);
    if (!nhrp_encode(&m, message, sizeof message, &bytes))
        return 0;
    w = writer_of(payload, sizeof payload);
    gre_write(&w, &gre, bytes);
    writer_done(&w, &bytes);
    w = writer_of(out, 400);
    ip_write(&w, &outer, bytes);
    return writer_done(&w, &bytes) ? bytes.len : 0;
}

static unsigned take_replies(struct underlay *wire, bool *answered, uint32_t first_id, unsigned count)
{
    unsigned replies = 0, received;
    while ((received = underlay_receive(wire, UNDERLAY_GRE4)) > 0) {
        for (unsigned i = 0; i < received; i++) {
            struct packet packet;
            packet_decode(underlay_packet(wire, i), &packet);
            uint32_t spoke = packet.nhrp.request_id - first_id;
            if (packet.kind != PACKET_NHRP || packet.nhrp.fixed.type != NHRP_REGISTRATION_REPLY ||
                spoke >= count || answered[spoke])
                continue;
            answered[spoke] = true;
            replies++;
        }
    }
    return replies;
}

static int run_register(char **argv)
{
    struct addr hub;
    unsigned count = (unsigned)atoi(argv[1]), window = (unsigned)atoi(argv[2]), sent = 0, replies = 0;
    uint32_t first_id = (uint32_t)strtoul(argv[3], NULL, 10);
    static bool answered[REGISTER_SLOTS];
    if (!addr_parse(argv[0], &hub) || count == 0 || count > REGISTER_SLOTS || window == 0)
        return fail("arguments");
    struct underlay *wire = underlay_create();
    if (!wire || !underlay_open(wire, UNDERLAY_GRE4))
        return fail("sockets");
    struct pollfd wait = {.fd = underlay_fd(wire, UNDERLAY_GRE4), .events = POLLIN};
    double begin = seconds(), last = begin;
    while (replies < count) {
        for (; sent < count && sent - replies < window; sent++) {
            uint8_t packet[400];
            underlay_send(wire, span_of(packet, make_registration(packet, hub, sent, first_id + sent)));
        }
        underlay_flush(wire);
        if (poll(&wait, 1, PATIENCE_MS) <= 0)
            break;
        unsigned more = take_replies(wire, answered, first_id, count);
        replies += more;
        if (more > 0)
            last = seconds();
    }
    printf("{\"sent\": %u, \"answered\": %u, \"seconds\": %.6f}\n", sent, replies, last - begin);
    underlay_free(wire);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int arguments;
        int (*run)(char **argv);
    } programs[] = {{"bare", 3, run_bare}, {"send", 3, run_send}, {"register", 4, run_register}};
    for (size_t i = 0; argc > 1 && i < sizeof programs / sizeof programs[0]; i++)
        if (strcmp(programs[i].name, argv[1]) == 0 && argc == 2 + programs[i].arguments)
            return programs[i].run(argv + 2);
    fputs("Usage: live_load bare DEVICE LOCAL REMOTE | send ADDRESS SECONDS SIZE |"
          " register HUB COUNT WINDOW FIRST-ID\n",
          stderr);
    return 2;
}
