/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live: packet sockets, and time that really passes. Answers ARP for every address but the router's own: all
 * other stations are here. IPv4 underlays only; an IPv6 one would need neighbour discovery in its place.
 *
 * The packets are whole, so IPsec cannot be put on by the kernel below: use the raw IP driver (iut/raw.c).
 */
#include "iut/live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "codec/ip.h"
#include "memory.h"

#define FRAME_MAX       65535
#define ARP_LEN         28
#define ARP_PATIENCE_S  3
#define ARP_INTERVAL_MS 300

struct port {
    int fd; /* -1: not there */
    int index;
    uint8_t own_mac[ETH_ALEN];
    uint8_t peer_mac[ETH_ALEN];
    bool has_peer;
    struct addr peer; /* the router's address on this wire */
};

struct live {
    struct port underlay;
    struct port host;
    int64_t offset_us; /* from the clock to the case's time */
    uint8_t frame[FRAME_MAX];
};

static int64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static bool fail(char error[IUT_ERROR_MAX], const char *what, const char *name)
{
    snprintf(error, IUT_ERROR_MAX, "%s %s: %s", what, name, strerror(errno));
    return false;
}

static bool enter_namespace(const char *name, char error[IUT_ERROR_MAX])
{
    char path[256];
    snprintf(path, sizeof(path), "/run/netns/%.200s", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
    if (!good)
        fail(error, "network namespace", name);
    if (fd >= 0)
        close(fd);
    return good;
}

static bool open_port(struct port *port, const char *interface, struct addr peer, char error[IUT_ERROR_MAX])
{
    struct ifreq request = {.ifr_name = ""};
    port->peer = peer;
    port->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
    if (port->fd < 0)
        return fail(error, "packet socket for", interface);
    snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
    if (ioctl(port->fd, SIOCGIFINDEX, &request) != 0)
        return fail(error, "interface", interface);
    port->index = request.ifr_ifindex;
    if (ioctl(port->fd, SIOCGIFHWADDR, &request) != 0)
        return fail(error, "interface", interface);
    memcpy(port->own_mac, request.ifr_hwaddr.sa_data, ETH_ALEN);
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = port->index};
    if (bind(port->fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        return fail(error, "interface", interface);
    return true;
}

static bool put_frame(const struct port *port, const uint8_t mac[ETH_ALEN], uint16_t ethertype,
                      struct span payload, char error[IUT_ERROR_MAX])
{
    uint8_t *frame = memory_zeroed(ETH_HLEN + payload.len, 1);
    memcpy(frame, mac, ETH_ALEN);
    memcpy(frame + ETH_ALEN, port->own_mac, ETH_ALEN);
    frame[12] = (uint8_t)(ethertype >> 8);
    frame[13] = (uint8_t)ethertype;
    memcpy(frame + ETH_HLEN, payload.data, payload.len);
    ssize_t sent = send(port->fd, frame, ETH_HLEN + payload.len, 0);
    free(frame);
    return sent >= 0 || fail(error, "sending on the", "interface");
}

/* ARP for IPv4 over Ethernet (RFC 826): 1 asks, 2 answers. */
static bool put_arp(const struct port *port, uint16_t operation, const uint8_t mac[ETH_ALEN],
                    const uint8_t *sender, const uint8_t *target, char error[IUT_ERROR_MAX])
{
    uint8_t arp[ARP_LEN];
    struct writer w = writer_of(arp, sizeof(arp));
    writer_u16(&w, ARPHRD_ETHER);
    writer_u16(&w, ETH_P_IP);
    writer_u8(&w, ETH_ALEN);
    writer_u8(&w, 4);
    writer_u16(&w, operation);
    writer_span(&w, span_of(port->own_mac, ETH_ALEN));
    writer_span(&w, span_of(sender, 4));
    writer_span(&w, span_of(mac, ETH_ALEN));
    writer_span(&w, span_of(target, 4));
    static const uint8_t everybody[ETH_ALEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    return put_frame(port, operation == 1 ? everybody : mac, ETH_P_ARP, span_of(arp, sizeof(arp)), error);
}

/* Learn the router's address from what it says, and answer for everybody else. */
static bool take_arp(struct port *port, struct span arp, char error[IUT_ERROR_MAX])
{
    if (arp.len < ARP_LEN || arp.data[3] != 0 || arp.data[2] != 8)
        return true;
    const uint8_t *mac = arp.data + 8, *sender = arp.data + 14, *target = arp.data + 24;
    bool from_peer = memcmp(sender, port->peer.bytes, 4) == 0;
    if (from_peer) {
        memcpy(port->peer_mac, mac, ETH_ALEN);
        port->has_peer = true;
    }
    bool asks_us =
        arp.data[7] == 1 && memcmp(target, port->peer.bytes, 4) != 0 && memcmp(sender, target, 4) != 0;
    return !from_peer || !asks_us || put_arp(port, 2, mac, target, sender, error);
}

/*
 * One frame, if there is one: 1 with an IP packet in *packet, 0 for nothing of interest, -1 on an error.
 */
static int take_frame(struct live *l, struct port *port, struct span *packet, char error[IUT_ERROR_MAX])
{
    struct sockaddr_ll from;
    socklen_t from_len = sizeof(from);
    ssize_t got = recvfrom(port->fd, l->frame, sizeof(l->frame), 0, (struct sockaddr *)&from, &from_len);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (got < 0) {
        fail(error, "receiving on the", "interface");
        return -1;
    }
    if (got < ETH_HLEN || from.sll_pkttype == PACKET_OUTGOING)
        return 0;
    uint16_t ethertype = (uint16_t)(l->frame[12] << 8 | l->frame[13]);
    struct span payload = span_of(l->frame + ETH_HLEN, (size_t)got - ETH_HLEN);
    if (ethertype == ETH_P_ARP)
        return take_arp(port, payload, error) ? 0 : -1;
    if (ethertype != ETH_P_IP && ethertype != ETH_P_IPV6)
        return 0;
    *packet = payload;
    return 1;
}

/* Wait for something on either wire, until then at the latest. */
static void wait_for_frames(const struct live *l, int64_t until_us)
{
    struct pollfd ports[2] = {{.fd = l->underlay.fd, .events = POLLIN}, {.fd = l->host.fd, .events = POLLIN}};
    int64_t left_us = until_us - clock_us();
    if (left_us > 0)
        poll(ports, 2, (int)((left_us + 999) / 1000));
}

static bool find_peer(struct live *l, struct port *port, char error[IUT_ERROR_MAX])
{
    int64_t until_us = clock_us() + ARP_PATIENCE_S * US_PER_S, next_us = 0;
    static const uint8_t nobody[ETH_ALEN] = {0};
    /* From 0.0.0.0, so that the question binds nothing (RFC 5227). */
    static const uint8_t probe_source[4] = {0};
    while (!port->has_peer && clock_us() < until_us) {
        struct span packet;
        if (clock_us() >= next_us) {
            next_us = clock_us() + ARP_INTERVAL_MS * US_PER_MS;
            if (!put_arp(port, 1, nobody, probe_source, port->peer.bytes, error))
                return false;
        }
        wait_for_frames(l, next_us);
        if (take_frame(l, port, &packet, error) < 0)
            return false;
    }
    if (!port->has_peer) {
        char text[ADDR_TEXT_MAX];
        snprintf(error, IUT_ERROR_MAX, "nobody answers ARP for %s on the wire",
                 addr_format(port->peer, text));
    }
    return port->has_peer;
}

static bool prepare(const struct live_setup *setup, const struct iut_config *config,
                    char error[IUT_ERROR_MAX])
{
    if (setup->prepare == NULL)
        return true;
    setenv("CONFORM_NODE", config->name, 1);
    int status = system(setup->prepare);
    if (status == 0)
        return true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == LIVE_CANNOT) {
        snprintf(error, IUT_ERROR_MAX, IUT_UNSUPPORTED ": the router cannot be configured so");
        return false;
    }
    snprintf(error, IUT_ERROR_MAX, "the command that prepares the router ended with status %d", status);
    return false;
}

static void live_close(void *self)
{
    struct live *l = self;
    if (l->underlay.fd >= 0)
        close(l->underlay.fd);
    if (l->host.fd >= 0)
        close(l->host.fd);
    free(l);
}

static bool open_ports(struct live *l, const struct live_setup *setup, const struct iut_config *config,
                       char error[IUT_ERROR_MAX])
{
    struct addr gateway = {.family = ADDR_NONE};
    if (config->nbma.family != ADDR_IPV4) {
        snprintf(error, IUT_ERROR_MAX, IUT_UNSUPPORTED ": a live underlay of IPv6");
        return false;
    }
    if (setup->netns != NULL && !enter_namespace(setup->netns, error))
        return false;
    if (!open_port(&l->underlay, setup->interface, config->nbma, error))
        return false;
    if (setup->host_interface == NULL)
        return true;
    if (setup->host_gateway == NULL || !addr_parse(setup->host_gateway, &gateway) ||
        gateway.family != ADDR_IPV4) {
        snprintf(error, IUT_ERROR_MAX, "a host interface needs the router's IPv4 address there");
        return false;
    }
    return open_port(&l->host, setup->host_interface, gateway, error);
}

static void *live_open(const void *setup, const struct iut_config *config, struct instant now,
                       char error[IUT_ERROR_MAX])
{
    const struct live_setup *own = setup;
    struct live *l = memory_zeroed(1, sizeof(*l));
    l->underlay.fd = l->host.fd = -1;
    if (!open_ports(l, own, config, error) || !prepare(own, config, error) ||
        !find_peer(l, &l->underlay, error) || (l->host.fd >= 0 && !find_peer(l, &l->host, error))) {
        live_close(l);
        return NULL;
    }
    l->offset_us = now.us - clock_us();
    return l;
}

static uint16_t ethertype_of(struct span packet)
{
    return packet.len > 0 && packet.data[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP;
}

static bool live_send_underlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    struct live *l = self;
    return put_frame(&l->underlay, l->underlay.peer_mac, ethertype_of(packet), packet, error);
}

static bool live_send_overlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    struct live *l = self;
    if (l->host.fd >= 0)
        return put_frame(&l->host, l->host.peer_mac, ethertype_of(packet), packet, error);
    snprintf(error, IUT_ERROR_MAX, "there is no host interface");
    return false;
}

/* What the router sends of its own on the wire besides (routing, discovery) is none of the suite's business.
 */
static bool is_of_interest(const struct live *l, struct span packet)
{
    struct ip ip;
    return ip_decode(packet, &ip).status == CODEC_OK && addr_equal(ip.source, l->underlay.peer) &&
           (ip.protocol == IP_PROTOCOL_GRE || ip.protocol == IP_PROTOCOL_NHRP);
}

static int live_advance(void *self, struct instant until, struct iut_event *event, char error[IUT_ERROR_MAX])
{
    struct live *l = self;
    for (;;) {
        struct span packet;
        int got = take_frame(l, &l->underlay, &packet, error);
        event->at.us = clock_us() + l->offset_us;
        event->kind = IUT_SENT;
        if (got > 0 && is_of_interest(l, packet)) {
            event->packet = packet;
            return 1;
        }
        int hosts = got >= 0 && l->host.fd >= 0 ? take_frame(l, &l->host, &packet, error) : 0;
        if (got < 0 || hosts < 0)
            return -1;
        if (hosts > 0 && packet.data[0] >> 4 == 4 && packet.len > 20) {
            event->kind = IUT_DELIVERED;
            event->packet = packet;
            return 1;
        }
        if (event->at.us >= until.us)
            return 0;
        if (got == 0 && hosts == 0)
            wait_for_frames(l, until.us - l->offset_us);
    }
}

#define LIVE_DRIVER(hosted)                                                                           \
    {                                                                                                 \
        .name = "live", .words = "a router on a wire (--live INTERFACE)", .sees_host_side = (hosted), \
        .open = live_open, .send_underlay = live_send_underlay, .send_overlay = live_send_overlay,    \
        .advance = live_advance, .close = live_close,                                                 \
    }
const struct iut_driver iut_live = LIVE_DRIVER(false);
const struct iut_driver iut_live_hosted = LIVE_DRIVER(true);
