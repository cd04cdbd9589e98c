/* SPDX-License-Identifier: GPL-2.0-or-later */
/* raw: one raw socket for GRE, with IP headers of our own on what is sent (raw(7)). IPv4 only. */
#include "iut/raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "codec/ip.h"
#include "memory.h"

#define PACKET_MAX 65535

struct raw {
    int fd;
    struct addr peer;
    int64_t offset_us;
    uint8_t packet[PACKET_MAX];
};

static int64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static void raw_close(void *self)
{
    struct raw *r = self;
    if (r->fd >= 0)
        close(r->fd);
    free(r);
}

static bool open_socket(struct raw *r, const struct live_setup *setup, char error[IUT_ERROR_MAX])
{
    if (setup->netns != NULL) {
        char path[256];
        snprintf(path, sizeof(path), "/run/netns/%.200s", setup->netns);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        bool inside = fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
        if (fd >= 0)
            close(fd);
        if (!inside) {
            snprintf(error, IUT_ERROR_MAX, "network namespace %.100s: %s", setup->netns, strerror(errno));
            return false;
        }
    }
    r->fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_GRE);
    if (r->fd < 0 || setsockopt(r->fd, IPPROTO_IP, IP_HDRINCL, &(int){1}, sizeof(int)) != 0) {
        snprintf(error, IUT_ERROR_MAX, "raw socket: %s", strerror(errno));
        return false;
    }
    if (setup->prepare != NULL && system(setup->prepare) != 0) {
        snprintf(error, IUT_ERROR_MAX, "the command that prepares the router failed");
        return false;
    }
    return true;
}

static void *raw_open(const void *setup, const struct iut_config *config, struct instant now,
                      char error[IUT_ERROR_MAX])
{
    if (config->nbma.family != ADDR_IPV4) {
        snprintf(error, IUT_ERROR_MAX, IUT_UNSUPPORTED ": a live underlay of IPv6");
        return NULL;
    }
    struct raw *r = memory_zeroed(1, sizeof(*r));
    r->fd = -1;
    r->peer = config->nbma;
    if (!open_socket(r, setup, error)) {
        raw_close(r);
        return NULL;
    }
    r->offset_us = now.us - clock_us();
    return r;
}

static bool raw_send_underlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    struct raw *r = self;
    struct sockaddr_in to = {.sin_family = AF_INET};
    memcpy(&to.sin_addr, r->peer.bytes, 4);
    if (sendto(r->fd, packet.data, packet.len, 0, (struct sockaddr *)&to, sizeof(to)) >= 0)
        return true;
    snprintf(error, IUT_ERROR_MAX, "sending: %s", strerror(errno));
    return false;
}

static bool raw_send_overlay(void *self, struct span packet, char error[IUT_ERROR_MAX])
{
    (void)self;
    (void)packet;
    snprintf(error, IUT_ERROR_MAX, "there is no host interface");
    return false;
}

static int raw_advance(void *self, struct instant until, struct iut_event *event, char error[IUT_ERROR_MAX])
{
    struct raw *r = self;
    for (;;) {
        struct ip ip;
        ssize_t got = recv(r->fd, r->packet, sizeof(r->packet), 0);
        if (got < 0 && errno != EAGAIN && errno != EINTR) {
            snprintf(error, IUT_ERROR_MAX, "receiving: %s", strerror(errno));
            return -1;
        }
        struct span packet = span_of(r->packet, got > 0 ? (size_t)got : 0);
        *event =
            (struct iut_event){.kind = IUT_SENT, .at = {.us = clock_us() + r->offset_us}, .packet = packet};
        if (got > 0 && ip_decode(packet, &ip).status == CODEC_OK && addr_equal(ip.source, r->peer))
            return 1;
        if (event->at.us >= until.us)
            return 0;
        struct pollfd wait_for = {.fd = r->fd, .events = POLLIN};
        if (got < 0)
            poll(&wait_for, 1, (int)((until.us - event->at.us + 999) / 1000));
    }
}

const struct iut_driver iut_raw = {
    .name = "raw",
    .words = "a peer behind this machine's IP stack and its IPsec (--raw)",
    .sees_host_side = false,
    .open = raw_open,
    .send_underlay = raw_send_underlay,
    .send_overlay = raw_send_overlay,
    .advance = raw_advance,
    .close = raw_close,
};
